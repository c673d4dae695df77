"""What people write, and what the chain makes of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm.pallets.lbp_data import MAX_WEIGHT, MIN_WEIGHT
from amm.simulate.units import (
    UnitError,
    Weights,
    duration_text,
    parse_duration,
    parse_percent,
    parse_rate,
    parse_weights,
    percent_text,
    relay_blocks,
    weights_text,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("72h", 259_200),
        ("1d12h", 129_600),
        ("30m", 1_800),
        ("12s", 12),
        ("2w", 1_209_600),
        ("1_000s", 1_000),
        (" 1d 1s ", 86_401),
        ("0h", 0),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "72", "h", "-1h", "1.5h", "1y", "72 hours", "9" * 40 + "h", "7 2h", "72h!"])
def test_no_durations(text: str) -> None:
    with pytest.raises(UnitError, match="is no duration"):
        parse_duration(text)


def test_a_relay_block_is_six_seconds_and_none_is_cut_short() -> None:
    assert [relay_blocks(seconds) for seconds in (0, 1, 6, 7, 259_200)] == [0, 1, 1, 2, 43_200]


@pytest.mark.parametrize(("text", "part"), [("80%", (4, 5)), ("0.2 %", (1, 500)), ("100%", (1, 1)), ("0%", (0, 1))])
def test_percentages(text: str, part: tuple[int, int]) -> None:
    assert parse_percent(text) == Fraction(*part)


@pytest.mark.parametrize("text", ["80", "%", "-1%", "101%", "1e2%", "1/2%", "٣%"])
def test_no_percentages(text: str) -> None:
    with pytest.raises(UnitError):
        parse_percent(text)
    assert parse_percent("150%", None) == Fraction(3, 2)


@pytest.mark.parametrize(
    ("text", "rate"), [("0.2%", (1, 500)), ("2/1000", (2, 1000)), ("0%", (0, 1)), ("100%", (1, 1)), ("0.9%", (9, 1000))]
)
def test_rates_keep_what_is_written_as_a_fraction(text: str, rate: tuple[int, int]) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["1/0", "2/1", "1/5000000000", "0.00000000001%", "two"])
def test_no_rates(text: str) -> None:
    with pytest.raises(UnitError):
        parse_rate(text)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("98/2:20/80", (2_000_000, 80_000_000)),
        ("37/3:7/33", (7_500_000, 82_500_000)),
        ("1/2 : 1.5/1.5", (66_666_667, 50_000_000)),
        ("97.5/2.5:0.5/99.5", (2_500_000, 99_500_000)),
    ],
)
def test_token_weights_become_those_of_the_collateral(text: str, weights: tuple[int, int]) -> None:
    assert parse_weights(text) == weights


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("99/1:20/80", "a token weight of 99 % is impossible here"),
        ("98/2:0/1", "a token weight of 0 % is impossible here"),
        ("98/2", "are no weights"),
        ("98:20", "are no weights"),
        ("0/0:1/1", "weighs nothing"),
        ("98/2:20/-80", "are no weights"),
        ("9 8/2:20/80", "are no weights"),
        ("98/3:20/80", "98/3 adds up to 101 and 20/80 adds up to 100"),
        ("98/2:20/8", "20/8 adds up to 28"),
    ],
)
def test_weights_that_the_chain_does_not_take(text: str, what: str) -> None:
    with pytest.raises(UnitError, match=what) as raised:
        parse_weights(text)
    assert raised.value.hint


def test_the_steepest_start_is_named() -> None:
    with pytest.raises(UnitError) as raised:
        parse_weights("99/1:20/80")
    assert "98/2" in raised.value.hint


@given(st.integers(MIN_WEIGHT, MAX_WEIGHT - 1), st.integers(MIN_WEIGHT, MAX_WEIGHT - 1))
def test_shown_weights_read_back(initial: int, final: int) -> None:
    weights = Weights(initial, final)
    assert parse_weights(weights_text(weights)) == weights


def test_texts() -> None:
    assert weights_text(Weights(2_000_000, 80_000_000)) == "98/2:20/80"
    assert percent_text(Fraction(1, 3)) == "33.333333 %"
    assert percent_text(Fraction(1, 8)) == "12.5 %"
    assert duration_text(259_200 + 3_661) == "3d 01:01:01"
    assert duration_text(600) == "00:10:00"
