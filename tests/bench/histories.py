"""Histories verified and audited again on worker processes, and validators that each execute for themselves."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import Figure, best
from trades import PER_BLOCK

from amm.local import LocalChain
from amm.runtime import load
from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.node.audit import audit
from chain.node.export import export
from chain.node.histories import Exported
from chain.node.verify import verify_history
from chain.primitives.extrinsic import Extrinsic
from chain.relay.processes import Processes
from chain.relay.workers import Workers

LOADER = "amm.runtime.load"
RUNS = 5


def trades(chain: LocalChain, first: int) -> list[Extrinsic]:
    """A block of bob's sales in the one pool; `first` is the nonce of the first."""
    sell = chain.call("xyk.sell", asset_in="BSX", asset_out="KSM", amount="1 BSX", max_limit=0, discount=False)
    nonces = range(first, first + PER_BLOCK)
    return [sign_call(chain.runtime, sell, dev("bob"), nonce, chain.node.genesis_hash) for nonce in nonces]


def with_pool(chain: LocalChain) -> LocalChain:
    pool = chain.call("xyk.create_pool", asset_a="BSX", amount_a="1_000_000 BSX", asset_b="KSM", amount_b="2_500 KSM")
    assert chain.submit(pool).ok
    return chain


OF_SHARES = "of one process's processor time, in the parent + in each worker"
"""Processor time says how work is shared out where others use the machine too, and clocks say nothing."""


def shares(alone: Callable[[], object], together: Callable[[], object], processes: Processes) -> str:
    """What parent and workers use of the processor, over what one process alone uses."""

    def used(work: Callable[[], object]) -> list[float]:
        before = [time.process_time(), *processes.ask(time.process_time)]
        work()
        after = [time.process_time(), *processes.ask(time.process_time)]
        return [end - start for start, end in zip(before, after, strict=True)]

    whole = min(used(alone)[0] for _ in range(RUNS))
    return " + ".join(f"{part / whole:.2f}" for part in min((used(together) for _ in range(RUNS)), key=sum))


def verified_again(blocks: int) -> list[Figure]:
    """`relay verify --workers` and `relay audit --engine`, over the same in one process."""
    chain = with_pool(LocalChain())
    for block in range(blocks):
        chain.node.seal(trades(chain, block * PER_BLOCK))
    node, last = chain.node, blocks + 1

    def verify(workers: Workers | None) -> None:
        found = verify_history(node.archive, node.validators, load, 1, last, workers=workers)
        assert all(verdict.ok for verdict in found)

    alone = best(lambda: verify(None), RUNS)
    figures = []
    for count in (1, 2):
        with Workers(count, LOADER) as workers:
            verify(workers)
            taken = best(lambda: verify(workers), RUNS)
            parts = shares(lambda: verify(None), lambda: verify(workers), workers.processes)
        figures.append(Figure(f"verify --workers {count}", f"{alone / taken:.2f}", "times the speed of --workers 0"))
        figures.append(Figure(f"verify --workers {count}", parts, OF_SHARES))
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "history"
        export(node.archive, node.validators, node.about, archive)
        inline = best(lambda: audit(Exported(archive), LOADER), RUNS)
        with Processes(2, ("chain.node.judging", "amm.runtime")) as processes:
            audit(Exported(archive), LOADER, processes)
            taken = best(lambda: audit(Exported(archive), LOADER, processes), RUNS)
            alike = lambda: audit(Exported(archive), LOADER), lambda: audit(Exported(archive), LOADER, processes)
            parts = shares(*alike, processes)
    figures.append(Figure("audit --engine processes:2", f"{inline / taken:.2f}", "times the speed of inline"))
    figures.append(Figure("audit --engine processes:2", parts, OF_SHARES))
    return [*figures, Figure("audit", f"{inline / alone:.2f}", f"of verify (both in one process, {last} blocks)")]


def each_for_itself(blocks: int) -> list[Figure]:
    """Blocks sealed with `verify: full`: four executions each, in this process or on two workers, by turns."""
    chains = {count: with_pool(LocalChain(verify="full", workers=count)) for count in (0, 2)}
    shared = with_pool(LocalChain())
    nonce = 0

    def seal(chain: LocalChain) -> float:
        bodies = [trades(chain, nonce + block * PER_BLOCK) for block in range(blocks)]

        def sealing() -> None:
            for body in bodies:
                chain.node.seal(body)

        return best(sealing, 1)

    taken: dict[int, float] = {}
    once = 0.0
    for _ in range(RUNS):
        for count, chain in chains.items():
            found = seal(chain)
            taken[count] = min(found, taken.get(count, found))
        found = seal(shared)
        once = min(found, once or found)
        nonce += blocks * PER_BLOCK
    for chain in chains.values():
        chain.close()
    return [
        Figure("verify: full, 2 workers", f"{taken[0] / taken[2]:.2f}", "times the speed of no workers"),
        Figure("verify: full, no workers", f"{taken[0] / once:.2f}", "times the time of verify: shared"),
        Figure("verify: full, 2 workers", f"{taken[2] / once:.2f}", "times the time of verify: shared"),
    ]
