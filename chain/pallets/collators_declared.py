"""What CollatorSelection keeps, says, refuses and asks for. Source: spec/fees-and-origins.md §9."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from chain.crypto import accounts
from chain.crypto.hashers import Twox64Concat
from chain.frame import Constant, Error, Event, Genesis, Pallet, StorageMap, StorageValue
from chain.frame.storage_handles import ValueHandle
from chain.pallets.protocols import NativeCurrency
from chain.scale import Struct, VecOf, codec_of
from chain.scale.types import ACCOUNT_ID, BALANCE, U32, AccountId, Balance, Vec, u32

FIRST_COLLATORS = (accounts.dev("//Alice"), accounts.dev("//Bob"))
MAX_INVULNERABLES = 50
MAX_CANDIDATES = 20
BOND = 10_000 * 10**12


class CandidateInfo(Struct):
    """Who wants to be a collator, and the bond put down for it."""

    notation: ClassVar[str] = "CandidateInfo<AccountId32, u128>"
    path: ClassVar[str] = "pallet_collator_selection::pallet::CandidateInfo"
    who: AccountId
    deposit: Balance


class Numbered(Protocol):
    """The number of the block (System)."""

    @property
    def number(self) -> ValueHandle[int, int]: ...


class Bonds(Protocol):
    """Gives bonds back (Balances)."""

    def unreserve(self, who: bytes, amount: int) -> int: ...


class Registration(Protocol):
    """Who has session keys (Session)."""

    def is_registered(self, who: bytes) -> bool: ...


@dataclass
class Needs:
    system: Numbered
    balances: NativeCurrency
    bonds: Bonds
    session: Registration


class CollatorSelectionDeclared(Pallet, name="CollatorSelection"):
    """Storage, constants, events and errors of CollatorSelection."""

    needs: Needs

    kick_threshold = Constant(U32, 1_200, doc="Blocks without an own one after which a candidate is dropped.")
    min_eligible_collators = Constant(U32, 4, doc="So many collators stay, however idle.")

    invulnerables_ = Genesis(VecOf(ACCOUNT_ID, MAX_INVULNERABLES), FIRST_COLLATORS, doc="Who begins.")
    candidacy_bond_ = Genesis(BALANCE, BOND, doc="What a candidate puts down at least.")
    desired_candidates_ = Genesis(U32, 0, doc="How many candidates become collators.")

    invulnerables = StorageValue(VecOf(ACCOUNT_ID, MAX_INVULNERABLES), default=(), doc="Sorted.")
    candidate_list = StorageValue(
        VecOf(codec_of(CandidateInfo), MAX_CANDIDATES), default=(), doc="By bond, the best one last."
    )
    last_authored_block = StorageMap(
        ACCOUNT_ID, U32, hasher=Twox64Concat, default=0, doc="Number of a collator's last block."
    )
    desired_candidates = StorageValue(U32, default=0, doc="How many candidates become collators.")
    candidacy_bond = StorageValue(BALANCE, default=0, doc="The least bond of a candidate.")

    class NewInvulnerables(Event):
        """New invulnerables were set."""

        invulnerables: Vec[AccountId]

    class InvulnerableAdded(Event):
        """An invulnerable was added."""

        account_id: AccountId

    class InvulnerableRemoved(Event):
        """An invulnerable was removed."""

        account_id: AccountId

    class NewDesiredCandidates(Event):
        """The number of desired candidates was set."""

        desired_candidates: u32

    class NewCandidacyBond(Event):
        """The candidacy bond was set."""

        bond_amount: Balance

    class CandidateAdded(Event):
        """A candidate joined."""

        account_id: AccountId
        deposit: Balance

    class CandidateBondUpdated(Event):
        """A candidate changed the bond."""

        account_id: AccountId
        deposit: Balance

    class CandidateRemoved(Event):
        """A candidate was removed."""

        account_id: AccountId

    class CandidateReplaced(Event):
        """A candidate was replaced by one with a higher bond."""

        old: AccountId
        new: AccountId
        deposit: Balance

    class InvalidInvulnerableSkipped(Event):
        """An account without session keys was not made invulnerable."""

        account_id: AccountId

    class TooManyCandidates(Error):
        """There are as many candidates as there can be."""

    class TooFewEligibleCollators(Error):
        """Too few collators would be left."""

    class AlreadyCandidate(Error):
        """The account is a candidate already."""

    class NotCandidate(Error):
        """The account is no candidate."""

    class TooManyInvulnerables(Error):
        """There are as many invulnerables as there can be."""

    class AlreadyInvulnerable(Error):
        """The account is invulnerable already."""

    class NotInvulnerable(Error):
        """The account is not invulnerable."""

    class NoAssociatedValidatorId(Error):
        """The account cannot be a collator."""

    class ValidatorNotRegistered(Error):
        """The account has no session keys."""

        hint: ClassVar[str] = "It sets them by session.set_keys."

    class InsertToCandidateListFailed(Error):
        """The candidate could not be put into the list."""

    class RemoveFromCandidateListFailed(Error):
        """The candidate could not be taken from the list."""

    class DepositTooLow(Error):
        """The new bond is below the candidacy bond."""

    class UpdateCandidateListFailed(Error):
        """The list of candidates could not be updated."""

    class InsufficientBond(Error):
        """The bond is too low to take the place of another candidate."""

    class TargetIsNotCandidate(Error):
        """The one to replace is no candidate."""

    class IdenticalDeposit(Error):
        """The bond is what it was."""

    class InvalidUnreserve(Error):
        """A bond cannot be lowered while its candidate is among the collators."""
