"""Types of a registry as people write them."""

from chain.frame.metadata.portable import Composite, PortableType, Primitive, Sequence, Tuple
from chain.frame.metadata.registry import TypeRegistry
from chain.scale import AnyCodec


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
