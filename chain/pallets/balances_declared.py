"""What Balances declares: constants, storage, events and errors. Source: spec/money.md §5."""

from dataclasses import dataclass
from typing import ClassVar

from chain.frame import Constant, Error, Event, Genesis, Pallet, StorageMap, StorageValue
from chain.pallets.balances_types import ACCOUNT_DATA, FREEZES, HOLDS, LOCKS, RESERVES, BalanceStatus
from chain.pallets.protocols import Accounts, Unbalanced
from chain.primitives.account import NO_DATA
from chain.scale import U32, codec_of
from chain.scale.types import ACCOUNT_ID, BALANCE, AccountId, Balance, Vec

UNIT_OF_BSX = 1_000_000_000_000


@dataclass
class Needs:
    """`dust` takes what is left of accounts that die."""

    accounts: Accounts
    dust: Unbalanced


class BalancesDeclared(Pallet, name="Balances"):
    """The declaration of Balances, without what it does."""

    needs: Needs

    existential_deposit = Constant(
        BALANCE, UNIT_OF_BSX, metadata="ExistentialDeposit", doc="The least that an account must hold to exist."
    )
    max_locks = Constant(U32, 50, metadata="MaxLocks", doc="Most locks of an account.")
    max_reserves = Constant(U32, 50, metadata="MaxReserves", doc="Most named reserves of an account.")
    max_freezes = Constant(U32, 0, metadata="MaxFreezes", doc="Most freezes of an account.")

    balances = Genesis(codec_of(Vec[tuple[AccountId, Balance]]), (), doc="What accounts hold in the first state.")

    total_issuance = StorageValue(BALANCE, default=0, doc="All BSX there is.")
    inactive_issuance = StorageValue(BALANCE, default=0, doc="The part of it that does not count in votes.")
    account = StorageMap(ACCOUNT_ID, ACCOUNT_DATA, default=NO_DATA, doc="Empty: BSX is in System.Account.")
    locks = StorageMap(ACCOUNT_ID, LOCKS, default=(), doc="Locks on an account's BSX.")
    reserves = StorageMap(ACCOUNT_ID, RESERVES, default=(), doc="Named reserves of an account.")
    holds = StorageMap(ACCOUNT_ID, HOLDS, default=(), doc="Holds on an account's BSX.")
    freezes = StorageMap(ACCOUNT_ID, FREEZES, default=(), doc="Freezes of an account's BSX.")

    class Endowed(Event):
        """An account was created with some free balance."""

        account: AccountId
        free_balance: Balance

    class DustLost(Event):
        """An account was removed whose balance was non-zero but below the existential deposit."""

        account: AccountId
        amount: Balance

    class Transfer(Event):
        """Transfer succeeded."""

        from_: AccountId
        to: AccountId
        amount: Balance

    class BalanceSet(Event):
        """A balance was set by root."""

        who: AccountId
        free: Balance

    class Reserved(Event):
        """Some balance was reserved (moved from free to reserved)."""

        who: AccountId
        amount: Balance

    class Unreserved(Event):
        """Some balance was unreserved (moved from reserved to free)."""

        who: AccountId
        amount: Balance

    class ReserveRepatriated(Event):
        """Some balance was moved from the reserve of the first account to the second account."""

        from_: AccountId
        to: AccountId
        amount: Balance
        destination_status: BalanceStatus

    class Deposit(Event):
        """Some amount was deposited, such as a fee at its receiver."""

        who: AccountId
        amount: Balance

    class Withdraw(Event):
        """Some amount was withdrawn from the account, such as a fee."""

        who: AccountId
        amount: Balance

    class Slashed(Event):
        """Some amount was removed from the account as a punishment."""

        who: AccountId
        amount: Balance

    class Minted(Event):
        """Some amount was minted into an account."""

        who: AccountId
        amount: Balance

    class Burned(Event):
        """Some amount was burned from an account."""

        who: AccountId
        amount: Balance

    class Suspended(Event):
        """Some amount was suspended from an account (it can be restored later)."""

        who: AccountId
        amount: Balance

    class Restored(Event):
        """Some amount was restored into an account."""

        who: AccountId
        amount: Balance

    class Upgraded(Event):
        """An account was upgraded."""

        who: AccountId

    class Issued(Event):
        """Total issuance was increased."""

        amount: Balance

    class Rescinded(Event):
        """Total issuance was decreased."""

        amount: Balance

    class Locked(Event):
        """Some balance was locked."""

        who: AccountId
        amount: Balance

    class Unlocked(Event):
        """Some balance was unlocked."""

        who: AccountId
        amount: Balance

    class Frozen(Event):
        """Some balance was frozen."""

        who: AccountId
        amount: Balance

    class Thawed(Event):
        """Some balance was thawed."""

        who: AccountId
        amount: Balance

    class TotalIssuanceForced(Event):
        """The total issuance was changed by root."""

        old: Balance
        new: Balance

    class VestingBalance(Error):
        """Vesting balance too high to send value."""

        hint: ClassVar[str] = "Send less, or wait until more has vested."

    class LiquidityRestrictions(Error):
        """Account liquidity restrictions prevent withdrawal."""

        hint: ClassVar[str] = "Part of the free balance is locked; withdraw less or have the lock removed."

    class InsufficientBalance(Error):
        """Balance too low to send value."""

        hint: ClassVar[str] = "The account's free BSX is less than this takes, fee included."

    class ExistentialDeposit(Error):
        """Value too low to create account due to existential deposit."""

        hint: ClassVar[str] = "A new account must get at least the existential deposit of BSX."

    class Expendability(Error):
        """Transfer/payment would kill account."""

        hint: ClassVar[str] = "Leave at least the existential deposit of BSX on the account."

    class ExistingVestingSchedule(Error):
        """A vesting schedule already exists for this account."""

        hint: ClassVar[str] = "Use another account."

    class DeadAccount(Error):
        """Beneficiary account must pre-exist."""

        hint: ClassVar[str] = "Send the beneficiary the existential deposit of BSX first."

    class TooManyReserves(Error):
        """Number of named reserves exceeds `MaxReserves`."""

        hint: ClassVar[str] = "Give one of the account's named reserves back first."

    class TooManyHolds(Error):
        """Number of holds exceeds the number of reasons."""

        hint: ClassVar[str] = "Release one of the account's holds first."

    class TooManyFreezes(Error):
        """Number of freezes exceeds `MaxFreezes`."""

        hint: ClassVar[str] = "Thaw one of the account's freezes first."

    class IssuanceDeactivated(Error):
        """The issuance cannot be modified since it is already deactivated."""

        hint: ClassVar[str] = "The total issuance cannot be put below the inactive issuance."

    class DeltaZero(Error):
        """The delta cannot be zero."""

        hint: ClassVar[str] = "Give the amount by which the issuance is to change."
