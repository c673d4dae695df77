"""Launches to trade in: an LBP pool with its dates, and changes of it."""

from typing import Any

from markets import ALICE, FERDIE, KSM, TNKR, Markets

from amm.pallets.lbp import WeightCurveType, pool_account

LINEAR = WeightCurveType.Linear
SALE = pool_account(KSM, TNKR)


def launch(
    chain: Markets,
    pair: tuple[int, int] = (KSM, TNKR),
    amounts: tuple[int, int] = (10**15, 5 * 10**16),
    weights: tuple[int, int] = (20_000_000, 80_000_000),
    fee: tuple[int, int] = (2, 1000),
    collector: bytes = FERDIE,
    target: int = 0,
    dates: tuple[int, int] | None = (10, 30),
    now: int | None = None,
) -> None:
    """A sale of the second asset by ALICE, from block `dates[0]` to `dates[1]`; the clock then shows `now`."""
    chain.do(
        None,
        "lbp.create_pool",
        ALICE,
        pair[0],
        amounts[0],
        pair[1],
        amounts[1],
        *weights,
        LINEAR,
        fee,
        collector,
        target,
    )
    if dates:
        update(chain, start=dates[0], end=dates[1], pool_id=pool_account(*pair))
    chain.clock.relay = chain.clock.relay if now is None else now


FIELDS = ("pool_owner", "start", "end", "initial_weight", "final_weight", "fee", "fee_collector", "repay_target")


def changes(**given: Any) -> tuple[Any, ...]:
    """The arguments of `update_pool_data` after the pool's account."""
    return tuple(given.get(field) for field in FIELDS)


def update(chain: Markets, who: bytes = ALICE, pool_id: bytes = SALE, **given: Any) -> list[Any]:
    return chain.do(who, "lbp.update_pool_data", pool_id, *changes(**given))
