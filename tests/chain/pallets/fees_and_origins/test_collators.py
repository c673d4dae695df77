"""Collators, sessions and rewards. Source: spec/fees-and-origins.md §9."""

from typing import Any

import pytest

from chain.crypto.accounts import dev
from chain.frame import ROOT
from chain.pallets.aura import Aura
from chain.pallets.aura import Needs as AuraNeeds
from chain.pallets.collators import EXCLUDED, POT, CollatorRewards, CollatorSelection, Needs, RewardNeeds
from chain.pallets.collators_declared import CandidateInfo
from chain.pallets.genesis import GenesisError
from chain.pallets.session import Needs as SessionNeeds
from chain.pallets.session import Session, SessionKeys
from chain.pallets.system import System
from chain.primitives.account import AccountInfo

ALICE, BOB = dev("//Alice"), dev("//Bob")
CAROL, DAVE, EVE, ZOE = (bytes([n]) * 32 for n in (3, 4, 5, 6))
REWARD = 15_216 * 10**12
PERIOD = 10


def aura_key(who: bytes) -> bytes:
    """A session key that is not the account."""
    return bytes(reversed(who))


def keys(*accounts: bytes) -> tuple[tuple[bytes, SessionKeys], ...]:
    return tuple((who, SessionKeys(aura_key(who))) for who in accounts)


@pytest.fixture
def chain(make_chain: Any, purse: Any) -> Any:
    def wire(environment: Any) -> None:
        system, session = environment[System], environment[Session]
        environment[CollatorSelection].needs = Needs(system, purse, purse, session)
        environment[CollatorRewards].needs = RewardNeeds(environment[CollatorSelection], purse)
        session.needs = SessionNeeds(system, environment[CollatorRewards], environment[Aura])
        environment[Aura].needs = AuraNeeds(system)

    pallets = {15: CollatorSelection, 16: Session, 17: Aura, 114: CollatorRewards}
    constants = {"session": {"period": PERIOD}, "collator_selection": {"kick_threshold": 5}}
    chain = make_chain(pallets, wire, constants=constants)
    for who in (ALICE, BOB):
        chain[System].account.insert(who, AccountInfo(providers=1))
    chain.genesis(
        session={"keys": keys(BOB, ALICE, CAROL)}, collator_selection={"invulnerables": (ALICE, BOB)}
    )
    return chain


def working(chain: Any) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The accounts at work and the keys in turn."""
    return chain[Session].validators.get(), chain[Aura].authorities.get()


def to(chain: Any, first: int, last: int) -> list[Any]:
    """Open blocks first … last; the events of the last one."""
    for number in range(first, last + 1):
        chain.begin(number, slot=number)
    events: list[Any] = chain.events
    return events


FIRST = tuple(sorted((ALICE, BOB)))


class TestGenesis:
    def test_defaults(self, make_chain: Any) -> None:
        declared = CollatorSelection.declaration.genesis
        defaults = {key: setting.default for key, setting in declared.items()}
        bond = 10_000 * 10**12
        assert defaults == {"invulnerables": (ALICE, BOB), "candidacy_bond": bond, "desired_candidates": 0}
        both = ((ALICE, SessionKeys(ALICE)), (BOB, SessionKeys(BOB)))
        assert Session.declaration.genesis["keys"].default == both

    def test_state(self, chain: Any) -> None:
        assert chain[CollatorSelection].invulnerables.get() == FIRST
        assert working(chain) == (FIRST, tuple(aura_key(who) for who in FIRST))
        assert chain[Session].queued_keys.get() == keys(*FIRST)
        assert chain[Session].key_owner.get((b"aura", aura_key(CAROL))) == CAROL
        assert dict(chain[CollatorRewards].collators.items()) == {0: FIRST, 1: FIRST}
        account = chain[System].account
        assert (account.get(ALICE).consumers, account.get(ALICE).providers) == (1, 1)
        assert (account.get(CAROL).consumers, account.get(CAROL).providers) == (0, 1)

    def test_nobody_twice(self, chain: Any) -> None:
        with pytest.raises(GenesisError, match="twice"):
            chain.genesis(collator_selection={"invulnerables": (ALICE, ALICE)})


class TestSessions:
    def test_a_session_ends_with_its_period(self, chain: Any) -> None:
        assert to(chain, 1, PERIOD - 1) == []
        events = to(chain, PERIOD, PERIOD)
        assert events[-1] == Session.NewSession(1)
        assert chain[Session].current_index.get() == 1
        assert to(chain, PERIOD + 1, PERIOD + 1) == []

    def test_collators_are_paid_for_the_session_that_ends(self, chain: Any, purse: Any) -> None:
        events = to(chain, 1, PERIOD)
        paid = [CollatorRewards.CollatorRewarded(who, REWARD, 0) for who in FIRST]
        assert events == [*paid, Session.NewSession(1)]
        assert purse.moved == [("deposit", 0, who, REWARD) for who in FIRST]
        assert dict(chain[CollatorRewards].collators.items()) == {1: FIRST, 2: FIRST}

    def test_who_is_excluded_or_cannot_receive_is_not_paid(self, chain: Any, purse: Any) -> None:
        chain[CollatorRewards].collators.insert(0, (ALICE, EXCLUDED, BOB))
        purse.closed.add(ALICE)
        events = to(chain, 1, PERIOD)
        assert events == [CollatorRewards.CollatorRewarded(BOB, REWARD, 0), Session.NewSession(1)]

    def test_a_change_acts_after_two_session_ends(self, chain: Any) -> None:
        to(chain, 1, 3)
        chain.run(chain.call("collator_selection.set_invulnerables", (CAROL,)), ROOT)
        before = working(chain)
        to(chain, 4, 2 * PERIOD - 1)
        assert working(chain) == before
        assert chain[Session].queued_keys.get() == keys(CAROL)
        to(chain, 2 * PERIOD, 2 * PERIOD)
        assert working(chain) == ((CAROL,), (aura_key(CAROL),))
        assert len(chain[System].digest.get().logs) == 2
        to(chain, 2 * PERIOD + 1, 3 * PERIOD)
        assert len(chain[System].digest.get().logs) == 1

    def test_who_has_no_keys_does_not_work(self, chain: Any) -> None:
        chain[CollatorSelection].invulnerables.put((ALICE, ZOE))
        to(chain, 1, 2 * PERIOD)
        assert working(chain) == ((ALICE,), (aura_key(ALICE),))


class TestKeys:
    def test_set_and_purge(self, chain: Any) -> None:
        system, session = chain[System], chain[Session]
        system.inc_providers(ZOE)
        one, other = SessionKeys(b"\x61" * 32), SessionKeys(b"\x62" * 32)
        for own in (one, other):
            chain.run(chain.call("session.set_keys", own, b""), chain.signed(ZOE))
        assert session.next_keys.get(ZOE) == other
        assert session.key_owner.get((b"aura", one.aura)) is None
        assert session.key_owner.get((b"aura", other.aura)) == ZOE
        assert system.account.get(ZOE).consumers == 1
        purge = chain.call("session.purge_keys")
        chain.run(purge, chain.signed(ZOE))
        assert session.key_owner.get((b"aura", other.aura)) is session.next_keys.get(ZOE) is None
        assert system.account.get(ZOE).consumers == 0
        assert chain.fails(purge, chain.signed(ZOE)) == "Session.NoKeys"

    def test_refusals(self, chain: Any) -> None:
        mine = chain.call("session.set_keys", SessionKeys(aura_key(ALICE)), b"")
        assert chain.fails(mine, chain.signed(ZOE)) == "Session.NoAccount"
        chain[System].inc_providers(ZOE)
        assert chain.fails(mine, chain.signed(ZOE)) == "Session.DuplicatedKey"
        assert chain.fails(mine, ROOT) == "BadOrigin"
        chain.run(mine, chain.signed(ALICE))


class TestAuthors:
    def test_a_block_is_a_sign_of_life(self, chain: Any, purse: Any) -> None:
        chain.begin(7, slot=7)
        chain[CollatorSelection].note_author(BOB)
        assert chain[CollatorSelection].last_authored_block.get(BOB) == 7
        assert purse.moved == []

    def test_half_of_what_the_pot_can_spare(self, chain: Any, purse: Any) -> None:
        purse.held[0, POT] = 10 + 25
        chain[CollatorSelection].note_author(BOB)
        assert purse.moved == [("transfer", POT, BOB, 12, True)]
        purse.closed.add(BOB)
        chain[CollatorSelection].note_author(BOB)
        assert purse.held[0, POT] == 23


class TestRootCalls:
    def test_set_invulnerables(self, chain: Any) -> None:
        selection = chain[CollatorSelection]
        chain.run(chain.call("collator_selection.set_invulnerables", (ALICE, ZOE, CAROL)), ROOT)
        chosen = tuple(sorted((ALICE, CAROL)))
        assert chain.events == [selection.InvalidInvulnerableSkipped(ZOE), selection.NewInvulnerables(chosen)]
        assert selection.invulnerables.get() == chosen
        nobody = chain.call("collator_selection.set_invulnerables", ())
        assert chain.fails(nobody, ROOT) == "CollatorSelection.TooFewEligibleCollators"
        crowd = chain.call("collator_selection.set_invulnerables", (ALICE,) * 51)
        assert chain.fails(crowd, ROOT) == "CollatorSelection.TooManyInvulnerables"

    def test_add_invulnerable(self, chain: Any, purse: Any) -> None:
        selection = chain[CollatorSelection]
        selection.candidate_list.put((CandidateInfo(CAROL, 7),))
        chain.run(chain.call("collator_selection.add_invulnerable", CAROL), ROOT)
        assert selection.invulnerables.get() == tuple(sorted((ALICE, BOB, CAROL)))
        assert selection.candidate_list.get() == ()
        assert purse.moved == [("unreserve", CAROL, 7)]
        assert chain.events == [selection.CandidateRemoved(CAROL), selection.InvulnerableAdded(CAROL)]
        again = chain.call("collator_selection.add_invulnerable", CAROL)
        assert chain.fails(again, ROOT) == "CollatorSelection.AlreadyInvulnerable"
        stranger = chain.call("collator_selection.add_invulnerable", ZOE)
        assert chain.fails(stranger, ROOT) == "CollatorSelection.ValidatorNotRegistered"

    def test_remove_invulnerable(self, chain: Any) -> None:
        selection = chain[CollatorSelection]
        remove = chain.call("collator_selection.remove_invulnerable", ALICE)
        assert chain.fails(remove, ROOT) == "CollatorSelection.TooFewEligibleCollators"
        selection.invulnerables.put(tuple(sorted((ALICE, BOB, CAROL, DAVE, EVE))))
        stranger = chain.call("collator_selection.remove_invulnerable", ZOE)
        assert chain.fails(stranger, ROOT) == "CollatorSelection.NotInvulnerable"
        chain.run(remove, ROOT)
        assert selection.invulnerables.get() == tuple(sorted((BOB, CAROL, DAVE, EVE)))
        assert chain.events == [selection.InvulnerableRemoved(ALICE)]

    def test_numbers(self, chain: Any) -> None:
        selection = chain[CollatorSelection]
        chain.run(chain.call("collator_selection.set_desired_candidates", 3), ROOT)
        chain.run(chain.call("collator_selection.set_candidacy_bond", 5), ROOT)
        assert (selection.desired_candidates.get(), selection.candidacy_bond.get()) == (3, 5)
        assert chain.events == [selection.NewDesiredCandidates(3), selection.NewCandidacyBond(5)]

    @pytest.mark.parametrize(
        ("name", "argument"),
        [
            ("set_invulnerables", (ALICE,)),
            ("set_desired_candidates", 1),
            ("set_candidacy_bond", 1),
            ("add_invulnerable", CAROL),
            ("remove_invulnerable", ALICE),
        ],
    )
    def test_nobody_but_root(self, chain: Any, name: str, argument: Any) -> None:
        assert chain.fails(chain.call(f"collator_selection.{name}", argument), chain.signed(ALICE)) == "BadOrigin"


class TestCandidates:
    @pytest.fixture
    def selection(self, chain: Any) -> Any:
        selection = chain[CollatorSelection]
        selection.candidate_list.put(tuple(CandidateInfo(who, 10 + n) for n, who in enumerate((CAROL, DAVE, EVE))))
        return selection

    def test_the_best_join_the_invulnerables(self, selection: Any) -> None:
        selection.desired_candidates.put(2)
        assert selection.new_session(5) == (*FIRST, EVE, DAVE)

    def test_the_idle_leave_while_enough_remain(self, chain: Any, selection: Any, purse: Any) -> None:
        chain[System].number.put(100)
        selection.last_authored_block.insert(DAVE, 96)
        selection.new_session(5)
        assert [candidate.who for candidate in selection.candidate_list.get()] == [DAVE, EVE]
        assert purse.moved == [("unreserve", CAROL, 10)]
        assert chain.events == [selection.CandidateRemoved(CAROL)]

    def test_an_invulnerable_is_no_candidate(self, chain: Any, selection: Any) -> None:
        selection.invulnerables.put((CAROL,))
        selection.last_authored_block.insert(CAROL, 1)
        selection.new_session(5)
        assert [candidate.who for candidate in selection.candidate_list.get()] == [DAVE, EVE]
        assert selection.last_authored_block.get(CAROL) == 1
