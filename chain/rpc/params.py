"""What parameters may be, and reading them. Source: spec/json-rpc.md, "Transport".

A method states its parameters as annotations: `Annotated[bytes, HEX]` is a parameter that is written in hex. What
does not fit raises `RpcError` −32602 that names the parameter and what would fit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from chain.crypto import ss58
from chain.rpc.errors import RpcError, invalid_params

MOST_ITEMS = 16_384
"""Entries of a list in the parameters, at most."""

U32_MAX = (1 << 32) - 1


class UnfitError(ValueError):
    """A value is not what a parameter needs; the text says what is needed."""


@dataclass(frozen=True)
class Kind:
    """A kind of parameter. `read` turns the JSON value into what the method gets, or raises `UnfitError`."""

    needs: str
    read: Callable[[Any], Any]


def _hex(value: Any) -> bytes:
    """Bytes in hex, with `0x` or without; no digits are no bytes."""
    if isinstance(value, str) and value.isascii():
        digits = value[2:] if value[:2] in ("0x", "0X") else value
        if " " not in digits and "\n" not in digits and "\t" not in digits:
            try:
                return bytes.fromhex(digits)
            except ValueError:
                pass
    raise UnfitError("bytes in hex, such as 0x00ff")


def _hash(value: Any) -> bytes:
    data = _hex(value)
    if len(data) != 32:
        raise UnfitError(f"a hash of 32 bytes, not {len(data)}")
    return data


def _number(value: Any) -> int:
    """A block number or a count: decimal or, as a text, in hex."""
    if isinstance(value, str):
        if not (value.startswith("0x") and 2 < len(value) <= 18):
            raise UnfitError("a number")
        try:
            value = int(value[2:], 16)
        except ValueError:
            raise UnfitError("a number") from None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= U32_MAX:
        raise UnfitError(f"a number from 0 to {U32_MAX}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise UnfitError("a text")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnfitError("true or false")
    return value


def _account(value: Any) -> bytes:
    """An SS58 address of any network; hex of 32 bytes will do as well."""
    if isinstance(value, str):
        try:
            account = _hash(value) if value.startswith("0x") else ss58.decode(value)
        except (ss58.Ss58Error, UnfitError):
            account = b""
        if len(account) == 32:
            return account
    raise UnfitError("an SS58 address")


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UnfitError("an object")
    return value


def list_of(kind: Kind, most: int = MOST_ITEMS) -> Kind:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            raise UnfitError(f"a list of at most {most}, each of them {kind.needs}")
        return [kind.read(item) for item in value]

    return Kind(f"a list of {kind.needs}", read)


def one_or_many(kind: Kind) -> Kind:
    """A single one, or a list: the method gets what was written."""
    many = list_of(kind)

    def read(value: Any) -> Any:
        return many.read(value) if isinstance(value, list) else kind.read(value)

    return Kind(f"{kind.needs}, or a list of them", read)


HEX = Kind("bytes in hex", _hex)
HASH = Kind("a hash in hex", _hash)
NUMBER = Kind("a number", _number)
TEXT = Kind("a text", _text)
FLAG = Kind("true or false", _flag)
ACCOUNT = Kind("an SS58 address", _account)
OBJECT = Kind("an object", _object)
ANYTHING = Kind("anything", lambda value: value)

Hex = Annotated[bytes, HEX]
Hash = Annotated[bytes, HASH]
Number = Annotated[int, NUMBER]
Text = Annotated[str, TEXT]
Flag = Annotated[bool, FLAG]
Account = Annotated[bytes, ACCOUNT]
Object = Annotated[Mapping[str, Any], OBJECT]
Keys = Annotated[list[bytes], list_of(HEX)]


@dataclass(frozen=True)
class Parameter:
    """A parameter of one method. One that is not `needed` may be absent or null."""

    name: str
    kind: Kind
    needed: bool

    def read(self, value: Any) -> Any:
        """Raises `RpcError`."""
        try:
            return self.kind.read(value)
        except UnfitError as error:
            raise invalid_params(f"{self.name}: {error} is needed") from None


def read_params(parameters: tuple[Parameter, ...], given: Any) -> list[Any]:
    """The arguments of a call, `None` for those left out at the end. Raises `RpcError`."""
    if given is None:
        given = []
    if isinstance(given, dict):
        given = _in_order(parameters, given)
    if not isinstance(given, list):
        raise invalid_params("params are an array")
    if len(given) > len(parameters):
        raise invalid_params(f"at most {len(parameters)} params, {len(given)} were given")
    values: list[Any] = []
    for index, parameter in enumerate(parameters):
        value = given[index] if index < len(given) else None
        if value is None and parameter.needed:
            raise missing(parameter)
        values.append(None if value is None else parameter.read(value))
    return values


def _in_order(parameters: tuple[Parameter, ...], given: Mapping[str, Any]) -> list[Any]:
    """Params by name, as JSON-RPC allows them."""
    names = [parameter.name for parameter in parameters]
    for name in given:
        if name not in names:
            raise invalid_params(f"there is no param {name[:64]!r}; there are {', '.join(names) or 'none'}")
    return [given.get(name) for name in names]


def missing(parameter: Parameter) -> RpcError:
    return invalid_params(f"{parameter.name}, {parameter.kind.needs}, is missing")
