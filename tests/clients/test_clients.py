"""The ecosystem's clients against our node, nothing in them configured or patched. Versions: package.json here."""

from collections.abc import Callable
from typing import Any

KSM = 10**12
FREE = str(10**9 * KSM)
TRADES = ["create", "sell", "limit", "batch", "lbp create", "lbp start", "lbp sell", "lbp buy"]


def facts(seen: Any) -> dict[str, Any]:
    return {sent["name"]: sent for sent in seen["sent"]}


def check_trades(sent: dict[str, Any], spell: Callable[[str], str] = lambda name: name) -> None:
    """Every trade did what its events say, and the one that must fail failed by name."""
    assert [name for name, one in sent.items() if one["error"] is not None] == ["limit"]
    assert "AssetAmountNotReachedLimit" in sent["limit"]["error"]
    expected = {
        "create": "XYK.PoolCreated", "sell": "XYK.SellExecuted", "limit": "System.ExtrinsicFailed",
        "batch": "Utility.BatchCompleted", "lbp create": "LBP.PoolCreated", "lbp start": "LBP.PoolUpdated",
        "lbp sell": "LBP.SellExecuted", "lbp buy": "LBP.BuyExecuted",
    }  # fmt: skip
    for name, event in expected.items():
        if name in sent:
            assert spell(event) in sent[name]["events"], name


def camel(event: str) -> str:
    """A pallet's name as polkadot.js writes it."""
    pallet, name = event.split(".")
    return f"{pallet.lower()}.{name}"


def test_polkadot_js(run_node: Any) -> None:
    seen = run_node("polkadot.mjs")
    assert (seen["chain"], seen["prefix"], seen["constant"], seen["free"]) == ("Basilisk local", 10041, "1000", FREE)
    assert seen["assets"] == [0, 1, 2, 3]
    sent = facts(seen)
    assert list(sent) == TRADES
    check_trades(sent, camel)
    for name, one in sent.items():
        assert one["heard"][-1] == "Finalized"
        # A fee is asked for before the block, whose multiplier may be another: within a thousandth; sudo pays none.
        assert name == "lbp create" or abs(int(one["fee"]) - int(one["paid"])) * 1000 <= int(one["paid"]), name
    assert any("InBlock" in one["heard"] for one in sent.values())
    last = seen["heads"][-1]
    assert seen["heads"] == list(range(1, last + 1))
    assert seen["finalized"] == list(range(1, seen["finalized"][-1] + 1))
    assert "1010" in seen["stale"]
    assert "outdated" in seen["stale"]
    assert (seen["past"], seen["authors"], seen["balanceChanged"], seen["proof"]) == (1, 2, True, True)
    assert seen["author"].startswith("bX")
    assert seen["dryRun"] == {"Ok": {"Ok": []}}


def test_papi(run_node: Any) -> None:
    seen = run_node("papi.mjs")
    assert (seen["chain"], seen["constant"], seen["free"], seen["nonce"]) == ("Basilisk local", "1000", FREE, 0)
    assert seen["assets"] == [0, 1, 2, 3]
    sent = facts(seen)
    assert list(sent) == TRADES
    check_trades(sent)
    for name, one in sent.items():
        assert one["ok"] is (name != "limit")
        assert name == "lbp create" or abs(int(one["fee"]) - int(one["paid"])) * 1000 <= int(one["paid"]), name
    assert seen["finalized"] == list(range(1, seen["finalized"][-1] + 1))
    assert seen["stale"] == {"type": "Invalid", "value": {"type": "Stale"}}
    assert seen["watched"] is True


def test_galactic_sdk(run_node: Any) -> None:
    """Its quotes equal what the trades do; on this pool the recorded ones (spec/json-rpc.md, "Galactic SDK")."""
    seen = run_node("galactic.mjs")
    assert seen["quotes"] == ["4.984501549848", "2.006040120801"]
    assert seen["pools"] == [
        ["Xyk", [["0", "BSX", str(100_000 * KSM)], ["1", "KSM", str(50_000 * KSM)]]],
        ["Lbp", [["2", "KUSD", str(1_000 * KSM)], ["3", "TKN", str(2_000 * KSM)]]],
    ]
    kinds = [(trade["pallet"], trade["kind"]) for trade in seen["trades"]]
    assert kinds == [("xyk", "sell"), ("xyk", "buy"), ("lbp", "sell"), ("lbp", "buy"), ("lbp", "sell")]
    for trade in seen["trades"]:
        assert trade["quote"] == trade["done"], trade


def test_async_substrate_interface(run_python: Any) -> None:
    seen = run_python("async_client.py")
    assert (seen["chain"], seen["constant"], str(seen["free"])) == ("Basilisk local", 1000, FREE)
    assert seen["assets"] == [0, 1, 2, 3]
    sent = facts(seen)
    assert list(sent) == ["create", "sell", "limit", "batch"]
    check_trades(sent, lambda event: event.split(".")[1])
    assert seen["heads"] == [5, 6, 7]
    assert seen["block"] == 3
    assert seen["fee"] > 10**12


def test_driving_the_chain(run_node: Any) -> None:
    """What is written for Chopsticks does here what it does there."""
    seen = run_node("driving.mjs")
    assert (seen["set"], seen["nonce"]) == (str(5 * KSM), 7)
    assert seen["tokens"] > 1
    assert seen["left"] == [7]
    assert sorted(seen["diff"]) == ["deleted"] * (seen["tokens"] - 1) + ["modified"]
    assert seen["back"] == [1, "0"]
    assert seen["forward"] == [True, True]
    assert (seen["beside"], seen["next"], seen["travelled"], seen["included"], seen["later"]) == (True,) * 5
    assert seen["paid"] == str(KSM)
    assert (seen["mock"], "bad signature" in seen["mocked"]) == (True, True)
    assert seen["pushed"] is True
