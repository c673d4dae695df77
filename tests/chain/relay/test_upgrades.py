"""Code upgrades, from the candidate that announces one to the head that puts it in force.
Source: spec/relay.md §2, §4.5, §8.4, §8.5.
"""

from dataclasses import replace

import pytest
from line import CODE, Line

from chain.crypto.hashing import blake2_256
from chain.primitives import relay_keys
from chain.primitives.validation import UpgradeGoAhead, UpgradeRestriction
from chain.relay.bitfields import sign_bitfield
from chain.relay.parameters import RelayParameters
from chain.state import RAW

NEW = b"the next program"


def words(line: Line) -> tuple[UpgradeGoAhead | None, UpgradeRestriction | None]:
    upgrades = line.state.upgrades
    return upgrades.go_aheads.get(2090), upgrades.restrictions.get(2090)


def test_an_upgrade() -> None:
    """Announced in 2, with a delay of two due in 3 at the earliest: who sees the word is the last of the old code."""
    line = Line()
    line.include(new_validation_code=NEW)
    assert (line.number, line.state.upgrades.expected.get(2090)) == (2, 3)
    assert line.state.upgrades.future.get(2090) == blake2_256(NEW)
    assert words(line) == (None, UpgradeRestriction.Present)
    line.include()
    assert (line.number, line.state.code_hashes.get(2090)) == (4, CODE)
    assert words(line) == (UpgradeGoAhead.GoAhead, UpgradeRestriction.Present)
    line.include()
    assert line.state.code_hashes.get(2090) == blake2_256(NEW)
    assert words(line) == (None, UpgradeRestriction.Present)
    assert (line.state.upgrades.future.get(2090), line.state.upgrades.expected.get(2090)) == (None, None)
    assert line.left_out(line.candidate()) == ["Inclusion.InvalidValidationCodeHash"]
    line.include(code=blake2_256(NEW))


def test_the_first_block_that_sees_the_word() -> None:
    """It is built on the very relay block in which the upgrade is due."""
    line = Line()
    line.include(new_validation_code=NEW)
    line.add()
    assert (line.number, line.state.upgrades.expected.get(2090)) == (3, 3)
    line.include()
    assert line.state.code_hashes.get(2090) == blake2_256(NEW)


def test_the_words_have_the_keys_that_parachains_read() -> None:
    line = Line()
    line.include(new_validation_code=NEW)
    line.add()
    overlay = line.state.overlay
    assert overlay.read(relay_keys.go_ahead(2090), RAW) == b"\x01"
    assert overlay.read(relay_keys.restriction(2090), RAW) == b"\x00"


def test_the_delay_counts_from_the_relay_parent() -> None:
    line = Line(parameters=RelayParameters(validation_upgrade_delay=7))
    line.add()
    line.include(new_validation_code=NEW)
    for number in range(4, 8):
        line.add()
        assert (line.number, words(line)[0]) == (number, None)
    line.add()
    assert (line.number, words(line)[0]) == (1 + 7, UpgradeGoAhead.GoAhead)


@pytest.mark.parametrize("delay", [0, 1])
def test_nobody_is_upgraded_unawares(delay: int) -> None:
    """However short the delay: a block on the relay block that includes the announcement keeps the old code."""
    line = Line(parameters=RelayParameters(validation_upgrade_delay=delay))
    line.include(new_validation_code=NEW)
    line.include()
    assert line.state.code_hashes.get(2090) == CODE
    line.include()
    assert line.state.code_hashes.get(2090) == blake2_256(NEW)


def test_premature() -> None:
    """No second upgrade while one is under way, nor within the cooldown, which counts from the relay parent."""
    line = Line()
    line.include(new_validation_code=NEW)
    while line.number < 9:
        assert line.left_out(line.candidate(new_validation_code=b"another")) == ["Inclusion.PrematureCodeUpgrade"]
        line.add()
    assert words(line)[1] == UpgradeRestriction.Present
    line.add()
    assert (line.number, words(line)[1]) == (10, None)
    late = line.candidate(new_validation_code=b"another")
    assert line.left_out(late) == ["Inclusion.PrematureCodeUpgrade"], "the first waits for a head"
    line.include()
    line.include(code=blake2_256(NEW), new_validation_code=b"another")
    assert line.state.upgrades.future.get(2090) == blake2_256(b"another")


def test_restricted_after_the_upgrade() -> None:
    """It is in force, and the cooldown goes on."""
    line = Line()
    line.include(new_validation_code=NEW)
    line.include()
    line.include()
    early = line.candidate(code=blake2_256(NEW), new_validation_code=b"another")
    assert line.left_out(early) == ["Inclusion.PrematureCodeUpgrade"]


def test_size() -> None:
    """The limit itself is allowed; that it is premature is said first."""
    line = Line(parameters=replace(RelayParameters(), max_code_size=10))
    assert line.left_out(line.candidate(new_validation_code=bytes(11))) == ["Inclusion.NewCodeTooLarge"]
    line.include(new_validation_code=bytes(10))
    assert line.left_out(line.candidate(new_validation_code=bytes(11))) == ["Inclusion.PrematureCodeUpgrade"]


def test_code_that_runs_already() -> None:
    line = Line()
    line.include(new_validation_code=NEW)
    line.include()
    line.include()
    while words(line)[1] is not None:
        line.add()
    line.include(code=blake2_256(NEW), new_validation_code=NEW)
    assert line.state.upgrades.future.get(2090) is None
    assert words(line) == (None, None)


def test_two_paras() -> None:
    """What is due for one says nothing to the other, and in one block both may be due."""
    line = Line(2000, 2090, parameters=RelayParameters(validation_upgrade_delay=4))
    first = line.candidate(2000, new_validation_code=b"2000")
    line.add(first)
    line.add(bitfields=line.bits())
    second = line.candidate(2090, new_validation_code=NEW)
    line.add(second)
    line.add(bitfields=line.bits())
    upgrades = line.state.upgrades
    assert [(due.para, due.number) for due in upgrades.upcoming.get()] == [(2090, 6)]
    assert (upgrades.go_aheads.get(2000), upgrades.go_aheads.get(2090)) == (UpgradeGoAhead.GoAhead, None)
    assert [(due.para, due.number) for due in upgrades.cooldowns.get()] == [(2000, 10), (2090, 12)]


def test_the_order_is_that_of_the_due_blocks() -> None:
    """Not that of inclusion: the para whose data was available late may be due first."""
    line = Line(2000, 2090, parameters=RelayParameters(validation_upgrade_delay=9, validation_upgrade_cooldown=5))
    line.add()
    line.add(line.candidate(2000, new_validation_code=b"2000"))
    line.add(line.candidate(2090, new_validation_code=NEW))
    keys, parent = line.validators.keys, line.head.hash
    line.add(bitfields=[sign_bitfield((False, True), index, keys[index], 0, parent) for index in (0, 1, 2)])
    line.add(bitfields=line.bits())
    assert [(due.para, due.number) for due in line.state.upgrades.upcoming.get()] == [(2000, 10), (2090, 11)]
    assert [(due.para, due.number) for due in line.state.upgrades.cooldowns.get()] == [(2000, 6), (2090, 7)]
    line.add()
    restrictions = line.state.upgrades.restrictions
    assert (restrictions.get(2000), restrictions.get(2090)) == (None, UpgradeRestriction.Present)
    assert [(due.para, due.number) for due in line.state.upgrades.cooldowns.get()] == [(2090, 7)]


def test_nothing_is_stored_without_upgrades() -> None:
    line = Line()
    line.include()
    upgrades = line.state.upgrades
    assert not (upgrades.upcoming.exists() or upgrades.cooldowns.exists())
