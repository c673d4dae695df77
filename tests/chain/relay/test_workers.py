"""The number of workers and the hash seed change nothing. Source: spec/relay.md §14.6, spec/network.md §3."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

RUN = """
import sys
from amm.local import LocalChain
from chain.relay.workers import Workers

def main() -> None:
    count = int(sys.argv[1])
    workers = Workers(count, "amm.runtime.load") if count else None
    chain = LocalChain(workers=workers)
    for amount in ("5 BSX", "6 BSX"):
        chain.submit(chain.call("balances.transfer_allow_death", dest="bob", value=amount), "charlie")
    list(chain.advance(1))
    node = chain.node
    for number in range(node.relay.head.number + 1):
        header = node.archive.relay(number).header
        print(number, header.hash.hex(), header.state_root.hex())
    for number in range(node.best.number + 1):
        print(number, node.header(number).state_root.hex(), node.header(number).hash.hex())
    print([node.record(number).executions for number in (1, 2, 3)])
    if workers is not None:
        workers.close()

if __name__ == "__main__":
    main()
"""


def test_equal_roots_at_every_height(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN)
    said = []
    for workers, hash_seed in ((0, "0"), (1, "1"), (2, "0"), (2, "77")):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(script), str(workers)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        said.append(done.stdout)
    assert len(said[0].splitlines()) == 9 + 4 + 1
    assert said == said[:1] * 4
