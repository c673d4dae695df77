"""Faults in chain specs and scripts: they act, or they are errors. Sources: spec/relay.md §13, spec/network.md §7."""

from pathlib import Path

import pytest

from amm.scripts import replay_file
from amm.scripts.errors import Faults
from amm.scripts.report import Report

SCRIPT = """
name: faulty
setup:
  faults: [{fault}]
steps:
  - {{advance: 3}}
"""
LINE, COLUMN = 4, 12
"""Where the fault stands in the script."""


def played(folder: Path, fault: str) -> Report:
    path = folder / "s.yaml"
    path.write_text(SCRIPT.format(fault=fault))
    return replay_file(path)


@pytest.mark.parametrize(
    "fault",
    [
        "{id: F01, at: 4}",
        "{do: tamper, path: header.state_root, at: 2}",
        "{do: precommit_twice, who: [1], at: 4}",
        "{do: precommit_twice, who: [1], at: 5}",
        "{do: include_unbacked, at: 4, who: [1]}",
        "{do: include_unbacked, at: 5, who: [1]}",
    ],
)
def test_the_chain_goes_on(tmp_path: Path, fault: str) -> None:
    report = played(tmp_path, fault)
    assert report.failed_expectations == []
    assert report.verified_blocks == 3


def test_two_votes_while_time_flies(tmp_path: Path) -> None:
    """Where most relay blocks go without a round of finality, the one that the fault is at has one."""
    (tmp_path / "s.yaml").write_text(
        SCRIPT.format(fault="{do: precommit_twice, who: [1], at: 40}").replace("advance: 3", "advance_relay: 100")
    )
    assert replay_file(tmp_path / "s.yaml").failed_expectations == []


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("{id: F01, at: 3}", "no candidate was built on relay block 3; it was on 2, 4 and 6"),
        ("{id: F01, at: 4000}", "the run ended at relay block 8"),
        ("{do: stale, at: 2}", "there is no older head yet"),
        ("{id: F04, at: 4}", "the block holds no signed extrinsic"),
        ("{do: tamper, path: header.number, value: 2, at: 4}", "it changes nothing"),
        ("{do: tamper, path: inherent.downward_messages.0.msg, at: 4}", "there are 0 entries, none has the place 0"),
        ("{do: tamper, path: header.digest.logs, at: 4}", "nothing is there to be changed: give it a `value`"),
        ("{do: drop_node, value: 4000, at: 4}", "the proof has "),
        ("{do: slot_shift, value: 0, at: 4}", "it changes nothing"),
        ("{do: sign_as, value: alice, at: 2}", "it is the collator's own key"),
        ("{do: include_unbacked, who: [3], at: 4}", "no relay block with a candidate was validator 3's; authors were"),
        ("{do: bad_bitfield, who: [0], at: 30}", "the run ended at relay block 8"),
        ("{do: dispute, who: [3], at: 1}", "validator 3 had no included candidate to call invalid"),
    ],
)
def test_a_fault_that_cannot_act(tmp_path: Path, fault: str, why: str) -> None:
    """It is said at the run's end, with its place; nothing is lost."""
    report = played(tmp_path, fault)
    (failure,) = report.failed_expectations
    assert (failure.kind, failure.line) == ("fault", LINE)
    assert failure.found.startswith("Network.FaultNotTriggered: ")
    assert why in failure.found
    assert report.blocks == report.verified_blocks == 3


@pytest.mark.parametrize(
    "faults",
    [
        "{do: withhold_chunk, who: [2], at: 4}, {do: offline, who: [2], at: 4, until: 5}",
        "{do: corrupt_chunk, who: [2], at: 4}, {do: withhold_chunk, who: [2], at: 4}",
    ],
)
def test_faults_that_leave_each_other_nothing_to_do(tmp_path: Path, faults: str) -> None:
    (failure,) = played(tmp_path, faults).failed_expectations
    assert faults[5:19].split(",")[0].strip() in failure.found


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        ("{id: F17, at: 4, who: [9]}", "Network.FaultNotTriggered: there is no validator 9: they are numbered 0 to 3"),
        ("{id: F01, at: 4, para: 2000}", "Network.FaultNotTriggered: there is no parachain 2000: there are 2090"),
        ("{at: 4}", "Network.UnknownFault: it has neither an `id` nor a `do`"),
        ("{id: F01, do: stale, at: 4}", "a fault has either an `id` or a `do`"),
        ("{do: nothing, at: 4}", "expected tamper or drop_node or "),
        ("{do: lazy, at: 4}", "Network.UnknownFault: lazy needs `who`"),
        ("{do: lazy, at: 4, who: [1, 1]}", "a validator is named twice in `who`"),
        ("{do: lazy, at: 4, who: [1], until: 3}", "it is over in relay block 3, before it begins"),
        ("{do: lazy, at: 4, who: [300]}", "the number 300 is out of range"),
        ("{do: stale, at: 0}", "the number 0 is out of range"),
        ("{do: tamper, at: 4}", "tamper needs a `path`"),
        ("{do: stale, at: 4, path: header}", "only `tamper` has a `path`"),
        ("{do: stale, at: 4, value: 5}", "stale has no `value`"),
        ("{id: F01, at: 4, value: 5}", "a fault of the catalogue has no `value`"),
        ("{do: tamper, path: header.stateroot, at: 4}", "unknown path 'header.stateroot'"),
        ("{do: tamper, path: header.number, value: x, at: 4}", "the text 'x' where an integer is needed"),
        ("{do: tamper, path: header.number, value: -1, at: 4}", "-1"),
        ("{do: tamper, path: header.state_root, value: 0x00, at: 4}", "1 bytes where 32 are needed"),
        ("{do: tamper, path: descriptor.pov_hash, value: 7, at: 4}", "the number 7 where bytes are needed"),
        ("{do: tamper, path: pov.size, value: 4_000_000_000, at: 4}", "a PoV of 4000000000 bytes is too long"),
        ("{do: slot_shift, value: a, at: 4}", "the text 'a' where an integer is needed"),
        ("{do: bad_bitfield, who: [1], value: odd, at: 4}", "'odd' is no way to spoil a bitfield"),
        ("{id: F34, at: 4, who: [2]}", "Network.FaultNotTriggered: validator 2 is of the group that backs"),
        ("{id: F17, at: 4, who: [0]}", "Network.FaultNotTriggered: validator 0 is not of the group that backs: 1, 2"),
        ("{do: old_session, at: 4, who: [0]}", "Network.FaultNotTriggered: validator 0 is not of the group"),
        ("{id: F01, at: 4}, {do: tamper, path: header.state_root, at: 2, until: 6}", "befalls one candidate twice"),
    ],
)
def test_a_fault_that_makes_no_sense(tmp_path: Path, fault: str, wrong: str) -> None:
    """It is known before anything runs, and said with its place."""
    with pytest.raises(Faults) as found:
        played(tmp_path, fault)
    assert wrong in str(found.value)
    mark = found.value.faults[0].mark
    assert mark.file.endswith("s.yaml")
    assert mark.line == LINE
    assert mark.column >= COLUMN


def test_an_unknown_path_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(Faults) as found:
        played(tmp_path, "{do: tamper, path: header.stateroot, at: 4}")
    (fault,) = found.value.faults
    assert fault.hint == "did you mean header.state_root?"


@pytest.mark.parametrize(
    "fault",
    [
        *("{id: F71, at: 4}", "{do: lazzy, at: 4, who: [1]}", "{at: 4}"),
        *("{id: F01, at: 6, until: 4}", "{do: tamper, id: F01, at: 4}"),
    ],
)
def test_one_mistake_is_said_once(tmp_path: Path, fault: str) -> None:
    with pytest.raises(Faults) as found:
        played(tmp_path, fault)
    assert len(found.value.faults) == 1
