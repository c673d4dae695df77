"""From annotations to codecs."""

import types
from collections.abc import Callable
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from chain.scale.choices import Err, Ok, OptionOf, ResultOf, Some
from chain.scale.codec import AnyCodec, Codec
from chain.scale.composite import UNIT, Struct, StructOf, TupleOf
from chain.scale.enums import Enum, EnumOf, Variant, variant_of
from chain.scale.integers import BOOL
from chain.scale.late import LateOf
from chain.scale.maps import MapOf
from chain.scale.sequences import BYTES, STR, VecOf

Building = dict[type, LateOf]


class Modifier:
    """Metadata of an annotation that changes the codec before it, as Compact and bounds do."""

    def __init__(self, change: Callable[[AnyCodec], AnyCodec]) -> None:
        self.change = change


def codec_of(annotation: Any) -> AnyCodec:
    """The codec of an annotation, of a Struct or Enum class, or the codec itself.

    Raises TypeError for what has no SCALE form, such as a bare `int`. The codec of a class is made once and
    kept with it; the variants of an Enum must be there by then.
    """
    return _resolve(annotation, {})


def _resolve(annotation: Any, building: Building) -> AnyCodec:
    if isinstance(annotation, Codec):
        return annotation
    plain = _PLAIN.get(annotation) if isinstance(annotation, type) or annotation is None else None
    if plain is not None:
        return plain
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(arguments[0], annotation.__metadata__, building)
    if origin is Union or origin is types.UnionType:
        return _union(annotation, arguments, building)
    if origin is tuple:
        return _tuple(arguments, building)
    if origin is dict:
        return MapOf(_resolve(arguments[0], building), _resolve(arguments[1], building))
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return _class(annotation, building)
    own = getattr(annotation, "__scale__", None)
    if isinstance(own, Codec):
        return own
    raise TypeError(f"{annotation!r} has no SCALE codec; a bare int has no width, write u32 or u128")


_PLAIN: dict[Any, AnyCodec] = {bool: BOOL, bytes: BYTES, str: STR, None: UNIT, type(None): UNIT}


def _annotated(base: Any, metadata: tuple[Any, ...], building: Building) -> AnyCodec:
    codec: AnyCodec | None = None
    for item in metadata:
        if isinstance(item, Codec):
            codec = item
        elif isinstance(item, Modifier):
            codec = item.change(_resolve(base, building) if codec is None else codec)
    return _resolve(base, building) if codec is None else codec


def _union(annotation: Any, arguments: tuple[Any, ...], building: Building) -> AnyCodec:
    origins = [get_origin(argument) for argument in arguments]
    if origins == [Ok, Err]:
        ok, err = (_resolve(get_args(argument)[0], building) for argument in arguments)
        return ResultOf(ok, err)
    inner = [argument for argument in arguments if argument is not type(None)]
    if len(inner) != 1 or len(arguments) != 2:
        raise TypeError(f"{annotation!r}: the only unions are `T | None` and `Ok[T] | Err[E]`")
    if get_origin(inner[0]) is Some:
        return OptionOf(_resolve(get_args(inner[0])[0], building))
    return OptionOf(_resolve(inner[0], building))


def _tuple(arguments: tuple[Any, ...], building: Building) -> AnyCodec:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return VecOf(_resolve(arguments[0], building))
    return TupleOf([_resolve(argument, building) for argument in arguments])


def _class(cls: type[Struct], building: Building) -> AnyCodec:
    kept = cls.__dict__.get("__scale__")
    if isinstance(kept, Codec):
        return kept
    if cls in building:
        return building[cls]
    late = building[cls] = LateOf(_notation(cls))
    codec: AnyCodec
    codec = _enum(cls, building) if issubclass(cls, Enum) else _struct(cls, building)
    if codec.minimum > 0:
        late.set(codec)
    del building[cls]
    cls.__scale__ = codec  # type: ignore[attr-defined]
    return codec


def _notation(cls: type[Struct]) -> str:
    return str(cls.__dict__.get("notation", cls.__name__))


def _fields(cls: type[Struct], building: Building) -> list[tuple[str, AnyCodec]]:
    hints = get_type_hints(cls, include_extras=True)
    return [(name, _resolve(hints[name], building)) for name in cls.__struct_fields__]


def _struct(cls: type[Struct], building: Building) -> AnyCodec:
    path = str(cls.__dict__.get("path", ""))
    return StructOf(cls, _fields(cls, building), _notation(cls), path)


def _enum(cls: type[Enum], building: Building) -> AnyCodec:
    if Enum not in cls.__bases__:
        raise TypeError(f"{cls.__name__} is a variant: annotate with its enum, {cls.__bases__[0].__name__}")
    variants = [_variant(variant, building) for variant in cls.__subclasses__()]
    return EnumOf(cls, variants, _notation(cls), str(cls.__dict__.get("path", "")))


def _variant(cls: type[Enum], building: Building) -> Variant:
    name = cls.__dict__.get("variant", cls.__name__)
    return variant_of(cls, name, cls.index, _fields(cls, building), cls.positional)
