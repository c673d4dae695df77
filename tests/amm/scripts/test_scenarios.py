"""Every measured scenario is read without a fault, and its setup can be laid over the local chain."""

from pathlib import Path

import pytest

from amm.chain_spec import ChainSpec, load_chain_spec, overlay
from amm.scripts.script import load_script
from amm.scripts.setup import Setup
from amm.scripts.steps import CallStep, TradesStep

SCENARIOS = Path(__file__).parents[2] / "vectors" / "scenarios"
FILES = sorted(SCENARIOS.glob("*.yaml"))


@pytest.fixture(scope="module")
def local() -> ChainSpec:
    return load_chain_spec("local")


def test_there_are_scenarios() -> None:
    assert len(FILES) == 267


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scenario(file: Path, local: ChainSpec) -> None:
    script = load_script(file)
    assert script.name == file.stem
    assert script.steps
    assert isinstance(script.setup, Setup)
    laid = overlay(local, script.setup)
    assert laid.differences(ChainSpec.from_json(laid.to_json())) == []


def test_bulk_trades() -> None:
    (step,) = [
        step for step in load_script(SCENARIOS / "runtime118-bulk-trades.yaml").steps if isinstance(step, TradesStep)
    ]
    rows = list(step.trades.rows())
    assert len(rows) == step.trades.count == 60
    assert {row.side for row in rows} == {"buy", "sell"}
    assert rows[0].block == 6 and step.trades.span.last == 11


def test_what_a_scenario_says() -> None:
    script = load_script(SCENARIOS / "xyk-destroy-and-recreate.yaml")
    first = script.steps[0]
    assert isinstance(first, CallStep)
    assert [save.name for save in first.save] == ["token", "pool"]
    errors = [step.expect.error.value for step in script.steps if step.expect and step.expect.error]
    assert errors == ["XYK.TokenPoolNotFound"]
