"""Blocks by how long they take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm.simulate.units import parse_duration
from basilisk_cli.blocktimes import LAST_BLOCK, BlockClock, duration_text, length, moment
from basilisk_cli.errors import CliError

CLOCK = BlockClock(10, 12_000, 1, "block")
RELAY = BlockClock(22, 6_000, 2, "relay block")


@pytest.mark.parametrize(
    ("written", "block"), [("+2h", 610), ("+0s", 10), ("+1s", 11), ("15", 15), ("1_000", 1_000), ("3", 3)]
)
def test_moments(written: str, block: int) -> None:
    assert moment(written, CLOCK) == block


@pytest.mark.parametrize(("written", "blocks"), [("2h", 600), ("600", 600), ("1d12h", 10_800), ("13s", 2), ("0", 0)])
def test_lengths(written: str, blocks: int) -> None:
    assert length(written, CLOCK) == blocks


def test_the_relay_chains_blocks_are_shorter() -> None:
    assert moment("+2h", RELAY) == 1_222
    assert RELAY.span(1) == "1 relay block (6s)"
    assert RELAY.span(1_200) == "1_200 relay blocks (2h)"


@pytest.mark.parametrize("written", ["2h", "-1", "", "+", "+x", "0x10", "9" * 20, str(LAST_BLOCK + 1), "+9999999999w"])
def test_what_is_no_moment(written: str) -> None:
    with pytest.raises(CliError):
        moment(written, CLOCK)


@pytest.mark.parametrize("written", ["+2h", "x", "", "2 hours", "-5", str(LAST_BLOCK + 1)])
def test_what_is_no_length(written: str) -> None:
    with pytest.raises(CliError):
        length(written, CLOCK)


@given(st.integers(0, 10**9))
def test_durations_can_be_written_back(duration: int) -> None:
    assert parse_duration(duration_text(duration)) == duration
