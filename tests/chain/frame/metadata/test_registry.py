"""Codecs as types of a registry: paths, parameters, definitions, numbers."""

from enum import IntEnum
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain import scale
from chain.frame.errors import DeclarationError
from chain.frame.metadata.forms import Choice, Choices, Form, Part
from chain.frame.metadata.portable import (
    Array,
    CompactInteger,
    Composite,
    Member,
    Parameter,
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
    Enum,
    FixedBytes,
    LateOf,
    MapOf,
    NewtypeOf,
    OptionOf,
    ResultOf,
    SetOf,
    Struct,
    TupleOf,
    VecOf,
    array_of,
    codec_of,
)
from chain.scale.types import Balance, Compact, Vec, u8, u32
from chain.scale.units import unit_enum


def described(codec: AnyCodec) -> tuple[PortableType, TypeRegistry]:
    """A codec's type in a new registry."""
    registry = TypeRegistry()
    id = registry.id_of(codec)
    return registry.types[id], registry


def name(registry: TypeRegistry, id: int | None) -> str | None:
    """A type in the words of these tests."""
    if id is None:
        return None
    entry = registry.types[id]
    if entry.path_:
        return entry.path_[-1]
    definition = entry.definition
    if isinstance(definition, Primitive):
        return definition.kind.name
    if isinstance(definition, Sequence):
        return f"Vec<{name(registry, definition.type)}>"
    if isinstance(definition, Tuple):
        return f"({', '.join(str(name(registry, item)) for item in definition.types)})"
    return type(definition).__name__


def fields(codec: AnyCodec) -> list[tuple[str | None, str | None]]:
    entry, registry = described(codec)
    assert isinstance(entry.definition, Composite)
    return [(member.name, name(registry, member.type)) for member in entry.definition.fields]


def params(codec: AnyCodec) -> list[tuple[str, str | None]]:
    entry, registry = described(codec)
    return [(param.name, name(registry, param.type)) for param in entry.params]


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


class Pair(Struct):
    """Has parameters in its notation."""

    notation: ClassVar[str] = "Pair<u32, Missing, bool>"
    path: ClassVar[str] = "tests::Pair"
    left: u32
    class_: Compact[Balance]
    right: tuple[u8, bool]


def test_structs() -> None:
    assert fields(codec_of(Pair)) == [("left", "u32"), ("class", "CompactInteger"), ("right", "(u8, bool)")]
    entry, _ = described(codec_of(Pair))
    assert entry.path_ == ("tests", "Pair")
    assert isinstance(entry.definition, Composite)
    assert [member.type_name for member in entry.definition.fields] == ["u32", "Balance", "(u8, bool)"]


def test_parameters_are_found_among_the_parts() -> None:
    assert params(codec_of(Pair)) == [("T", "u32"), ("U", None), ("V", "bool")]


def test_a_weakly_bounded_list_has_its_bound() -> None:
    weak = NewtypeOf(VecOf(U8), "WeakBoundedVec<u8>", "bounded_collections::weak_bounded_vec::WeakBoundedVec")
    assert params(weak) == [("T", "u8"), ("S", None)]


class Tree(Enum):
    """Contains itself."""

    path: ClassVar[str] = "tests::Tree"


class Leaf(Tree):
    index: ClassVar[int] = 2


class Branch(Tree):
    index: ClassVar[int] = 5
    children: Vec[Tree]


class Twice(Tree):
    variant: ClassVar[str] = "Two"
    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    first: Tree
    second: Tree


def test_types_that_contain_themselves() -> None:
    entry, registry = described(codec_of(Tree))
    assert entry.id == 0
    assert isinstance(entry.definition, Variants)
    leaf, two, branch = entry.definition.variants
    assert (leaf.name, leaf.index, leaf.fields) == ("Leaf", 2, ())
    assert [(member.name, member.type) for member in two.fields] == [(None, 0), (None, 0)]
    assert (two.name, two.index) == ("Two", 4)
    (children,) = branch.fields
    assert registry.types[children.type].definition == Sequence(0)
    assert len(registry) == 2
    late = LateOf("Tree")
    late.set(codec_of(Tree))
    assert registry.id_of(late) == 0


@unit_enum(path="tests::Side")
class Side(IntEnum):
    Left = 0
    Right = 7


@unit_enum(path="tests::Side")
class OtherSide(IntEnum):
    Top = 0


def test_enums_without_fields() -> None:
    entry, _ = described(codec_of(Side))
    assert entry.path_ == ("tests", "Side")
    variants = (VariantType("Left", (), 0, ()), VariantType("Right", (), 7, ()))
    assert entry.definition == Variants(variants)


def test_stand_ins_take_the_place_of_their_codecs() -> None:
    stand_in = NewtypeOf(U32, "Call")
    form = Form(Choices((Choice("Self", 0, (Part(VecOf(stand_in)),)),)), "x::Call", (("P", U8),), identity="call")
    registry = TypeRegistry({stand_in: form})
    listed = registry.id_of(VecOf(stand_in))
    call = registry.id_of(form)
    assert registry.types[listed].definition == Sequence(call)
    assert registry.types[call].path_ == ("x", "Call")
    assert registry.types[call].params == (Parameter("P", registry.id_of(U8)),)


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
