"""`basilisk node run` in a process of its own: started, asked, written to by other commands, stopped, killed."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from amm.local import LocalChain
from amm.runtime import load
from amm.signing import sign_call
from chain.crypto import ss58
from chain.crypto.keys import dev
from chain.frame import Call
from chain.node.verify import verify_history

ALICE = ss58.encode(dev("alice").account)
POOL = 'pool create "100_000 BSX" "250 KSM"'


class Running:
    """A node that runs."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "basilisk_cli", "node", "run", "--port", "0", "--json", "--data-dir", "c"]
        self.log = folder / "log"
        self.process = subprocess.Popen(
            [*command, *options], cwd=folder, stdout=subprocess.PIPE, stderr=self.log.open("w"), text=True
        )
        assert self.process.stdout is not None
        text = ""
        while line := self.process.stdout.readline():
            text += line
            try:
                self.facts = json.loads(text)
            except ValueError:
                continue
            break
        assert text, self.log.read_text()
        self.url = self.facts["url"]

    def ask(self, method: str, *params: Any) -> Any:
        return self.answer(method, *params)["result"]

    def answer(self, method: str, *params: Any) -> Any:
        request = urllib.request.Request(
            self.url.replace("ws://", "http://"),
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def height(self) -> int:
        return int(self.ask("chain_getHeader")["number"], 16)

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=20)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Running]]:
    """Starts nodes in the test's folder, on the chain `c`."""
    running: list[Running] = []

    def start(*options: str) -> Running:
        running.append(Running(folder, *options))
        return running[-1]

    yield start
    for node in running:
        if node.process.poll() is None:
            node.process.kill()
            node.process.wait()
        if node.process.stdout is not None:
            node.process.stdout.close()


def ask_in_vain(node: Running, method: str, *params: Any) -> None:
    """The node is killed before it answers."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        node.ask(method, *params)


def sign(chain: LocalChain, call: Call, nonce: int) -> bytes:
    return sign_call(chain.runtime, call, dev("alice"), nonce, chain.node.genesis_hash).raw


def whole(folder: Path) -> int:
    """Verify all that is stored; the height of the chain."""
    with LocalChain.open(folder / "c") as chain:
        best = chain.node.best.number
        verdicts = list(verify_history(chain.node.archive, chain.node.validators, load, 1, best))
        assert [verdict.error for verdict in verdicts if verdict.error] == []
        assert len(verdicts) == best
        return best


def tokens_prefix() -> bytes:
    from chain.pallets.tokens import Tokens

    return Tokens.declaration.storage["accounts"].prefix


class TestLife:
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
    def test_stops_cleanly_and_goes_on_where_it_was(self, start: Any, folder: Path, how: int) -> None:
        node = start()
        node.ask("dev_newBlock", {"count": 2})
        best = node.ask("chain_getBlockHash")
        assert node.stop(how) == 0
        assert whole(folder) == 3
        again = start()
        assert (again.ask("chain_getBlockHash"), again.facts["block"]) == (best, 3)
        assert again.stop() == 0

    def test_a_line_for_each_block(self, start: Any) -> None:
        node = start()
        node.ask("dev_newBlock", {"count": 3})
        node.stop()
        blocks = [line for line in node.log.read_text().splitlines() if line.startswith("block ")]
        assert [int(line.split()[1]) for line in blocks] == [1, 2, 3, 4]
        assert all(re.search(r"0x[0-9a-f]{64}  0 extrinsics", line) for line in blocks)

    def test_a_kill_leaves_the_last_whole_block(self, start: Any, folder: Path) -> None:
        node = start("--seal", "interval", "--every", "0.05")
        while node.height() < 6:
            time.sleep(0.05)
        reached = node.height()
        node.process.kill()
        node.process.wait()
        assert whole(folder) >= reached

    def test_a_kill_in_the_middle_and_again(self, start: Any, folder: Path) -> None:
        """The chain is whole, the lock is taken over, what waited waits: two that are ready, one with a later nonce."""
        with LocalChain() as chain:
            remark = chain.call("system.remark", remark="x")
            raw = ["0x" + sign(chain, remark, nonce).hex() for nonce in (0, 1, 7)]
        node = start("--seal", "manual")
        for extrinsic in raw:
            node.ask("author_submitExtrinsic", extrinsic)
        for blocks in (0, 5, 5):
            killed, reached = node.process.pid, node.height() + blocks
            sealing = threading.Thread(target=ask_in_vain, args=(node, "dev_newBlock", {"count": 500}))
            if blocks:
                sealing.start()
            while node.height() < reached:
                time.sleep(0.01)
            node.process.kill()
            node.process.wait()
            if blocks:
                sealing.join()
            node = start("--seal", "manual")
            assert node.height() >= reached
            assert json.loads((folder / "c" / "lock").read_text()) == {"pid": node.process.pid, "url": node.url}
            assert node.process.pid != killed
            assert node.ask("author_pendingExtrinsics") == (raw[2:] if blocks else raw)
            assert node.ask("system_accountNextIndex", ALICE) == 2
        assert node.stop() == 0
        assert whole(folder) > 10
        assert (folder / "c" / "lock").read_bytes() == b""

    @pytest.mark.parametrize("method", ["dev_newBlock", "dev_timeTravel"])
    def test_a_stop_ends_what_is_under_way(self, start: Any, folder: Path, method: str) -> None:
        node = start()
        answers: list[Any] = []
        params = {"count": 10_000} if method == "dev_newBlock" else 20 * 86_400_000
        asking = threading.Thread(target=lambda: answers.append(node.answer(method, params)))
        asking.start()
        time.sleep(0.5)
        began = time.monotonic()
        assert node.stop() == 0
        assert time.monotonic() - began < 5
        asking.join()
        assert answers[0]["error"]["message"] == "the node stops"
        assert "Traceback" not in node.log.read_text()
        whole(folder)

    def test_quiet_says_nothing_but_where(self, start: Any) -> None:
        node = start("--quiet")
        node.stop()
        assert node.log.read_text() == ""

    def test_the_port_is_taken(self, start: Any, run: Any) -> None:
        port = start().url.rsplit(":", 1)[1]
        result = run(f"node run --data-dir other --port {port}", status=3)
        assert "cannot be listened on" in result.stderr

    def test_the_chain_is_taken(self, start: Any, run: Any) -> None:
        node = start()
        result = run("node run --data-dir c --port 0", status=3)
        assert str(node.process.pid) in result.stderr
        assert node.url in result.stderr

    def test_an_interval_seals_by_itself(self, start: Any) -> None:
        node = start("--seal", "interval", "--every", "0.1")
        before = node.height()
        while node.height() < before + 3:
            time.sleep(0.05)


class TestOtherCommands:
    def test_read_and_write_through_the_lock_and_the_url(self, start: Any, run: Any, read_json: Any) -> None:
        node = start()
        for where in ("--data-dir c", f"--url {node.url}"):
            before = node.height()
            line = POOL if where[-1] == "c" else 'trade sell --as bob "1.5 KSM" --for BSX --min-out "500 BSX"'
            run(f"{where} {line}")
            assert node.height() == before + 1
            assert read_json(f"{where} chain status")["block"] == before + 1
            (pool,) = read_json(f"{where} pool list")
            assert {reserve["symbol"] for reserve in pool["assets"]} == {"BSX", "KSM"}

    def test_what_the_chain_refuses_is_said_as_ever(self, start: Any, run: Any) -> None:
        node = start()
        result = run(f'--url {node.url} pool create "1 KSM" "2 KSM"', status=1)
        assert "XYK.CannotCreatePoolWithSameAssets" in result.stderr
        result = run(f'--url {node.url} account transfer bob "1 BSX" --as zoe', status=1)
        assert "fund" in result.stderr

    def test_time_snapshots_and_going_back(self, start: Any, run: Any, read_json: Any) -> None:
        node = start()
        run(f"--url {node.url} chain advance 2")
        run("--data-dir c chain snapshot here")
        run(f"--url {node.url} chain advance --time 10m")
        run("--data-dir c chain advance 3")
        assert node.height() == 6
        assert [each["name"] for each in read_json(f"--url {node.url} chain snapshots")] == ["here"]
        run(f"--url {node.url} chain revert here")
        assert node.height() == 3
        assert read_json(f"--url {node.url} relay verify")["verified"] == 3

    def test_where_blocks_are_sealed_by_hand_an_extrinsic_waits(self, start: Any, run: Any) -> None:
        node = start("--seal", "manual")
        result = run(f"--url {node.url} {POOL}", status=2)
        assert "waits" in result.stderr
        run(f"--url {node.url} chain advance 1")
        assert node.ask("author_pendingExtrinsics") == []

    def test_nobody_there(self, run: Any) -> None:
        assert "cannot be reached" in run("--url ws://127.0.0.1:1 chain status", status=3).stderr
        for url in ("nonsense", "ftp://x", "ws://", "ws://127.0.0.1:99999999"):
            run(f"--url {url} chain status", status=2)

    def test_another_kind_of_server(self, run: Any) -> None:
        import http.server
        import threading

        with http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            result = run(f"--url http://127.0.0.1:{server.server_port} chain status", status=3)
            assert "not in JSON" in result.stderr
            server.shutdown()


def test_storage_by_names(start: Any) -> None:
    node = start()
    data = {"free": 5 * 10**12, "reserved": 0, "frozen": 0}
    node.ask("dev_setStorage", {"Tokens": {"Accounts": [[["zoe", 1], data]]}})
    key = node.ask("state_getKeysPaged", "0x" + tokens_prefix().hex(), 1000)
    values = [node.ask("state_getStorage", each) for each in key]
    assert "0x" + (5 * 10**12).to_bytes(16, "little").hex() + "00" * 32 in values
    node.ask("dev_setStorage", {"tokens": {"$removePrefix": ["accounts"], "accounts": [[["bob", 1], {"free": 7}]]}})
    (key,) = node.ask("state_getKeysPaged", "0x" + tokens_prefix().hex(), 1000)
    assert node.ask("state_getStorage", key) == "0x07" + "00" * 47
    node.ask("dev_newBlock")
    assert node.stop() == 0


def test_help_costs_no_server() -> None:
    """Only `node run` itself imports the server's library."""
    modules = "basilisk_cli.app, basilisk_cli.commands.node, basilisk_cli.remote"
    code = f"import sys, {modules}; print('aiohttp' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert ended.stdout.strip() == "False", ended.stderr
