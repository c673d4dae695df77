"""Scripts with a table of trades, and on chains that exist or are kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from amm.local import LocalChain
from amm.scripts import Report, replay, replay_file
from amm.scripts.errors import Faults
from amm.scripts.run import Progress
from amm.scripts.schema import new_script
from amm.scripts.script import load_script

Play = Callable[..., Report]
Write = Callable[..., Path]

POOL = """\
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: 100_000_000_000_000, asset_b: KSM, amount_b: 1_000_000_000_000}
"""


def good(report: Report) -> Report:
    assert report.ok, "\n".join(map(str, report.failed_expectations))
    return report


CSV = "block,who,side,asset_in,asset_out,amount,limit,pool,error\n"


def test_bulk_trades(play: Play) -> None:
    """Blocks are shared by number, an empty number is the next block, amounts and limits may be human."""
    rows = CSV + (
        "3,bob,sell,BSX,KSM,1 BSX,,xyk,\n"
        "3,charlie,buy,KSM,BSX,2 BSX,1 KSM,xyk,\n"
        ",bob,sell,0,1,1_000_000_000_000,99 KSM,xyk,XYK.AssetAmountNotReachedLimit\n"
        "4,bob,sell,BSX,KSM,999,,xyk,XYK.InsufficientTradingAmount\n"
        "7,bob,sell,TKN,KSM,1 TKN,,xyk,XYK.TokenPoolNotFound\n"
        ",nobody,sell,BSX,KSM,1 BSX,,xyk,Invalid.Payment\n"
    )
    report = good(
        play(
            POOL + "  - trades: t.csv\n    save: {got: XYK.SellExecuted.amount}\n"
            "    expect: {events: [XYK.SellExecuted: {amount: $got}, XYK.BuyExecuted: {who: charlie}]}\n",
            files={"t_csv": rows},
        )
    )
    trades = report.steps[1]
    assert (trades.block, trades.counts, trades.held) == (8, {"trades": 6, "failed": 4}, True)
    assert (report.blocks, report.calls) == (8, 7)


def test_a_row_that_goes_otherwise_stops_the_trades_after_its_block(play: Play) -> None:
    rows = CSV + "2,bob,sell,BSX,KSM,1,,xyk,\n2,bob,sell,BSX,KSM,1 BSX,,xyk,BadOrigin\n3,bob,sell,BSX,KSM,1,,xyk,\n"
    steps = POOL + "  - trades: t.csv\n"
    report = play(steps, files={"t_csv": rows})
    assert [(failure.line, failure.kind, failure.found["error"]) for failure in report.failed_expectations] == [
        (2, "trade", "XYK.InsufficientTradingAmount"),
        (3, "trade", None),
    ]
    assert report.failed_expectations[0].file.endswith("t.csv") and report.blocks == 2
    assert len(play(steps, files={"t_csv": rows}, keep_going=True).failed_expectations) == 3


def test_progress_is_told(write: Write) -> None:
    seen: list[Progress] = []
    replay_file(write(POOL + "  - advance: 2\n"), progress=seen.append)
    assert seen == [Progress(1, 1, 1), Progress(2, 1, 1), Progress(3, 1, 1)]


def test_on_a_chain_that_exists(write: Write) -> None:
    script = write(POOL, "")
    with LocalChain() as chain:
        list(chain.advance(2))
        report = good(replay_file(script, onto=chain))
        assert report.steps[0].block == chain.node.best.number == 3 and report.blocks == 1
        again = replay_file(script, onto=chain)
        assert [failure.found for failure in again.failed_expectations] == ["XYK.TokenPoolAlreadyExists"]
        with pytest.raises(Faults, match="cannot be set up"):
            replay_file(write(POOL), onto=chain)
        with pytest.raises(Faults, match="block 3 is past: the best block is 4"):
            replay_file(write("  - {at: 3, advance: 1}\n", ""), onto=chain)
        with pytest.raises(ValueError):
            replay_file(script, onto=chain, seed=1)


def test_a_chain_that_is_kept(write: Write, tmp_path: Path) -> None:
    report = good(replay_file(write(POOL), keep=tmp_path / "chain"))
    with LocalChain.open(tmp_path / "chain") as chain:
        assert "0x" + chain.node.best.hash.hex() == report.block_hash
        assert chain.balance("@xyk:BSX/KSM", "KSM") == 1_000_000_000_000


def test_seed_and_verify(write: Write) -> None:
    """The seed decides who backs; without sharing each backer executes the block."""
    script = write("  - advance: 1\n")
    candidates = [replay_file(script, seed=seed).steps[0].candidate for seed in range(6)]
    assert len({tuple(candidate.backed_by) for candidate in candidates if candidate is not None}) > 1
    shared, full = replay_file(script, verify="shared"), replay_file(script, verify="full")
    assert shared.relay.executions < full.relay.executions
    assert full.block_hash == shared.block_hash


def test_a_script_that_was_read(write: Write) -> None:
    script = load_script(write(POOL))
    assert good(replay(script)).steps[0].call == "xyk.create_pool"


def test_the_script_to_begin_with(tmp_path: Path) -> None:
    path = tmp_path / "first.yaml"
    path.write_text(new_script("first"))
    assert [step.error for step in good(replay_file(path)).steps] == [None, None, "XYK.InsufficientAssetBalance"]
