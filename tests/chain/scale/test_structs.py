"""Structs, tuples and enums declared as classes, and what goes wrong with their values."""

from typing import Annotated, Any, ClassVar

import pytest

from chain.scale import BytesOf, EncodeError, Enum, EnumOf, FixedBytes, Struct, StructOf, TupleOf, codec_of
from chain.scale.errors import BadTag, Truncated
from chain.scale.types import AccountId, AssetId, Balance, Bytes, Compact, Text, u8, u32, u128, u256


class AccountData(Struct):
    free: Balance
    reserved: Balance
    frozen: Balance
    flags: u128


class AccountInfo(Struct):
    notation: ClassVar[str] = "AccountInfo<u32, AccountData>"
    path: ClassVar[str] = "frame_system::AccountInfo"
    nonce: u32
    consumers: u32
    providers: u32
    sufficients: u32
    data: AccountData


class Mixed(Struct):
    """Leaves, calls and nested rows in turn."""

    first: bool
    who: AccountId
    text: Text
    pair: tuple[u8, Bytes]
    info: AccountInfo
    tag: Annotated[bytes, FixedBytes(4)]
    wide: u256
    from_: Compact[u32]


class Empty(Struct):
    pass


class AssetType(Enum):
    pass


class Token(AssetType):
    index: ClassVar[int] = 0


class PoolShare(AssetType):
    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    first: AssetId
    second: AssetId


class Bonded(AssetType):
    variant: ClassVar[str] = "Bond"
    index: ClassVar[int] = 2
    index_: u8
    note: Bytes


INFO = AccountInfo(1, 2, 3, 4, AccountData(10, 0, 1 << 100, 1 << 127))
MIXED = Mixed(True, b"w" * 32, "héllo", (9, b"bytes"), INFO, b"tags", 1 << 255, 70_000)


def test_account_info_bytes() -> None:
    codec = codec_of(AccountInfo)
    data = codec.encode(INFO)
    words = b"".join(n.to_bytes(4, "little") for n in (1, 2, 3, 4))
    assert data == words + b"".join(n.to_bytes(16, "little") for n in (10, 0, 1 << 100, 1 << 127))
    assert codec.decode(data) == INFO
    assert codec.minimum == len(data) == 80


def test_mixed_fields_come_in_order() -> None:
    codec = codec_of(Mixed)
    pieces = [
        b"\x01",
        b"w" * 32,
        bytes((len("héllo".encode()) << 2,)) + "héllo".encode(),
        b"\x09\x14bytes",
        codec_of(AccountInfo).encode(INFO),
        b"tags",
        (1 << 255).to_bytes(32, "little"),
        (70_000 << 2 | 2).to_bytes(4, "little"),
    ]
    assert codec.encode(MIXED) == b"".join(pieces)
    assert codec.decode(b"".join(pieces)) == MIXED


def test_a_struct_describes_itself() -> None:
    codec = codec_of(Mixed)
    assert isinstance(codec, StructOf)
    assert [field.name for field in codec.fields][-2:] == ["wide", "from"]
    assert codec.fields[-1].attribute == "from_"
    assert isinstance(codec.fields[3].codec, TupleOf)
    info = codec_of(AccountInfo)
    assert (info.notation, info.path) == ("AccountInfo<u32, AccountData>", "frame_system::AccountInfo")
    assert codec_of(AccountInfo) is info


def test_every_prefix_of_a_struct_is_truncated() -> None:
    codec = codec_of(Mixed)
    data = codec.encode(MIXED)
    for size in range(len(data)):
        with pytest.raises(Truncated):
            codec.decode(data[:size])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (AccountInfo(-1, 0, 0, 0, INFO.data), "nonce: -1 is no u32"),
        (
            AccountInfo(1, 0, 0, 0, AccountData(0, 1 << 128, 0, 0)),
            "data: AccountData.reserved: .* is no u128",
        ),
        (AccountInfo(1, 0, 0, 0, INFO), "data: .* is no AccountData"),  # type: ignore[arg-type]
        (AccountInfo(1, 0, 0, "4", INFO.data), "sufficients: '4' is no u32"),  # type: ignore[arg-type]
        (INFO.data, "is no AccountInfo"),
        (None, "is no AccountInfo"),
    ],
)
def test_an_error_names_the_field(value: Any, said: str) -> None:
    with pytest.raises(EncodeError, match=said):
        codec_of(AccountInfo).encode(value)


@pytest.mark.parametrize(
    "change",
    [{"first": 1}, {"who": b"w" * 31}, {"pair": (1,)}, {"pair": [1, b""]}, {"tag": "tags"}],
)
def test_leaves_are_checked_too(change: dict[str, Any]) -> None:
    fields = {name: getattr(MIXED, name) for name in Mixed.__struct_fields__} | change
    with pytest.raises(EncodeError, match=next(iter(change))):
        codec_of(Mixed).encode(Mixed(**fields))


def test_what_is_not_a_leaf_is_refused_by_its_own_codec() -> None:
    fields = {name: getattr(MIXED, name) for name in Mixed.__struct_fields__} | {"text": b"bytes"}
    with pytest.raises(EncodeError, match="b'bytes' is no str"):
        codec_of(Mixed).encode(Mixed(**fields))


def test_a_bool_in_a_row_is_strict() -> None:
    data = codec_of(Mixed).encode(MIXED)
    with pytest.raises(BadTag, match="bool in Mixed"):
        codec_of(Mixed).decode(b"\x02" + data[1:])


def test_an_empty_struct_takes_no_bytes() -> None:
    codec = codec_of(Empty)
    assert codec.encode(Empty()) == b""
    assert codec.decode(b"") == Empty()
    with pytest.raises(EncodeError):
        codec.encode(None)


def test_enum_variants_go_by_their_index() -> None:
    codec = codec_of(AssetType)
    assert codec.encode(Token()) == b"\x00"
    assert codec.encode(PoolShare(1, 2)) == bytes.fromhex("040100000002000000")
    assert codec.encode(Bonded(7, b"x")) == bytes.fromhex("02070478")
    for value in (Token(), PoolShare(1, 2), Bonded(7, b"x")):
        assert codec.decode(codec.encode(value)) == value


def test_an_enum_describes_itself() -> None:
    codec = codec_of(AssetType)
    assert isinstance(codec, EnumOf)
    assert [(each.name, each.index) for each in codec.variants] == [
        ("Token", 0),
        ("Bond", 2),
        ("PoolShare", 4),
    ]
    assert codec.by_name["PoolShare"].positional
    bond = codec.by_class[Bonded]
    assert [(field.name, field.attribute) for field in bond.fields] == [("index", "index_"), ("note", "note")]
    assert isinstance(bond.fields[1].codec, BytesOf)


def test_unknown_variants_are_refused() -> None:
    codec = codec_of(AssetType)
    for index in (1, 3, 5, 255):
        with pytest.raises(BadTag, match=f"AssetType at offset 0 has no variant {index}"):
            codec.decode(bytes((index,)) + bytes(20))
    with pytest.raises(Truncated):
        codec.decode(b"")
    with pytest.raises(EncodeError, match="no variant of AssetType"):
        codec.encode(5)
    with pytest.raises(EncodeError, match=r"AssetType::PoolShare\.second"):
        codec.encode(PoolShare(1, -2))


def test_misuse_is_said_at_declaration() -> None:
    with pytest.raises(TypeError, match="annotate with its enum"):
        codec_of(PoolShare)
    codec_of(AssetType)
    with pytest.raises(TypeError, match="too late"):

        class Late(AssetType):
            index: ClassVar[int] = 9

    for annotation in (int, float, list[int], int | str, object()):
        with pytest.raises(TypeError):
            codec_of(annotation)
