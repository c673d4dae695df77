"""Runs on a relay chain whose actors misbehave: what is judged, what is final, what is told of blocks that fail."""

from collections.abc import Callable

from amm.scripts import Report
from chain.crypto.keys import dev

Play = Callable[..., Report]

FAULTS = "setup:\n  runtime: {transaction_payment: {fees: false}}\n  faults: [%s]\n"

SALE = """\
  - as: root
    call: lbp.create_pool
    args:
      {pool_owner: alice, asset_a: KUSD, asset_a_amount: "20_000 KUSD", asset_b: TKN, asset_b_amount: "1_000_000 TKN",
       initial_weight: 2_000_000, final_weight: 80_000_000, weight_curve: Linear, fee: [2, 1000], fee_collector: eve,
       repay_target: 0}
  - as: alice
    call: lbp.update_pool_data
    args:
      {pool_id: "@lbp:KUSD/TKN", pool_owner: null, start: 8, end: 500, initial_weight: null, final_weight: null,
       fee: null, fee_collector: null, repay_target: null}
"""
HEADER = "block,who,side,asset_in,asset_out,amount,limit,pool,error\n"


def test_a_row_is_judged_on_the_block_that_was_included(play: Play) -> None:
    """The first attempt at block 3 has relay parent 6, before the sale; the second one, two later, is in it."""
    files = {"t_csv": HEADER + ",bob,sell,KUSD,TKN,1 KUSD,,lbp,\n,bob,sell,KUSD,TKN,1 KUSD,,lbp,\n"}
    honest = play(SALE + "  - trades: t.csv\n", FAULTS % "", files=files)
    (failure,) = honest.failed_expectations
    assert (failure.kind, failure.block, failure.found["error"]) == ("trade", 3, "LBP.SaleIsNotRunning")
    assert "sale" in failure.meaning.lower()
    report = play(SALE + "  - trades: t.csv\n", FAULTS % "{id: F01, at: 6}", files=files)
    assert report.ok, report.failed_expectations
    assert report.steps[2].counts == {"trades": 2, "failed": 0}


def test_a_row_that_fails_in_the_block_that_was_included(play: Play) -> None:
    """The other way round: what would have succeeded in the attempt that was given up comes too late."""
    files = {"t_csv": HEADER + ",bob,sell,KUSD,TKN,1 KUSD,,lbp,\n"}
    early = SALE.replace("start: 8, end: 500", "start: 6, end: 7")
    assert play(early + "  - trades: t.csv\n", FAULTS % "", files=files).ok
    report = play(early + "  - trades: t.csv\n", FAULTS % "{id: F01, at: 6}", files=files)
    (failure,) = report.failed_expectations
    assert failure.found == {"trade": "bob sell KUSD → TKN", "error": "LBP.SaleIsNotRunning"}
    assert report.steps[2].counts == {"trades": 1, "failed": 1}


def test_finalized_is_what_is_final_at_the_end(play: Play) -> None:
    """A checker of block 2 does not show up, so that it is final only with the block after it."""
    late = FAULTS % "{do: offline, who: [0], at: 5, until: 5}"
    waiting = play("  - advance: 2\n", late)
    assert (waiting.relay.candidates, waiting.relay.finalized) == (2, 1)
    assert waiting.steps[0].candidate is not None and waiting.steps[0].candidate.relay_final is None
    report = play("  - advance: 2\n  - advance: 2\n", late)
    assert report.ok, report.failed_expectations
    assert (report.relay.candidates, report.relay.finalized, report.relay.approved) == (4, 4, 4)
    candidate = report.steps[0].candidate
    assert candidate is not None and candidate.relay_final is not None
    assert candidate.relay_included < candidate.relay_final


def test_a_fault_that_has_not_acted_fails_the_run(play: Play) -> None:
    report = play("  - advance: 2\n", FAULTS % "{id: F01, at: 400}")
    (failure,) = report.failed_expectations
    assert (failure.kind, failure.step, failure.line) == ("fault", 0, 4)
    assert failure.expected == "F01 tamper header.state_root at 400 acts"
    assert failure.found.startswith("Network.FaultNotTriggered: ")
    assert not report.stopped
    assert [life.number for life in report.lives] == [2]


def test_a_fault_that_is_past_fails_the_run(play: Play) -> None:
    report = play("  - advance_relay: 5\n  - advance: 2\n", FAULTS % "{id: F01, at: 4}")
    (failure,) = report.failed_expectations
    assert (failure.kind, failure.line, failure.block) == ("fault", 4, 2)
    assert "Network.FaultNotTriggered" in failure.found


def test_a_block_that_is_never_included(play: Play) -> None:
    report = play("  - advance: 1\n  - {advance: 1, label: in vain}\n", FAULTS % "{do: offline, who: [0, 1, 2], at: 4}")
    (failure,) = report.failed_expectations
    assert (failure.kind, failure.label, failure.block) == ("relay", "in vain", 2)
    assert failure.found[0] == "the relay chain does not include the block"
    (life,) = report.lives
    assert (life.number, life.hash, life.candidate) == (2, None, None)
    assert {"empty slot", "left out", "finality"} <= {moment.step for moment in life.life}
    assert report.plain()["failed_blocks"][0]["block"] == 2


def test_the_life_of_a_failed_block_begins_with_the_attempts_before_it(play: Play) -> None:
    sell = "{asset_in: 1, asset_out: 0, amount: 5000, max_limit: 1, discount: false}"
    steps = f"  - advance: 1\n  - {{as: bob, call: xyk.sell, args: {sell}}}\n"
    report = play(steps, FAULTS % "{id: F01, at: 4}")
    (failure,) = report.failed_expectations
    assert (failure.kind, failure.block, failure.found) == ("error", 2, "XYK.TokenPoolNotFound")
    assert failure.meaning
    (life,) = report.lives
    assert [moment.step for moment in life.life] == [
        *("refused", "built", "backed", "available", "included", "checked", "final")
    ]
    assert "Pvf.StateRootMismatch" in life.life[0].what


def test_names_of_the_script(play: Play) -> None:
    report = play(
        '  - {as: root, call: currencies.update_balance, args: {who: zoe, currency_id: 0, amount: "5 BSX"}}\n'
        '  - {check: true, expect: {balances: {"@lbp:BSX/KSM": {BSX: 0}}}}\n'
    )
    assert report.names["zoe"] == dev("zoe").account
    assert "@lbp:BSX/KSM" in report.names
    assert "names" not in report.plain()
