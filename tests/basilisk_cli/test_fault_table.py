"""The table of faults at the end of a replay: what each did, and by which names the relay side knows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

SCRIPT = """\
name: liars
chain: r10
setup:
  faults:
    - {id: F17, at: 4, who: [5, 6]}
    - {do: precommit_twice, at: 8, who: [1]}
    - {do: drop_node, at: 400}
steps:
  - {advance: 5}
"""


def test_the_table_of_faults(folder: Path, run: Run, read_json: ReadJson) -> None:
    (folder / "liars.yaml").write_text(SCRIPT)
    rows = run("replay liars.yaml", 1).stdout.split("fault\tat\tby\tacted\terrors named then\n")[1].splitlines()[:4]
    errors = "Candidate.ExecutionError, Pvf.StateRootMismatch"
    assert rows == [
        f"F17 tamper header.state_root\t4\t\tyes\t{errors}",
        f"F17 collude\t4\t5 6\tyes\t{errors}",
        "precommit_twice\t8\t1\tyes\tFinality.Equivocation",
        "drop_node\t400\t\tno\t",
    ]
    found = read_json("replay liars.yaml", 1)["faults"]
    assert [(fault["id"], fault["do"], fault["acted"]) for fault in found] == [
        ("F17", "tamper", True),
        ("F17", "collude", True),
        (None, "precommit_twice", True),
        (None, "drop_node", False),
    ]
    assert found[2]["who"] == [1] and found[2]["errors"] == ["Finality.Equivocation"]


def test_no_faults_no_table(folder: Path, run: Run, read_json: ReadJson) -> None:
    (folder / "good.yaml").write_text("name: good\nsteps:\n  - {advance: 1}\n")
    assert "errors named" not in run("replay good.yaml").stdout
    assert read_json("replay good.yaml")["faults"] == []


def test_who_colludes_must_be_asked(folder: Path, run: Run) -> None:
    """Validators of the other group have no say in a candidate that nobody backs."""
    (folder / "others.yaml").write_text(
        "name: others\nchain: r10\nsetup: {faults: [{id: F01, at: 4, who: [0, 1]}]}\nsteps:\n  - {advance: 3}\n"
    )
    assert "Network.FaultNotTriggered: validators 0 and 1 had no candidate to vouch for" in run(
        "replay others.yaml", 1
    ).stderr
