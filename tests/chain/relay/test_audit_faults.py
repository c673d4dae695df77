"""Histories of relay chains with inert parachains, waiting messages and faults, exported and audited."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from r10 import COLLUDERS, G1, WAITING, catalogued, checkers, network, pay, play

from amm.local import LocalChain
from chain.node.audit import Report, audit
from chain.node.errors import Finished
from chain.node.export import export
from chain.node.histories import Exported
from chain.node.manifest import Manifest

LOAD = "amm.runtime.load"


def audited(chain: LocalChain, folder: Path) -> Report:
    export(chain.node.archive, chain.node.validators, chain.node.about, folder)
    return audit(Exported(folder), LOAD)


def test_an_inert_parachain_and_messages_that_wait(tmp_path: Path) -> None:
    chain = network(queues=WAITING)
    play(chain)
    report = audited(chain, tmp_path / "history")
    assert report.ok, report.failures
    manifest = Exported(tmp_path / "history").manifest
    assert [para.id for para in manifest.paras] == [2000, 2090]
    assert (manifest.paras[0].head, manifest.queues.genesis.channels) == ("0x", ((2000, 2090),))


def test_messages_that_no_genesis_told(tmp_path: Path) -> None:
    """The queues at genesis are part of the relay chain's first state."""
    chain = network(queues=WAITING)
    play(chain, 1)
    audited(chain, tmp_path / "history")
    file = tmp_path / "history" / "chain.json"
    manifest = Manifest.read(file.read_text())
    file.write_text(
        msgspec.structs.replace(
            manifest, queues=msgspec.structs.replace(manifest.queues, downward=())
        ).sealed().written()
    )
    report = audit(Exported(tmp_path / "history"), LOAD)
    assert report.relay == "relay block 0: Archive.WrongGenesis: it is not the genesis of this relay chain"


@pytest.mark.parametrize(
    ("name", "who"),
    [("F01", ()), ("F17", COLLUDERS), ("F18", G1), ("F22", (0, 1, 2)), ("F27", COLLUDERS), ("F38", (4,))],
)
def test_what_the_faults_did_not_spoil(tmp_path: Path, name: str, who: Sequence[int]) -> None:
    chain = catalogued(name, who)
    play(chain)
    report = audited(chain, tmp_path / "history")
    assert report.ok, (report.relay, report.failures)
    assert [verdict.number for verdict in report.verdicts] == [1, 2, 3]


def test_an_invalid_block_that_is_final(tmp_path: Path) -> None:
    """F20: the relay chain holds, its validators have let the block pass; the audit names it, and why."""
    chain = catalogued("F20", (*COLLUDERS, *checkers()))
    pay(chain)
    with pytest.raises(Finished):
        pay(chain)
    report = audited(chain, tmp_path / "history")
    assert (report.ok, report.relay) == (False, None)
    (failure,) = report.first_failures
    assert (failure.para, failure.number) == (2090, 2)
    assert failure.error.startswith("Candidate.ExecutionError(Pvf.StateRootMismatch)")
    assert [verdict.ok for verdict in report.verdicts] == [True, False]
