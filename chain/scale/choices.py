"""Option and Result. Source: spec/substrate.md §1."""

from typing import Any, Generic, TypeVar

import msgspec

from chain.scale.codec import AnyCodec, Codec, bare
from chain.scale.errors import BadTag, EncodeError, truncated

V = TypeVar("V")


class Some(msgspec.Struct, Generic[V], frozen=True):
    """What an option holds, where the bare value could be taken for None: an option within an option."""

    value: V


class Ok(msgspec.Struct, Generic[V], frozen=True):
    """The good outcome of a Result."""

    value: V


class Err(msgspec.Struct, Generic[V], frozen=True):
    """The bad outcome of a Result."""

    value: V


class OptionOf(Codec[Any]):
    """None, or a value; the inner value of an option within an option is wrapped in `Some`."""

    inner: AnyCodec
    wraps: bool

    def __init__(self, inner: AnyCodec) -> None:
        self.inner = inner
        self.wraps = isinstance(bare(inner), OptionOf)
        notation = f"Option<{inner.notation}>"
        encode_inner, read_inner, wraps = inner.encode, inner.read, self.wraps

        def encode(value: Any) -> bytes:
            if value is None:
                return b"\x00"
            if not wraps:
                return b"\x01" + encode_inner(value)
            if not isinstance(value, Some):
                raise EncodeError(f"{value!r} is no {notation}: None or Some(…) is wanted")
            return b"\x01" + encode_inner(value.value)

        def read(data: bytes, at: int) -> tuple[Any, int]:
            try:
                tag = data[at]
            except IndexError:
                raise truncated(notation, 1, data, at) from None
            if tag == 0:
                return None, at + 1
            if tag != 1:
                raise BadTag(f"{notation} at offset {at} begins with {tag}, not 0 or 1")
            value, at = read_inner(data, at + 1)
            return (Some(value) if wraps else value), at

        super().__init__(notation, encode, read, 1)


class ResultOf(Codec[Any]):
    """`Ok(value)` or `Err(error)`."""

    ok: AnyCodec
    err: AnyCodec

    def __init__(self, ok: AnyCodec, err: AnyCodec) -> None:
        self.ok = ok
        self.err = err
        notation = f"Result<{ok.notation}, {err.notation}>"

        def encode(value: Any) -> bytes:
            if isinstance(value, Ok):
                return b"\x00" + ok.encode(value.value)
            if isinstance(value, Err):
                return b"\x01" + err.encode(value.value)
            raise EncodeError(f"{value!r} is no {notation}: Ok(…) or Err(…) is wanted")

        def read(data: bytes, at: int) -> tuple[Any, int]:
            tag = data[at : at + 1]
            if tag == b"\x00":
                value, at = ok.read(data, at + 1)
                return Ok(value), at
            if tag == b"\x01":
                value, at = err.read(data, at + 1)
                return Err(value), at
            if not tag:
                raise truncated(notation, 1, data, at)
            raise BadTag(f"{notation} at offset {at} begins with {tag[0]}, not 0 or 1")

        super().__init__(notation, encode, read, 1)
