"""Structs and enums as types of a registry: parameters, recursion, stand-ins."""

from described import described, fields, params
from shapes import Pair, Side, Tree

from chain.frame.metadata.forms import Choice, Choices, Form, Part
from chain.frame.metadata.portable import Composite, Parameter, Sequence, Variants, VariantType
from chain.frame.metadata.registry import TypeRegistry
from chain.scale import U8, U32, LateOf, NewtypeOf, VecOf, codec_of


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
