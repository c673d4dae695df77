"""Variables: how texts use them, and where they are known."""

from pathlib import Path

import pytest

from amm.scripts.errors import Faults
from amm.scripts.script import load_script
from amm.scripts.variables import fill_in, is_name, names_in, variable


@pytest.mark.parametrize(
    ("text", "whole", "names"),
    [
        ("$pool", "pool", ("pool",)),
        ("${pool}", "pool", ("pool",)),
        ("x${a}${b_1}", None, ("a", "b_1")),
        ("x$a", None, ()),
        ("$5", None, ()),
        ("$", None, ()),
        ("${}", None, ()),
        ("$a b", None, ()),
        ("a", None, ()),
    ],
)
def test_texts(text: str, whole: str | None, names: tuple[str, ...]) -> None:
    assert (variable(text), names_in(text)) == (whole, names)


def test_filling_in() -> None:
    assert fill_in("t${i} of ${n}$i", {"i": "3", "n": "9"}.__getitem__) == "t3 of 9$i"


def test_names() -> None:
    assert [is_name(name) for name in ("pool", "_a1", "i", "block", "relay_block", "a-b", "1a", "")] == [
        True, True, False, False, False, False, False, False,
    ]  # fmt: skip


def places(text: str, folder: Path = Path()) -> list[str]:
    """Line and name of every unknown variable."""
    try:
        load_script(folder / "s.yaml", text=f"name: a\nsteps:\n{text}")
    except Faults as faults:
        return [f"{fault.mark.line} {fault.message}" for fault in faults.faults]
    return []


def test_saved_values_are_known_from_their_step_on() -> None:
    assert places(
        "  - {as: a, call: b.c, args: {x: $p}}\n"
        "  - {as: a, call: b.c, args: {x: $p}, save: {p: A.B.c}, expect: {events: [A.B: {c: $p}]}}\n"
        "  - {as: '${p}', call: b.c, args: {x: [{$p: '1${p}'}], y: $relay_block}, tip: $p, label: '${q}'}\n"
    ) == ["3 unknown variable '$p'", "4 unknown variable '$p'", "5 unknown variable '$q'"]


def test_the_counter_is_known_in_repeat() -> None:
    assert places(
        "  - repeat: {times: 2, steps: [{as: 't${i}', call: b.c, save: {p: A.B.c}}]}\n"
        "    expect: {balances: {$p: {BSX: 1}}}\n"
        "  - {as: 't${i}', call: b.c}\n"
        "  - {advance: $p}\n"
        "  - repeat: {times: $i, steps: []}\n"
    ) == ["5 unknown variable '$i'", "7 unknown variable '$i'"]


def test_blocks_and_includes_pass_values_on(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("steps: [{as: a, call: b.c, args: {x: $p}, save: {q: A.B.c}}]")
    assert places(
        "  - block: [{as: a, call: b.c, save: {p: A.B.c}}, {as: a, call: b.c, args: {x: $p}}]\n"
        "  - {include: b.yaml}\n"
        "  - {advance: $q}\n"
        "  - {advance: $r}\n",
        tmp_path,
    ) == ["6 unknown variable '$r'"]


def test_the_nearest_name_is_shown() -> None:
    with pytest.raises(Faults) as caught:
        load_script(Path("s.yaml"), text="name: a\nsteps: [{advance: $relay_blok}]\n")
    assert str(caught.value) == ("s.yaml:2:19: unknown variable '$relay_blok'\n    did you mean $relay_block?")
