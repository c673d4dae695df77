"""Block numbers that a file alone shows to be past."""

from pathlib import Path

import pytest

from amm.scripts.errors import Faults
from amm.scripts.heights import best_before
from amm.scripts.script import load_script

CALL = "{as: a, call: b.c}"
AGAIN = "in a `repeat` use `advance`, which counts from where the chain is"


def complaint(steps: str, folder: Path = Path(), best: int | None = 0) -> str:
    try:
        load_script(folder / "s.yaml", best, text=f"name: a\nsteps: [{steps}]\n")
    except Faults as faults:
        return str(faults).replace(f"{folder}/", "")
    return ""


@pytest.mark.parametrize(
    "steps",
    [
        "{as: a, call: b.c, at: 1}",
        f"{CALL}, {{as: a, call: b.c, at: 2}}, {{advance: 5, at: 3}}, {{as: a, call: b.c, at: 8}}",
        "{advance_to: 0}, {advance_to: 5}, {advance_to: 5}, {check: , at: 6, expect: {}}, {advance: 0, at: 7}",
        "{advance_relay: 100, at: 5}, {as: a, call: b.c, at: 5}",
        f"{{block: [{CALL}, {CALL}]}}, {{advance: 1, at: 2}}",
        f"{{repeat: {{times: 10, steps: [{CALL}, {{advance: 2}}]}}}}, {{advance: 1, at: 31}}",
        "{repeat: {times: 3, steps: [{advance_to: 5}]}}, {advance: 1, at: 6}",
        f"{{repeat: {{times: 0, steps: [{CALL}, {{as: a, call: b.c, at: 1}}]}}}}, {{advance: 1, at: 1}}",
        f"{{repeat: {{times: 2, steps: [{CALL}]}}, at: 7}}, {{advance: 1, at: 9}}",
        "{advance: $block}, {advance_to: 1}",
        "{as: a, call: b.c, at: $block}, {advance_to: 1}",
    ],
)
def test_good_numbers(steps: str) -> None:
    assert complaint(steps) == ""


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            f"{CALL}, {{as: a, call: b.c, at: 1}}",
            "2:52: block 1 is past: the best block is 1 here\n    write 2 or more, or leave `at` out",
        ),
        (
            "{advance: 9}, {advance_to: 8}",
            "2:36: block 8 is past: the best block is 9 here\n    write 9 or more",
        ),
        (
            "{advance: 9}, {check: , at: 9, expect: {}}",
            "2:37: block 9 is past: the best block is 9 here\n    write 10 or more, or leave `at` out",
        ),
        (
            "{repeat: {times: 5, steps: [{as: a, call: b.c, at: 20}]}}",
            f"2:60: block 20 is past: the best block is 20 here\n    {AGAIN}",
        ),
        (
            f"{{repeat: {{times: 5, steps: [{{advance_to: 20}}, {CALL}]}}}}",
            f"2:50: block 20 is past: the best block is 21 here\n    {AGAIN}",
        ),
        (
            f"{{repeat: {{times: 1_000_000, steps: [{CALL}]}}}}, {{advance: 1, at: 1_000_000}}",
            "2:85: block 1000000 is past: the best block is 1000000 here\n    write 1000001 or more, or leave `at` out",
        ),
    ],
)
def test_numbers_that_are_past(steps: str, expected: str) -> None:
    assert complaint(steps) == f"s.yaml:{expected}"


def test_every_number_is_judged_as_if_those_before_were_good() -> None:
    lines = complaint(f"{CALL}, {CALL}, {{advance: 1, at: 2}}, {{advance: 1, at: 3}}, {{advance: 1, at: 3}}")
    assert [line.split(":")[2] for line in lines.splitlines()[::2]] == ["66", "108"]


def test_trades(tmp_path: Path) -> None:
    def write(*blocks: str) -> None:
        rows = [f"{block},alice,sell,BSX,KSM,1,,xyk" for block in blocks]
        header = "block,who,side,asset_in,asset_out,amount,limit,pool"
        (tmp_path / "t.csv").write_text("\n".join([header, *rows]))

    write("5", "5", "", "9")
    assert complaint("{advance: 4}, {trades: t.csv}, {advance: 1, at: 10}", tmp_path) == ""
    assert complaint("{advance: 5}, {trades: t.csv}", tmp_path) == (
        "s.yaml:2:23: the trades begin in block 5, which is past\n"
        "    number the rows from 6 on, or leave the numbers out"
    )
    assert complaint("{trades: t.csv, at: 7}", tmp_path).startswith("s.yaml:2:9: the trades begin in block 5")
    assert AGAIN in complaint("{repeat: {times: 2, steps: [{trades: t.csv}]}}", tmp_path)
    assert complaint("{trades: t.csv}, {advance: 1, at: 9}", tmp_path) != ""
    write("", "", "3")
    assert complaint("{advance: 1}, {trades: t.csv}, {advance: 1, at: 4}", tmp_path) == ""
    assert complaint("{advance: 2}, {trades: t.csv}", tmp_path) != ""
    write("", "", "")
    assert complaint("{repeat: {times: 2, steps: [{trades: t.csv}]}}, {advance: 1, at: 7}", tmp_path) == ""
    assert complaint("{trades: t.csv}, {advance: 1, at: 3}", tmp_path) != ""


def test_a_chain_that_is_not_at_its_beginning() -> None:
    assert complaint("{advance_to: 50}", best=40) == ""
    assert complaint("{advance_to: 50}", best=60) != ""
    assert complaint("{advance_to: 50}", best=None) == ""


def test_the_block_before_a_step() -> None:
    check = "{check: , expect: {}}"
    script = load_script(
        Path("s.yaml"),
        text=f"name: a\nsteps: [{CALL}, {check}, {{repeat: {{times: 1, steps: [{check}]}}}},"
        f" {{repeat: {{times: 1, steps: []}}}}]\n",
    )
    assert [best_before(step, 10) for step in script.steps] == [9, 10, 10, 9]
