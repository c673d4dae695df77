"""A history in files, to be damaged, and what the tests of the node share."""

import shutil
import sys
from pathlib import Path

import msgspec
import pytest

from amm.local import LocalChain
from chain.node.export import export
from chain.node.store import Batch

sys.path.insert(0, str(Path(__file__).parent))

from damage import BLOCKS, RELAY_BLOCKS


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three blocks, the second with a transfer, in ten relay blocks, one of which has a note."""
    chain = LocalChain()
    list(chain.advance(1))
    chain.submit(chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX"), "charlie")
    chain.advance_relay(1)
    list(chain.advance(1))
    node, folder = chain.node, tmp_path_factory.mktemp("archive") / "history"
    noted = msgspec.structs.replace(node.archive.relay(5), notes=("validator 1: said so",))
    node.archive.put_relay(batch := Batch(), noted)
    node.archive.storage.write(batch)
    made = export(node.archive, node.validators, node.about, folder)
    assert (made.records, made.relay.blocks) == (BLOCKS, RELAY_BLOCKS)
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "history"))
