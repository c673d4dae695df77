"""Codecs from the notation in which the runtime's JSON writes types. Source: spec/basilisk-runtime-118.json.

`Vec<(AccountId32, u128)>`, `[u8; 4]`, `Option<H256>` are read here; other names are looked up in a table of
named types, whose entries are `{"kind": "composite", "fields": [{"name", "type"}]}` or `{"kind": "variant",
"variants": [{"name", "index", "fields"}]}`. Their values are instances of classes made on the way.
"""

import keyword
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from chain.scale.choices import OptionOf, ResultOf
from chain.scale.codec import AnyCodec, Codec, NewtypeOf
from chain.scale.compact import CompactOf
from chain.scale.composite import Struct, StructOf, TupleOf
from chain.scale.enums import Enum, EnumOf, Variant, variant_of
from chain.scale.errors import DecodeError, EncodeError, UnknownType
from chain.scale.integers import BOOL, I8, I16, I32, I64, I128, I256, U8, U16, U32, U64, U128, U256
from chain.scale.late import LateOf
from chain.scale.maps import MapOf, SetOf
from chain.scale.sequences import BYTES, STR, array_of, vec_of
from chain.scale.types import ACCOUNT_ID, FIXED_U128, H256_CODEC, PERBILL, PERMILL, PERQUINTILL

_INTEGERS = (U8, U16, U32, U64, U128, U256, I8, I16, I32, I64, I128, I256)
_KNOWN: dict[str, AnyCodec] = {
    **{codec.notation: codec for codec in (*_INTEGERS, BOOL, STR)},
    **{
        codec.notation: codec for codec in (ACCOUNT_ID, H256_CODEC, PERBILL, PERMILL, PERQUINTILL, FIXED_U128)
    },
    "Bytes": BYTES,
}

_GENERIC: dict[str, Callable[..., AnyCodec]] = {
    "BTreeMap": MapOf,
    "BTreeSet": SetOf,
    "BoundedVec": vec_of,
    "Box": lambda inner: inner,
    "Compact": CompactOf,
    "Option": OptionOf,
    "Result": ResultOf,
    "Vec": vec_of,
    "WeakBoundedVec": vec_of,
}
"""What needs no entry. An entry goes first for the bounded ones, as it has their paths."""
_ALWAYS_GENERIC = {"BTreeMap", "BTreeSet", "Compact", "Option", "Result", "Vec"}


class LackingOf(Codec[Any]):
    """A named type that the table does not have: every value of it is refused."""

    def __init__(self, notation: str) -> None:
        def encode(value: Any) -> bytes:
            raise EncodeError(f"{value!r} is to be a {notation}, which is not in the table of types")

        def read(data: bytes, at: int) -> tuple[Any, int]:
            raise DecodeError(f"{notation} at offset {at} is not in the table of types")

        super().__init__(notation, encode, read, 0)


class Notation:
    """Codecs by notation, over one table of named types; each is made once, when first asked for.

    Within its own making a named type stands for itself through a LateOf.
    """

    def __init__(self, types: Mapping[str, Any]) -> None:
        self._types = types
        self._made: dict[str, AnyCodec] = dict(_KNOWN)
        self._making: dict[str, LateOf] = {}

    def codec(self, text: str) -> AnyCodec:
        """The codec of a type; raises UnknownType where the notation is wrong or the table lacks the name.

        A name that is lacking inside another type is refused when a value of it turns up: the table leaves
        out the types of absent pallets, and an empty list of them is still a list.
        """
        codec = self._codec(text)
        if isinstance(codec, LackingOf):
            raise UnknownType(f"no type is called {text!r}")
        return codec

    def _codec(self, text: str) -> AnyCodec:
        text = text.strip()
        known = self._made.get(text) or self._making.get(text)
        if known is not None:
            return known
        codec = self._made[text] = self._make(text)
        return codec

    def _make(self, text: str) -> AnyCodec:
        if text.startswith("(") and text.endswith(")"):
            return TupleOf([self._codec(item) for item in split(text[1:-1])])
        if text.startswith("[") and text.endswith("]"):
            return self._array(text)
        head, bracket, rest = text.partition("<")
        generic = _GENERIC.get(head) if bracket and text.endswith(">") else None
        if generic and (head in _ALWAYS_GENERIC or text not in self._types):
            return generic(*(self._codec(item) for item in split(rest[:-1])))
        entry = self._types.get(text)
        if entry is None:
            return LackingOf(text)
        late = self._making[text] = LateOf(text)
        codec = self._named(text, entry)
        del self._making[text]
        if codec.minimum > 0:
            late.set(codec)
        return codec

    def _array(self, text: str) -> AnyCodec:
        inner, separator, length = text[1:-1].rpartition(";")
        if not separator or not length.strip().isdecimal():
            raise UnknownType(f"{text!r} is no array: [type; length] is wanted")
        return array_of(self._codec(inner), int(length))

    def _named(self, text: str, entry: Mapping[str, Any]) -> AnyCodec:
        path = entry.get("path", "")
        if entry["kind"] == "variant":
            base = msgspec.defstruct(_short(text), [], bases=(Enum,), namespace={"path": path})
            variants = [self._variant(base, variant) for variant in entry.get("variants", ())]
            return EnumOf(base, variants, text, path)
        fields = entry.get("fields", ())
        codecs = [self._codec(field["type"]) for field in fields]
        if fields and "name" not in fields[0]:
            return NewtypeOf(codecs[0], text, path) if len(fields) == 1 else TupleOf(codecs, text)
        names = [_attribute(field["name"], ()) for field in fields]
        cls = msgspec.defstruct(_short(text), _typed(names), bases=(Struct,), namespace={"path": path})
        return StructOf(cls, list(zip(names, codecs, strict=True)), text, path)

    def _variant(self, base: type[Any], entry: Mapping[str, Any]) -> Variant:
        fields = entry.get("fields", ())
        positional = bool(fields) and "name" not in fields[0]
        names = [
            f"field{place}" if positional else _attribute(field["name"], _TAKEN)
            for place, field in enumerate(fields)
        ]
        own = {"index": entry["index"], "variant": entry["name"], "positional": positional}
        cls = msgspec.defstruct(entry["name"], _typed(names), bases=(base,), namespace=own)
        codecs = [self._codec(field["type"]) for field in fields]
        return variant_of(
            cls, entry["name"], entry["index"], list(zip(names, codecs, strict=True)), positional
        )


_TAKEN = ("index", "variant", "positional")


def _typed(names: Sequence[str]) -> list[tuple[str, Any]]:
    return [(name, Any) for name in names]


def _attribute(name: str, taken: Sequence[str]) -> str:
    return name + "_" if keyword.iskeyword(name) or name in ("notation", "path", *taken) else name


def _short(text: str) -> str:
    """The last name of a path, without parameters: the name of its class."""
    return text.partition("<")[0].rpartition("::")[2].partition("#")[0]


def split(text: str) -> list[str]:
    """The items of a comma-separated list, of which brackets of any kind hold some together."""
    items: list[str] = []
    depth = start = 0
    for place, character in enumerate(text):
        if character in "<([":
            depth += 1
        elif character in ">)]":
            depth -= 1
        elif character == "," and depth == 0:
            items.append(text[start:place].strip())
            start = place + 1
    if text[start:].strip():
        items.append(text[start:].strip())
    return items
