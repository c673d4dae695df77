"""Percentages, and options that exclude each other."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from typer.testing import Result

from basilisk_cli.errors import CliError
from basilisk_cli.options import confirm, fraction_of, one_of


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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chain advance ten", "invalid value for 'N': 'ten' is no whole number"),
        ("chain advance 0", "invalid value for 'N': 0 is too small: 1 is the least"),
        ("pool chart BSX/KSM --points 1", "invalid value for '--points': 1 is too small: 2 is the least"),
    ],
)
def test_numbers_of_a_wrong_kind_are_said_in_plain_words(run: Callable[..., Result], line: str, said: str) -> None:
    assert run(line, 2).stderr.splitlines()[0] == f"error: {said}"


def test_a_file_in_no_folder_is_named_as_written(run: Callable[..., Result]) -> None:
    run("chain init")
    result = run("chain export nowhere/x.json", 2)
    assert result.stderr.splitlines()[0] == "error: nowhere/x.json: no such file or directory"
