"""Orders as calls of the LBP pallet, and its events as fills."""

from collections.abc import Iterable

from amm.pallets.lbp import Lbp, WeightCurveType
from amm.simulate.crowd import Fill, Order, Side
from amm.simulate.launch import Launch
from chain.frame import Call, Event, Runtime


def creation(runtime: Runtime, launch: Launch, owner: bytes, collector: bytes) -> Call:
    """The call, of root, that creates the sale's pool."""
    terms, (accumulated, distributed) = launch.terms, launch.terms.assets
    return runtime.make_call(
        "lbp.create_pool", owner, accumulated, terms.collateral, distributed, terms.tokens, *terms.weights,
        WeightCurveType.Linear,
        terms.fee, collector, terms.repay_target,
    )  # fmt: skip


def dating(runtime: Runtime, launch: Launch, pool: bytes) -> Call:
    """The owner's call that gives the sale its start and end."""
    return runtime.make_call(
        "lbp.update_pool_data", pool, None, launch.terms.start, launch.terms.end, None, None, None, None, None
    )


def call_of(runtime: Runtime, order: Order, assets: tuple[int, int]) -> Call:
    """The call that an order is."""
    accumulated, distributed = assets
    if order.side is Side.TAKE:
        return runtime.make_call("lbp.buy", distributed, accumulated, order.amount, order.limit)
    asset_in, asset_out = assets if order.side is Side.SPEND else (distributed, accumulated)
    return runtime.make_call("lbp.sell", asset_in, asset_out, order.amount, order.limit)


def fill_of(order: Order, events: Iterable[Event]) -> Fill:
    """What the pallet says it did. Where the trader brings collateral, the fee comes on top of what the pool got."""
    for event in events:
        if isinstance(event, Lbp.SellExecuted):
            extra = event.fee_amount if order.side is Side.SPEND else 0
            return Fill(event.amount + extra, event.sale_price, event.fee_amount)
        if isinstance(event, Lbp.BuyExecuted):
            return Fill(event.amount + event.fee_amount, event.buy_price, event.fee_amount)
    raise ValueError("a trade that says nothing of itself")
