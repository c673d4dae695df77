"""The registry of types: each type once, numbered in the order in which it is first met. Source: spec/metadata.md.

A type that may contain itself gets its number before its parts are looked at, so that the way ends; any other
after them, so that equal ones are found equal by their parts' numbers.
"""

from collections.abc import Hashable, Mapping

from chain.frame.metadata.forms import (
    Choice,
    Choices,
    Form,
    Many,
    Parameters,
    Part,
    Row,
    Shape,
    Small,
    Together,
    form_of,
)
from chain.frame.metadata.portable import (
    Array,
    CompactInteger,
    Composite,
    Definition,
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
from chain.scale import AnyCodec

Described = AnyCodec | Form


class TypeRegistry:
    """Ids by codec or form. `stand_ins` are the forms of codecs that only a whole runtime knows, such as its calls."""

    def __init__(self, stand_ins: Mapping[AnyCodec, Form] | None = None) -> None:
        self._forms: dict[AnyCodec, Form] = dict(stand_ins or {})
        self._types: list[PortableType | None] = []
        self._ids: dict[Described, int] = {}
        self._by_identity: dict[Hashable, int] = {}
        self._by_parts: dict[tuple[Hashable, ...], int] = {}

    def __len__(self) -> int:
        return len(self._types)

    @property
    def types(self) -> tuple[PortableType, ...]:
        """All types met so far, dense from 0."""
        finished = tuple(entry for entry in self._types if entry is not None)
        assert len(finished) == len(self._types)
        return finished

    def id_of(self, described: Described) -> int:
        """The id of a type, which is entered now if it was never met. Raises DeclarationError for one that
        cannot be described."""
        known = self._ids.get(described)
        if known is None:
            form = described if isinstance(described, Form) else self._form(described)
            known = self._named(form) if form.identity is not None else self._made(form)
            self._ids[described] = known
        return known

    def _form(self, codec: AnyCodec) -> Form:
        form = self._forms.get(codec)
        return form_of(codec) if form is None else form

    def _named(self, form: Form) -> int:
        """A type with an identity: its number first, then what it is made of."""
        known = self._by_identity.get(form.identity)
        if known is not None:
            return known
        id = self._by_identity[form.identity] = len(self._types)
        self._types.append(None)
        self._types[id] = PortableType(id, _path(form), self._params(form.params), self._define(form.shape), ())
        return id

    def _made(self, form: Form) -> int:
        """Any other type: what it is made of first, then its number if it is a new one."""
        path, definition = _path(form), self._define(form.shape)
        params = self._params(form.params)
        parts = (path, params, definition)
        known = self._by_parts.get(parts)
        if known is None:
            known = self._by_parts[parts] = len(self._types)
            self._types.append(PortableType(known, path, params, definition, ()))
        return known

    def _params(self, params: Parameters) -> tuple[Parameter, ...]:
        return tuple(Parameter(name, None if type is None else self.id_of(type)) for name, type in params)

    def _define(self, shape: Shape) -> Definition:
        if isinstance(shape, PrimitiveKind):
            return Primitive(shape)
        if isinstance(shape, Row):
            return Composite(self._members(shape.parts))
        if isinstance(shape, Choices):
            return Variants(tuple(self._variant(choice) for choice in shape.choices))
        if isinstance(shape, Together):
            return Tuple(tuple(self.id_of(item) for item in shape.items))
        if isinstance(shape, Many):
            item = self.id_of(shape.item)
            return Sequence(item) if shape.length is None else Array(shape.length, item)
        assert isinstance(shape, Small)
        return CompactInteger(self.id_of(shape.item))

    def _variant(self, choice: Choice) -> VariantType:
        return VariantType(choice.name, self._members(choice.parts), choice.index, choice.docs)

    def _members(self, parts: tuple[Part, ...]) -> tuple[Member, ...]:
        return tuple(Member(part.name, self.id_of(part.type), part.type_name, ()) for part in parts)


def _path(form: Form) -> tuple[str, ...]:
    return tuple(form.path.split("::")) if form.path else ()
