"""The pytest plugin, in a project of its own that knows nothing but the fixtures."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "no:basilisk", "-p", "amm.pytest_plugin")
"""The plugin by its module, whether the package is installed with its entry point or not."""

TESTS = '''
import pytest

POOL = {"asset_a": "BSX", "amount_a": "100_000 BSX", "asset_b": "KSM", "amount_b": "250 KSM"}

def test_people_have_money(chain, alice, ferdie):
    assert chain.balance(alice.name, "BSX") == chain.balance(ferdie.address, "BSX") == 10**21
    assert str(alice) == "alice"

@pytest.mark.parametrize("time", [1, 2])
def test_each_starts_anew(chain, alice, time):
    assert chain.node.best.number == 0
    assert chain.submit(chain.call("xyk.create_pool", **POOL), alice.name).ok

def test_nothing_is_left(chain, bob):
    sale = chain.call("xyk.sell", asset_in="KSM", asset_out="BSX", amount="1 KSM", max_limit=0, discount=False)
    assert chain.submit(sale, bob.name).error == "XYK.TokenPoolNotFound"
'''

CONFTEST = '''
import pytest
from amm.local import LocalChain

@pytest.fixture(scope="session")
def basilisk_chain():
    with LocalChain() as chain:
        list(chain.advance(3))
        yield chain
'''


def test_a_project_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess(*PLUGIN, "-p", "no:cacheprovider").assert_outcomes(passed=4)


def test_the_first_state_can_be_another(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile("def test_height(chain):\n    assert chain.node.best.number == 3\n")
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_the_chain_spec_is_a_setting(pytester: pytest.Pytester) -> None:
    spec = Path(__file__).parents[2] / "configs" / "chains" / "local.yaml"
    other = pytester.path / "small.yaml"
    other.write_text(spec.read_text().replace("name: local", "name: small", 1))
    pytester.makeini(f"[pytest]\nbasilisk_chain = {other}\n")
    pytester.makepyfile("def test_name(chain):\n    assert chain.spec.name == 'small'\n")
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_a_chain_spec_that_is_wrong_is_said_once(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nbasilisk_chain = nowhere\n")
    pytester.makepyfile("def test_name(chain):\n    pass\n")
    result = pytester.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*nowhere*"])
