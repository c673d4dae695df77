"""`basilisk relay` where something went wrong, on other networks than the default, and as it goes on."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from amm.chain_spec import load_chain_spec
from amm.genesis import Genesis
from amm.runtime import load
from basilisk_cli.app import app
from basilisk_cli.session import Embedded
from chain.node.service import Keys, Node
from chain.node.store import MemoryStorage
from chain.relay.faults import Fault, Switched
from chain.relay.parameters import RelayParameters
from chain.relay.validators import ValidatorSet

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

LIARS = """\
name: liars
pallets: [sudo]
relay: {validators: 10, max_validators_per_core: 5}
faults:
  - {id: F17, at: 6, who: [6, 8]}
"""
HONEST = [0, 1, 2, 3, 4, 5, 7, 9]


@pytest.fixture(scope="module")
def lied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four blocks; in the third attempt two backers let a bad block pass, and lose the dispute about it."""
    folder = tmp_path_factory.mktemp("liars")
    (folder / "liars.yaml").write_text(LIARS)
    for line in (["--chain", str(folder / "liars.yaml"), "chain", "init"], ["chain", "advance", "4"]):
        result = CliRunner().invoke(app, [*line, "--data-dir", str(folder / "chain")])
        assert result.exit_code == 0, result.output
    return folder / "chain"


class TestDispute:
    def test_life_tells_of_the_attempt_that_was_given_up(self, lied: Path, read_json: ReadJson) -> None:
        life = read_json(f"--data-dir {lied} relay show 3")["life"]
        assert [moment["step"] for moment in life] == [
            *("refused", "backed", "included", "found bad", "dispute", "found bad", "dispute", "reverted", "dropped"),
            *("votes", "slashed", "built", "backed", "available", "included", "checked", "final"),
        ]
        assert "Candidate.ExecutionError(Pvf.StateRootMismatch)" in life[0]["what"]
        assert life[1]["validators"] == [6, 8]
        assert life[2]["what"] == "block 3 of para 2090 is included in relay block 8, now given up"
        assert life[4]["what"].startswith("dispute about block 3 of para 2090, started by validator ")
        assert sorted(life[3]["validators"] + life[5]["validators"]) == HONEST
        assert life[6]["what"] == "dispute: 2 for, 8 against: concluded invalid"
        assert (life[10]["validators"], life[10]["what"]) == ([6, 8], "loses 100 % of its stake")
        built = next(moment for moment in life if moment["step"] == "built")
        assert (built["relay"], built["slot"]) == (8, 9), "the slot of the abandoned relay block is gone"
        assert read_json(f"--data-dir {lied} relay show 2")["life"][0]["step"] == "built"

    def test_life_is_found_by_the_candidate_that_lost(self, lied: Path, run: Run, read_json: ReadJson) -> None:
        (dispute,) = read_json(f"--data-dir {lied} relay disputes")
        assert dispute["block"] == 3
        told = read_json(f"--data-dir {lied} relay show {dispute['candidate']}")
        assert told == read_json(f"--data-dir {lied} relay show 3") and told["candidate"] != dispute["candidate"]
        other = "0x" + "ab" * 32
        assert f"there is no block {other}" in run(f"--data-dir {lied} relay show {other}", 2).stderr
        assert "there is no block 5" in run(f"--data-dir {lied} relay show 5", 2).stderr

    def test_log_says_who_voted_and_who_was_slashed(self, lied: Path, run: Run) -> None:
        text = run(f"--data-dir {lied} relay log --last 6").stdout
        against = " ".join(map(str, HONEST))
        assert f": for 6 8, against {against}\n" in text
        assert "8\t9\tslashed\t6 8\tloses 100 % of its stake\n" in text
        assert "8\t9\treverted\t\trelay blocks from 8 on are abandoned: the next author builds on 7 again\n" in text

    def test_disputes(self, lied: Path, run: Run, read_json: ReadJson) -> None:
        (found,) = read_json(f"--data-dir {lied} relay disputes")
        assert (found["for"], found["against"], found["outcome"]) == ([6, 8], HONEST, "invalid")
        assert found["slashed"] == [{"validator": 6, "percent": 100}, {"validator": 8, "percent": 100}]
        assert "\t6: 100 %, 8: 100 %\t" in run(f"--data-dir {lied} relay disputes").stdout

    def test_validators_and_status(self, lied: Path, run: Run, read_json: ReadJson) -> None:
        found = read_json(f"--data-dir {lied} relay validators")
        assert [each["index"] for each in found if each["stake_percent"] == 0] == [6, 8]
        assert [each["index"] for each in found if each["disabled"]] == [6, 8]
        assert read_json(f"--data-dir {lied} relay status")["disabled"] == [6, 8]
        assert "disabled\t6 8\n" in run(f"--data-dir {lied} relay status").stdout

    def test_a_relay_block_with_a_dispute(self, lied: Path, read_json: ReadJson) -> None:
        found = read_json(f"--data-dir {lied} relay show 8 --relay")
        assert [each["kind"] for each in found["happened"]][-3:] == ["dropped", "votes", "slashed"]


# -- other networks --------------------------------------------------------------------------------------------------


def embedded(parameters: RelayParameters, paras: tuple[int, ...], *faults: Fault) -> Embedded:
    """A chain in memory beside other parachains, which make no blocks."""
    spec = load_chain_spec("local")
    genesis, validators = Genesis(spec), ValidatorSet(parameters, paras)
    node = Node.create(
        genesis.runtime, validators, Keys(genesis.collators), MemoryStorage(), load, genesis.build(), spec.to_json(),
        2090, Switched(faults, validators, 2090),
    )
    session = Embedded.__new__(Embedded)
    session._take(spec, node, node.archive.storage, None)
    return session


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[Embedded], None]:
    """Lets `basilisk relay` look at a chain in memory."""
    return lambda session: monkeypatch.setattr("basilisk_cli.commands.relay.open_session", lambda ctx: session)


VERBS = ("status", "validators", "candidates", "disputes", "log", "show", "show --relay")


def test_beside_a_parachain_that_makes_no_blocks(folder: Path, run: Run, read_json: ReadJson) -> None:
    text = "name: two\nrelay: {validators: 10, max_validators_per_core: 5}\nparachains: [{id: 2000}]\n"
    (folder / "two.yaml").write_text(text)
    run("--chain two.yaml chain init")
    run("--chain two.yaml chain advance 3")
    status = read_json("--chain two.yaml relay status")
    assert [core["para"] for core in status["cores"]] == [2000, 2090]
    assert [len(core["group"]) for core in status["cores"]] == [5, 5]
    assert status["heads"][0] == {"para": 2000, "block": None, "hash": None}
    assert status["heads"][1]["block"] == 3
    assert "parachain 2000\tmakes no blocks\n" in run("--chain two.yaml relay status").stdout
    assert {each["para"] for each in read_json("--chain two.yaml relay validators")} == {2000, 2090}
    for verb in VERBS:
        assert run(f"--chain two.yaml relay {verb}").stdout


def test_while_finality_is_halted(run: Run, read_json: ReadJson, on: Any) -> None:
    """Four of ten say nothing from relay block 6 on: six precommits where seven are needed."""
    parameters = RelayParameters(10, max_validators_per_core=None, needed_approvals=3, session_length=1000)
    groups = ValidatorSet(parameters, (2090,)).groups_at(1)
    session = embedded(parameters, (2090,), Fault(6, "offline", groups[0][:4]))
    list(session.advance(2))
    session.advance_relay(12)
    on(session)
    status, text = read_json("relay status"), run("relay status").stdout
    assert status["finalized"]["block"] == 6
    assert status["block"] == 18
    assert "final\trelay block 6, 12 behind\n" in text
    assert "finality waits\tfinality stalls at 6 of 7 precommits\n" in text
    assert "finality stalls at 6 of 7 precommits" in run("relay log").stdout
    assert "empty slot" in run("relay log").stdout
    for verb in VERBS:
        assert run(f"relay {verb}").stdout


def test_a_block_whose_checkers_do_not_show_up(run: Run, read_json: ReadJson, on: Any) -> None:
    parameters = RelayParameters(10, max_validators_per_core=None, needed_approvals=3, session_length=1000)
    honest = embedded(parameters, (2000, 2090))
    list(honest.advance(2))
    record = honest.record(2)
    assert record is not None
    absent = tuple(record.approved_by[:2])
    session = embedded(parameters, (2000, 2090), Fault(4, "offline", absent))
    list(session.advance(2))
    on(session)
    (waits,) = (moment for moment in read_json("relay show 2")["life"] if moment["step"] == "final")
    assert (waits["relay"], waits["validators"]) == (None, [])
    assert "final\tnot yet\t" in run("relay show 2").stdout
    assert read_json("relay candidates")[0]["final_in"] is None
    list(session.advance(2))
    shown = read_json("relay show 2")
    life = {moment["step"]: moment for moment in shown["life"]}
    assert life["no-show"]["validators"] == sorted(absent)
    assert not {*absent} & {*life["checked"]["validators"], *life["final"]["validators"]}
    assert life["included"]["relay"] < life["checked"]["relay"] == life["final"]["relay"]
    assert shown["slots_to_inclusion"] < shown["slots_to_finality"]


# -- as it goes on ---------------------------------------------------------------------------------------------------

BASILISK = [sys.executable, "-m", "basilisk_cli"]


class Follower:
    """A process that follows the relay chain, and what it has printed."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [*BASILISK, "relay", "log", "--follow", "--last", "1", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def line(self) -> str:
        """The next line; none if it does not come in time."""
        assert self.process.stdout is not None
        patience = threading.Timer(20, self.process.kill)
        patience.start()
        try:
            return self.process.stdout.readline()
        finally:
            patience.cancel()

    def interrupt(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


@pytest.fixture
def follow() -> Iterator[Callable[..., Follower]]:
    started: list[Follower] = []

    def follow(*options: str) -> Follower:
        started.append(Follower(*options))
        return started[-1]

    yield follow
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.communicate()


def test_follow_as_another_process_seals(traded: Path, run: Run, follow: Callable[..., Follower]) -> None:
    rows = follow()
    assert rows.line() == "relay block\tslot\twhat\tvalidators\tin words\n"
    assert rows.line().startswith("6\t6\tincluded\t\tblock 2 of para 2090")
    run("chain advance 1")
    assert rows.line().startswith("7\t7\tbacked\t")
    assert rows.line().startswith("8\t8\tincluded\t\tblock 3 of para 2090")
    assert rows.interrupt() == (130, "interrupted\n")


def test_follow_in_json_is_a_document_a_line(traded: Path, run: Run, follow: Callable[..., Follower]) -> None:
    lines = follow("--json", "--count", "3")
    assert json.loads(lines.line())["block"] == 6
    run("chain advance 1")
    assert [json.loads(lines.line())["block"] for _ in range(2)] == [7, 8]
    assert lines.process.wait(timeout=20) == 0
    assert lines.line() == ""


def test_follow_goes_back_with_the_chain(traded: Path, run: Run, follow: Callable[..., Follower]) -> None:
    run("chain snapshot here")
    run("chain advance 1")
    lines = follow("--json")
    assert json.loads(lines.line())["block"] == 8
    run("chain revert here")
    time.sleep(1.5)
    run("chain advance --relay 2")
    again = [json.loads(lines.line()) for _ in range(2)]
    assert [each["block"] for each in again] == [7, 8]
    assert [each["happened"] for each in again] == [[], []]


def test_count_goes_with_follow(traded: Path, run: Run) -> None:
    assert "--count goes with --follow only" in run("relay log --count 3", 2).stderr


def test_beside_a_node_and_through_its_url(folder: Path, run: Run, read_json: ReadJson, follow: Any) -> None:
    node = subprocess.Popen(
        [*BASILISK, "node", "run", "--port", "0", "--json", "--quiet", "--data-dir", "c"],
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    try:
        assert node.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            text += node.stdout.readline()
        url = json.loads(text)["url"]
        beside, through = follow("--json", "--data-dir", "c"), follow("--json", "--url", url)
        first = json.loads(beside.line())
        assert json.loads(through.line()) == first
        run(f"--url {url} chain advance 1")
        for follower in (beside, through):
            assert json.loads(follower.line())["happened"][0]["kind"] == "backed"
            assert follower.interrupt() == (130, "interrupted\n")
        for verb in VERBS:
            assert read_json(f"--data-dir c relay {verb}") == read_json(f"--url {url} relay {verb}")
    finally:
        node.send_signal(signal.SIGTERM)
        assert node.wait(timeout=20) == 0
        if node.stdout is not None:
            node.stdout.close()
