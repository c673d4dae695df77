"""What a codec is in a registry of types: path, parameters, definition. Source: spec/metadata.md.

A form names the types it is made of by their codecs; the registry puts ids in their place.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chain.frame.errors import DeclarationError
from chain.frame.metadata.portable import PrimitiveKind
from chain.scale import (
    ERA,
    U8,
    AnyCodec,
    ArrayOf,
    Bool,
    BytesOf,
    CompactOf,
    EnumOf,
    FixedBytes,
    Int,
    LateOf,
    MapOf,
    NewtypeOf,
    OptionOf,
    ResultOf,
    SetOf,
    Str,
    StructOf,
    TupleOf,
    UInt,
    VecOf,
)
from chain.scale.composite import Field
from chain.scale.notation import split
from chain.scale.units import UnitsOf

BOUNDED = "bounded_collections::"
"""Where the bounded collections are."""

LETTERS = ("T", "U", "V", "W", "X", "Y", "Z")
"""Names of type parameters. By them clients tell types of one path apart, whatever they are called."""

UNTYPED_BOUND = ("S", None)
"""The second parameter of a bounded collection, its bound."""


@dataclass(frozen=True)
class Part:
    """A field: the registry resolves `type`, people read `type_name`."""

    type: "AnyCodec | Form"
    name: str | None = None
    type_name: str | None = None


@dataclass(frozen=True)
class Choice:
    """A variant of an enum."""

    name: str
    index: int
    parts: tuple[Part, ...] = ()
    docs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A struct."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Choices:
    """An enum."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Many:
    """A list; of `length` items where that is fixed."""

    item: "AnyCodec | Form"
    length: int | None = None


@dataclass(frozen=True)
class Together:
    """A tuple."""

    items: tuple["AnyCodec | Form", ...]


@dataclass(frozen=True)
class Small:
    """A compact integer."""

    item: AnyCodec


Shape = Row | Choices | Many | Together | Small | PrimitiveKind
Parameters = tuple[tuple[str, "AnyCodec | Form | None"], ...]


@dataclass(frozen=True, eq=False)
class Form:
    """A type. `identity` is what makes it one and the same before its parts are known: types that may contain
    themselves have it, all others are the same if they are made the same."""

    shape: Shape
    path: str = ""
    params: Parameters = ()
    identity: Hashable = None


def form_of(codec: AnyCodec) -> Form:
    """The form of a codec; raises DeclarationError for one that cannot be described."""
    if isinstance(codec, UInt | Int | Bool | Str):
        return Form(PrimitiveKind[codec.notation])
    if isinstance(codec, NewtypeOf):
        return Form(Row((Part(codec.inner, type_name=spoken(codec.inner)),)), codec.path, _parameters(codec))
    if isinstance(codec, StructOf):
        return Form(Row(parts_of(codec.fields)), codec.path, _parameters(codec), (codec.path, codec.cls))
    if isinstance(codec, EnumOf | UnitsOf):
        return Form(_choices(codec), codec.path, _parameters(codec), (codec.path, codec.cls))
    if isinstance(codec, TupleOf):
        return Form(Together(codec.items))
    if isinstance(codec, CompactOf):
        return Form(Small(codec.inner))
    if isinstance(codec, LateOf):
        return form_of(codec.target)
    if codec is ERA:
        return _era()
    made = _collection(codec) or _outcome(codec)
    if made is None:
        raise DeclarationError(f"{codec.notation} has no form in the metadata")
    return made


def _collection(codec: AnyCodec) -> Form | None:
    """Lists, sets and maps. A bounded one is a struct around the one without a bound."""
    if isinstance(codec, FixedBytes):
        return Form(Many(U8, codec.length))
    if isinstance(codec, ArrayOf):
        return Form(Many(codec.inner, codec.length))
    if isinstance(codec, BytesOf):
        return Form(Many(U8)) if codec.maximum is None else _bounded("Vec", BytesOf(), (("T", U8),))
    if isinstance(codec, VecOf):
        inner = codec.inner
        return Form(Many(inner)) if codec.maximum is None else _bounded("Vec", VecOf(inner), (("T", inner),))
    if isinstance(codec, SetOf):
        item: Parameters = (("T", codec.inner),)
        if codec.maximum is not None:
            return _bounded("BTreeSet", SetOf(codec.inner), item)
        return Form(Row((Part(VecOf(codec.inner)),)), "BTreeSet", item)
    if isinstance(codec, MapOf):
        pair: Parameters = (("K", codec.key), ("V", codec.value))
        if codec.maximum is not None:
            return _bounded("BTreeMap", MapOf(codec.key, codec.value), pair)
        return Form(Row((Part(VecOf(TupleOf([codec.key, codec.value]))),)), "BTreeMap", pair)
    return None


_MODULES = {"Vec": "bounded_vec", "BTreeSet": "bounded_btree_set", "BTreeMap": "bounded_btree_map"}


def _bounded(kind: str, inner: AnyCodec, params: Parameters) -> Form:
    path = f"{BOUNDED}{_MODULES[kind]}::Bounded{kind}"
    return Form(Row((Part(inner),)), path, (*params, UNTYPED_BOUND))


def _outcome(codec: AnyCodec) -> Form | None:
    """Option and Result."""
    if isinstance(codec, OptionOf):
        some = Choice("Some", 1, (Part(codec.inner),))
        return Form(Choices((Choice("None", 0), some)), "Option", (("T", codec.inner),))
    return result_form(codec.ok, codec.err) if isinstance(codec, ResultOf) else None


def result_form(ok: "AnyCodec | Form", err: "AnyCodec | Form") -> Form:
    """`Result<ok, err>`."""
    good, bad = Choice("Ok", 0, (Part(ok),)), Choice("Err", 1, (Part(err),))
    return Form(Choices((good, bad)), "Result", (("T", ok), ("E", err)))


def _choices(codec: "EnumOf | UnitsOf[Any]") -> Choices:
    if isinstance(codec, UnitsOf):
        return Choices(tuple(Choice(member.name, member.value) for member in codec.cls))
    return Choices(tuple(Choice(v.name, v.index, parts_of(v.fields, named=not v.positional)) for v in codec.variants))


def _era() -> Form:
    """Eras as clients know them: the first byte as variant, the second as its field."""
    mortal = (Choice(f"Mortal{byte}", byte, (Part(U8),)) for byte in range(1, 256))
    return Form(Choices((Choice("Immortal", 0), *mortal)), ERA.path)


def parts_of(fields: Iterable[Field], *, named: bool = True) -> tuple[Part, ...]:
    """The fields of a struct, an event, a call or a variant."""
    return tuple(Part(f.codec, f.name if named else None, spoken(f.codec)) for f in fields)


def spoken(codec: AnyCodec) -> str:
    """A type's name as people say it: `Balance` rather than `u128`."""
    return codec.alias or codec.notation


# -- parameters ----------------------------------------------------------------------------------------------


def _parameters(codec: AnyCodec) -> Parameters:
    """The parameters that stand in the notation of a generic type: `Pool<AccountId32, u32>` has two.

    Each is found by its notation among the types it is made of; what is only known by name has no type.
    """
    _, bracket, rest = codec.notation.partition("<")
    if not bracket or not codec.path:
        return ()
    within: dict[str, AnyCodec] = {}
    for inner in _within(codec, set()):
        within.setdefault(inner.notation, inner)
    asked = split(rest.removesuffix(">"))
    params = tuple((letter, within.get(text)) for letter, text in zip(LETTERS, asked, strict=False))
    return (*params, UNTYPED_BOUND) if codec.path.endswith("::WeakBoundedVec") else params


def _within(codec: AnyCodec, seen: set[AnyCodec]) -> Iterator[AnyCodec]:
    """All types that a type is made of, the nearest first in each branch."""
    for inner in _made_of(codec):
        if inner not in seen:
            seen.add(inner)
            yield inner
            yield from _within(inner, seen)


def _made_of(codec: AnyCodec) -> tuple[AnyCodec, ...]:
    if isinstance(codec, TupleOf | StructOf):
        return codec.items
    if isinstance(codec, EnumOf):
        return tuple(field.codec for variant in codec.variants for field in variant.fields)
    if isinstance(codec, MapOf):
        return codec.key, codec.value
    if isinstance(codec, ResultOf):
        return codec.ok, codec.err
    if isinstance(codec, NewtypeOf | VecOf | ArrayOf | SetOf | OptionOf | CompactOf):
        return (codec.inner,)
    return ()
