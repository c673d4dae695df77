"""Currencies: one door to BSX and to tokens, by asset id. Source: spec/money.md §7.

Its own events come after those of the pallet below, in addition to them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from chain.frame import Constant, Error, Event, Origin, Pallet, call
from chain.pallets.balances_types import BalanceStatus
from chain.scale.types import ASSET_ID, AccountId, AssetId, Balance, Compact, i128

if TYPE_CHECKING:
    from chain.pallets.balances import Balances
    from chain.pallets.tokens import Tokens

MAX_AMOUNT = (1 << 127) - 1


@dataclass
class Needs:
    """The two pallets behind the door."""

    balances: "Balances"
    tokens: "Tokens"


class Currencies(Pallet, name="Currencies"):
    """Transfers, deposits and withdrawals of any asset: the currency of pools, fees and farms. No storage."""

    needs: Needs

    native_currency_id = Constant(ASSET_ID, 0, metadata="GetNativeCurrencyId", doc="The chain's own asset.")

    class Transferred(Event):
        """Currency transfer success."""

        currency_id: AssetId
        from_: AccountId
        to: AccountId
        amount: Balance

    class BalanceUpdated(Event):
        """Update balance success."""

        currency_id: AssetId
        who: AccountId
        amount: i128

    class Deposited(Event):
        """Deposit success."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class Withdrawn(Event):
        """Withdraw success."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class AmountIntoBalanceFailed(Error):
        """Unable to convert the Amount type into Balance."""

        hint: ClassVar[str] = "Amounts go up to 2^127 − 1."

    class BalanceTooLow(Error):
        """Balance is too low."""

        hint: ClassVar[str] = "The account's free BSX is less than this takes."

    class DepositFailed(Error):
        """Deposit result is not expected."""

        hint: ClassVar[str] = "A new account must get at least the existential deposit of BSX."

    # -- looking -------------------------------------------------------------------------------------------

    def minimum_balance(self, asset: int) -> int:
        """The existential deposit."""
        if asset == self.native_currency_id:
            return self.needs.balances.existential_deposit
        return self.needs.tokens.minimum_balance(asset)

    def issuance(self, asset: int) -> int:
        """All there is of an asset."""
        if asset == self.native_currency_id:
            return self.needs.balances.total_issuance.get()
        return self.needs.tokens.total_issuance.get(asset)

    def free_balance(self, asset: int, who: bytes) -> int:
        if asset == self.native_currency_id:
            return self.needs.balances.free_balance(who)
        return self.needs.tokens.free_balance(asset, who)

    def total_balance(self, asset: int, who: bytes) -> int:
        """Free and reserved together."""
        if asset == self.native_currency_id:
            return self.needs.balances.total_balance(who)
        return self.needs.tokens.total_balance(asset, who)

    def ensure_can_withdraw(self, asset: int, who: bytes, amount: int) -> None:
        """Raises what a withdrawal would; for BSX, `Currencies.BalanceTooLow` if there is too little."""
        if asset != self.native_currency_id:
            self.needs.tokens.ensure_can_withdraw(asset, who, amount)
            return
        left = self.needs.balances.free_balance(who) - amount
        if left < 0:
            raise self.BalanceTooLow
        self.needs.balances.ensure_can_withdraw(who, amount, left)

    # -- moving --------------------------------------------------------------------------------------------

    def transfer(self, asset: int, from_: bytes, to: bytes, amount: int) -> None:
        """Move `amount`; the sender's account may end by it. Nothing happens if it is 0, or to oneself.

        Raises the errors of Balances' or Tokens' `transfer`.
        """
        if not amount or from_ == to:
            return
        if asset == self.native_currency_id:
            self.needs.balances.transfer(from_, to, amount)
        else:
            self.needs.tokens.transfer(asset, from_, to, amount)
        self.deposit(self.Transferred(asset, from_, to, amount))

    def move(self, asset: int, from_: bytes, to: bytes, amount: int, keep_alive: bool = False) -> None:
        """`transfer` without this pallet's event, as the marketplace and auctions pay."""
        if asset == self.native_currency_id:
            self.needs.balances.transfer(from_, to, amount, keep_alive)
        else:
            self.needs.tokens.transfer(asset, from_, to, amount, keep_alive)

    def deposit_into(self, asset: int, who: bytes, amount: int) -> None:
        """Mint `amount` for `who`.

        Raises `DepositFailed` for BSX, `Tokens.ExistentialDeposit` or `Arithmetic.Overflow` for tokens.
        """
        if amount:
            self._mint(asset, who, amount)
            self.deposit(self.Deposited(asset, who, amount))

    def withdraw(self, asset: int, who: bytes, amount: int) -> None:
        """Burn `amount` of `who`; the account may end by it. Raises the errors of the pallet below."""
        if amount:
            self._burn(asset, who, amount)
            self.deposit(self.Withdrawn(asset, who, amount))

    def _mint(self, asset: int, who: bytes, amount: int) -> None:
        if asset != self.native_currency_id:
            self.needs.tokens.deposit_into(asset, who, amount)
        elif self.needs.balances.deposit_creating(who, amount) != amount:
            raise self.DepositFailed

    def _burn(self, asset: int, who: bytes, amount: int) -> None:
        if asset == self.native_currency_id:
            self.needs.balances.withdraw(who, amount)
        else:
            self.needs.tokens.withdraw(asset, who, amount)

    def slash(self, asset: int, who: bytes, amount: int) -> int:
        """Burn up to `amount` as a punishment; what could not be taken is answered."""
        if asset == self.native_currency_id:
            return self.needs.balances.slash(who, amount)
        return self.needs.tokens.slash(asset, who, amount)

    # -- reserves: no events of this pallet ----------------------------------------------------------------

    def reserved_balance(self, asset: int, who: bytes) -> int:
        if asset == self.native_currency_id:
            return self.needs.balances.reserved_balance(who)
        return self.needs.tokens.reserved_balance(asset, who)

    def can_reserve(self, asset: int, who: bytes, amount: int) -> bool:
        if asset == self.native_currency_id:
            return self.needs.balances.can_reserve(who, amount)
        return self.needs.tokens.can_reserve(asset, who, amount)

    def reserve(self, asset: int, who: bytes, amount: int) -> None:
        """Set `amount` of the free balance aside; raises the errors of the pallet below."""
        if asset == self.native_currency_id:
            self.needs.balances.reserve(who, amount)
        else:
            self.needs.tokens.reserve(asset, who, amount)

    def unreserve(self, asset: int, who: bytes, amount: int) -> int:
        """Give up to `amount` back; what could not be given is answered."""
        if asset == self.native_currency_id:
            return self.needs.balances.unreserve(who, amount)
        return self.needs.tokens.unreserve(asset, who, amount)

    def slash_reserved(self, asset: int, who: bytes, amount: int) -> int:
        """Burn up to `amount` of the reserve; what could not be taken is answered."""
        if asset == self.native_currency_id:
            return self.needs.balances.slash_reserved(who, amount)
        return self.needs.tokens.slash_reserved(asset, who, amount)

    def repatriate_reserved(self, asset: int, from_: bytes, to: bytes, amount: int, status: BalanceStatus) -> int:
        """Move up to `amount` of one's reserve to another's free or reserved part; the rest is answered."""
        if asset == self.native_currency_id:
            return self.needs.balances.repatriate_reserved(from_, to, amount, status)
        return self.needs.tokens.repatriate_reserved(asset, from_, to, amount, status)

    def reserved_balance_named(self, asset: int, who: bytes) -> int:
        if asset == self.native_currency_id:
            return self.needs.balances.reserved_balance_named(who)
        return self.needs.tokens.reserved_balance_named(asset, who)

    def reserve_named(self, asset: int, who: bytes, amount: int) -> None:
        """`reserve`, kept apart from other reserves."""
        if asset == self.native_currency_id:
            self.needs.balances.reserve_named(who, amount)
        else:
            self.needs.tokens.reserve_named(asset, who, amount)

    def unreserve_named(self, asset: int, who: bytes, amount: int) -> int:
        """Give up to `amount` of the named reserve back; what could not be given is answered."""
        if asset == self.native_currency_id:
            return self.needs.balances.unreserve_named(who, amount)
        return self.needs.tokens.unreserve_named(asset, who, amount)

    # -- locks: no events of this pallet -------------------------------------------------------------------

    def locked(self, id: bytes, asset: int, who: bytes) -> int:
        """The amount of the lock `id` (8 bytes); 0 if there is none."""
        if asset == self.native_currency_id:
            return self.needs.balances.locked(id, who)
        return self.needs.tokens.locked(id, asset, who)

    def set_lock(self, id: bytes, asset: int, who: bytes, amount: int) -> None:
        """Make the lock `id` hold back `amount`; 0 removes a lock of BSX, but leaves one of tokens."""
        if asset == self.native_currency_id:
            self.needs.balances.set_lock(id, who, amount)
        else:
            self.needs.tokens.set_lock(id, asset, who, amount)

    def extend_lock(self, id: bytes, asset: int, who: bytes, amount: int) -> None:
        """Make the lock `id` hold back `amount` at least."""
        if asset == self.native_currency_id:
            self.needs.balances.extend_lock(id, who, amount)
        else:
            self.needs.tokens.extend_lock(id, asset, who, amount)

    def remove_lock(self, id: bytes, asset: int, who: bytes) -> None:
        if asset == self.native_currency_id:
            self.needs.balances.remove_lock(id, who)
        else:
            self.needs.tokens.remove_lock(id, asset, who)

    # -- calls ---------------------------------------------------------------------------------------------

    @call(index=0)
    def transfer_(self, origin: Origin, dest: AccountId, currency_id: AssetId, amount: Compact[Balance]) -> None:
        """Transfer some balance to another account under `currency_id`."""
        self.transfer(currency_id, origin.signed(), dest, amount)

    @call(index=1)
    def transfer_native_currency(self, origin: Origin, dest: AccountId, amount: Compact[Balance]) -> None:
        """Transfer some native currency to another account; reported even if nothing moves."""
        who = origin.signed()
        self.needs.balances.transfer(who, dest, amount)
        self.deposit(self.Transferred(self.native_currency_id, who, dest, amount))

    @call(index=2)
    def update_balance(self, origin: Origin, who: AccountId, currency_id: AssetId, amount: i128) -> None:
        """Mint (above 0) or burn (below 0) some of an account's balance; root only."""
        origin.ensure_root()
        if amount > 0:
            self._mint(currency_id, who, amount)
        elif amount < 0:
            self._burn(currency_id, who, min(-amount, MAX_AMOUNT))
        self.deposit(self.BalanceUpdated(currency_id, who, amount))
