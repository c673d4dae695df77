"""Values of any codec as plain JSON-like data, and back. Source: vectors/README.md (scale.jsonl).

Integers are decimal strings, bytes `0x…`, None is null and other options `{"Some": v}`, structs are objects,
enums `{"Variant": fields}`: null without fields, the bare value for one unnamed field, a list for several,
an object for named ones. Maps are lists of pairs; a struct without fields is null, the unit is `[]`.
"""

import re
from collections.abc import Sequence
from typing import Any

from chain.scale.choices import Err, Ok, OptionOf, ResultOf, Some
from chain.scale.codec import AnyCodec, bare
from chain.scale.compact import CompactOf
from chain.scale.composite import Field, StructOf, TupleOf
from chain.scale.enums import EnumOf
from chain.scale.errors import EncodeError
from chain.scale.integers import Bool, Int, UInt
from chain.scale.late import LateOf
from chain.scale.maps import MapOf, SetOf
from chain.scale.sequences import ArrayOf, BytesOf, FixedBytes, Str, VecOf
from chain.scale.units import UnitsOf


def core_of(codec: AnyCodec) -> AnyCodec:
    """The codec that decides how a value looks: behind newtypes, compacts and late names."""
    while True:
        codec = bare(codec)
        if isinstance(codec, CompactOf):
            codec = codec.inner
        elif isinstance(codec, LateOf):
            codec = codec.target
        else:
            return codec


def to_plain(codec: AnyCodec, value: Any) -> Any:
    """A value of the codec as plain data; what has no form of its own is its encoding in hex."""
    core = core_of(codec)
    if isinstance(core, UInt | Int):
        return str(value)
    if isinstance(core, Bool | Str):
        return value
    if isinstance(core, OptionOf):
        return None if value is None else {"Some": to_plain(core.inner, value.value if core.wraps else value)}
    if isinstance(core, ResultOf):
        good = isinstance(value, Ok)
        return {"Ok" if good else "Err": to_plain(core.ok if good else core.err, value.value)}
    if isinstance(core, VecOf | ArrayOf | SetOf):
        return [to_plain(core.inner, item) for item in value]
    if isinstance(core, TupleOf):
        return [to_plain(item, part) for item, part in zip(core.items, value, strict=True)]
    if isinstance(core, MapOf):
        return [[to_plain(core.key, key), to_plain(core.value, item)] for key, item in value.items()]
    if isinstance(core, StructOf):
        return _fields_to_plain(core.fields, value, positional=False)
    if isinstance(core, EnumOf):
        variant = core.by_class[value.__class__]
        return {variant.name: _fields_to_plain(variant.fields, value, variant.positional)}
    if isinstance(core, UnitsOf):
        return {value.name: None}
    return "0x" + (value if isinstance(value, bytes) else core.encode(value)).hex()


def _fields_to_plain(fields: Sequence[Field], value: Any, positional: bool) -> Any:
    if not fields:
        return None
    parts = [to_plain(field.codec, getattr(value, field.attribute)) for field in fields]
    if not positional:
        return {field.name: part for field, part in zip(fields, parts, strict=True)}
    return parts[0] if len(parts) == 1 else parts


def from_plain(codec: AnyCodec, plain: Any) -> Any:
    """The value that plain data stands for; raises EncodeError where it is of another shape.

    Integers may be numbers too, and a variant without fields its bare name. Ranges are checked on encoding.
    """
    core = core_of(codec)
    if isinstance(core, UInt | Int):
        return _integer(core, plain)
    if isinstance(core, Bool | Str):
        if not isinstance(plain, bool if isinstance(core, Bool) else str):
            raise _refuse(core, plain)
        return plain
    if isinstance(core, OptionOf):
        return _option(core, plain)
    if isinstance(core, ResultOf):
        name, inner = _one_entry(core, plain)
        if name not in ("Ok", "Err"):
            raise _refuse(core, plain)
        return Ok(from_plain(core.ok, inner)) if name == "Ok" else Err(from_plain(core.err, inner))
    if isinstance(core, VecOf | ArrayOf | SetOf):
        return tuple(from_plain(core.inner, item) for item in _list(core, plain))
    if isinstance(core, TupleOf):
        return _parts(core, core.items, plain)
    if isinstance(core, MapOf):
        pairs = [_parts(core, (core.key, core.value), pair) for pair in _list(core, plain)]
        return dict(pairs)
    if isinstance(core, StructOf):
        return core.cls(*_fields_from_plain(core, core.fields, plain, positional=False))
    if isinstance(core, EnumOf | UnitsOf):
        return _variant(core, plain)
    return _bytes(core, plain)


def _integer(core: AnyCodec, plain: Any) -> int:
    if isinstance(plain, int) and not isinstance(plain, bool):
        return plain
    if isinstance(plain, str) and re.fullmatch("-?[0-9]+", plain):
        return int(plain)
    raise _refuse(core, plain)


def _option(core: OptionOf, plain: Any) -> Any:
    if plain is None:
        return None
    name, inner = _one_entry(core, plain)
    if name != "Some":
        raise _refuse(core, plain)
    value = from_plain(core.inner, inner)
    return Some(value) if core.wraps else value


def _variant(core: EnumOf | UnitsOf[Any], plain: Any) -> Any:
    name, fields = (plain, None) if isinstance(plain, str) else _one_entry(core, plain)
    if isinstance(core, UnitsOf):
        if fields is not None or name not in core.cls.__members__:
            raise _refuse(core, plain)
        return core.cls[name]
    variant = core.by_name.get(name)
    if variant is None:
        raise EncodeError(f"{core.notation} has no variant {name!r}, but {', '.join(core.by_name)}")
    return variant.cls(*_fields_from_plain(core, variant.fields, fields, variant.positional))


def _fields_from_plain(
    core: AnyCodec, fields: Sequence[Field], plain: Any, positional: bool
) -> tuple[Any, ...]:
    if not fields:
        if plain is not None and plain != {} and plain != []:
            raise _refuse(core, plain)
        return ()
    if positional:
        plain = [plain] if len(fields) == 1 else plain
        return _parts(core, [field.codec for field in fields], plain)
    if not isinstance(plain, dict) or plain.keys() != {field.name for field in fields}:
        raise EncodeError(f"{core.notation} wants {', '.join(field.name for field in fields)}, not {plain!r}")
    return tuple(from_plain(field.codec, plain[field.name]) for field in fields)


def _parts(core: AnyCodec, codecs: Sequence[AnyCodec], plain: Any) -> tuple[Any, ...]:
    if len(_list(core, plain)) != len(codecs):
        raise _refuse(core, plain)
    return tuple(from_plain(codec, item) for codec, item in zip(codecs, plain, strict=True))


def _list(core: AnyCodec, plain: Any) -> Sequence[Any]:
    if not isinstance(plain, list | tuple):
        raise _refuse(core, plain)
    return plain


def _one_entry(core: AnyCodec, plain: Any) -> tuple[str, Any]:
    if not isinstance(plain, dict) or len(plain) != 1:
        raise _refuse(core, plain)
    return next(iter(plain.items()))


def _bytes(core: AnyCodec, plain: Any) -> Any:
    if not isinstance(plain, str) or not plain.startswith("0x"):
        raise _refuse(core, plain)
    try:
        data = bytes.fromhex(plain[2:])
    except ValueError:
        raise _refuse(core, plain) from None
    return data if isinstance(core, BytesOf | FixedBytes) else core.decode(data)


def _refuse(core: AnyCodec, plain: Any) -> EncodeError:
    return EncodeError(f"{plain!r} is no {core.notation}")
