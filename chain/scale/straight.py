"""Straight-line readers and writers of rows: structs, tuples and enum variants.

A row is compiled once into one Python function: neighbouring fixed-width leaves, those of nested rows
included, are read and written by one `struct` call, everything else by its own codec, and the values are
put together at the end. An `AccountInfo` of 80 bytes is one unpacking and two constructors.

Compiling takes a quarter of a millisecond, and most types of a runtime are never used by one command; so a
function is made at once, with code that compiles the row and then becomes what it has compiled.
"""

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from chain.scale.codec import AnyCodec, Leaf, bare
from chain.scale.errors import BadTag, EncodeError, truncated

Reader = Callable[[bytes, int], tuple[Any, int]]
Writer = Callable[[Any], bytes]


class Row(NamedTuple):
    """What a struct, a tuple (`cls` None) or an enum variant is made of."""

    notation: str
    items: tuple[AnyCodec, ...]
    cls: type | None = None
    attributes: tuple[str, ...] = ()

    def access(self, value: str, place: int) -> str:
        return f"{value}[{place}]" if self.cls is None else f"{value}.{self.attributes[place]}"


class _Step(NamedTuple):
    """One codec of the flattened row, the local that holds what was read, the expression to be written."""

    codec: AnyCodec
    local: str
    access: str


class _Flat:
    """A row with the rows inside it laid out in one line.

    `build` is the expression that makes the value, `checks` the lines that take a value apart.
    """

    def __init__(self, row: Row) -> None:
        self.steps: list[_Step] = []
        self.checks: list[str] = []
        self.names: dict[str, Any] = {"from_bytes": int.from_bytes}
        self._rows = 0
        self.build = self._flatten(row, "value")

    def _flatten(self, row: Row, value: str) -> str:
        cls = f"C{self._rows}"
        self.names[cls] = row.cls or tuple
        self._rows += 1
        self.checks.append(f"if {value}.__class__ is not {cls}: raise TypeError")
        if row.cls is None:
            self.checks.append(f"if len({value}) != {len(row.items)}: raise TypeError")
        parts = [self._part(item, row.access(value, place)) for place, item in enumerate(row.items)]
        return f"{cls}({', '.join(parts)})" if row.cls else f"({''.join(part + ', ' for part in parts)})"

    def _part(self, codec: AnyCodec, access: str) -> str:
        inner: Row | None = getattr(bare(codec), "row", None)
        if inner is not None:
            local = f"row{self._rows}"
            self.checks.append(f"{local} = {access}")
            return self._flatten(inner, local)
        local = f"v{len(self.steps)}"
        self.steps.append(_Step(codec, local, access))
        return codec.leaf.join.format(local) if codec.leaf else local

    def runs(self) -> list[list[_Step]]:
        """The steps, consecutive leaves together, every other step by itself."""
        runs: list[list[_Step]] = []
        for step in self.steps:
            if step.codec.leaf and runs and runs[-1][0].codec.leaf:
                runs[-1].append(step)
            else:
                runs.append([step])
        return runs


_FIRST = {
    signature: compile(f"def {signature}:\n    prepare()\n    return {signature}", "<scale>", "exec")
    for signature in ("read(data, at)", "encode(value)")
}
"""The code that a function has until it is called."""


def straight_reader(row: Row) -> Reader:
    """`read(data, at)` for the row."""
    read: Reader = _lazily("read(data, at)", lambda names: _reader_lines(row, names), row.notation)
    return read


def straight_writer(row: Row, prefix: bytes = b"") -> Writer:
    """`encode(value)` for the row, with `prefix` (an enum's index) before it."""
    encode: Writer = _lazily("encode(value)", lambda names: _writer_lines(row, prefix, names), row.notation)
    return encode


def _lazily(signature: str, lines: Callable[[dict[str, Any]], list[str]], notation: str) -> Any:
    """A function of `signature` whose body is compiled, and put in the place of the first one, when called.

    It stays the same object, so that whoever has it already calls the compiled code without a detour.
    """
    names: dict[str, Any] = {}

    def prepare() -> None:
        body = "\n    ".join(lines(names))
        exec(compile(f"def compiled({parameters}:\n    {body}", f"<scale {notation}>", "exec"), names)
        function.__code__ = names["compiled"].__code__

    name, parameters = signature.split("(")
    names["prepare"] = prepare
    exec(_FIRST[signature], names)
    function = names[name]
    return function


def _reader_lines(row: Row, names: dict[str, Any]) -> list[str]:
    flat = _Flat(row)
    names |= flat.names | {"error": struct.error, "truncated": truncated, "BadTag": BadTag}
    if not row.items:
        names["only"] = row.cls() if row.cls else ()
        return ["return only, at"]
    lines: list[str] = []
    for number, run in enumerate(flat.runs()):
        leaves = [step.codec.leaf for step in run if step.codec.leaf]
        if leaves:
            lines += _read_run(number, run, leaves, row.notation, names)
        else:
            names[f"read{number}"] = run[0].codec.read
            lines.append(f"{run[0].local}, at = read{number}(data, at)")
    return [*lines, f"return {flat.build}, at"]


def _read_run(
    number: int, run: list[_Step], leaves: list[Leaf], notation: str, names: dict[str, Any]
) -> list[str]:
    packer = struct.Struct("<" + "".join(leaf.format for leaf in leaves))
    names[f"unpack{number}"] = packer.unpack_from
    refusals = [
        f"if {leaf.refuse_read.format(step.local)}: raise BadTag("
        f"f'{step.codec.notation} in {notation} before offset {{at}} is {{{step.local}}}')"
        for step, leaf in zip(run, leaves, strict=True)
        if leaf.refuse_read
    ]
    return [
        "try:",
        f"    {', '.join(step.local for step in run)}, = unpack{number}(data, at)",
        "except error:",
        f"    raise truncated({notation!r}, {packer.size}, data, at) from None",
        f"at += {packer.size}",
        *refusals,
    ]


def _writer_lines(row: Row, prefix: bytes, names: dict[str, Any]) -> list[str]:
    flat = _Flat(row)
    names |= flat.names | {"EncodeError": EncodeError, "explain": _explainer(row), "error": struct.error}
    names["prefix"] = prefix
    parts = ["prefix"] if prefix else []
    checks = list(flat.checks)
    for number, run in enumerate(flat.runs()):
        leaves = [step.codec.leaf for step in run if step.codec.leaf]
        if leaves:
            parts.append(_write_run(number, run, leaves, checks, names))
        else:
            names[f"encode{number}"] = run[0].codec.encode
            parts.append(f"encode{number}({run[0].access})")
    result = " + ".join(parts) if len(parts) < 4 else f"b''.join(({', '.join(parts)}))"
    return [
        "try:",
        *(f"    {line}" for line in checks),
        f"    return {result or 'prefix'}",
        "except EncodeError:",
        "    raise",
        "except (error, TypeError, AttributeError, OverflowError, IndexError):",
        "    raise explain(value) from None",
    ]


def _write_run(
    number: int, run: list[_Step], leaves: list[Leaf], checks: list[str], names: dict[str, Any]
) -> str:
    names[f"pack{number}"] = struct.Struct("<" + "".join(leaf.format for leaf in leaves)).pack
    arguments: list[str] = []
    for step, leaf in zip(run, leaves, strict=True):
        access = step.access
        if leaf.refuse_write:
            checks.append(f"{step.local} = {access}")
            checks.append(f"if {leaf.refuse_write.format(step.local)}: raise TypeError")
            access = step.local
        arguments.append(leaf.split.format(access))
    return f"pack{number}({', '.join(arguments)})"


def _explainer(row: Row) -> Callable[[Any], EncodeError]:
    """Finds, once something has gone wrong, which field it was."""

    def explain(value: Any) -> EncodeError:
        if row.cls is not None and value.__class__ is not row.cls:
            return EncodeError(f"{value!r} is no {row.notation}")
        if row.cls is None and (value.__class__ is not tuple or len(value) != len(row.items)):
            return EncodeError(f"{value!r} is no {row.notation}")
        for place, codec in enumerate(row.items):
            part = value[place] if row.cls is None else getattr(value, row.attributes[place])
            name = str(place) if row.cls is None else row.attributes[place]
            try:
                codec.encode(part)
            except EncodeError as error:
                return EncodeError(f"{row.notation}.{name}: {error}")
        return EncodeError(f"{value!r} is no {row.notation}")

    return explain
