"""The tests of the runtime share what stands beside them, and the reader of the metadata's own tests."""

import sys
from pathlib import Path

import pytest

from amm.local import LocalChain

HERE = Path(__file__).parent

sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent / "chain" / "frame" / "metadata"))


@pytest.fixture(scope="module")
def market() -> LocalChain:
    """A chain with a pool."""
    from trading import POOL

    chain = LocalChain()
    chain.transact("xyk.create_pool", **POOL)
    return chain


@pytest.fixture
def chain(market: LocalChain) -> LocalChain:
    return market.fork()
