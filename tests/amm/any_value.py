"""Any value of any codec, for properties over all calls and events of a runtime."""

from collections.abc import Container
from typing import Any

from hypothesis import strategies as st

from chain.frame import Call, Runtime
from chain.frame.call import RUNTIME_CALL, RuntimeCallCodec
from chain.scale import (
    ERA,
    AnyCodec,
    ArrayOf,
    Bool,
    BytesOf,
    CompactOf,
    EnumOf,
    Era,
    Err,
    FixedBytes,
    Int,
    LateOf,
    MapOf,
    NewtypeOf,
    Ok,
    OptionOf,
    ResultOf,
    SetOf,
    Some,
    Str,
    StructOf,
    TupleOf,
    UInt,
    VecOf,
)
from chain.scale.composite import Field
from chain.scale.units import UnitsOf

Values = st.SearchStrategy[Any]
LENGTH = 3
"""Most items of a list: what is asked is whether it is read, not how much of it."""


class AnyValue:
    """Strategies by codec, for the calls of one runtime. Calls are in calls in calls, but without `outside`."""

    def __init__(self, runtime: Runtime, outside: Container[str] = ()) -> None:
        self._runtime = runtime
        self._outside = outside

    def call(self, path: str, depth: int = 1) -> st.SearchStrategy[Call]:
        """Calls of this path."""
        spec = self._runtime.calls[path]
        arguments = [self.of(codec, depth) for _, codec in spec.fields]
        return st.tuples(*arguments).map(lambda args: Call(spec, args))

    def of(self, codec: AnyCodec, depth: int = 1) -> Values:
        """Values of a codec."""
        if isinstance(codec, RuntimeCallCodec):
            return self._nested(depth)
        if isinstance(codec, UInt):
            return st.integers(0, (1 << codec.bits) - 1)
        if isinstance(codec, Int):
            return st.integers(-1 << codec.bits - 1, (1 << codec.bits - 1) - 1)
        if isinstance(codec, Bool):
            return st.booleans()
        if isinstance(codec, BytesOf | FixedBytes | Str):
            return _text(codec)
        if isinstance(codec, UnitsOf):
            return st.sampled_from(list(codec.cls))
        if codec is ERA:
            return st.just(Era()) | st.builds(Era.mortal, st.integers(4, 65_536), st.integers(0, 1 << 20))
        return self._made(codec, depth)

    def _made(self, codec: AnyCodec, depth: int) -> Values:
        if isinstance(codec, NewtypeOf | CompactOf):
            return self.of(codec.inner, depth)
        if isinstance(codec, LateOf):
            return st.deferred(lambda: self.of(codec.target, depth))
        if isinstance(codec, TupleOf):
            return st.tuples(*(self.of(item, depth) for item in codec.items))
        if isinstance(codec, StructOf):
            return self._row(codec.cls, codec.fields, depth)
        if isinstance(codec, EnumOf):
            return st.one_of([self._row(each.cls, each.fields, depth) for each in codec.variants])
        if isinstance(codec, ResultOf):
            return self.of(codec.ok, depth).map(Ok) | self.of(codec.err, depth).map(Err)
        if isinstance(codec, OptionOf):
            inner = self.of(codec.inner, depth)
            return st.none() | (inner.map(Some) if codec.wraps else inner)
        return self._many(codec, depth)

    def _many(self, codec: AnyCodec, depth: int) -> Values:
        if isinstance(codec, ArrayOf):
            return st.tuples(*[self.of(codec.inner, depth)] * codec.length)
        if isinstance(codec, VecOf):
            return st.lists(self.of(codec.inner, depth), max_size=_most(codec.maximum)).map(tuple)
        if isinstance(codec, SetOf | MapOf):
            key = codec.inner if isinstance(codec, SetOf) else codec.key
            keys = st.lists(self.of(key, depth), max_size=_most(codec.maximum))
            if isinstance(codec, SetOf):
                return keys.map(lambda items: codec.decode(codec.encode(tuple(items))))
            return st.dictionaries(self.of(key, depth), self.of(codec.value, depth), max_size=_most(codec.maximum))
        raise AssertionError(f"no values of {codec.notation}")

    def _row(self, cls: type, fields: tuple[Field, ...], depth: int) -> Values:
        return st.tuples(*(self.of(field.codec, depth) for field in fields)).map(lambda parts: cls(*parts))

    def _nested(self, depth: int) -> Values:
        """Calls within calls; at the bottom only such as hold no calls."""
        paths = [
            path
            for path, spec in self._runtime.calls.items()
            if path not in self._outside and (depth > 0 or not any(_holds_calls(codec) for _, codec in spec.fields))
        ]
        return st.sampled_from(paths).flatmap(lambda path: self.call(path, depth - 1))


def _most(maximum: int | None) -> int:
    return LENGTH if maximum is None else min(maximum, LENGTH)


def _holds_calls(codec: AnyCodec) -> bool:
    inner = getattr(codec, "inner", None)
    return codec is RUNTIME_CALL or isinstance(codec, RuntimeCallCodec) or (inner is not None and _holds_calls(inner))


def _text(codec: BytesOf | FixedBytes | Str) -> Values:
    """Bytes that are no text, so that nobody takes them for one; text that begins with no 0x."""
    if isinstance(codec, FixedBytes):
        return st.binary(min_size=codec.length, max_size=codec.length)
    if isinstance(codec, Str):
        return st.text("abc", max_size=8)
    most = min(codec.maximum or 12, 12)
    return st.just(b"") | st.binary(max_size=most - 1).map(lambda rest: b"\xff" + rest)
