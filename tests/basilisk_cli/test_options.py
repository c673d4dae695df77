"""Durations, percentages, and options that exclude each other."""

from fractions import Fraction

import pytest

from basilisk_cli.errors import CliError
from basilisk_cli.options import confirm, fraction_of, one_of, seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("72h", 259_200),
        ("30m", 1_800),
        ("2d", 172_800),
        ("1d12h", 129_600),
        ("90s", 90),
        ("1w", 604_800),
        ("1d 1s", 86_401),
    ],
)
def test_durations(written: str, meant: int) -> None:
    assert seconds(written) == meant


@pytest.mark.parametrize("written", ["", "72", "h", "3x", "1.5h", "-1h", "72h!"])
def test_what_is_no_duration(written: str) -> None:
    with pytest.raises(CliError, match="is no duration"):
        seconds(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1%", Fraction(1, 100)),
        ("0.5", Fraction(1, 200)),
        ("0", Fraction(0)),
        ("100%", Fraction(1)),
        ("1 %", Fraction(1, 100)),
    ],
)
def test_percentages(written: str, meant: Fraction) -> None:
    assert fraction_of(written) == meant


@pytest.mark.parametrize("written", ["", "101%", "-1%", "one", "1%%", "1e1"])
def test_what_is_no_percentage(written: str) -> None:
    with pytest.raises(CliError, match="is no percentage"):
        fraction_of(written)


def test_one_of() -> None:
    assert one_of({"N": None, "--to": 0}) == "--to"
    with pytest.raises(CliError, match="nothing says how far"):
        one_of({"N": None, "--to": None})
    with pytest.raises(CliError, match="N and --to do not go together"):
        one_of({"N": 1, "--to": 2})


def test_confirm_needs_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    confirm("sure?", yes=True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(CliError, match="nobody is here"):
        confirm("sure?", yes=False)
