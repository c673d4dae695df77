"""What `tamper` can change: paths into a candidate, by the names of its SCALE fields. Source: spec/relay.md §4, §13.

A path is the part's name, then fields, places in lists (from 0) and keys of maps: `inherent.downward_messages.0.msg`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from chain.primitives.header import HEADER
from chain.primitives.validation import VALIDATION_DATA, ParachainInherentData
from chain.relay.block_data import POV
from chain.relay.candidate import COMMITMENTS, CandidateDescriptor
from chain.relay.faults.fault import FaultError
from chain.scale import (
    BYTES,
    U32,
    U64,
    AnyCodec,
    Bool,
    BytesOf,
    FixedBytes,
    Int,
    MapOf,
    OptionOf,
    SetOf,
    StructOf,
    UInt,
    VecOf,
    codec_of,
)
from chain.scale.plain import core_of

PARTS: dict[str, AnyCodec] = {
    "header": HEADER,
    "extrinsics": VecOf(BYTES),
    "inherent": codec_of(ParachainInherentData),
    "proof": VecOf(BYTES),
    "pov": POV,
    "validation_data": VALIDATION_DATA,
    "commitments": COMMITMENTS,
    "outputs": COMMITMENTS,
    "descriptor": codec_of(CandidateDescriptor),
}
"""The parts of a candidate. `outputs` are commitments that a runtime patched for everybody gives."""

SPECIAL: dict[str, AnyCodec] = {
    "header.seal": FixedBytes(64),
    "extrinsic": BYTES,
    "body": U32,
    "inherent.timestamp": U64,
    "pov.size": U32,
}
"""What has no field of its own: the last extrinsic, the place of the one that is taken out, the size of the PoV."""

MOST_BYTES = 1 << 25
"""Of a PoV that is made longer."""

FORBIDDEN = ("outputs.head_data",)
"""No patch gives another head: it is the header itself."""

ALIASES = {"extrinsic": "extrinsics"}
"""Another word for a part, where it goes on behind a dot."""


class UnknownPath(FaultError):
    """A path that leads nowhere; `known` are those that do."""

    def __init__(self, path: str) -> None:
        super().__init__("UnknownPath", f"{path!r} is no part of a candidate")
        self.path, self.known = path, known_paths()


class Absent(Exception):
    """The candidate has nothing there."""


@dataclass(frozen=True)
class Path:
    """A path and the type of what it leads to. A special one has no steps."""

    text: str
    part: str
    steps: tuple[str, ...]
    codec: AnyCodec


def path_of(text: str) -> Path:
    """Raises UnknownPath."""
    if text in SPECIAL:
        return Path(text, text, (), SPECIAL[text])
    part, *steps = text.split(".")
    part = ALIASES.get(part, part)
    if part not in PARTS or text in FORBIDDEN:
        raise UnknownPath(text)
    codec = PARTS[part]
    for step in steps:
        inner = _inner(codec, step)
        if inner is None:
            raise UnknownPath(text)
        codec = inner
    return Path(text, part, tuple(steps), codec)


def known_paths() -> tuple[str, ...]:
    """Every path, with 0 for the places in lists."""
    found = [*SPECIAL]
    for part, codec in PARTS.items():
        found += [path for path in _below(part, codec) if path not in FORBIDDEN]
    return tuple(found)


def _below(prefix: str, codec: AnyCodec) -> Iterator[str]:
    core = _held(codec)
    yield prefix
    if isinstance(core, StructOf):
        for field in core.fields:
            yield from _below(f"{prefix}.{field.name}", field.codec)
    elif isinstance(core, VecOf | SetOf):
        yield from _below(f"{prefix}.0", core.inner)


def _held(codec: AnyCodec) -> AnyCodec:
    """The codec that decides the shape; an option's is that of what it holds."""
    core = core_of(codec)
    return core_of(core.inner) if isinstance(core, OptionOf) else core


def _inner(codec: AnyCodec, step: str) -> AnyCodec | None:
    """The type that one step leads to; None if there is no such step."""
    core = _held(codec)
    if isinstance(core, StructOf):
        return next((field.codec for field in core.fields if field.name == step), None)
    if not step.isdecimal():
        return None
    if isinstance(core, VecOf | SetOf):
        return core.inner
    return core.value if isinstance(core, MapOf) else None


# -- changing --------------------------------------------------------------------------------------------------------


def changed(codec: AnyCodec, held: Any, steps: Sequence[str], new: Callable[[AnyCodec, Any], Any]) -> Any:
    """The value with what the steps lead to replaced by what `new` makes of it, which gets None for a new entry.

    Raises Absent where a step leads nowhere in this value.
    """
    if not steps:
        return new(codec, held)
    step, rest, core = steps[0], steps[1:], _held(codec)
    if held is None:
        raise Absent(f"there is no {step}")
    inner = _inner(codec, step)
    assert inner is not None
    if isinstance(core, StructOf):
        field = next(field for field in core.fields if field.name == step)
        old = getattr(held, field.attribute)
        return msgspec.structs.replace(held, **{field.attribute: changed(inner, old, rest, new)})
    place = int(step)
    if isinstance(core, MapOf):
        entry = changed(inner, held.get(place), rest, new)
        return dict(sorted({**held, place: entry}.items()))
    if place > len(held) or (place == len(held) and rest):
        raise Absent(f"there are {len(held)} entries, none has the place {place}")
    old = held[place] if place < len(held) else None
    entries = (*held[:place], changed(inner, old, rest, new), *held[place + 1 :])
    return tuple(sorted(set(entries))) if isinstance(core, SetOf) else entries


def other(codec: AnyCodec, held: Any) -> Any:
    """Another value of the type than `held`: the nearest that one would think of. Raises Absent if there is none."""
    core = core_of(codec)
    if isinstance(core, OptionOf):
        return zero(core.inner) if held is None else other(core.inner, held)
    if held is None:
        return zero(codec)
    if isinstance(core, UInt | Int):
        return held + 1 if held + 1 < 2 ** (core.bits - isinstance(core, Int)) else held - 1
    if isinstance(core, Bool):
        return not held
    if isinstance(core, BytesOf | FixedBytes):
        return bytes([held[0] ^ 0xFF]) + held[1:] if held else b"\1"
    if isinstance(core, VecOf):
        return (other(core.inner, held[0]), *held[1:]) if held else (zero(core.inner),)
    if isinstance(core, SetOf) and held:
        return held[:-1]
    if isinstance(core, MapOf) and held:
        first = next(iter(held))
        return {**held, first: other(core.value, held[first])}
    if isinstance(core, StructOf):
        last = core.fields[-1]
        return msgspec.structs.replace(held, **{last.attribute: other(last.codec, getattr(held, last.attribute))})
    raise Absent("nothing is there to be changed: give it a `value`")


def zero(codec: AnyCodec) -> Any:
    """The least value of a type; bytes are one zero byte. Raises Absent for types without one."""
    core = core_of(codec)
    if isinstance(core, UInt | Int):
        return 0
    if isinstance(core, Bool):
        return False
    if isinstance(core, BytesOf):
        return b"\0"
    if isinstance(core, FixedBytes):
        return bytes(core.length)
    if isinstance(core, StructOf):
        return core.cls(*(zero(field.codec) for field in core.fields))
    if isinstance(core, OptionOf):
        return None
    if isinstance(core, VecOf | SetOf):
        return ()
    raise Absent("nothing is there to be changed: give it a `value`")
