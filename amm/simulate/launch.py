"""A design made ready to run: its amounts in base units, its time in relay blocks, its limits those of the chain."""

import re
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from amm.chain_spec import ChainSpec, load_chain_spec, overlay
from amm.genesis import Genesis
from amm.genesis_values import GenesisBook
from amm.pallets.clock import RELAY
from amm.pallets.lbp import Lbp
from amm.scripts.errors import Fault, Faults
from amm.scripts.source import Integer
from amm.simulate.crowd import Crowd, Purse, Stage
from amm.simulate.demand import Amount, Scale
from amm.simulate.design import Design, Expected, Scenario
from amm.simulate.terms import Terms
from amm.simulate.units import duration_text, relay_blocks
from amm.values import WrittenError, parse_amount, parse_asset
from chain.frame import Runtime
from chain.pallets.system import System
from chain.primitives.limits import BlockLimits
from chain.primitives.weight import Weight
from chain.relay.parameters import SLOT_MS

DEFAULT_CHAIN = "local"
_SYMBOL_AFTER = re.compile(r"\s*[0-9][0-9_.]*\s+(\S.*)", re.DOTALL)


class Asset(NamedTuple):
    """An asset of the sale, as it is shown."""

    id: int
    symbol: str
    decimals: int


class Launch(msgspec.Struct, frozen=True):
    """A sale and its scenarios, ready to run in any process."""

    name: str
    description: str | None
    spec: ChainSpec
    terms: Terms
    accumulated: Asset
    distributed: Asset
    seed: int
    scenarios: tuple[Scenario, ...]
    expected: Expected | None

    @property
    def scale(self) -> Scale:
        return Scale(GenesisBook(self.spec.registered), self.accumulated.id, self.distributed.id)

    def crowds(self, scenario: Scenario) -> list[Crowd]:
        """The traders of a scenario, the same ones every time. Raises Faults for amounts that mean nothing."""
        crowds, taken = [], dict[str, int]()
        for number, demand in enumerate(scenario.demand):
            name = demand.name.value if demand.name else demand.model
            taken[name] = taken.get(name, 0) + 1
            if taken[name] > 1:
                name = f"{name}-{taken[name]}"
            random = Random(f"{self.seed}/{scenario.name}/{number}")
            crowds.append(demand.crowd(Stage(self.terms, name, random), self.scale))
        return crowds

    def scenario(self, name: str) -> Scenario:
        """Raises KeyError."""
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        raise KeyError(name)


def purses_of(crowds: list[Crowd]) -> dict[str, Purse]:
    """What all traders have when the sale starts."""
    return {who: purse for crowd in crowds for who, purse in crowd.purses.items()}


def prepare(design: Design, seed: int | None = None) -> Launch:
    """Raises Faults for a sale that the chain would refuse, and for amounts that mean nothing on it."""
    folder = Path(design.mark.file).parent
    chosen, at = (design.chain.value, design.chain.mark) if design.chain else (DEFAULT_CHAIN, design.mark)
    spec = load_chain_spec(chosen, folder, at)
    if design.setup is not None:
        spec = overlay(spec, design.setup)
    runtime = Genesis(spec).runtime
    launch = _launch(design, spec, runtime, design.seed if seed is None else seed)
    faults: list[Fault] = []
    for scenario in launch.scenarios:
        try:
            launch.crowds(scenario)
        except Faults as found:
            faults += found.faults
    if faults:
        raise Faults(faults)
    return launch


def _launch(design: Design, spec: ChainSpec, runtime: Runtime, seed: int) -> Launch:
    sale, constants = design.sale, runtime.settings[Lbp]
    book = GenesisBook(spec.registered)
    distributed, tokens = _amount(sale.sell, book)
    accumulated, collateral = _amount(sale.seed, book)
    if accumulated == distributed:
        raise Faults([Fault(sale.seed.mark, "a sale is of one asset for another", "let the seed be of another asset")])
    repay = 0 if sale.repay is None else Scale(book, accumulated, distributed).collateral(sale.repay)
    blocks = relay_blocks(sale.duration)
    terms = Terms(
        (accumulated, distributed), collateral, tokens, sale.weights, sale.start, sale.start + blocks, sale.fee,
        constants["repay_fee"], repay, constants["max_in_ratio"], constants["max_out_ratio"], _room(runtime),
    )  # fmt: skip
    _check(design, terms, constants)
    return Launch(
        design.name, design.description, spec, terms, _asset(accumulated, book), _asset(distributed, book), seed,
        design.scenarios, design.outcome,
    )  # fmt: skip


def _check(design: Design, terms: Terms, constants: Any) -> None:
    """What the chain would refuse about the sale itself. Raises Faults."""
    sale, faults = design.sale, []
    length = terms.end - terms.start
    if not 0 < length < constants["max_sale_duration"]:
        most = duration_text((constants["max_sale_duration"] - 1) * SLOT_MS // 1000)
        faults.append(
            Fault(sale.mark, f"a sale of {length} relay blocks is impossible here", f"it lasts a block to {most}")
        )
    for amount, written in ((terms.tokens, sale.sell), (terms.collateral, sale.seed)):
        if amount < constants["min_pool_liquidity"]:
            hint = f"a pool begins with {constants['min_pool_liquidity']} base units of each at least"
            faults.append(Fault(written.mark, "this is too little for a pool", hint))
    if constants["block_number_provider"] != RELAY:
        hint = "leave lbp's block_number_provider at relay"
        faults.append(Fault(sale.mark, "a design counts relay blocks, and this chain's sales do not", hint))
    if min(terms.max_in_ratio, terms.max_out_ratio) < 1:
        faults.append(Fault(sale.mark, "this chain's sales allow no trade", "set max_in_ratio and max_out_ratio"))
    if faults:
        raise Faults(faults)


def _amount(written: Amount, book: GenesisBook) -> tuple[int, int]:
    """Asset and base units of an amount with its symbol. Raises Faults."""
    named = None if isinstance(written, Integer) else _SYMBOL_AFTER.fullmatch(written.value)
    if named is None:
        raise Faults([Fault(written.mark, "this does not say of which asset", "write a symbol, as in 10_000_000 TKN")])
    try:
        asset = parse_asset(named[1].strip(), book)
        return asset, parse_amount(written.value, book, asset)
    except WrittenError as error:
        raise Faults([Fault(written.mark, error.what, error.hint)]) from None


def _asset(asset: int, book: GenesisBook) -> Asset:
    return Asset(asset, book.symbol(asset) or str(asset), book.decimals(asset) or 0)


def _room(runtime: Runtime) -> int:
    """How many trades a block takes by their weight."""
    constants = runtime.settings[System]
    base: int = constants["base_extrinsic_weight"]
    limits = BlockLimits.of(constants["max_block_weight"], base)
    trade = max((runtime.table(path) for path in ("lbp.sell", "lbp.buy")), key=lambda info: info.weight.proof_size)
    most: Weight | None = limits.of_class(trade.class_).max_total
    assert most is not None
    by_time = most.ref_time // (trade.weight.ref_time + base)
    return max(min(by_time, most.proof_size // max(trade.weight.proof_size, 1)), 1)
