"""Codecs as types of a registry: paths, parameters, definitions, numbers."""

from typing import Annotated, Any

import pytest
from described import described, fields, params
from hypothesis import given
from hypothesis import strategies as st
from shapes import OtherSide, Pair, Side, Tree

from chain import scale
from chain.frame.errors import DeclarationError
from chain.frame.metadata.portable import (
    Array,
    CompactInteger,
    Composite,
    Member,
    PortableType,
    Primitive,
    PrimitiveKind,
    Sequence,
    Tuple,
    Variants,
    VariantType,
)
from chain.frame.metadata.registry import TypeRegistry
from chain.scale import (
    ACCOUNT_ID,
    ASSET_ID,
    ERA,
    MULTI_SIGNATURE,
    STR,
    U8,
    U32,
    U128,
    UNIT,
    AnyCodec,
    BytesOf,
    Codec,
    CompactOf,
    FixedBytes,
    MapOf,
    NewtypeOf,
    OptionOf,
    ResultOf,
    SetOf,
    TupleOf,
    VecOf,
    array_of,
    codec_of,
)
from chain.scale.types import u8


@pytest.mark.parametrize("kind", [kind for kind in PrimitiveKind if kind.name != "char"])
def test_primitives(kind: PrimitiveKind) -> None:
    codec = getattr(scale, kind.name.upper())
    assert described(codec)[0] == PortableType(0, (), (), Primitive(kind), ())


def test_what_integers_mean_is_no_type_of_its_own() -> None:
    registry = TypeRegistry()
    assert registry.id_of(ASSET_ID) == registry.id_of(U32)
    assert len(registry) == 1


def test_accounts() -> None:
    entry, registry = described(ACCOUNT_ID)
    assert entry.path_ == ("sp_core", "crypto", "AccountId32")
    assert isinstance(entry.definition, Composite)
    (member,) = entry.definition.fields
    assert member == Member(None, member.type, "[u8; 32]", ())
    assert registry.types[member.type].definition == Array(32, registry.id_of(U8))


def test_what_is_made_of_others() -> None:
    registry = TypeRegistry()
    byte, word = registry.id_of(U8), registry.id_of(U32)
    for codec, definition in (
        (BytesOf(), Sequence(byte)),
        (VecOf(U32), Sequence(word)),
        (FixedBytes(4), Array(4, byte)),
        (array_of(U32, 3), Array(3, word)),
        (TupleOf([U8, U32]), Tuple((byte, word))),
        (UNIT, Tuple(())),
        (CompactOf(U32), CompactInteger(word)),
    ):
        id = registry.id_of(codec)
        made = registry.types[id]
        assert (made.path_, made.params, made.definition) == ((), (), definition)


def test_equal_types_are_one() -> None:
    registry = TypeRegistry()
    assert registry.id_of(VecOf(TupleOf([U8, ASSET_ID]))) == registry.id_of(VecOf(TupleOf([U8, U32])))
    assert registry.id_of(OptionOf(U8)) != registry.id_of(OptionOf(U32))
    assert registry.id_of(NewtypeOf(U32, "Id", "a::Id")) != registry.id_of(NewtypeOf(U32, "Id", "b::Id"))
    assert registry.id_of(NewtypeOf(U32, "Id", "a::Id")) == registry.id_of(NewtypeOf(U32, "Id", "a::Id"))


def test_types_of_one_path_are_told_apart() -> None:
    """By their parameters, and by what they are."""
    registry = TypeRegistry()
    ids = [registry.id_of(NewtypeOf(U32, notation, "a::Id")) for notation in ("Id<u32>", "Id<u8>", "Id")]
    assert len(set(ids)) == 3
    assert registry.id_of(codec_of(Side)) != registry.id_of(codec_of(OtherSide))


def test_wrappers_have_the_parameters_that_clients_need() -> None:
    assert params(OptionOf(U32)) == [("T", "u32")]
    assert params(ResultOf(U8, STR)) == [("T", "u8"), ("E", "str")]
    assert params(MapOf(U8, STR)) == [("K", "u8"), ("V", "str")]
    assert params(SetOf(U8)) == [("T", "u8")]
    assert params(BytesOf(4)) == [("T", "u8"), ("S", None)]
    assert params(VecOf(U32, 4)) == [("T", "u32"), ("S", None)]
    assert params(SetOf(U32, 4)) == [("T", "u32"), ("S", None)]
    assert params(MapOf(U8, U32, 4)) == [("K", "u8"), ("V", "u32"), ("S", None)]


@pytest.mark.parametrize(
    ("codec", "path", "inner"),
    [
        (BytesOf(4), "bounded_collections::bounded_vec::BoundedVec", "Vec<u8>"),
        (VecOf(U32, 4), "bounded_collections::bounded_vec::BoundedVec", "Vec<u32>"),
        (SetOf(U32, 4), "bounded_collections::bounded_btree_set::BoundedBTreeSet", "BTreeSet"),
        (MapOf(U8, U32, 4), "bounded_collections::bounded_btree_map::BoundedBTreeMap", "BTreeMap"),
        (SetOf(U32), "BTreeSet", "Vec<u32>"),
        (MapOf(U8, U32), "BTreeMap", "Vec<(u8, u32)>"),
    ],
)
def test_collections_are_structs_of_one_unnamed_field(codec: AnyCodec, path: str, inner: str) -> None:
    assert "::".join(described(codec)[0].path_) == path
    assert fields(codec) == [(None, inner)]


def test_options_and_results() -> None:
    option, registry = described(OptionOf(U32))
    word = registry.id_of(U32)
    some = VariantType("Some", (Member(None, word, None, ()),), 1, ())
    assert option.definition == Variants((VariantType("None", (), 0, ()), some))
    result, _ = described(ResultOf(UNIT, UNIT))
    assert isinstance(result.definition, Variants)
    assert [(each.name, each.index) for each in result.definition.variants] == [("Ok", 0), ("Err", 1)]


def test_eras_are_spelled_out() -> None:
    entry, _ = described(ERA)
    assert entry.path_ == ("sp_runtime", "generic", "era", "Era")
    assert isinstance(entry.definition, Variants)
    variants = entry.definition.variants
    assert [variant.index for variant in variants] == list(range(256))
    assert (variants[0].name, variants[0].fields) == ("Immortal", ())
    assert [variant.name for variant in variants[1:]] == [f"Mortal{byte}" for byte in range(1, 256)]
    assert all(len(variant.fields) == 1 for variant in variants[1:])


def test_signatures_are_told_apart() -> None:
    entry, registry = described(MULTI_SIGNATURE)
    assert isinstance(entry.definition, Variants)
    kinds = [registry.types[variant.fields[0].type].path_ for variant in entry.definition.variants]
    assert kinds == [("sp_core", scheme, "Signature") for scheme in ("ed25519", "sr25519", "ecdsa")]


def test_what_has_no_form_is_refused() -> None:
    unknown: Codec[int] = Codec("Mystery", U32.encode, U32.read, 4)
    with pytest.raises(DeclarationError, match="Mystery has no form"):
        TypeRegistry().id_of(VecOf(unknown))


POOL: list[Any] = [
    U8,
    U128,
    ACCOUNT_ID,
    OptionOf(U8),
    VecOf(U32),
    MapOf(U8, U32),
    codec_of(Tree),
    codec_of(Pair),
    codec_of(Annotated[tuple[u8, u8], "noise"]),
]


@given(st.lists(st.sampled_from(POOL), max_size=12))
def test_numbers_are_dense_and_lead_somewhere(codecs: list[AnyCodec]) -> None:
    registry = TypeRegistry()
    ids = [registry.id_of(codec) for codec in codecs]
    types = registry.types
    assert [entry.id for entry in types] == list(range(len(types)))
    assert all(id < len(types) for id in ids)
    assert ids == [registry.id_of(codec) for codec in codecs]
    again = TypeRegistry()
    assert [again.id_of(codec) for codec in codecs] == ids
    assert again.types == types
