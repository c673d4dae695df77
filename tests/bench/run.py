"""`make bench`: every figure that the documentation names, as a ratio measured in one run.

A bare time says nothing on a shared machine; what stands here is always over a floor or a peer measured beside it.
    python tests/bench/run.py [--quick]
"""

import argparse
import gc
from collections.abc import Callable

from measure import Figure

from basilisk_cli.__main__ import MIDDLE, OLD, YOUNG


def main(quick: bool) -> None:
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    from accounts import small_and_large
    from histories import each_for_itself, verified_again
    from mutants import accepted_mutants
    from rpc import node_start, reads, trades_by_rpc
    from startup import start_up
    from trades import script_of_trades, validation_over_authoring

    parts: list[Callable[[], list[Figure]]] = [
        lambda: script_of_trades(2_000 if quick else 20_000),
        validation_over_authoring,
        lambda: small_and_large(1_000, 50_000 if quick else 1_000_000),
        start_up,
        lambda: reads(500 if quick else 5_000),
        lambda: trades_by_rpc(1_500 if quick else 5_000),
        node_start,
        lambda: verified_again(8 if quick else 40),
        lambda: each_for_itself(2 if quick else 5),
        lambda: accepted_mutants(1_000 if quick else 10_000),
    ]
    print("figure\tratio\tof\ttarget")
    for part in parts:
        for figure in part():
            print(f"{figure.name}\t{figure.value}\t{figure.of}\t{figure.target}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Figures of this machine, as ratios measured in one run.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: coarser figures, sooner")
    main(parser.parse_args().quick)
