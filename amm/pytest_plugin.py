"""A chain for tests: `chain`, and the names of its people. Each test starts from the same state.

    def test_a_sale(chain, bob):
        assert chain.submit(chain.call("xyk.sell", …), bob.name).ok

Installed with the package (entry point `pytest11`), so that tests need no conftest for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from amm.local import LocalChain
from chain.crypto import ss58
from chain.crypto.keys import Keypair, dev

PEOPLE = ("alice", "bob", "charlie", "dave", "eve", "ferdie")

OPTION = "basilisk_chain"


@dataclass(frozen=True)
class Person:
    """An account of the chain spec that can sign."""

    name: str

    @property
    def key(self) -> Keypair:
        return dev(self.name)

    @property
    def account(self) -> bytes:
        return self.key.account

    @property
    def address(self) -> str:
        return ss58.encode(self.account)

    def __str__(self) -> str:
        return self.name


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(OPTION, "The chain spec of the fixture `chain`, by name or path.", default="local")


@pytest.fixture(scope="session")
def basilisk_chain(request: pytest.FixtureRequest) -> Iterator[LocalChain]:
    """The chain that every test of the run begins with. Override it to begin with pools, launches, balances."""
    with LocalChain(str(request.config.getini(OPTION))) as chain:
        yield chain


@pytest.fixture
def chain(basilisk_chain: LocalChain) -> Iterator[LocalChain]:
    """The chain of one test: what the test does is gone after it."""
    with basilisk_chain.rolled_back() as fork:
        yield fork


def _person(name: str) -> object:
    @pytest.fixture(name=name)
    def person() -> Person:
        return Person(name)

    return person


alice, bob, charlie, dave, eve, ferdie = (_person(name) for name in PEOPLE)
