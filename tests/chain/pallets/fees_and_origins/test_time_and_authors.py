"""Timestamp, Aura, AuraExt, Authorship: when, and by whom. Source: spec/fees-and-origins.md §8."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.frame import NONE, ROOT
from chain.pallets.aura import Aura, AuraExt, ExtNeeds
from chain.pallets.aura import Needs as AuraNeeds
from chain.pallets.authorship import Authorship
from chain.pallets.authorship import Needs as AuthorshipNeeds
from chain.pallets.system import System
from chain.pallets.timestamp import Needs as TimeNeeds
from chain.pallets.timestamp import Timestamp
from chain.primitives.errors import InherentError, InvalidBlock
from chain.primitives.header import AURA, Consensus

KEYS = tuple(bytes([n]) * 32 for n in (11, 12, 13))
ACCOUNTS = tuple(bytes([n]) * 32 for n in (1, 2, 3))


class Collators:
    """The accounts behind the keys, and a record of who was noted."""

    def __init__(self) -> None:
        self.noted: list[bytes] = []

    def validator(self, index: int) -> bytes | None:
        return ACCOUNTS[index] if index < len(ACCOUNTS) else None

    def note_author(self, author: bytes) -> None:
        self.noted.append(author)


@pytest.fixture
def collators() -> Collators:
    return Collators()


@pytest.fixture
def chain(make_chain: Any, collators: Collators) -> Any:
    def wire(environment: Any) -> None:
        environment[Timestamp].needs = TimeNeeds(environment[Aura])
        environment[Authorship].needs = AuthorshipNeeds(environment[Aura], collators, collators)
        environment[Aura].needs = AuraNeeds(environment[System])
        environment[AuraExt].needs = ExtNeeds(environment[Aura])

    chain = make_chain({1: Timestamp, 14: Authorship, 17: Aura, 18: AuraExt}, wire)
    chain[Aura].set_genesis_authorities(KEYS)
    chain.genesis()
    return chain


def tell(chain: Any, now: int) -> None:
    chain.run(chain.call("timestamp.set", now), NONE)


class TestTimestamp:
    def test_a_block_tells_the_time_once(self, chain: Any) -> None:
        chain.begin(1, slot=1)
        tell(chain, 12_000)
        assert (chain[Timestamp].now.get(), chain[Timestamp].did_update.get()) == (12_000, True)
        with pytest.raises(InherentError, match="InherentCheckFailed"):
            tell(chain, 12_000)
        chain.end(1)
        assert not chain[Timestamp].did_update.exists()

    def test_a_block_must_tell_the_time(self, chain: Any) -> None:
        chain.begin(1, slot=1)
        with pytest.raises(InherentError) as broken:
            chain.end(1)
        assert broken.value.kind == "InherentCheckFailed"

    def test_the_minimum_period(self, chain: Any) -> None:
        timestamp = chain[Timestamp]
        timestamp.needs.clock = None
        tell(chain, 1)
        for now, allowed in ((6_000, False), (6_001, True)):
            timestamp.did_update.kill()
            if allowed:
                tell(chain, now)
            else:
                with pytest.raises(InherentError, match="InherentCheckFailed"):
                    tell(chain, now)

    def test_the_time_lies_in_the_blocks_slot(self, chain: Any) -> None:
        chain.begin(1, slot=5)
        with pytest.raises(InherentError, match="slot 6"):
            tell(chain, 72_000)

    def test_nobody_else_tells_the_time(self, chain: Any) -> None:
        late = chain.call("timestamp.set", 12_000)
        assert chain.fails(late, chain.signed(ACCOUNTS[0])) == "BadOrigin"
        assert chain.fails(late, ROOT) == "BadOrigin"


class TestAura:
    @given(slot=st.integers(0, 2**64 - 1), count=st.integers(1, 3))
    def test_turns(self, slot: int, count: int) -> None:
        aura: Any = Aura.__new__(Aura)
        aura.authorities = Stored(KEYS[:count])
        assert aura.author(slot) == KEYS[slot % count]
        aura.authorities = Stored(())
        assert aura.author(slot) is None

    def test_the_slot_must_grow(self, chain: Any) -> None:
        chain[Timestamp].did_update.put(True)
        chain.begin(1, slot=4)
        assert chain[Aura].current_slot.get() == 4
        for slot in (4, 3):
            with pytest.raises(InvalidBlock, match="slot") as broken:
                chain.begin(2, slot=slot)
            assert broken.value.kind == "Panic"
        chain.begin(2, slot=5)

    def test_new_authorities_are_told_in_the_digest(self, chain: Any) -> None:
        chain.begin(1, slot=1)
        aura = chain[Aura]
        aura.on_new_session(KEYS)
        aura.on_new_session(())
        assert len(chain[System].digest.get().logs) == 1
        aura.on_new_session(KEYS[:1])
        assert chain[System].digest.get().logs[1:] == (Consensus(AURA, b"\x01\x04" + KEYS[0]),)
        assert aura.authorities.get() == KEYS[:1]

    def test_the_copy_for_seals_follows_at_the_end_of_the_block(self, chain: Any) -> None:
        assert chain[AuraExt].authorities.get() == KEYS
        chain.begin(1, slot=1)
        tell(chain, 12_000)
        chain[Aura].on_new_session(KEYS[:1])
        assert chain[AuraExt].authorities.get() == KEYS
        chain.end(1)
        assert chain[AuraExt].authorities.get() == KEYS[:1]


class Stored:
    def __init__(self, value: tuple[bytes, ...]) -> None:
        self.value = value

    def get(self) -> tuple[bytes, ...]:
        return self.value


class TestAuthorship:
    def test_the_author_is_noted_and_forgotten(self, chain: Any, collators: Collators) -> None:
        chain.begin(1, slot=7)
        assert chain[Authorship].author.get() == ACCOUNTS[1]
        assert collators.noted == [ACCOUNTS[1]]
        tell(chain, 84_000)
        chain.end(1)
        assert chain[Authorship].author.get() is None

    def test_without_a_slot_there_is_no_author(self, chain: Any, collators: Collators) -> None:
        chain.begin(1)
        assert chain[Authorship].author.get() is None
        assert collators.noted == []
