"""Duster: who may hold less than the existential deposit, and where dust goes. Source: spec/money.md §9."""

from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from chain.crypto import accounts
from chain.frame import Constant, Error, Event, Genesis, Origin, Pallet, StorageMap, StorageValue, call
from chain.frame.constant import Settings
from chain.pallets.protocols import ExistentialDeposits, MultiCurrency
from chain.pallets.treasury import TREASURY_ACCOUNT
from chain.primitives.errors import Failure
from chain.scale import UNIT, OptionOf, VecOf
from chain.scale.types import ACCOUNT_ID, ASSET_ID, BALANCE, AccountId, AssetId, Balance

VESTING_ACCOUNT = accounts.pallet("py/vstng")
FARM_ACCOUNTS = (accounts.pallet("LiqMinId"), accounts.pallet("WhouseLm"))


@dataclass
class Needs:
    """`module_accounts` are whitelisted for Tokens, but may be dusted by a call."""

    currencies: MultiCurrency
    deposits: ExistentialDeposits
    module_accounts: tuple[bytes, ...] = (TREASURY_ACCOUNT, VESTING_ACCOUNT)


class Duster(Pallet, name="Duster"):
    """Clears away balances below the existential deposit."""

    needs: Needs

    reward = Constant(BALANCE, 0, metadata="Reward", doc="What dusting an account is rewarded with.")
    native_currency_id = Constant(ASSET_ID, 0, metadata="NativeCurrencyId", doc="The chain's own asset.")

    account_blacklist = Genesis(VecOf(ACCOUNT_ID), (), doc="Accounts never dusted, besides those of the farms.")
    dust_account = Genesis(OptionOf(ACCOUNT_ID), TREASURY_ACCOUNT, doc="Where dust goes.")
    reward_account = Genesis(OptionOf(ACCOUNT_ID), TREASURY_ACCOUNT, doc="Who pays the rewards.")

    blacklist = StorageMap(ACCOUNT_ID, UNIT, name="AccountBlacklist", doc="Accounts that nobody dusts.")
    rewarder = StorageValue(ACCOUNT_ID, name="RewardAccount", doc="Who pays the rewards.")
    receiver = StorageValue(ACCOUNT_ID, name="DustAccount", doc="Who gets the dust.")

    class Dusted(Event):
        """Account dusted."""

        who: AccountId
        amount: Balance

    class Added(Event):
        """Account added to non-dustable list."""

        who: AccountId

    class Removed(Event):
        """Account removed from non-dustable list."""

        who: AccountId

    class AccountBlacklisted(Error):
        """Account is excluded from dusting."""

        hint: ClassVar[str] = "Accounts of pools and pallets may hold any amount."

    class AccountNotBlacklisted(Error):
        """Account is not present in the non-dustable list."""

        hint: ClassVar[str] = "Only an account that was added can be removed."

    class ZeroBalance(Error):
        """The balance is zero."""

        hint: ClassVar[str] = "There is nothing to clear away."

    class BalanceSufficient(Error):
        """The balance is sufficient to keep account open."""

        hint: ClassVar[str] = "Only what is below the asset's existential deposit can be cleared away."

    class DustAccountNotSet(Error):
        """Dust account is not set."""

        hint: ClassVar[str] = "Set duster.dust_account in the chain spec."

    class ReserveAccountNotSet(Error):
        """Reserve account is not set."""

        hint: ClassVar[str] = "Set duster.reward_account in the chain spec."

    # -- for other pallets ---------------------------------------------------------------------------------

    def is_whitelisted(self, who: bytes) -> bool:
        """Whether `who` may hold less than the existential deposit of a token."""
        return who in self.needs.module_accounts or self.blacklist.contains(who)

    def add_account(self, who: bytes) -> None:
        """Whitelist `who`, as a new pool does; no event."""
        self.blacklist.insert(who, ())

    def remove_account(self, who: bytes) -> None:
        """Take `who` off the list; no event. Raises `AccountNotBlacklisted`."""
        if not self.blacklist.contains(who):
            raise self.AccountNotBlacklisted
        self.blacklist.remove(who)

    def on_dust(self, who: bytes, asset: int, amount: int) -> None:
        """Send dust to the dust account; where that is impossible it stays."""
        receiver = self.receiver.get()
        if receiver is not None:
            with suppress(Failure):
                self.needs.currencies.transfer(asset, who, receiver, amount)

    def build_genesis(self, config: Settings) -> None:
        for who in (*FARM_ACCOUNTS, *config["account_blacklist"]):
            self.blacklist.insert(who, ())
        if config["dust_account"] is not None:
            self.receiver.put(config["dust_account"])
        if config["reward_account"] is not None:
            self.rewarder.put(config["reward_account"])

    # -- calls ---------------------------------------------------------------------------------------------

    @call(index=0)
    def dust_account_(self, origin: Origin, account: AccountId, currency_id: AssetId) -> None:
        """Clear an account's balance of one asset away, if it is below the existential deposit."""
        who = origin.signed()
        if self.blacklist.contains(account):
            raise self.AccountBlacklisted
        dust = self.needs.currencies.total_balance(currency_id, account)
        if not dust:
            raise self.ZeroBalance
        if dust >= self.needs.deposits.existential_deposit(currency_id):
            raise self.BalanceSufficient
        receiver = self.receiver.get()
        if receiver is None:
            raise self.DustAccountNotSet
        self.needs.currencies.transfer(currency_id, account, receiver, dust)
        self.deposit(self.Dusted(account, dust))
        with suppress(Failure):
            self._reward(who)

    def _reward(self, who: bytes) -> None:
        rewarder = self.rewarder.get()
        if rewarder is None:
            raise self.ReserveAccountNotSet
        self.needs.currencies.transfer(self.native_currency_id, rewarder, who, self.reward)

    @call(index=1)
    def add_nondustable_account(self, origin: Origin, account: AccountId) -> None:
        """Add an account to the list of those that are never dusted. Root only."""
        origin.ensure_root()
        self.add_account(account)
        self.deposit(self.Added(account))

    @call(index=2)
    def remove_nondustable_account(self, origin: Origin, account: AccountId) -> None:
        """Remove an account from the list of those that are never dusted. Root only."""
        origin.ensure_root()
        self.remove_account(account)
        self.deposit(self.Removed(account))
