"""Values that are not written but given: by a variable of a script, or by a program in Python."""

from typing import Any

from amm.gathering import fault_at
from amm.scopes import CODE, Value
from chain.scale import AnyCodec, EncodeError


def ready(node: Value, codec: AnyCodec) -> Any:
    """The value itself, if it is of the type that is asked for. Raises Faults."""
    try:
        if type(codec.decode(codec.encode(node.value))) is type(node.value):
            return node.value
    except (EncodeError, AttributeError, TypeError):
        pass
    wanted = codec.alias or codec.notation
    if node.mark is not CODE:
        raise fault_at(node, f"the value is no {wanted}", "it was kept from a field of another type")
    shown, kind = " ".join(repr(node.value).split())[:60], type(node.value).__name__
    raise fault_at(node, f"{shown} is a {kind}, not of type {wanted}", _hint(node.value, codec))


def _hint(value: Any, codec: AnyCodec) -> str:
    """What to give instead; a float is never taken, as it does not hold an amount exactly."""
    if codec.alias == "Balance":
        return f'write "{value} BSX" as a text, or base units as an int'
    if codec.alias == "AccountId":
        return "give a name, an address, 32 bytes or a Person"
    if codec.alias == "AssetId":
        return "give a symbol or an id"
    return "give an int, a text, a list or a dict, as a trade script would write it"
