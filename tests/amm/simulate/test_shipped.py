"""The designs that come with the program, and what is known of them."""

from math import isclose
from pathlib import Path

import pytest

from amm.scripts.errors import Faults
from amm.simulate.design import load_design, shipped_designs
from amm.simulate.launch import Launch, prepare
from amm.simulate.result import Result, unsold_curve
from amm.simulate.run import Way
from amm.simulate.sweep import Task, perform, tasks_of

NAMES = ("classic", "hydradx-2021", "launch", "staged")


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, Result]]:
    """All scenarios, in the math alone; that the other ways give the same is tested in test_run."""
    return {
        name: {task.scenario: perform(task) for task in tasks_of(prepare(load_design(name)), Way.MODEL)}
        for name in NAMES
    }


def launch_of(name: str) -> Launch:
    return prepare(load_design(name))


def test_what_is_shipped() -> None:
    assert shipped_designs() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_design_begins_with_the_no_demand_curve(name: str, results: dict[str, dict[str, Result]]) -> None:
    first = next(iter(results[name].values()))
    assert first.scenario == "nobody buys"
    assert list(first.curve) == unsold_curve(launch_of(name).terms)
    assert (first.sold, first.raised, first.average) == (0, 0, None)
    assert len(results[name]) >= 4


@pytest.mark.parametrize("name", NAMES)
def test_scenarios_go_as_planned(name: str, results: dict[str, dict[str, Result]]) -> None:
    """Hardly an order fails, and no pool is bought empty."""
    for result in results[name].values():
        assert result.failures <= result.orders * 0.01
        assert result.sold_share < 0.99


def test_the_four_classic_charts(results: dict[str, dict[str, Result]]) -> None:
    nobody, steady, once, late = results["classic"].values()
    heights = {
        result.scenario: [point.price.height for point in result.curve] for result in (nobody, steady, once, late)
    }
    assert nobody.final.height < 0.05 * nobody.start.height
    assert 0.05 < steady.final.height < steady.start.height
    jump = heights["one large bid"]
    at = max(range(1, len(jump)), key=lambda place: jump[place] - jump[place - 1])
    assert at == pytest.approx(24 / 72 * 240, abs=1)
    assert jump[-1] < jump[at] / 2
    assert late.final.height == pytest.approx(late.high.height, rel=0.2)
    assert late.final.height > 5 * late.low.height


def test_hydradx_ends_as_it_did(results: dict[str, dict[str, Result]]) -> None:
    launch = launch_of("hydradx-2021")
    assert launch.terms.weights == (7_500_000, 82_500_000)
    assert launch.terms.tokens == 498_362_339 * 10**12
    assert launch.terms.fee == (9, 1000)
    assert launch.expected is not None
    assert launch.expected.sold is not None
    assert launch.expected.final_price is not None
    result = results["hydradx-2021"]["as it went"]
    assert result.sold_share == pytest.approx(float(launch.expected.sold), abs=0.005)
    assert isclose(result.final.height, launch.scale.price(launch.expected.final_price), rel_tol=0.01)


def test_the_staged_sale_repays_first(results: dict[str, dict[str, Result]]) -> None:
    terms = launch_of("staged").terms
    assert terms.weights == (5_000_000, 50_000_000)
    assert terms.end - terms.start == 7 * 24 * 600
    for name, result in results["staged"].items():
        assert name == "nobody buys" or result.fees >= terms.repay_target


def test_names_and_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_design("launch").name == load_design("configs/designs/launch.yaml").name == "launch"
    with pytest.raises(Faults, match="did you mean launch"):
        load_design("lanch")
    with pytest.raises(Faults, match="there is no file"):
        load_design("mine/launch.yaml")
    folder = tmp_path / "configs" / "designs"
    folder.mkdir(parents=True)
    sale = "sale: {sell: 1 TKN, seed: 1 KUSD, weights: 98/2:20/80, duration: 1h}"
    (folder / "launch.yaml").write_text(f"name: my own\n{sale}\nscenarios: [{{name: a}}]\n")
    assert load_design("configs/designs/launch.yaml").name == "my own"


def test_the_shipped_launch_in_the_runtime() -> None:
    """One whole scenario of the example, order for order."""
    launch = launch_of("launch")
    model, pallets = (perform(Task(launch, "hype", way)) for way in (Way.MODEL, Way.PALLETS))
    assert (model.raised, model.sold, model.fees) == (pallets.raised, pallets.sold, pallets.fees)
