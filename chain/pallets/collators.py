"""CollatorSelection and CollatorRewards: who makes blocks, and what for. Source: spec/fees-and-origins.md §9.

Candidates, who put down a bond to become collators, have no calls here (register_as_candidate, leave_intent,
update_bond, take_candidate_slot); a list of them that is in the state is respected.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Protocol

from chain.crypto import accounts
from chain.crypto.hashers import Twox64Concat
from chain.frame import Constant, Event, Origin, Pallet, Settings, StorageMap, call
from chain.pallets.aura import MAX_AUTHORITIES
from chain.pallets.collators_declared import MAX_INVULNERABLES, CollatorSelectionDeclared, Needs
from chain.pallets.genesis import GenesisError
from chain.pallets.protocols import MultiCurrency
from chain.primitives.errors import Failure
from chain.scale import VecOf
from chain.scale.types import ACCOUNT_ID, ASSET_ID, BALANCE, U32, AccountId, AssetId, Balance, Vec, u32

__all__ = ["CollatorRewards", "CollatorSelection", "Needs", "RewardNeeds"]

POT = accounts.pallet("PotStake")
NATIVE = 0
REWARD = 15_216 * 10**12
EXCLUDED = bytes.fromhex("f25e5d7b43266a5b4cca762c9be917f18852d7a5db85e734776206eeb539dd4f")


class CollatorSelection(CollatorSelectionDeclared, name="CollatorSelection"):
    """Invulnerables are always collators; the best of the candidates join them."""

    def build_genesis(self, config: Settings) -> None:
        """Raises GenesisError for an invulnerable listed twice."""
        invulnerables = tuple(sorted(config["invulnerables"]))
        if len(set(invulnerables)) < len(invulnerables):
            raise GenesisError("collator_selection.invulnerables: an account is listed twice")
        self.desired_candidates.put(config["desired_candidates"])
        self.candidacy_bond.put(config["candidacy_bond"])
        self.invulnerables.put(invulnerables)

    # -- for Authorship and Session --------------------------------------------------------------------------

    def note_author(self, author: bytes) -> None:
        """Half of what the pot can spare goes to the author; the block counts as a sign of life."""
        balances = self.needs.balances
        reward = max(0, balances.free_balance(POT) - balances.existential_deposit) // 2
        if reward:
            mark = self.context.mark()
            try:
                balances.transfer(POT, author, reward, keep_alive=True)
            except Failure:  # the author earns nothing, and the block goes on
                self.context.rollback(mark)
        self.last_authored_block.insert(author, self.needs.system.number.get())

    def new_session(self, index: int) -> tuple[bytes, ...]:
        """The collators of a session: the invulnerables, then the best candidates; idle ones are dropped."""
        self._drop_idle()
        desired = self.desired_candidates.get()
        best = self.candidate_list.get()[::-1][:desired]
        return self.invulnerables.get() + tuple(candidate.who for candidate in best)

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0)
    def set_invulnerables(self, origin: Origin, new: Vec[AccountId]) -> None:
        """Replace the invulnerables; accounts without session keys are skipped."""
        origin.ensure_root()
        if not new and len(self.candidate_list.get()) < self.min_eligible_collators:
            raise self.TooFewEligibleCollators
        if len(new) > MAX_INVULNERABLES:
            raise self.TooManyInvulnerables
        ready = []
        for who in new:
            if self.needs.session.is_registered(who):
                ready.append(who)
            else:
                self.deposit(self.InvalidInvulnerableSkipped(who))
        invulnerables = tuple(sorted(ready))
        self.invulnerables.put(invulnerables)
        self.deposit(self.NewInvulnerables(invulnerables))

    @call(index=1)
    def set_desired_candidates(self, origin: Origin, max: u32) -> None:
        """Set how many candidates become collators."""
        origin.ensure_root()
        self.desired_candidates.put(max)
        self.deposit(self.NewDesiredCandidates(max))

    @call(index=2)
    def set_candidacy_bond(self, origin: Origin, bond: Balance) -> None:
        """Set what a candidate puts down at least."""
        origin.ensure_root()
        self.candidacy_bond.put(bond)
        self.deposit(self.NewCandidacyBond(bond))

    @call(index=5)
    def add_invulnerable(self, origin: Origin, who: AccountId) -> None:
        """Make one account with session keys invulnerable; a candidate's bond is given back."""
        origin.ensure_root()
        if not self.needs.session.is_registered(who):
            raise self.ValidatorNotRegistered
        invulnerables = self.invulnerables.get()
        if who in invulnerables:
            raise self.AlreadyInvulnerable
        if len(invulnerables) >= MAX_INVULNERABLES:
            raise self.TooManyInvulnerables
        place = bisect_left(invulnerables, who)
        self.invulnerables.put((*invulnerables[:place], who, *invulnerables[place:]))
        self._remove_candidate(who, forget=False)
        self.deposit(self.InvulnerableAdded(who))

    @call(index=6)
    def remove_invulnerable(self, origin: Origin, who: AccountId) -> None:
        """Make one account an ordinary one again."""
        origin.ensure_root()
        invulnerables = self.invulnerables.get()
        if self._eligible() <= self.min_eligible_collators:
            raise self.TooFewEligibleCollators
        if who not in invulnerables:
            raise self.NotInvulnerable
        place = invulnerables.index(who)
        self.invulnerables.put(invulnerables[:place] + invulnerables[place + 1 :])
        self.deposit(self.InvulnerableRemoved(who))

    # -- candidates ------------------------------------------------------------------------------------------

    def _eligible(self) -> int:
        return len(self.invulnerables.get()) + len(self.candidate_list.get())

    def _drop_idle(self) -> None:
        """Candidates that made no block for long leave, as long as enough collators remain."""
        candidates = self.candidate_list.get()
        now = self.needs.system.number.get()
        for candidate in candidates:
            who = candidate.who
            idle = now - self.last_authored_block.get(who) >= self.kick_threshold
            if who in self.invulnerables.get():
                self._remove_candidate(who, forget=False)
            elif idle and self._eligible() > self.min_eligible_collators:
                self._remove_candidate(who, forget=True)

    def _remove_candidate(self, who: bytes, *, forget: bool) -> None:
        """Take an account off the list, if it is there, and give its bond back."""
        candidates = self.candidate_list.get()
        for candidate in candidates:
            if candidate.who == who:
                self.needs.bonds.unreserve(who, candidate.deposit)
                self.candidate_list.put(tuple(other for other in candidates if other is not candidate))
                if forget:
                    self.last_authored_block.remove(who)
                self.deposit(self.CandidateRemoved(who))
                return


class Selection(Protocol):
    """Who chooses (CollatorSelection)."""

    def new_session(self, index: int) -> tuple[bytes, ...]: ...


@dataclass
class RewardNeeds:
    selection: Selection
    currencies: MultiCurrency


class CollatorRewards(Pallet):
    """Pays every collator of a session when it ends."""

    needs: RewardNeeds

    reward_per_collator = Constant(
        BALANCE, REWARD, metadata="RewardPerCollator", doc="What a collator gets for a session."
    )
    reward_currency_id = Constant(ASSET_ID, NATIVE, metadata="RewardCurrencyId", doc="The asset of the rewards.")
    excluded_collators = Constant(VecOf(ACCOUNT_ID), (EXCLUDED,), doc="Collators that get nothing.")

    collators = StorageMap(
        U32, VecOf(ACCOUNT_ID, MAX_AUTHORITIES), hasher=Twox64Concat, default=(), doc="By session."
    )

    class CollatorRewarded(Event):
        """A collator was paid."""

        who: AccountId
        amount: Balance
        currency: AssetId

    def new_session(self, index: int) -> tuple[bytes, ...]:
        """The collators of session `index`, remembered until they are paid."""
        chosen = self.needs.selection.new_session(index)
        self.collators.insert(index, chosen)
        return chosen

    def end_session(self, index: int) -> None:
        """Mint the collators' rewards."""
        amount, currency = self.reward_per_collator, self.reward_currency_id
        for who in self.collators.take(index):
            if who in self.excluded_collators:
                continue
            mark = self.context.mark()
            try:
                self.needs.currencies.deposit_into(currency, who, amount)
            except Failure:  # who cannot receive it goes without
                self.context.rollback(mark)
            else:
                self.deposit(self.CollatorRewarded(who, amount, currency))
