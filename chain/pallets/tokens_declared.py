"""What Tokens declares: constants, storage, events and errors. Source: spec/money.md §6."""

from dataclasses import dataclass
from typing import ClassVar

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat
from chain.frame import Constant, Error, Event, Genesis, Pallet, StorageDoubleMap, StorageMap
from chain.pallets.balances_types import BalanceStatus, LockId
from chain.pallets.protocols import Accounts, DustHandler, ExistentialDeposits, TokenHooks, Whitelist
from chain.pallets.tokens_types import NO_ENTRY, TOKEN_LOCKS, TOKEN_RESERVES, TokenAccount
from chain.scale import U32, codec_of
from chain.scale.types import ACCOUNT_ID, ASSET_ID, BALANCE, AccountId, AssetId, Balance, Vec

ACCOUNT_AND_ASSET = (Blake2_128Concat, Twox64Concat)


@dataclass
class Needs:
    """`hooks` is None on a chain without fee currencies."""

    accounts: Accounts
    deposits: ExistentialDeposits
    whitelist: Whitelist
    dust: DustHandler
    hooks: TokenHooks | None = None


class TokensDeclared(Pallet, name="Tokens"):
    """The declaration of Tokens, without what it does."""

    needs: Needs

    max_locks = Constant(U32, 50, metadata="MaxLocks", doc="Most locks of an account in an asset.")
    max_reserves = Constant(U32, 50, metadata="MaxReserves", doc="Most named reserves of an account in an asset.")

    balances = Genesis(
        codec_of(Vec[tuple[AccountId, AssetId, Balance]]), (), doc="What accounts hold in the first state."
    )

    total_issuance = StorageMap(ASSET_ID, BALANCE, hasher=Twox64Concat, default=0, doc="All there is of an asset.")
    locks = StorageDoubleMap(
        ACCOUNT_ID, ASSET_ID, TOKEN_LOCKS, hashers=ACCOUNT_AND_ASSET, default=(), doc="Locks of an account in an asset."
    )
    accounts = StorageDoubleMap(
        ACCOUNT_ID,
        ASSET_ID,
        TokenAccount,
        hashers=ACCOUNT_AND_ASSET,
        default=NO_ENTRY,
        doc="What an account has of an asset.",
    )
    reserves = StorageDoubleMap(
        ACCOUNT_ID,
        ASSET_ID,
        TOKEN_RESERVES,
        hashers=ACCOUNT_AND_ASSET,
        default=(),
        doc="Named reserves of an account in an asset.",
    )

    class Endowed(Event):
        """An account was created with some free balance."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class DustLost(Event):
        """A balance below the existential deposit was handed to the dust handler."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class Transfer(Event):
        """Transfer succeeded."""

        currency_id: AssetId
        from_: AccountId
        to: AccountId
        amount: Balance

    class Reserved(Event):
        """Some balance was reserved (moved from free to reserved)."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class Unreserved(Event):
        """Some balance was unreserved (moved from reserved to free)."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class ReserveRepatriated(Event):
        """Some reserved balance was repatriated (moved from reserved to another account)."""

        currency_id: AssetId
        from_: AccountId
        to: AccountId
        amount: Balance
        status: BalanceStatus

    class BalanceSet(Event):
        """A balance was set."""

        currency_id: AssetId
        who: AccountId
        free: Balance
        reserved: Balance

    class TotalIssuanceSet(Event):
        """The total issuance of a currency was set."""

        currency_id: AssetId
        amount: Balance

    class Withdrawn(Event):
        """Some balance was withdrawn, such as a fee."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class Slashed(Event):
        """Some balance was removed as a punishment."""

        currency_id: AssetId
        who: AccountId
        free_amount: Balance
        reserved_amount: Balance

    class Deposited(Event):
        """Some balance was deposited into an account."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class LockSet(Event):
        """Some funds were locked under a name."""

        lock_id: LockId
        currency_id: AssetId
        who: AccountId
        amount: Balance

    class LockRemoved(Event):
        """The lock of a name was removed."""

        lock_id: LockId
        currency_id: AssetId
        who: AccountId

    class Locked(Event):
        """More free balance is locked than before."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class Unlocked(Event):
        """Less free balance is locked than before."""

        currency_id: AssetId
        who: AccountId
        amount: Balance

    class Issued(Event):
        """Some of a currency was issued."""

        currency_id: AssetId
        amount: Balance

    class Rescinded(Event):
        """Some of a currency was rescinded."""

        currency_id: AssetId
        amount: Balance

    class BalanceTooLow(Error):
        """The balance is too low."""

        hint: ClassVar[str] = "The account's free balance of the asset is less than this takes."

    class AmountIntoBalanceFailed(Error):
        """Cannot convert Amount into Balance type."""

        hint: ClassVar[str] = "Amounts go up to 2^127 − 1."

    class LiquidityRestrictions(Error):
        """Failed because liquidity restrictions due to locking."""

        hint: ClassVar[str] = "Part of the free balance is locked; take less or have the lock removed."

    class MaxLocksExceeded(Error):
        """Failed because the maximum locks was exceeded."""

        hint: ClassVar[str] = "Remove one of the account's locks first."

    class KeepAlive(Error):
        """Transfer/payment would kill account."""

        hint: ClassVar[str] = "Leave at least the asset's existential deposit on the account."

    class ExistentialDeposit(Error):
        """Value too low to create account due to existential deposit."""

        hint: ClassVar[str] = "The receiver must end with at least the asset's existential deposit."

    class DeadAccount(Error):
        """Beneficiary account must pre-exist."""

        hint: ClassVar[str] = "Send the beneficiary the asset's existential deposit first."

    class TooManyReserves(Error):
        """Number of named reserves exceeds `MaxReserves`."""

        hint: ClassVar[str] = "Give one of the account's named reserves back first."
