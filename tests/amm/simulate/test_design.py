"""Design files: what they may say, and that all that is wrong is said at once."""

import json
from pathlib import Path

import pytest
from designs import design
from hypothesis import given
from hypothesis import strategies as st

from amm.pallets.lbp_data import MAX_WEIGHT
from amm.scripts.errors import Faults
from amm.scripts.schema import json_schema, plain_schema
from amm.simulate.design import DESIGN, Design, load_design, read_design, shipped_designs
from amm.simulate.launch import Launch, prepare
from amm.simulate.terms import Price

UNIT = 10**12
SALE = "seed: 20_000 KUSD, weights: 98/2:20/80"


def faults_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(Faults) as raised:
        prepare(read_design(Path("test.yaml"), text))
    assert all(fault.hint for fault in raised.value.faults)
    return [(fault.mark.line, fault.message) for fault in raised.value.faults]


def test_a_design_in_the_chains_terms() -> None:
    launch = prepare(design(f"{SALE}, repay: 5_000 KUSD, start: 500"))
    terms = launch.terms
    assert terms.assets == (2, 3)
    assert (terms.collateral, terms.tokens) == (20_000 * UNIT, 10_000_000 * UNIT)
    assert terms.weights == (2_000_000, 80_000_000)
    assert (terms.start, terms.end) == (500, 500 + 43_200)
    assert (terms.fee, terms.repay_fee, terms.repay_target) == ((1, 500), (2, 10), 5_000 * UNIT)
    assert (terms.max_in_ratio, terms.max_out_ratio) == (3, 3)
    assert (launch.accumulated.symbol, launch.distributed.symbol) == ("KUSD", "TKN")
    assert terms.largest_first_order == 20_000 * UNIT // 3


def test_the_chains_constants_are_the_designs() -> None:
    text = """
name: other
setup: {runtime: {lbp: {max_in_ratio: 5, repay_fee: [1, 4]}}}
sale: {sell: 1_000 TKN, seed: 10 KSM, weights: 90/10:10/90, duration: 1h}
scenarios: [{name: nobody}]
"""
    terms = prepare(read_design(Path("test.yaml"), text)).terms
    assert (terms.max_in_ratio, terms.repay_fee, terms.fee) == (5, (1, 4), (2, 1000))


def test_a_block_takes_what_its_weight_allows() -> None:
    """The trades of the live runtime: 1 206.9 µs and 13 905 bytes, in three quarters of 500 ms and 5 MiB."""
    assert prepare(design(SALE)).terms.room == min(375_000 // (1_206.888 + 200), 3_932_160 // 13_905)


def test_all_faults_of_a_file_at_once() -> None:
    found = faults_of(
        """
name: wrong
sale: {sell: 10 TKN, sed: 1 KUSD, weights: 99/1:20/80, duration: 3 days}
scenarios:
  - {name: a, demand: [{model: whale, budget: 1 KUSD, at: 1h, ordres: 3}]}
  - {name: b, demand: [{model: vhale, budget: 1 KUSD, at: 1h}]}
"""
    )
    assert [line for line, _ in found] == [3, 3, 3, 3, 5, 6]
    text = "\n".join(message for _, message in found)
    for part in ("'sed'", "token weight of 99 %", "is no duration", "needs the key 'seed'", "'ordres'", "'vhale'"):
        assert part in text


@pytest.mark.parametrize(
    ("sale", "message"),
    [
        ("{sell: 10 TKN, seed: 10 TKN, weights: 98/2:20/80, duration: 1h}", "one asset for another"),
        ("{sell: 10, seed: 10 KUSD, weights: 98/2:20/80, duration: 1h}", "does not say of which asset"),
        ("{sell: 10 NIX, seed: 10 KUSD, weights: 98/2:20/80, duration: 1h}", "unknown asset 'NIX'"),
        ("{sell: 10 TKN, seed: 10 KUSD, weights: 98/2:20/80, duration: 2w}", "201600 relay blocks is impossible"),
        ("{sell: 10 TKN, seed: 10 KUSD, weights: 98/2:20/80, duration: 0h}", "0 relay blocks is impossible"),
        ("{sell: 10 TKN, seed: 0.0000000001 KUSD, weights: 98/2:20/80, duration: 1h}", "too little for a pool"),
        ("{sell: 10 TKN, seed: 10 KUSD, weights: 98/2:20/80, duration: 1h, repay: 1 TKN}", "not an amount of KUSD"),
        ("{sell: 10 TKN, seed: 10 KUSD, weights: 98/2:20/80, duration: 1h, fee: 200%}", "200% is too much"),
    ],
)
def test_sales_that_the_chain_would_refuse(sale: str, message: str) -> None:
    ((line, found),) = faults_of(f"name: x\nsale: {sale}\nscenarios: [{{name: nobody}}]\n")
    assert line == 2
    assert message in found


def test_a_chain_that_counts_its_own_blocks_is_none_for_designs() -> None:
    text = "name: x\nsetup: {runtime: {lbp: {block_number_provider: system}}}\nsale: {sell: 10 TKN, seed: 10 KUSD, "
    text += "weights: 98/2:20/80, duration: 1h}\nscenarios: [{name: a}]\n"
    assert "counts relay blocks" in faults_of(text)[0][1]


def test_scenarios_have_different_names() -> None:
    more = "  - name: trial"
    with pytest.raises(Faults, match="two scenarios are called 'trial'"):
        design(SALE, more=more)


def test_a_design_reads_back_from_its_plain_form() -> None:
    for name in shipped_designs():
        once = load_design(name)
        again = read_design(Path("again.yaml"), json.dumps(DESIGN.plain(once)))
        assert DESIGN.plain(again) == DESIGN.plain(once)
        assert prepare(again).terms == prepare(once).terms


def test_the_schema_and_the_page_know_every_model() -> None:
    schema = json_schema(DESIGN)
    models = schema["properties"]["scenarios"]["items"]["properties"]["demand"]["items"]["oneOf"]
    assert {"budget", "price"} <= models[5]["properties"].keys()
    assert len(models) == 11
    assert "scenarios" in plain_schema(DESIGN)


# -- the no-demand curve -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def launch() -> Launch:
    return prepare(design(SALE))


@given(st.integers(0, 43_200))
def test_the_no_demand_curve(launch: Launch, after: int) -> None:
    terms = launch.terms
    weight = 2_000_000 + 78_000_000 * after // 43_200
    assert terms.weights_at(terms.start + after) == (weight, MAX_WEIGHT - weight)
    price = terms.unsold_price(terms.start + after)
    assert price.exact * terms.tokens * weight == terms.collateral * (MAX_WEIGHT - weight)


def test_prices(launch: Launch) -> None:
    assert launch.terms.unsold_price(launch.terms.start).height == pytest.approx(0.098)
    assert launch.terms.unsold_price(launch.terms.end).height == pytest.approx(0.0005)
    assert Price(1, 0).height == 0.0


def test_the_fee_is_the_repay_fee_until_the_target() -> None:
    terms = prepare(design(f"{SALE}, repay: 1_000 KUSD")).terms
    assert terms.fee_rate(999 * UNIT) == (2, 10)
    assert terms.fee_rate(1_000 * UNIT) == (1, 500)
    assert prepare(design(SALE)).terms.fee_rate(0) == (1, 500)


def test_the_files_name_is_part_of_its_faults(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: x\n")
    with pytest.raises(Faults) as raised:
        load_design(str(file))
    assert {fault.mark.file for fault in raised.value.faults} == {str(file)}


def test_a_chain_spec_beside_the_design(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(
        "name: small\nassets:\n  - {id: 5, symbol: GEM, decimals: 6, existential_deposit: 1}\n"
    )
    file = tmp_path / "mine.yaml"
    file.write_text(
        "name: x\nchain: small.yaml\nsale: {sell: 10 GEM, seed: 10 BSX, weights: 98/2:20/80, duration: 1h}\n"
        "scenarios: [{name: a, demand: [{model: value, price: 1 BSX, budget: 1 BSX}]}]\n"
    )
    launch = prepare(load_design(str(file)))
    assert (launch.distributed.symbol, launch.distributed.decimals, launch.terms.tokens) == ("GEM", 6, 10**7)
    assert launch.scale.price(made(file).scenarios[0].demand[0].price) == 10**6  # type: ignore[attr-defined]


def made(file: Path) -> Design:
    return load_design(str(file))
