"""Maps and sets, in ascending order of their keys. Source: spec/substrate.md §1."""

from collections.abc import Callable
from typing import Any

from chain.scale.choices import Err, OptionOf, ResultOf, Some
from chain.scale.codec import AnyCodec, Codec, bare
from chain.scale.compact import CompactOf, encode_compact
from chain.scale.composite import StructOf, TupleOf
from chain.scale.enums import EnumOf
from chain.scale.errors import EncodeError
from chain.scale.integers import Bool, Int, UInt
from chain.scale.late import LateOf
from chain.scale.sequences import ArrayOf, BytesOf, FixedBytes, Items, Str, VecOf, items_reader

Order = Callable[[Any], Any]


class MapOf(Codec[dict[Any, Any]]):
    """`BTreeMap<key, value>` as a dict in ascending order.

    Decoding does not check the order, as the runtime does not; of equal keys the last one counts.
    """

    key: AnyCodec
    value: AnyCodec
    maximum: int | None

    def __init__(self, key: AnyCodec, value: AnyCodec, maximum: int | None = None) -> None:
        self.key = key
        self.value = value
        self.maximum = maximum
        bounded = "" if maximum is None else "Bounded"
        notation = f"{bounded}BTreeMap<{key.notation}, {value.notation}>"
        order = order_of(key)
        read_pairs = items_reader(TupleOf([key, value]), notation, maximum)

        def encode(entries: dict[Any, Any]) -> bytes:
            if not isinstance(entries, dict) or (maximum is not None and len(entries) > maximum):
                raise EncodeError(f"{entries!r} is no {notation}")
            keys = _ascending(entries, order, notation)
            pairs = [key.encode(each) + value.encode(entries[each]) for each in keys]
            return encode_compact(len(pairs)) + b"".join(pairs)

        def read(data: bytes, at: int) -> tuple[dict[Any, Any], int]:
            pairs, at = read_pairs(data, at)
            entries = dict(pairs)
            return {each: entries[each] for each in sorted(entries, key=order)}, at

        super().__init__(notation, encode, read, 1)


class SetOf(Codec[Items]):
    """`BTreeSet<inner>` as an ascending tuple without repetitions."""

    inner: AnyCodec
    maximum: int | None

    def __init__(self, inner: AnyCodec, maximum: int | None = None) -> None:
        self.inner = inner
        self.maximum = maximum
        bounded = "" if maximum is None else "Bounded"
        notation = f"{bounded}BTreeSet<{inner.notation}>"
        order = order_of(inner)
        read_items = items_reader(inner, notation, maximum)

        def encode(value: Items) -> bytes:
            if not isinstance(value, tuple | set | frozenset):
                raise EncodeError(f"{value!r} is no {notation}: a tuple is wanted")
            items = _ascending(value, order, notation)
            if maximum is not None and len(items) > maximum:
                raise EncodeError(f"{notation} of {len(items)} items, at most {maximum} are allowed")
            return encode_compact(len(items)) + b"".join([inner.encode(item) for item in items])

        def read(data: bytes, at: int) -> tuple[Items, int]:
            items, at = read_items(data, at)
            return tuple(sorted(set(items), key=order)), at

        super().__init__(notation, encode, read, 1)


def _ascending(keys: Any, order: Order, notation: str) -> list[Any]:
    try:
        return sorted(set(keys), key=order)
    except (TypeError, AttributeError, KeyError):
        raise EncodeError(f"{keys!r} are no keys of {notation}") from None


def order_of(codec: AnyCodec) -> Order:
    """A sort key that puts values of the type in Rust's order: fields from the first, variants by index."""
    core = bare(codec)
    if isinstance(core, TupleOf):
        orders = [order_of(item) for item in core.items]
        return lambda value: tuple(order(item) for order, item in zip(orders, value, strict=True))
    if isinstance(core, ArrayOf | VecOf | SetOf):
        each = order_of(core.inner)
        return lambda value: tuple(each(item) for item in value)
    if isinstance(core, StructOf):
        return _order_of_fields(core.fields)
    if isinstance(core, EnumOf):
        return _order_of_variants(core)
    if isinstance(core, OptionOf):
        return _order_of_option(order_of(core.inner))
    if isinstance(core, ResultOf):
        ok, err = order_of(core.ok), order_of(core.err)
        return lambda value: (1, err(value.value)) if isinstance(value, Err) else (0, ok(value.value))
    if isinstance(core, CompactOf):
        return order_of(core.inner)
    if isinstance(core, LateOf):
        return lambda value: order_of(core.target)(value)
    if isinstance(core, MapOf):
        raise TypeError(f"{core.notation} cannot be a key")
    if isinstance(core, UInt | Int | Bool | Str | BytesOf | FixedBytes):
        return lambda value: value
    return core.encode


def _order_of_option(inner: Order) -> Order:
    def order(value: Any) -> Any:
        if value is None:
            return ()
        return (inner(value.value if isinstance(value, Some) else value),)

    return order


def _order_of_fields(fields: Any) -> Order:
    orders = [(field.attribute, order_of(field.codec)) for field in fields]
    return lambda value: tuple(order(getattr(value, name)) for name, order in orders)


def _order_of_variants(codec: EnumOf) -> Order:
    orders = {variant.cls: (variant.index, _order_of_fields(variant.fields)) for variant in codec.variants}

    def order(value: Any) -> Any:
        index, fields = orders[value.__class__]
        return index, fields(value)

    return order
