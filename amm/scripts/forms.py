"""How the values of scripts and chain specs are written. Source: spec/trade-scripts.md, "Values".

What needs the runtime's types or the chain's assets stays a node; here it is checked for its form only.
A text with a variable in it can have any form.
"""

from typing import Any

from amm.scripts.kinds import refuse_controls
from amm.scripts.shapes import Kind, Reader
from amm.scripts.source import Flag, Integer, Items, Mapping, Node, Text
from amm.scripts.variables import names_in, variable
from amm.values import (
    MAX_ASSET,
    MAX_BALANCE,
    AccountError,
    AccountForm,
    AmountError,
    account_form,
    check_amount,
)


class AnyValue(Kind[Node]):
    """A value of a type that only the runtime knows."""

    written = "a value"

    def read(self, node: Node, reader: Reader) -> Node:
        return node

    def plain(self, value: Node) -> Any:
        return plain(value)

    def schema(self) -> dict[str, Any]:
        return {}


class AmountOf(Kind[Text | Integer]):
    """An amount: base units, or human units with a symbol."""

    written = 'an amount: base units, or as in "1.5 KSM"'

    def read(self, node: Node, reader: Reader) -> Text | Integer:
        if isinstance(node, Integer):
            if not 0 <= node.value <= MAX_BALANCE:
                raise reader.refuse(node.mark, "the amount is out of range", f"from 0 to {MAX_BALANCE} base units")
            return node
        if not isinstance(node, Text):
            raise self.mismatch(node, reader)
        if not names_in(node.value):
            try:
                check_amount(node.value)
            except AmountError as error:
                raise reader.refuse(node.mark, error.what, error.hint) from None
        return node

    def plain(self, value: Text | Integer) -> str | int:
        return value.value

    def schema(self) -> dict[str, Any]:
        return {"type": ["integer", "string"], "minimum": 0}


class AssetOf(Kind[Text | Integer]):
    """An asset: its symbol, its id, or `shares:A/B`."""

    written = "an asset: its symbol or its id"

    def read(self, node: Node, reader: Reader) -> Text | Integer:
        if isinstance(node, Integer):
            if not 0 <= node.value <= MAX_ASSET:
                raise reader.refuse(node.mark, "the asset id is out of range", f"ids go from 0 to {MAX_ASSET}")
            return node
        if not isinstance(node, Text) or not node.value:
            raise self.mismatch(node, reader)
        return node

    def plain(self, value: Text | Integer) -> str | int:
        return value.value

    def schema(self) -> dict[str, Any]:
        return {"type": ["integer", "string"]}


class TextNodeOf(Kind[Text]):
    """Text whose place matters later on."""

    written = "text"

    def read(self, node: Node, reader: Reader) -> Text:
        if not isinstance(node, Text):
            raise self.mismatch(node, reader)
        return node

    def hint(self, node: Node) -> str:
        return "put quotes around it" if isinstance(node, Integer | Flag) else f"write {self.written}"

    def plain(self, value: Text) -> str:
        return value.value

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


class LabelOf(TextNodeOf):
    """A text that a report shows."""

    def read(self, node: Node, reader: Reader) -> Text:
        text = super().read(node, reader)
        if not text.value.strip():
            raise self.mismatch(node, reader)
        refuse_controls(text, reader, lines=True)
        return text


class AccountOf(TextNodeOf):
    """An account: a name, an address, or the account of a pool, a pallet or an auction."""

    written = "an account, as in alice"

    def read(self, node: Node, reader: Reader) -> Text:
        text = super().read(node, reader)
        if not names_in(text.value):
            try:
                account_form(text.value)
            except AccountError as error:
                reader.refuse(text.mark, error.what, error.hint)  # and read on: the step may have other faults
        return text


class SignerOf(AccountOf):
    """The name of an account whose key is known."""

    written = "the name of an account that can sign"

    def read(self, node: Node, reader: Reader) -> Text:
        before, text = len(reader.faults), super().read(node, reader)
        is_account = len(reader.faults) == before and not names_in(text.value)
        if is_account and account_form(text.value) is not AccountForm.NAME:
            reader.refuse(node.mark, f"{text.value} cannot sign: its key is not known", "write a name, as in alice")
        return text


class OriginOf(SignerOf):
    """Who sends a call: the name of an account, or `root` for the sudo key."""

    written = "the name of an account, or root"


class CountOf(Kind[Text | Integer]):
    """A whole number, or a variable that is one."""

    def __init__(self, least: int, most: int = 2**32 - 1) -> None:
        self.least, self.most = least, most
        self.written = f"a whole number of at least {least}"

    def read(self, node: Node, reader: Reader) -> Text | Integer:
        if isinstance(node, Text) and variable(node.value):
            return node
        if not isinstance(node, Integer):
            raise self.mismatch(node, reader)
        if not self.least <= node.value <= self.most:
            hint = f"write a number from {self.least} to {self.most}"
            raise reader.refuse(node.mark, "the number is out of range", hint)
        return node

    def plain(self, value: Text | Integer) -> str | int:
        return value.value

    def hint(self, node: Node) -> str:
        return "take the quotes off" if isinstance(node, Text) and node.value.isdecimal() else super().hint(node)

    def schema(self) -> dict[str, Any]:
        variable_form = {"type": "string", "pattern": r"^\$"}
        return {"anyOf": [{"type": "integer", "minimum": self.least, "maximum": self.most}, variable_form]}


class ArgsOf(Kind[Mapping]):
    """Arguments of a call, by name."""

    written = "a mapping of argument names to values"

    def read(self, node: Node, reader: Reader) -> Mapping:
        if not isinstance(node, Mapping):
            raise self.mismatch(node, reader)
        return node

    def plain(self, value: Mapping) -> Any:
        return plain(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


def plain(node: Node) -> Any:
    """A node as JSON has it."""
    match node:
        case Items(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {str(key.value): plain(value) for key, value in entries}
        case Text(value=value) | Integer(value=value) | Flag(value=value):
            return value
        case _:
            return None


VALUE = AnyValue()
AMOUNT = AmountOf()
ASSET = AssetOf()
ACCOUNT = AccountOf()
SIGNER = SignerOf()
ORIGIN = OriginOf()
LABEL = LabelOf()
ARGS = ArgsOf()
