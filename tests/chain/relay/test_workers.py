"""The number of workers and the hash seed change nothing. Source: spec/relay.md §14.6, spec/network.md §3."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import msgspec
import pytest
from r10 import G1, catalogued, play, stakes

from amm.chain_spec import ChainSpec, load_chain_spec
from amm.local import LocalChain
from amm.scripts.errors import Faults
from amm.workers import worker_count
from chain.relay.workers import Workers

ROOT = Path(__file__).parents[3]
LOAD = "amm.runtime.load"

RUN = """
import sys
from amm.local import LocalChain
from chain.relay.workers import Workers

def tell(verify, workers):
    chain = LocalChain(verify=verify, workers=workers)
    for amount in ("5 BSX", "6 BSX"):
        chain.submit(chain.call("balances.transfer_allow_death", dest="bob", value=amount), "charlie")
    chain.advance_relay(3)
    list(chain.advance(1))
    node = chain.node
    for number in range(node.relay.head.number + 1):
        record = node.archive.relay(number)
        print(number, record.header.hash.hex(), record.header.state_root.hex(), record.notes)
    for number in range(node.best.number + 1):
        print(number, node.header(number).state_root.hex(), node.header(number).hash.hex())
    records = [node.record(number) for number in (1, 2, 3)]
    print([(r.executions, r.backed_by, r.approved_by, r.final_in) for r in records])

count = int(sys.argv[1])
workers = Workers(count, "amm.runtime.load") if count else None
for verify in ("shared", "full"):
    tell(verify, workers)
if workers is not None:
    workers.close()
"""


def test_equal_roots_at_every_height(tmp_path: Path) -> None:
    """W = 0, 1, 2, each with two hash seeds, shared and full. The script has no `__main__` guard, and needs none."""
    script = tmp_path / "run.py"
    script.write_text(RUN)
    said = []
    for workers, hash_seed in product((0, 1, 2), ("0", "77")):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(script), str(workers)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert done.stderr == ""
        said.append(done.stdout)
    one_way = 12 + 4 + 1
    assert len(said[0].splitlines()) == 2 * one_way
    assert said == said[:1] * 6
    shared, full = said[0].splitlines()[one_way - 1], said[0].splitlines()[-1]
    assert shared.startswith("[(1, ")  # one execution serves two backers and two checkers
    assert full.startswith("[(4, ")


@pytest.fixture(scope="module")
def workers() -> Workers:
    with Workers(2, LOAD) as made:
        yield made  # type: ignore[misc]


@pytest.mark.parametrize(("name", "who"), [("F01", ()), ("F17", G1[:2]), ("F18", G1), ("F24", range(6))])
def test_faults_have_the_same_end(workers: Workers, name: str, who: tuple[int, ...]) -> None:
    """Refusals, disputes and slashes, told in the same order."""

    def ended(with_workers: bool) -> object:
        chain = catalogued(name, who)
        if with_workers:
            chain.node.workers = chain.node.relay.workers = workers
        told = play(chain)
        records = [chain.node.record(number) for number in (1, 2, 3)]
        counted = [(record.executions, record.approvals) for record in records if record]
        return told, chain.node.relay.head.state_root, stakes(chain), [number for number, _ in counted]

    assert ended(True) == ended(False)


def test_a_worker_that_is_killed(workers: Workers) -> None:
    """Whatever it was at is done again by another; nobody is told."""
    chain, plain = LocalChain(verify="full", workers=workers), LocalChain(verify="full")
    for _ in range(3):
        for pid in workers.processes.pids:
            os.kill(pid, 9)
        list(chain.advance(1))
        list(plain.advance(1))
    assert chain.node.relay.head == plain.node.relay.head
    assert [note for number in range(8) for note in chain.node.archive.relay(number).notes] == []


def test_a_chain_with_workers_of_its_own() -> None:
    """They start when validators first execute, and are gone with the chain."""
    spec = load_chain_spec("local")
    spec = msgspec.structs.replace(spec, relay=msgspec.structs.replace(spec.relay, verify="full", workers=2))
    with LocalChain(spec) as chain:
        crew = chain.node.workers
        assert crew is not None
        assert (crew.count, crew.processes.pids) == (2, [])
        list(chain.fork().advance(1))
        assert len(set(crew.processes.pids)) == 2
        pids = crew.processes.pids
    assert not any(Path(f"/proc/{pid}/cmdline").exists() for pid in pids)
    for count, setting in ((3, 3), (0, 2), (None, "auto")):
        relay = msgspec.structs.replace(spec.relay, workers=setting)
        with LocalChain(msgspec.structs.replace(spec, relay=relay), workers=count) as chain:
            assert (chain.node.workers.count if chain.node.workers else 0) == (count or 0)


def test_auto_is_by_parachains() -> None:
    cores = os.cpu_count() or 1
    assert [worker_count("auto", paras) for paras in (1, 2, 1000)] == [0, min(2, cores), cores]
    assert [worker_count(setting, 4) for setting in (0, 1, 9)] == [0, 1, 9]


def test_the_setting_is_not_the_chains(tmp_path: Path) -> None:
    """A chain spec with another number of workers is the same chain's."""
    spec = load_chain_spec("local")
    other = msgspec.structs.replace(spec, relay=msgspec.structs.replace(spec.relay, workers=2))
    assert spec.differences(other) == []
    assert ChainSpec.from_json(other.to_json()).relay.workers == 2
    for written in ("two", "-1", "257", "1.5", '"2"'):
        path = tmp_path / "spec.yaml"
        path.write_text(f"name: x\nrelay: {{workers: {written}}}\n")
        with pytest.raises(Faults, match="expected auto or a whole number from 0 to 256"):
            load_chain_spec(str(path))
