"""Annotations of the primitive types and of the types made from others."""

from typing import Annotated, TypeVar

from chain.scale.choices import Err, Ok
from chain.scale.codec import AnyCodec
from chain.scale.compact import CompactOf
from chain.scale.integers import (
    I8,
    I16,
    I32,
    I64,
    I128,
    I256,
    U8,
    U16,
    U32,
    U64,
    U128,
    U256,
)
from chain.scale.maps import SetOf
from chain.scale.resolve import Modifier
from chain.scale.sequences import BYTES, STR, ArrayOf, BytesOf, FixedBytes, Str, VecOf

T = TypeVar("T")
E = TypeVar("E")

u8 = Annotated[int, U8]
u16 = Annotated[int, U16]
u32 = Annotated[int, U32]
u64 = Annotated[int, U64]
u128 = Annotated[int, U128]
u256 = Annotated[int, U256]
i8 = Annotated[int, I8]
i16 = Annotated[int, I16]
i32 = Annotated[int, I32]
i64 = Annotated[int, I64]
i128 = Annotated[int, I128]
i256 = Annotated[int, I256]

Bytes = Annotated[bytes, BYTES]
Text = Annotated[str, STR]
Vec = tuple[T, ...]
Compact = Annotated[T, Modifier(CompactOf)]
Result = Ok[T] | Err[E]


def _as_set(codec: AnyCodec) -> AnyCodec:
    if not isinstance(codec, VecOf):
        raise TypeError(f"{codec.notation} is no Vec, so there is no set of it")
    return SetOf(codec.inner)


BTreeSet = Annotated[tuple[T, ...], Modifier(_as_set)]


class Maximum(Modifier):
    """`Annotated[Vec[u32], Maximum(50)]`: a BoundedVec; on Bytes and Text the bound counts bytes."""

    def __init__(self, maximum: int) -> None:
        super().__init__(lambda codec: _bounded(codec, maximum))


def _bounded(codec: AnyCodec, maximum: int) -> AnyCodec:
    if isinstance(codec, VecOf):
        return VecOf(codec.inner, maximum)
    if isinstance(codec, SetOf):
        return SetOf(codec.inner, maximum)
    if isinstance(codec, BytesOf):
        return BytesOf(maximum)
    if isinstance(codec, Str):
        return Str(maximum)
    raise TypeError(f"{codec.notation} has no bound")


class Length(Modifier):
    """`Annotated[Vec[u32], Length(3)]`: the array `[u32; 3]`; on Bytes, `[u8; 3]`."""

    def __init__(self, length: int) -> None:
        super().__init__(lambda codec: _array(codec, length))


def _array(codec: AnyCodec, length: int) -> AnyCodec:
    if isinstance(codec, VecOf):
        return ArrayOf(codec.inner, length)
    if isinstance(codec, BytesOf):
        return FixedBytes(length)
    raise TypeError(f"{codec.notation} is no Vec, so there is no array of it")
