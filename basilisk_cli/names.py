"""How accounts, assets and amounts are called on screen. What is shown can be typed back in.

Only names that the chain knows by itself are used: those of its spec, the development accounts, the treasury, the
pools, the auctions. Any other account is its address.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from amm.book import ChainBook
from amm.chain_spec import NATIVE
from amm.facts import EventFact
from amm.local import ROOT
from amm.pallets.marketplace import Marketplace
from amm.values import AccountForm, account_form, format_amount, parse_account
from basilisk_cli.own_accounts import own_accounts
from basilisk_cli.pools import list_pools
from basilisk_cli.render.blocks import Items
from basilisk_cli.session import Session
from chain.crypto import ss58
from chain.scale import AnyCodec, BytesOf, EnumOf, OptionOf, StructOf, codec_of
from chain.scale.composite import Field

DEVELOPERS = ("alice", "bob", "charlie", "dave", "eve", "ferdie")

NATIVE_PALLETS = ("Balances", "TransactionPayment", "Treasury", "CollatorRewards", "Auctions")
"""Their amounts are BSX, without saying so."""

ASSETS_OF: dict[str, dict[str, str | None]] = {
    "XYK.SellExecuted": {"amount": "asset_in", "sale_price": "asset_out"},
    "XYK.BuyExecuted": {"amount": "asset_out", "buy_price": "asset_in"},
    "XYK.LiquidityRemoved": {"shares": None},
    "LBP.SellExecuted": {"amount": "asset_in", "sale_price": "asset_out"},
    "LBP.BuyExecuted": {"amount": "asset_in", "buy_price": "asset_out"},  # the other way round than XYK (lbp.md)
}
"""Which field says the asset of an amount, where the names of the fields do not."""


class Names:
    """Names in the best state of a session. `also` are names that the command itself was given."""

    def __init__(self, session: Session, also: Mapping[str, bytes] | None = None) -> None:
        self._session, self._also = session, dict(also or {})
        self._book: ChainBook = session.book

    @property
    def book(self) -> ChainBook:
        """The symbols and decimals that amounts are written with."""
        return self._book

    @cached_property
    def known(self) -> dict[str, bytes]:
        """Accounts by name."""
        spec = self._session.spec
        written = [account.value for account, _ in spec.balances or ()]
        written += [collator.value for collator in spec.collators] + ["@treasury"]
        names = {name: parse_account(name, self._book) for name in dict.fromkeys((*DEVELOPERS, *written))}
        for pool in list_pools(self._session.read()):
            names[f"@xyk:{self.asset(pool.assets[0])}/{self.asset(pool.assets[1])}"] = pool.account
        return names

    @cached_property
    def _by_account(self) -> dict[bytes, str]:
        named = [*self.known.items(), *self._also.items()]
        short = [(name, who) for name, who in named if _is_short(name)]
        own = {who: name for name, who in own_accounts(self._session)}
        return own | {who: name for name, who in reversed(short)}

    def account(self, who: bytes | str) -> str:
        """An account's name, or its address."""
        account = ss58.decode(who) if isinstance(who, str) else who
        return self._by_account.get(account) or ss58.encode(account)

    def name(self, who: bytes) -> str | None:
        """An account's name, if it has one."""
        return self._by_account.get(who)

    def asset(self, asset: int) -> str:
        """An asset's symbol, `shares:A/B` for a pool's shares, or its id."""
        symbol = self._book.symbol(asset)
        return symbol if symbol is not None else self._shares.get(asset, str(asset))

    @cached_property
    def _shares(self) -> dict[int, str]:
        pools = list_pools(self._session.read())
        return {pool.share_token: f"shares:{self.asset(pool.assets[0])}/{self.asset(pool.assets[1])}" for pool in pools}

    def symbol(self, asset: int) -> str | None:
        """An asset's symbol, if it has one."""
        return self._book.symbol(asset)

    def amount(self, amount: int, asset: int) -> str:
        """An amount in human units, exactly; in base units where the asset has no decimals."""
        return format_amount(amount, self._book.decimals(asset) or 0, self.asset(asset))

    def number(self, amount: int, asset: int) -> str:
        """An amount where the asset is said beside it."""
        return self.amount(amount, asset).partition(" ")[0]

    def event(self, event: EventFact) -> Items:
        """An event's fields."""
        return Items([f"{name} {shown}" for name, shown in self.fields(event).items()])

    def fields(self, event: EventFact) -> dict[str, str]:
        """An event's fields by name."""
        codecs = self._codecs(event)
        return {name: self._field(event, name, value, codecs) for name, value in event.fields.items()}

    def figures(self, event: EventFact) -> Items:
        """What an event says in figures: its fields without accounts and assets."""
        codecs = self._codecs(event)
        told = [name for name in event.fields if codecs[name].alias not in ("AccountId", "AssetId")]
        return Items([f"{name} {self._field(event, name, event.fields[name], codecs)}" for name in told])

    def _codecs(self, event: EventFact) -> dict[str, AnyCodec]:
        declared = self._session.runtime.pallet(event.pallet).declaration.events
        (found,) = (kind for kind in declared if kind.__name__ == event.event)
        fields: Any = codec_of(found)
        return {field.name: field.codec for field in fields.fields}

    def _field(self, event: EventFact, name: str, value: Any, codecs: dict[str, AnyCodec]) -> str:
        is_amount = codecs[name].alias == "Balance" or (name == "amount" and codecs[name].notation == "i128")
        asset = self._asset_of(event, name, codecs) if is_amount else None
        if asset is not None:
            return self.amount(value, asset)
        return self.value(codecs[name], value, self._currency(event.pallet))

    def value(self, codec: AnyCodec, value: Any, currency: int | None = None) -> str:
        """A plain value of a type: accounts and assets by name, amounts in a currency, other integers as they are."""
        if value is not None and isinstance(codec, OptionOf):
            return self.value(codec.inner, value, currency)
        if codec.alias == "Balance" and currency is not None:
            return self.amount(value, currency)
        if codec.alias == "AccountId":
            return self.account(value)
        if codec.alias == "AssetId":
            return self.asset(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:_}"
        if isinstance(codec, BytesOf) and isinstance(value, str):
            return _text(value)
        if isinstance(codec, StructOf):
            return self._record(codec.fields, value, currency)
        if isinstance(codec, EnumOf) and isinstance(value, dict):
            ((name, content),) = value.items()
            variant = codec.by_name[name]
            if not variant.positional:
                return f"{name} {self._record(variant.fields, content, currency)}"
        return plain_text(value)

    def _record(self, fields: Iterable[Field], value: dict[str, Any], currency: int | None) -> str:
        """The fields of a struct or variant by name."""
        shown = (f"{field.name}: {self.value(field.codec, value[field.name], currency)}" for field in fields)
        return "{" + ", ".join(shown) + "}"

    def _currency(self, pallet: str) -> int | None:
        """The asset of a pallet's amounts, where all are of one."""
        if pallet in NATIVE_PALLETS:
            return NATIVE
        return self._session.read()[Marketplace].paid_in() if pallet == Marketplace.name else None

    def _asset_of(self, event: EventFact, name: str, codecs: dict[str, AnyCodec]) -> int | None:
        """The asset that an amount is of, as far as the event tells."""
        assets = [field for field, codec in codecs.items() if codec.alias == "AssetId"]
        special = ASSETS_OF.get(f"{event.pallet}.{event.event}", {})
        first, _, last = name.partition("_")
        guesses: list[str | None] = [special[name]] if name in special else [f"{first}_asset", f"asset_{last}"]
        field = next((guess for guess in guesses if guess is not None and guess in assets), None)
        if field is None and name not in special and len(assets) == 1:
            field = assets[0]
        if field is not None:
            asset: int = event.fields[field]
            return asset
        return self._currency(event.pallet)


def _is_short(name: str) -> bool:
    """A name that says more than the address it stands for."""
    return name == ROOT or account_form(name) not in (AccountForm.ADDRESS, AccountForm.KEY)


def _text(value: str) -> str:
    """Bytes that are text, as text."""
    text = bytes.fromhex(value[2:])
    return text.decode() if text and text.isascii() and text.decode().isprintable() else value


def plain_text(value: Any) -> str:
    """A nested value as scripts write it."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case dict():
            return "{" + ", ".join(f"{key}: {plain_text(held)}" for key, held in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(plain_text, value)) + "]"
        case _:
            return str(value)
