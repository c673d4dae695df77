"""A chain for tests: `chain`, and the names of its people. Each test starts from the same state.

    def test_a_sale(chain, bob):
        chain.transact("xyk.sell", bob, asset_in="KSM", …)

Installed with the package (entry point `pytest11`), so that tests need no conftest for it.
"""

from collections.abc import Iterator

import pytest

from amm.local import LocalChain
from amm.people import PEOPLE, Person

OPTION = "basilisk_chain"


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
