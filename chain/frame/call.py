"""Calls: what an extrinsic asks for. Declared by `@call` on a pallet's method; its annotations are the arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar, get_type_hints

from chain.frame.errors import DeclarationError
from chain.primitives.weight import DispatchInfo, Pays
from chain.scale import Codec, DecodeError, EncodeError, OptionOf, VecOf, codec_of
from chain.scale.errors import TooDeep

MAX_DEPTH = 256
"""How deep calls may nest in calls, as the live runtime decodes extrinsics."""

F = TypeVar("F", bound=Callable[..., Any])


class Weigher(Protocol):
    """Where a call's declared weight comes from."""

    def table(self, call: str) -> DispatchInfo:
        """The measured weight of `pallet.call`, or the default."""

    def weigh(self, call: "Call") -> DispatchInfo:
        """The declared weight of a call that is an argument."""


WeightRule = Callable[..., DispatchInfo]

Bound = Callable[..., None]
"""`bound(constants, *args)`: raises DecodeError for arguments longer than the runtime's constants allow.

`constants` are those of all pallets, by pallet key and name.
"""


@dataclass(frozen=True)
class CallDeclaration:
    """A call as its pallet declares it.

    `weight(weigher, *args)` is given for calls whose weight depends on their arguments, `bound` for calls whose
    arguments are bounded by constants: where they are longer, the call does not decode.
    """

    index: int
    name: str
    fields: tuple[tuple[str, Codec[Any]], ...]
    function: Callable[..., Any]
    weight: WeightRule | None
    pays: Pays
    doc: str
    bound: Bound | None = None


def call(
    *, index: int, weight: WeightRule | None = None, pays: Pays = Pays.Yes, bound: Bound | None = None
) -> Callable[[F], F]:
    """Make a method `(self, origin, …)` a call with this index in the pallet."""

    def mark(function: F) -> F:
        function.__call_options__ = (index, weight, pays, bound)  # type: ignore[attr-defined]
        return function

    return mark


def declared_call(function: Callable[..., Any]) -> CallDeclaration | None:
    """The declaration behind a method, if `@call` made it one."""
    options = getattr(function, "__call_options__", None)
    if options is None:
        return None
    index, weight, pays, bound = options
    hints = get_type_hints(function, include_extras=True)
    names = function.__code__.co_varnames[2 : function.__code__.co_argcount]
    missing = [name for name in names if name not in hints]
    if missing:
        raise DeclarationError(f"{function.__qualname__}: no type for {', '.join(missing)}")
    fields = tuple((name, codec_of(hints[name])) for name in names)
    name = function.__name__.rstrip("_")
    doc = (function.__doc__ or "").strip()
    return CallDeclaration(index, name, fields, function, weight, pays, doc, bound)


@dataclass(frozen=True, eq=False)
class CallSpec:
    """A call as one runtime has it: with its pallet's index and codecs that know the runtime's own calls."""

    pallet: type
    pallet_name: str
    pallet_index: int
    declaration: CallDeclaration
    fields: tuple[tuple[str, Codec[Any]], ...]
    path: str  # as scripts write it: "xyk.sell"
    info: DispatchInfo | None  # the declared weight, if it does not depend on the arguments
    bound: Callable[..., None] | None = None  # raises DecodeError for arguments that are too long

    @property
    def prefix(self) -> bytes:
        return bytes([self.pallet_index, self.declaration.index])


class Call(NamedTuple):
    """A call with its arguments, ready to be dispatched."""

    spec: CallSpec
    args: tuple[Any, ...]

    @property
    def path(self) -> str:
        return self.spec.path


class RuntimeCallCodec(Codec[Call]):
    """The `RuntimeCall` enum: pallet index, call index, arguments."""

    def __init__(self, notation: str = "RuntimeCall") -> None:
        super().__init__(notation, self._encode, self._read, 2)
        self._specs: dict[tuple[int, int], CallSpec] = {}
        self._depth = 0

    def fill(self, specs: dict[tuple[int, int], CallSpec]) -> None:
        self._specs = specs

    def _encode(self, value: Call) -> bytes:
        spec, args = value
        if len(args) != len(spec.fields):
            raise EncodeError(f"{spec.path} takes {len(spec.fields)} arguments, not {len(args)}")
        return spec.prefix + b"".join([codec.encode(arg) for (_, codec), arg in zip(spec.fields, args, strict=True)])

    def _read(self, data: bytes, at: int) -> tuple[Call, int]:
        if at + 2 > len(data):
            raise DecodeError(f"a call needs 2 bytes at offset {at}, {max(0, len(data) - at)} left")
        spec = self._specs.get((data[at], data[at + 1]))
        if spec is None:
            raise DecodeError(f"no call has the index {data[at]}.{data[at + 1]} (offset {at})")
        if self._depth >= MAX_DEPTH:
            raise TooDeep(f"calls nest deeper than {MAX_DEPTH} (offset {at})")
        at += 2
        args = []
        self._depth += 1
        try:
            for _, codec in spec.fields:
                value, at = codec.read(data, at)
                args.append(value)
        finally:
            self._depth -= 1
        if spec.bound is not None:
            spec.bound(*args)
        return Call(spec, tuple(args)), at


RUNTIME_CALL = RuntimeCallCodec()
"""Stands for "a call of this runtime" in declarations; each runtime puts its own codec in its place."""

RuntimeCall = Annotated[Call, RUNTIME_CALL]


def specialise(codec: Codec[Any], own: Codec[Call]) -> Codec[Any]:
    """`codec` with the stand-in for calls replaced by the runtime's own, wherever a call's arguments hold one."""
    if codec is RUNTIME_CALL:
        return own
    if isinstance(codec, VecOf):
        inner = specialise(codec.inner, own)
        return codec if inner is codec.inner else VecOf(inner, codec.maximum)
    if isinstance(codec, OptionOf):
        inner = specialise(codec.inner, own)
        return codec if inner is codec.inner else OptionOf(inner)
    return codec
