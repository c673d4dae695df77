"""Treasury: the account that fees and dust go to. Source: spec/money.md §10.

Left out: proposals, approvals and spends (calls 0 to 8), and with them what ends a spend period.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from chain.crypto import accounts
from chain.crypto.hashers import Twox64Concat
from chain.frame import Constant, Error, Event, Pallet, StorageMap, StorageValue
from chain.frame.constant import Settings
from chain.pallets.balances_types import NO_BOUND, Unit
from chain.pallets.genesis import silently
from chain.scale import U32, Enum, FixedBytes, NewtypeOf, OptionOf, Struct, VecOf
from chain.scale.types import BALANCE, PERMILL, AccountId, Balance, BlockNumber, u32

TREASURY_ID = b"py/trsry"
TREASURY_ACCOUNT = accounts.pallet(TREASURY_ID)
PALLET_ID = NewtypeOf(FixedBytes(8), "PalletId", "frame_support::PalletId")


class Currency(Protocol):
    """What the treasury needs of BSX (Balances)."""

    @property
    def existential_deposit(self) -> int: ...

    def free_balance(self, who: bytes) -> int: ...

    def deposit_creating(self, who: bytes, amount: int) -> int: ...

    def make_free_balance_be(self, who: bytes, amount: int) -> None: ...

    def rescind(self, amount: int) -> None: ...

    def reactivate(self, amount: int) -> None: ...

    def deactivate(self, amount: int) -> None: ...


@dataclass
class Needs:
    native: Currency


class Proposal(Struct):
    """A spend that was asked for."""

    notation: ClassVar[str] = "Proposal<AccountId32, u128>"
    path: ClassVar[str] = "pallet_treasury::Proposal"
    proposer: AccountId
    value: Balance
    beneficiary: AccountId
    bond: Balance


class PaymentState(Enum):
    """How far the payment of a spend is."""

    notation: ClassVar[str] = "PaymentState<()>"
    path: ClassVar[str] = "pallet_treasury::PaymentState"


class Pending(PaymentState):
    index: ClassVar[int] = 0


class Attempted(PaymentState):
    index: ClassVar[int] = 1
    id: Unit


class Failed(PaymentState):
    index: ClassVar[int] = 2


class SpendStatus(Struct):
    """A spend that was approved."""

    notation: ClassVar[str] = "SpendStatus<(), u128, AccountId32, u32, ()>"
    path: ClassVar[str] = "pallet_treasury::SpendStatus"
    asset_kind: Unit
    amount: Balance
    beneficiary: AccountId
    valid_from: BlockNumber
    expire_at: BlockNumber
    status: PaymentState


class Treasury(Pallet, name="Treasury"):
    """Keeps the chain's own money, which counts as inactive."""

    needs: Needs

    proposal_bond = Constant(PERMILL, 30_000, metadata="ProposalBond", doc="The part of a proposal that is bonded.")
    proposal_bond_minimum = Constant(
        BALANCE, 10_000_000_000_000_000, metadata="ProposalBondMinimum", doc="The least bond."
    )
    proposal_bond_maximum = Constant(
        OptionOf(BALANCE), 50_000_000_000_000_000, metadata="ProposalBondMaximum", doc="The largest bond."
    )
    spend_period = Constant(U32, 21_600, metadata="SpendPeriod", doc="Blocks between two spends.")
    burn = Constant(PERMILL, 0, metadata="Burn", doc="The part of unspent money that is burned.")
    pallet_id = Constant(PALLET_ID, TREASURY_ID, metadata="PalletId", doc="The treasury's account is made of it.")
    max_approvals = Constant(U32, 100, metadata="MaxApprovals", doc="Most approvals that wait.")
    payout_period = Constant(U32, 216_000, metadata="PayoutPeriod", doc="Blocks in which a spend can be claimed.")

    proposal_count = StorageValue(U32, default=0, doc="Proposals made so far.")
    proposals = StorageMap(U32, Proposal, hasher=Twox64Concat, doc="Proposals by number.")
    deactivated = StorageValue(BALANCE, default=0, doc="Money that counts as inactive.")
    approvals = StorageValue(VecOf(U32, NO_BOUND), default=(), doc="Numbers of approved proposals.")
    spend_count = StorageValue(U32, default=0, doc="Spends approved so far.")
    spends = StorageMap(U32, SpendStatus, hasher=Twox64Concat, doc="Approved spends by number.")

    class Proposed(Event):
        """New proposal."""

        proposal_index: u32

    class Spending(Event):
        """We have ended a spend period and will now allocate funds."""

        budget_remaining: Balance

    class Awarded(Event):
        """Some funds have been allocated."""

        proposal_index: u32
        award: Balance
        account: AccountId

    class Rejected(Event):
        """A proposal was rejected; funds were slashed."""

        proposal_index: u32
        slashed: Balance

    class Burnt(Event):
        """Some of our funds have been burnt."""

        burnt_funds: Balance

    class Rollover(Event):
        """Spending has finished; this is the amount that rolls over until next spend."""

        rollover_balance: Balance

    class Deposit(Event):
        """Some funds have been deposited."""

        value: Balance

    class SpendApproved(Event):
        """A new spend proposal has been approved."""

        proposal_index: u32
        amount: Balance
        beneficiary: AccountId

    class UpdatedInactive(Event):
        """The inactive funds of the pallet have been updated."""

        reactivated: Balance
        deactivated: Balance

    class AssetSpendApproved(Event):
        """A new asset spend proposal has been approved."""

        index: u32
        asset_kind: Unit
        amount: Balance
        beneficiary: AccountId
        valid_from: BlockNumber
        expire_at: BlockNumber

    class AssetSpendVoided(Event):
        """An approved spend was voided."""

        index: u32

    class Paid(Event):
        """A payment happened."""

        index: u32
        payment_id: Unit

    class PaymentFailed(Event):
        """A payment failed and can be retried."""

        index: u32
        payment_id: Unit

    class SpendProcessed(Event):
        """A spend was processed and removed from the storage."""

        index: u32

    class InsufficientProposersBalance(Error):
        """Proposer's balance is too low."""

        hint: ClassVar[str] = "The proposer must be able to reserve the bond."

    class InvalidIndex(Error):
        """No proposal, bounty or spend at that index."""

        hint: ClassVar[str] = "Look at the proposals that exist."

    class TooManyApprovals(Error):
        """Too many approvals in the queue."""

        hint: ClassVar[str] = "Wait until some have been paid."

    class InsufficientPermission(Error):
        """The spend origin is valid but may not spend that much."""

        hint: ClassVar[str] = "Ask for less, or with a higher origin."

    class ProposalNotApproved(Error):
        """Proposal has not been approved."""

        hint: ClassVar[str] = "Only an approval can be removed."

    class FailedToConvertBalance(Error):
        """The balance of the asset kind is not convertible to the balance of the native asset."""

        hint: ClassVar[str] = "Ask for an asset that has a rate."

    class SpendExpired(Error):
        """The spend has expired and cannot be claimed."""

        hint: ClassVar[str] = "Have it approved anew."

    class EarlyPayout(Error):
        """The spend is not yet eligible for payout."""

        hint: ClassVar[str] = "Wait until the block from which it is valid."

    class AlreadyAttempted(Error):
        """The payment has already been attempted."""

        hint: ClassVar[str] = "Check its status."

    class PayoutError(Error):
        """There was some issue with the mechanism of payment."""

        hint: ClassVar[str] = "Try again later."

    class NotAttempted(Error):
        """The payout was not yet attempted/claimed."""

        hint: ClassVar[str] = "Pay it out first."

    class Inconclusive(Error):
        """The payment has neither failed nor succeeded yet."""

        hint: ClassVar[str] = "Check again later."

    @property
    def account(self) -> bytes:
        """Where the money is."""
        return accounts.pallet(self.pallet_id)

    @property
    def pot(self) -> int:
        """What could be spent: all but the existential deposit."""
        native = self.needs.native
        return max(0, native.free_balance(self.account) - native.existential_deposit)

    def on_unbalanced(self, amount: int) -> None:
        """Take BSX that belongs to nobody any more; what cannot be credited goes out of existence."""
        native = self.needs.native
        native.deposit_creating(self.account, amount)
        native.rescind(amount)  # it existed before, so crediting it has counted it twice
        self.deposit(self.Deposit(amount))

    def build_genesis(self, config: Settings) -> None:
        """Raise the account to the existential deposit, so that dust and small fees always find it alive."""
        native = self.needs.native
        if native.free_balance(self.account) < native.existential_deposit:
            with silently(self.context):
                native.make_free_balance_be(self.account, native.existential_deposit)

    def on_initialize(self, number: int) -> None:
        """Count the pot as inactive issuance."""
        pot, old = self.pot, self.deactivated.get()
        if pot != old:
            self.needs.native.reactivate(old)
            self.needs.native.deactivate(pot)
            self.deactivated.put(pot)
            self.deposit(self.UpdatedInactive(old, pot))
