"""Faults in chain specs and scripts: they act, or they are errors. Sources: spec/relay.md §13, spec/network.md §7."""

from pathlib import Path

import pytest

from amm.scripts import replay_file
from amm.scripts.errors import Faults
from chain.relay.faults import FaultError

SCRIPT = """
name: faulty
setup:
  faults: [{fault}]
steps:
  - {{advance: 3}}
"""


def played(folder: Path, fault: str) -> object:
    path = folder / "s.yaml"
    path.write_text(SCRIPT.format(fault=fault))
    return replay_file(path)


@pytest.mark.parametrize(
    "fault",
    ["{id: F01, at: 4}", "{do: tamper, path: header.state_root, at: 2}", "{do: precommit_twice, who: [1], at: 4}"],
)
def test_the_chain_goes_on(tmp_path: Path, fault: str) -> None:
    report = played(tmp_path, fault)
    assert report.ok  # type: ignore[attr-defined]
    assert report.verified_blocks == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", ["{id: F01, at: 3}", "{id: F01, at: 4000}", "{do: stale, at: 2}"])
def test_a_fault_that_cannot_act(tmp_path: Path, fault: str) -> None:
    with pytest.raises(FaultError, match="FaultNotTriggered"):
        played(tmp_path, fault)


@pytest.mark.parametrize(
    "fault",
    [
        "{id: F17, at: 4, who: [9]}",
        "{id: F01, at: 4, para: 2000}",
        "{at: 4}",
        "{id: F01, do: stale, at: 4}",
        "{do: nothing, at: 4}",
        "{do: lazy, at: 4}",
    ],
)
def test_a_fault_that_makes_no_sense(tmp_path: Path, fault: str) -> None:
    with pytest.raises(Faults):
        played(tmp_path, fault)
