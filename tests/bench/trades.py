"""Verified trades: a script of XYK trades, built, sealed, validated from the proof alone, and stored."""

import csv
import tempfile
from pathlib import Path

from measure import Figure, used, verification

from amm.local import LocalChain
from amm.runtime import load
from amm.scripts import replay_file
from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.relay.backing import params_of
from chain.relay.validate import validate_block

TRADERS = 50
PER_BLOCK = 100

SCRIPT = """\
name: bench
setup:
  balances:
    alice: {BSX: "1_000_000_000 BSX", KSM: "1_000_000 KSM"}
TRADERS
steps:
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: "400_000_000 BSX", asset_b: KSM, amount_b: "900_000 KSM"}
  - trades: trades.csv
"""


def write_script(folder: Path, trades: int) -> Path:
    """A script of `trades` trades of fifty people, in blocks of a hundred, buying and selling by turns."""
    rich = [f'    trader{i}: {{BSX: "10_000_000 BSX", KSM: "10_000 KSM"}}' for i in range(TRADERS)]
    (folder / "bench.yaml").write_text(SCRIPT.replace("TRADERS", "\n".join(rich)))
    with (folder / "trades.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["block", "who", "side", "asset_in", "asset_out", "amount", "limit", "pool"])
        for i in range(trades):
            pair = ("BSX", "KSM") if i % 2 else ("KSM", "BSX")
            side, amount = ("sell", "10 BSX") if i % 2 else ("sell", "0.025 KSM")
            rows.writerow([2 + i // PER_BLOCK, f"trader{i % TRADERS}", side, *pair, amount, "", "xyk"])
    return folder / "bench.yaml"


def script_of_trades(trades: int) -> list[Figure]:
    """The whole way of a trade, per signature verification."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_script(Path(folder), trades)
        floor = verification()
        taken = used(lambda: _replay(path, Path(folder) / "kept"))
        floor = (floor + verification()) / 2
    each = taken / trades
    return [
        Figure(
            "a verified trade",
            f"{each / floor:.1f}",
            "sr25519 verifications of processor time (built, sealed, validated, stored)",
            "≤ 12",
        ),
        Figure("verified trades", f"{floor / each:.3f}", "of the bare sr25519 verification rate"),
        Figure("trades in the script", f"{trades}", f"in blocks of {PER_BLOCK}"),
    ]


def _replay(path: Path, keep: Path) -> None:
    report = replay_file(path, keep=keep)
    assert report.ok, report.failed_expectations[:1]


def validation_over_authoring(blocks: int = 20) -> list[Figure]:
    """What the validator's execution costs beside the author's, and how large the proof is."""
    chain = LocalChain()
    pool = chain.call("xyk.create_pool", asset_a="BSX", amount_a="1_000_000 BSX", asset_b="KSM", amount_b="2_500 KSM")
    assert chain.submit(pool).ok
    sell = chain.call("xyk.sell", asset_in="BSX", asset_out="KSM", amount="1 BSX", max_limit=0, discount=False)
    authoring = validating = pov = 0.0
    for block in range(blocks):
        extrinsics = [
            sign_call(chain.runtime, sell, dev("bob"), block * PER_BLOCK + i, chain.node.genesis_hash)
            for i in range(PER_BLOCK)
        ]

        def author() -> None:
            progress = chain.node.open_block()
            for extrinsic in extrinsics:  # noqa: B023
                progress.push(extrinsic)
            progress.build()

        authoring += min(used(author), used(author))
        sealed = chain.node.seal(extrinsics)
        params = params_of(sealed.record.pov, sealed.record.validation_data)
        validating += min(used(lambda: validate_block(params, load)) for _ in range(2))  # noqa: B023
        pov += sealed.record.pov.size
    return [
        Figure("validation", f"{validating / authoring:.2f}", "of authoring (the validator checks the signatures too)"),
        Figure("proof of validity", f"{pov / blocks / PER_BLOCK:.0f}", "bytes a trade (blocks of 100, one pool)"),
    ]
