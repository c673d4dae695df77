"""A registry of types against the live runtime's table of types, from a type down to its last part.

Types are given there in a notation, `Vec<(AccountId32, u128)>`; a name that is no primitive stands in the table
with its path, its fields or its variants.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chain.frame.metadata.portable import (
    Array,
    CompactInteger,
    Composite,
    Member,
    PortableType,
    Primitive,
    PrimitiveKind,
    Tuple,
    Variants,
)
from chain.frame.metadata.portable import Sequence as List
from chain.scale.notation import split

OPEN = ("RuntimeCall", "RuntimeEvent", "RuntimeError")
"""Enums whose variants are the runtime's pallets: their pallets are compared one by one."""


class LiveTypes:
    """`differences(id, text)` says where a type of ours is not the live type of that notation."""

    def __init__(self, ours: Sequence[PortableType], live: Mapping[str, Any]) -> None:
        self.ours, self.live = ours, live

    def differences(self, id: int, text: str) -> list[str]:
        return list(self._compare(id, text, "", set()))

    def _compare(self, id: int, text: str, at: str, seen: set[tuple[int, str]]) -> Iterator[str]:
        if (id, text) in seen:
            return
        seen.add((id, text))
        ours = self.ours[id]
        entry = self.live.get(text)
        if entry is None:
            yield from self._structural(ours, text, at, seen)
            return
        if "::".join(ours.path_) != entry["path"]:
            yield f"{at}: {'::'.join(ours.path_) or ours.definition} for {entry['path']}"
        if text not in OPEN:
            yield from self._named(ours, entry, f"{at}/{text.partition('<')[0].rpartition('::')[2]}", seen)

    def _structural(self, ours: PortableType, text: str, at: str, seen: set[tuple[int, str]]) -> Iterator[str]:
        """A tuple, an array, a list, a compact or a primitive."""
        definition = ours.definition
        head, _, rest = text.partition("<")
        if text.startswith("(") and isinstance(definition, Tuple):
            items = split(text[1:-1])
            if len(items) == len(definition.types):
                for place, (item, wanted) in enumerate(zip(definition.types, items, strict=True)):
                    yield from self._compare(item, wanted, f"{at}.{place}", seen)
                return
        elif text.startswith("[") and isinstance(definition, Array):
            inner, _, length = text[1:-1].rpartition("; ")
            if definition.length == int(length):
                yield from self._compare(definition.type, inner, at, seen)
                return
        elif head in ("Vec", "Compact") and isinstance(definition, List if head == "Vec" else CompactInteger):
            yield from self._compare(definition.type, rest[:-1], f"{at}[]", seen)
            return
        elif isinstance(definition, Primitive) and definition.kind is PrimitiveKind.__members__.get(text):
            return
        yield f"{at}: {'::'.join(ours.path_) or definition} for {text}"

    def _named(
        self, ours: PortableType, entry: Mapping[str, Any], at: str, seen: set[tuple[int, str]]
    ) -> Iterator[str]:
        definition = ours.definition
        if entry["kind"] == "composite" and isinstance(definition, Composite):
            yield from self.members(definition.fields, entry["fields"], at, seen)
        elif entry["kind"] == "variant" and isinstance(definition, Variants):
            known = {variant["index"]: variant for variant in entry["variants"]}
            for variant in definition.variants:
                fact = known.pop(variant.index, None)
                if fact is None or fact["name"] != variant.name:
                    yield f"{at}: variant {variant.index} is {variant.name}"
                else:
                    yield from self.members(variant.fields, fact.get("fields", []), f"{at}.{variant.name}", seen)
            yield from (f"{at}: no variant {fact['name']}" for fact in known.values())
        else:
            yield f"{at}: {type(definition).__name__} for {entry['kind']}"

    def members(
        self, ours: Sequence[Member], live: Sequence[Mapping[str, Any]], at: str, seen: set[tuple[int, str]]
    ) -> Iterator[str]:
        """Fields by name and type; without names in both."""
        if [member.name for member in ours] != [field.get("name") for field in live]:
            yield f"{at}: {[member.name for member in ours]} for {[field.get('name') for field in live]}"
            return
        for member, field in zip(ours, live, strict=True):
            yield from self._compare(member.type, field["type"], f"{at}.{member.name or ''}", seen)
