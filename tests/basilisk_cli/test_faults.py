"""Faults from the command line: scripts and specs that switch them on, and what a kept chain tells of them.

The scripts run on the network of the catalogue, `r10`. Source: spec/relay.md §13.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

SCRIPT = """
name: faulty
chain: {chain}
setup:
  {setup}
  faults: [{faults}]
steps:
  - repeat:
      times: 3
      steps:
        - {{as: alice, call: balances.transfer_allow_death, args: {{dest: bob, value: "1 BSX"}}}}
"""

R10 = """relay: {validators: 10, seed: 98, group_rotation_frequency: 0, session_length: 1000, needed_approvals: 3,
          max_validators_per_core: null}
  parachains: [{id: 2000}]
  channels: all"""
"""The same network, laid over the local chain by a script."""


class Kept:
    """What the commands say of a kept chain."""

    def __init__(self, report: Any, read_json: ReadJson) -> None:
        self.report = report
        self.log: list[Any] = read_json("relay log --last 1000 --data-dir kept")
        self.validators: list[Any] = read_json("relay validators --data-dir kept")
        self.disputes: list[Any] = read_json("relay disputes --data-dir kept")
        self.failed = report["failed_expectations"]

    @property
    def notes(self) -> list[str]:
        return [note for block in self.log for note in block["notes"]]

    @property
    def stakes(self) -> dict[int, float]:
        return {each["index"]: each["stake_percent"] for each in self.validators if each["stake_percent"] != 100}

    @property
    def disabled(self) -> list[int]:
        return [each["index"] for each in self.validators if each["disabled"]]

    def included(self) -> list[int]:
        return [
            block["block"]
            for block in self.log
            if any((each["kind"], each["para"]) == ("included", 2090) for each in block["happened"])
        ]


@pytest.fixture
def play(folder: Path, read_json: ReadJson) -> Callable[..., Kept]:
    def play(faults: str, status: int = 0, chain: str = "r10", setup: str = "runtime: {}") -> Kept:
        (folder / "faulty.yaml").write_text(SCRIPT.format(faults=faults, chain=chain, setup=setup))
        return Kept(read_json("replay faulty.yaml --keep kept", status), read_json)

    return play


@pytest.mark.parametrize(("chain", "setup"), [("r10", "runtime: {}"), ("local", R10)])
def test_f01(play: Callable[..., Kept], read_json: ReadJson, chain: str, setup: str) -> None:
    kept = play("{id: F01, at: 4}", chain=chain, setup=setup)
    refusals = [note.split(":")[0] for note in kept.notes if "Candidate.ExecutionError(Pvf.StateRootMismatch)" in note]
    assert refusals == [f"validator {index}" for index in range(5, 10)]
    assert (kept.stakes, kept.disabled, kept.disputes) == ({}, [], [])
    assert kept.included() == [4, 8, 10]
    verified = read_json("relay verify --data-dir kept")
    assert (verified["blocks"], verified["verified"]) == (3, 3)
    assert read_json("relay audit --data-dir kept")["ok"] is True


def test_f17(play: Callable[..., Kept], read_json: ReadJson) -> None:
    kept = play("{id: F17, at: 4, para: 2090, who: [5, 6]}")
    (dispute,) = kept.disputes
    assert (dispute["outcome"], dispute["for"]) == ("invalid", [5, 6])
    assert dispute["against"] == [0, 1, 2, 3, 4, 7, 8, 9]
    assert (kept.stakes, kept.disabled) == ({5: 0, 6: 0}, [5, 6])
    assert kept.included() == [4, 8, 10]
    assert read_json("relay verify --data-dir kept")["failed"] == []


def test_f20(play: Callable[..., Kept], read_json: ReadJson) -> None:
    """The run ends where nobody can go on; the wrong block is final, and whoever verifies it again says so."""
    kept = play("{id: F20, at: 4}", status=1)
    (failure,) = kept.failed
    assert (failure["kind"], failure["step"]) == ("relay", 2)
    assert "Finality.SafetyViolation" in failure["found"][0]
    assert failure["block"] == 2, "the life that is told is the bad block's"
    assert (kept.stakes, kept.disputes) == ({}, [])
    assert read_json("relay status --data-dir kept")["finalized"]["block"] == 6
    verified = read_json("relay verify --data-dir kept", 1)
    (failed,) = verified["failed"]
    assert failed["block"] == 2
    assert failed["error"].startswith("Candidate.ExecutionError(Pvf.StateRootMismatch)")
    assert read_json("chain status --data-dir kept")["block"] == 2


def test_a_write_behind_an_invalid_block_is_refused_by_name(play: Callable[..., Kept], run: Run) -> None:
    play("{id: F20, at: 4}", status=1)
    said = run('pool create "100_000 TKN" "250 KSM" --data-dir kept', 1).stderr
    assert said.startswith("error: block 2 is not valid: nobody has a state after it\n")
    text = run("relay verify --data-dir kept", 1).stderr
    assert " help: `basilisk relay show 2` says who signed for it all the same; or the store is damaged\n" in text


def test_nothing_goes_on_behind_an_invalid_block(play: Callable[..., Kept], run: Run) -> None:
    play("{id: F20, at: 4}", status=1)
    assert "a block that cannot be built on" in run("chain advance 1 --data-dir kept", 1).stderr
    assert "block 2 is not valid" in run("block list --data-dir kept", 1).stderr
    assert run("account list --data-dir kept").stdout


def test_a_candidate_without_a_block(play: Callable[..., Kept], run: Run) -> None:
    """What everybody lets pass may be no block at all: whoever wants to see it is told that it is not valid."""
    play("{do: tamper, path: pov.block_data, value: '', at: 4, who: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}", status=1)
    for line in ("block list", "block show 2"):
        assert "block 2 is not valid" in run(f"{line} --data-dir kept", 1).stderr
    assert "Finality.SafetyViolation" in run("chain advance 1 --data-dir kept", 1).stderr


def test_f22(play: Callable[..., Kept], run: Run, read_json: ReadJson) -> None:
    """Absent checkers are replaced, two slots later: then all is final."""
    kept = play("{id: F22, at: 4, who: [0, 1, 2]}")
    found = read_json("relay candidates --last 2 --data-dir kept")
    assert not {0, 1, 2} & {index for each in found for index in each["approved_by"]}
    run("chain advance --relay 12 --data-dir kept")
    status = read_json("relay status --data-dir kept")
    assert status["finalized"]["block"] == status["block"] == 20
    assert (kept.stakes, kept.disputes, kept.included()) == ({}, [], [4, 6, 8])
    assert read_json("relay verify --data-dir kept")["verified"] == 3


def test_f24(play: Callable[..., Kept]) -> None:
    kept = play("{id: F24, at: 4}")
    assert sum("Erasure.InvalidBranchProof" in note for note in kept.notes) == 3
    assert (kept.stakes, kept.included()) == ({}, [4, 6, 8])


def test_f31(play: Callable[..., Kept]) -> None:
    kept = play("{id: F31, at: 4, who: [5, 6]}")
    assert sum("Candidate.InvalidOutputs(Inclusion.InvalidOutboundHrmp)" in note for note in kept.notes) == 3
    assert sum(note.startswith("Inclusion.InvalidOutboundHrmp (candidate") for note in kept.notes) == 1
    assert (kept.stakes, kept.included()) == ({}, [4, 8, 10])


def test_messages_of_a_script(play: Callable[..., Kept], read_json: ReadJson) -> None:
    messages = "messages: [{at: 4, data: down}, {at: 4, from: 2000, data: across}]"
    kept = play("{do: tamper, path: inherent.horizontal_messages.2000.0.data, value: x, at: 4}", setup=messages)
    assert sum("Pvf.HrmpHeadMismatch" in note for note in kept.notes) == 5
    assert kept.included() == [4, 8, 10]
    assert read_json("relay verify --data-dir kept")["verified"] == 3
    assert read_json("relay audit --data-dir kept")["ok"] is True


def test_a_neighbour_that_is_there_already(play: Callable[..., Kept], read_json: ReadJson) -> None:
    """A script may name the parachains of its network again; the chain that it leaves can be opened."""
    kept = play("{id: F17, at: 4, who: [5, 6]}", setup="parachains: [{id: 2000}]")
    assert (kept.disabled, kept.included()) == ([5, 6], [4, 8, 10])
    assert [core["para"] for core in read_json("relay status --data-dir kept")["cores"]] == [2000, 2090]


def test_a_fault_that_cannot_act(play: Callable[..., Kept], run: Run) -> None:
    kept = play("{id: F01, at: 4}, {id: F21, at: 30}", status=1)
    (failure,) = kept.failed
    assert (failure["kind"], failure["line"]) == ("fault", 6)
    assert failure["found"].startswith("Network.FaultNotTriggered: F21 withhold_chunk by 2 at 30: the run ended")
    assert kept.included() == [4, 8, 10]
    told = run("replay faulty.yaml --keep again", 1)
    assert "Network.FaultNotTriggered" in told.stderr
    assert "Traceback" not in told.stderr


SPEC = """name: faulty
pallets: [sudo]
relay: {validators: 10, max_validators_per_core: 5}
faults:
  - %s
"""


@pytest.mark.parametrize(
    ("fault", "place", "what", "hint"),
    [
        ("{id: F17, at: 6, who: [10]}", "5:5", "Network.FaultNotTriggered: there is no validator 10", ""),
        ("{do: tampr, at: 6}", "5:10", "found the text 'tampr'", "did you mean tamper?"),
        ("{do: tamper, at: 6, path: commitments.watermark}", "5:31", "unknown path", "commitments.hrmp_watermark"),
        ("{do: tamper, at: 6, path: header.number, value: [1]}", "5:53", "a list where an integer is needed", ""),
        ("{id: F01, at: 6, para: 2000}", "5:5", "Network.FaultNotTriggered: there is no parachain 2000", ""),
        ("{id: F01, when: 6}", "5:15", "unknown key 'when'", ""),
    ],
)
def test_a_spec_with_a_bad_fault(folder: Path, run: Run, fault: str, place: str, what: str, hint: str) -> None:
    """Known before anything is made: file, line, column, what, and how to mend it. No chain is left behind."""
    (folder / "faulty.yaml").write_text(SPEC % fault)
    told = run("--chain ./faulty.yaml chain init", 2).stderr
    assert f"faulty.yaml:{place}: " in told
    assert what in told, told
    assert hint in told
    assert not (folder / ".basilisk" / "faulty").exists()


def test_a_chain_whose_fault_did_not_act(folder: Path, run: Run) -> None:
    """The command that goes past its height says so, once; what it did is done."""
    (folder / "faulty.yaml").write_text(SPEC % "{do: stale, at: 2}")
    run("--chain ./faulty.yaml chain init")
    told = run("--chain ./faulty.yaml chain advance 2", 1)
    assert "Network.FaultNotTriggered: stale at 2: there is no older head yet" in told.stderr
    assert "blocks sealed\t2" in told.stdout
    run("--chain ./faulty.yaml chain advance 1")


def test_a_fault_acts_in_a_later_command(folder: Path, run: Run, read_json: ReadJson) -> None:
    """F09 needs the block before as it was backed, which an earlier command has seen."""
    (folder / "faulty.yaml").write_text(SPEC % "{id: F09, at: 4}")
    run("--chain ./faulty.yaml chain init")
    run("--chain ./faulty.yaml chain advance 1")
    run("--chain ./faulty.yaml chain advance 1")
    notes = [note for block in read_json("--chain ./faulty.yaml relay log") for note in block["notes"]]
    assert sum("Inclusion.DisallowedRelayParent" in note for note in notes) == 1


# -- network files -----------------------------------------------------------------------------------------------------


def test_r10_by_name(run: Run, read_json: ReadJson) -> None:
    run("--chain r10 chain init")
    cores = read_json("--chain r10 relay status")["cores"]
    assert [(core["para"], sorted(core["group"])) for core in cores] == [
        (2000, [0, 1, 2, 3, 4]),
        (2090, [5, 6, 7, 8, 9]),
    ]
    run("--chain r10 chain advance 2")
    assert read_json("--chain r10 relay verify")["verified"] == 2


NETWORK = """relay: {validators: 10, session_length: 100, needed_approvals: 3, seed: 7}
parachains:
  - {id: 2090, runtime: basilisk, chain: local, collators: [alice, bob]}
  - {id: 2000}
channels: all
workers: auto
verify: full
faults:
  - {id: F01, at: 4, para: 2090}
"""


def test_a_network_file(folder: Path, run: Run, read_json: ReadJson) -> None:
    (folder / "two.yaml").write_text(NETWORK)
    run("--chain ./two.yaml chain init")
    run("--chain ./two.yaml chain advance 3")
    status = read_json("--chain ./two.yaml relay status")
    assert (status["verify"], status["seed"], status["para"]) == ("full", 7, 2090)
    assert [core["para"] for core in status["cores"]] == [2000, 2090]
    notes = [note for block in read_json("--chain ./two.yaml relay log") for note in block["notes"]]
    assert sum("Pvf.StateRootMismatch" in note for note in notes) == 5
    assert read_json("--chain ./two.yaml relay verify")["verified"] == 3


@pytest.mark.parametrize(
    ("was", "now", "place", "what"),
    [
        ("seed: 7", "sead: 7", "1:67", "did you mean seed?"),
        ("- {id: 2000}", "- {id: 2000, runtime: basilisk}", "4:5", "one parachain runs, and 2090 does already"),
        ("- {id: 2000}", "- {id: 2000, runtime: other}", "4:25", "expected basilisk"),
        ("- {id: 2000}", "- {id: 2000, collators: [charlie]}", "4:5", "an inert parachain has no collators"),
        ("- {id: 2000}", "- {id: 2090}", "4:5", "the parachain 2090 is given twice"),
        ("channels: all", "channels: some", "5:11", "expected all, or pairs"),
        ("channels: all", "channels: [[2000, 2001]]", "1:1", "a channel of 2001"),
        ("workers: auto", "workers: few", "6:10", "expected auto or a whole number from 0 to 256"),
        ("verify: full", "assets: [{symbol: BSX}]", "7:10", "assets across chains need several parachains that run"),
        ("verify: full", "chanels: all", "7:1", "did you mean channels?"),
        ("para: 2090", "para: 2000", "9:5", "Network.FaultNotTriggered: the parachain 2000 is inert"),
        ("para: 2090", "para: 2001", "9:5", "Network.FaultNotTriggered: there is no parachain 2001"),
        ("chain: local", "chain: nowhere", "3:42", "unknown chain spec 'nowhere'"),
        ("runtime: basilisk, chain: local, collators: [alice, bob]", "", "1:1", "none of the parachains runs"),
        ("validators: 10", "validators: 1", "1:8", "2 cores and 1 validators"),
        ("seed: 7", "allowed_ancestry_len: 2", "1:8", "this relay chain has no other `allowed_ancestry_len`"),
    ],
)
def test_what_a_network_file_cannot_say(folder: Path, run: Run, was: str, now: str, place: str, what: str) -> None:
    assert was in NETWORK
    (folder / "two.yaml").write_text(NETWORK.replace(was, now))
    told = run("--chain ./two.yaml chain init", 2).stderr
    assert f"two.yaml:{place}: " in told, told
    assert what in told
