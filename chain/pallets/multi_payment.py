"""MultiTransactionPayment: in which currency an account pays its fees. Source: spec/fees-and-origins.md §4.

Prices are fixed point: units of a currency for one unit of BSX.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat
from chain.frame import Call, Constant, Error, Event, Genesis, Origin, Pallet, Settings, StorageMap, call
from chain.pallets.payment import ONE, Paid, convert_fee
from chain.pallets.protocols import Accounts, MultiCurrency
from chain.primitives.errors import Failure, Invalid, InvalidReason
from chain.scale import MapOf
from chain.scale.types import ACCOUNT_ID, ASSET_ID, FIXED_U128, AccountId, AssetId, Balance, FixedU128

NATIVE = 0
_MAX = (1 << 128) - 1

SET_CURRENCY = "multi_transaction_payment.set_currency"
BATCHES = frozenset({"utility.batch", "utility.batch_all", "utility.force_batch"})


class PriceOracle(Protocol):
    """What the markets say."""

    def price(self, asset: int) -> int | None:
        """The price of an asset, if the markets know one."""


@dataclass
class Needs:
    """`treasury` is the account that fees go to."""

    currencies: MultiCurrency
    accounts: Accounts
    treasury: bytes
    oracle: PriceOracle | None = None


class MultiTransactionPayment(Pallet):
    """Fees in other currencies than BSX, at the oracle's price or a fixed one."""

    needs: Needs

    native_asset_id = Constant(ASSET_ID, NATIVE, metadata="NativeAssetId", doc="It has no price.")
    evm_asset_id = Constant(ASSET_ID, 1_000_000, metadata="EvmAssetId", doc="Not in use here.")

    currencies = Genesis(MapOf(ASSET_ID, FIXED_U128), {}, doc="Accepted currencies with their prices.")

    account_currency_map = StorageMap(
        ACCOUNT_ID, ASSET_ID, hasher=Blake2_128Concat, doc="In what an account pays; BSX if absent."
    )
    accepted_currencies = StorageMap(
        ASSET_ID, FIXED_U128, hasher=Twox64Concat, doc="Currencies that may be paid in, with fallback prices."
    )
    accepted_currency_price = StorageMap(
        ASSET_ID, FIXED_U128, hasher=Twox64Concat, doc="Prices of this block; empty between blocks."
    )

    class CurrencySet(Event):
        """An account pays its fees in another currency from now on."""

        account_id: AccountId
        asset_id: AssetId

    class CurrencyAdded(Event):
        """A currency is accepted for fees."""

        asset_id: AssetId

    class CurrencyRemoved(Event):
        """A currency is no longer accepted for fees."""

        asset_id: AssetId

    class FeeWithdrawn(Event):
        """A fee was taken in another currency. Never emitted."""

        account_id: AccountId
        asset_id: AssetId
        native_fee_amount: Balance
        non_native_fee_amount: Balance
        destination_account_id: AccountId

    class UnsupportedCurrency(Error):
        """The currency is not accepted for fees."""

        hint: ClassVar[str] = "Choose an accepted currency, or have root add this one."

    class ZeroBalance(Error):
        """The account has nothing of the currency."""

    class AlreadyAccepted(Error):
        """The currency is accepted already."""

        hint: ClassVar[str] = "Remove it first to give it another price."

    class CoreAssetNotAllowed(Error):
        """BSX is always accepted and can be neither added nor removed."""

    class ZeroPrice(Error):
        """A price of zero."""

    class FallbackPriceNotFound(Error):
        """The currency has no fallback price."""

    class Overflow(Error):
        """The fee is more than can be counted in this currency."""

    class EvmAccountNotAllowed(Error):
        """An EVM account cannot choose its fee currency."""

    def build_genesis(self, config: Settings) -> None:
        for asset, price in config["currencies"].items():
            self.accepted_currencies.insert(asset, price)

    # -- the cashier of TransactionPayment -------------------------------------------------------------------

    def withdraw(self, who: bytes, call: Call, fee: int) -> Paid | None:
        """Take a fee (in BSX) from `who`, in the currency that the call sets or else the account's.

        Of a fee of 0, nothing: None. Raises `Invalid.Payment` if the currency has no price or is short.
        """
        if fee == 0:
            return None
        currency = currency_set_by(call)
        if currency is None:
            currency = self.account_currency_map.get(who)
        if currency is None or currency == self.native_asset_id:
            paid = Paid(self.native_asset_id, fee, ONE)
        else:
            price = self.price(currency)
            if price is None:
                raise Invalid(InvalidReason.Payment)
            paid = Paid(currency, convert_fee(fee, price), price)
            if paid.amount > _MAX:
                raise Invalid(InvalidReason.Payment)
        try:
            self.needs.currencies.withdraw(paid.currency, who, paid.amount)
        except Failure:
            raise Invalid(InvalidReason.Payment) from None
        return paid

    def pay_out(self, who: bytes, paid: Paid, fee: int) -> None:
        """Give back what was taken beyond the actual `fee` (in BSX), and the fee to the treasury.

        A call that turns out to be free costs nothing. Raises `Invalid.Payment` if a deposit fails.
        """
        currency, amount, price = paid
        due = convert_fee(fee, price) if fee else 0
        needs = self.needs
        try:
            if amount > due:
                needs.currencies.deposit_into(currency, who, amount - due)
            if due:
                needs.currencies.deposit_into(currency, needs.treasury, due)
        except Failure:
            raise Invalid(InvalidReason.Payment) from None

    def price(self, currency: int) -> int | None:
        """This block's price of a currency, else the oracle's, else the fallback; None if there is none."""
        if currency == self.native_asset_id:
            return ONE
        price = self.accepted_currency_price.get(currency)
        if price is None and self.needs.oracle is not None:
            price = self.needs.oracle.price(currency)
        return self.accepted_currencies.get(currency) if price is None else price

    # -- hooks of Tokens -------------------------------------------------------------------------------------

    def on_new_token_account(self, who: bytes, asset: int) -> None:
        """An account without BSX pays in the first accepted token that it gets."""
        if self.account_currency_map.contains(who) or not self.accepted_currencies.contains(asset):
            return
        if self.needs.currencies.total_balance(self.native_asset_id, who) == 0:
            self.account_currency_map.insert(who, asset)

    def on_killed_token_account(self, who: bytes, asset: int) -> None:
        """An account that is gone, or has nothing left of its fee currency, pays in BSX again."""
        if not self.needs.accounts.exists(who):
            self.account_currency_map.remove(who)
            return
        chosen = self.account_currency_map.get(who)
        if chosen is not None and self.needs.currencies.total_balance(chosen, who) == 0:
            self.account_currency_map.remove(who)

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0)
    def set_currency(self, origin: Origin, currency: AssetId) -> None:
        """Choose the currency that the signer's fees are paid in, from this very extrinsic on."""
        who = origin.signed()
        if currency != self.native_asset_id and not self.accepted_currencies.contains(currency):
            raise self.UnsupportedCurrency
        self.account_currency_map.insert(who, currency)
        self.deposit(self.CurrencySet(who, currency))

    @call(index=1)
    def add_currency(self, origin: Origin, currency: AssetId, price: FixedU128) -> None:
        """Accept a currency for fees, with a price for when the markets know none."""
        origin.ensure_root()
        if currency == self.native_asset_id:
            raise self.CoreAssetNotAllowed
        if self.accepted_currencies.contains(currency):
            raise self.AlreadyAccepted
        self.accepted_currencies.insert(currency, price)
        self.deposit(self.CurrencyAdded(currency))

    @call(index=2)
    def remove_currency(self, origin: Origin, currency: AssetId) -> None:
        """Accept a currency for fees no more. Accounts that chose it cannot pay until they choose another."""
        origin.ensure_root()
        if currency == self.native_asset_id:
            raise self.CoreAssetNotAllowed
        if not self.accepted_currencies.contains(currency):
            raise self.UnsupportedCurrency
        self.accepted_currencies.remove(currency)
        self.deposit(self.CurrencyRemoved(currency))

    @call(index=3)
    def reset_payment_currency(self, origin: Origin, account_id: AccountId) -> None:
        """Let an account pay its fees in BSX again."""
        origin.ensure_root()
        self.account_currency_map.remove(account_id)
        self.deposit(self.CurrencySet(account_id, self.native_asset_id))

    # -- hooks -----------------------------------------------------------------------------------------------

    def on_initialize(self, number: int) -> None:
        """Fix the prices of this block."""
        oracle = self.needs.oracle
        for asset, fallback in list(self.accepted_currencies.items()):
            price = None if oracle is None else oracle.price(asset)
            self.accepted_currency_price.insert(asset, fallback if price is None else price)

    def on_finalize(self, number: int) -> None:
        """Forget the prices of this block."""
        for asset, _ in list(self.accepted_currency_price.items()):
            self.accepted_currency_price.remove(asset)


def currency_set_by(call: Call) -> int | None:
    """The currency that a call sets for its signer, alone or as the first of a batch."""
    spec, args = call
    path = spec.path
    if path in BATCHES and args[0]:
        spec, args = args[0][0]
        path = spec.path
    return args[0] if path == SET_CURRENCY else None
