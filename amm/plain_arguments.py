"""Arguments that hold no others: accounts, assets, amounts, integers, bytes, texts. Source: spec/trade-scripts.md.

Every function reads one node and raises Faults.
"""

from amm.gathering import fault_at, parsed
from amm.scopes import Scope
from amm.scripts.source import Flag, Integer, Node, Text, describe
from amm.values import parse_account, parse_amount, parse_asset
from amm.wording import short
from chain.scale import Bool, BytesOf, FixedBytes, Int, Str, UInt


def read_account(node: Node, scope: Scope) -> bytes:
    """An account by its name, address or key."""
    if not isinstance(node, Text):
        raise fault_at(node, f"{describe(node)} is no account", "write a name, an address or 0x and 64 hex digits")
    return parsed(node, lambda: parse_account(node.value, scope.book))


def read_asset(node: Node, scope: Scope) -> int:
    """An asset's id."""
    if not isinstance(node, Text | Integer):
        raise fault_at(node, f"{describe(node)} is no asset", "write a symbol or an id")
    return parsed(node, lambda: parse_asset(node.value, scope.book))


def read_any_amount(node: Node, scope: Scope) -> int:
    """An amount of the asset that it names, in base units."""
    if not isinstance(node, Text | Integer):
        raise fault_at(node, f"{describe(node)} is no amount", 'write "1.5 KSM", or base units as an integer')
    return parsed(node, lambda: parse_amount(node.value, scope.book))


def read_integer(node: Node, codec: UInt | Int, scope: Scope) -> int:
    """An integer; where one of 128 bits may be negative, also an amount."""
    if isinstance(node, Text) and isinstance(codec, Int) and codec.bits == 128:  # an amount to add or take away
        digits = node.value.strip().removeprefix("-")
        amount: int = parsed(node, lambda: parse_amount(digits, scope.book))
        return -amount if digits != node.value.strip() else amount
    if not isinstance(node, Integer):
        raise fault_at(
            node, f"{describe(node)} where an integer is needed", f"write a number that fits {codec.notation}"
        )
    return node.value


def read_bool(node: Node, codec: Bool, scope: Scope) -> bool:
    """True or false."""
    if not isinstance(node, Flag):
        raise fault_at(node, f"{describe(node)} where true or false is needed", "write true or false")
    return node.value


def read_bytes(node: Node, codec: BytesOf | FixedBytes, scope: Scope) -> bytes:
    """Bytes as a text or in hex; a fixed length must be met."""
    if not isinstance(node, Text):
        raise fault_at(node, f"{describe(node)} where bytes are needed", "write a text, or 0x and hex digits")
    data = node.value.encode()
    if node.value.startswith("0x"):
        try:
            data = bytes.fromhex(node.value[2:])
        except ValueError:
            hint = "write 0x and an even number of hex digits"
            raise fault_at(node, f"{short(node.value)!r} is not hex", hint) from None
    if isinstance(codec, FixedBytes) and len(data) != codec.length:
        hint = f"write 0x and {2 * codec.length} hex digits"
        raise fault_at(node, f"{len(data)} bytes where {codec.length} are needed", hint)
    return data


def read_text(node: Node, codec: Str, scope: Scope) -> str:
    """A text."""
    if not isinstance(node, Text):
        raise fault_at(node, f"{describe(node)} where a text is needed", "put it into quotes")
    return node.value
