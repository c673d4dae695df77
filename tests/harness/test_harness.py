"""The harness itself: that it can fail, that it tells missing from broken, and what it prints."""

import enum
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import vectors
from cases import Missing, read_folder
from convert import arguments, plain, same, value_of
from lookup import need

RIGHT = {
    "fn": "xyk.calculate_shares",
    "args": {"asset_reserve": "2", "asset_amount": "3", "share_issuance": "4"},
}


def write(folder: Path, name: str, *lines: dict[str, Any]) -> None:
    (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_a_right_case_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "xyk.jsonl", {**RIGHT, "ok": "6"})
    assert vectors.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "xyk\t1\t0\t0\n"


@pytest.mark.parametrize(
    ("claim", "reason"), [({"ok": "7"}, "is 6, not 7"), ({"err": True}, "is 6, and should be refused")]
)
def test_a_wrong_case_fails_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], claim: dict[str, Any], reason: str
) -> None:
    write(tmp_path, "xyk.jsonl", {**RIGHT, "ok": "6"}, {**RIGHT, **claim})
    assert vectors.main([str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == "xyk\t1\t1\t0\n"
    assert "xyk.jsonl:2" in printed.err
    assert reason in printed.err


def test_a_refusal_where_there_is_a_result_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = {"asset_reserve": "0", "asset_amount": "3", "share_issuance": "4"}
    write(tmp_path, "xyk.jsonl", {"fn": "xyk.calculate_shares", "args": args, "ok": "0"})
    assert vectors.main([str(tmp_path)]) == 1
    assert "refused" in capsys.readouterr().err


def test_what_has_no_code_is_missing_and_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "bonding.jsonl", {"fn": "bonding.curve", "args": {}, "ok": "1"})
    write(tmp_path, "runes.jsonl", {"shape": "x"}, {"shape": "y"})
    write(tmp_path, "xyk.jsonl", {"fn": "xyk.no_such_formula", "args": {}, "ok": "1"})
    assert vectors.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "bonding\t0\t0\t1\nrunes\t0\t0\t2\nxyk\t0\t0\t1\n"


def test_a_crash_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "xyk.jsonl", {"fn": "xyk.calculate_shares", "args": {"reserve": "1"}, "ok": "1"})
    assert vectors.main([str(tmp_path)]) == 1
    assert "TypeError" in capsys.readouterr().err


def test_families_can_be_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "xyk.jsonl", {**RIGHT, "ok": "7"})
    write(tmp_path, "shares.jsonl", {**RIGHT, "ok": "6"})
    assert vectors.main([str(tmp_path), "shares"]) == 0
    assert capsys.readouterr().out == "shares\t1\t0\t0\n"


def test_scenarios_go_by_their_prefix(tmp_path: Path) -> None:
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    for name in ("xyk-sell.yaml", "lbp-buy.yaml", "xyk-buy.yaml"):
        (scenarios / name).write_text("name: x\n")
    (scenarios / "xyk-bulk.csv").write_text("")
    found = [(case.family, case.id) for case in read_folder(tmp_path)]
    assert found == [
        ("scenarios/lbp", "lbp-buy.yaml"),
        ("scenarios/xyk", "xyk-buy.yaml"),
        ("scenarios/xyk", "xyk-sell.yaml"),
    ]


def test_nothing_to_run_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vectors.main([str(tmp_path)]) == 2
    assert "no cases" in capsys.readouterr().err


def test_a_broken_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "xyk.jsonl").write_text('{}\n{"fn": \n')
    assert vectors.main([str(tmp_path)]) == 2
    assert "line 2" in capsys.readouterr().err


def test_it_runs_as_a_script(tmp_path: Path) -> None:
    write(tmp_path, "xyk.jsonl", {**RIGHT, "ok": "7"})
    command = [sys.executable, str(Path(__file__).with_name("vectors.py")), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "xyk\t0\t1\t0\n")


def test_missing_is_told_from_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "harness_probe.py").write_text("import no_such_module_at_all\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Missing):
        need("harness_probe_absent.inner", "name")
    with pytest.raises(Missing):
        need("amm.math.xyk", "no_such_formula")
    with pytest.raises(ModuleNotFoundError):
        need("harness_probe", "name")


class Side(enum.Enum):
    Sell = 0
    Buy = 1


class Pair(NamedTuple):
    n: int
    d: int


@dataclass(frozen=True)
class Reserve:
    amount: int
    price: Pair


def quote(reserves: tuple[Reserve, ...], fee: Pair | None, side: Side, key: bytes, name: str) -> None:
    """Only its annotations are used."""


def test_arguments_follow_the_annotations() -> None:
    args = {
        "reserves": [{"amount": "1", "price": ["2", "3"]}],
        "fee": ["3", "1000"],
        "side": "Buy",
        "key": "0x0102",
        "name": "xyk",
    }
    assert arguments(quote, args) == {
        "reserves": (Reserve(1, Pair(2, 3)),),
        "fee": Pair(3, 1000),
        "side": Side.Buy,
        "key": b"\x01\x02",
        "name": "xyk",
    }
    assert value_of(None, Pair | None) is None
    assert value_of("-5") == -5


def test_results_become_what_the_vectors_write() -> None:
    assert plain((Reserve(1, Pair(2, 3)), b"\x01", None, True)) == [
        {"amount": "1", "price": {"n": "2", "d": "3"}},
        "0x01",
        None,
        True,
    ]
    assert same({"n": "2", "d": "3"}, ["2", "3"])
    assert not same({"n": "2", "d": "3"}, ["2", "4"])
    assert not same({"n": "2"}, {"n": "2", "d": "3"})
