"""LocalChain as a tool: acting, time, going back, speaking for others, and what it says of mistakes."""

import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading import SELL, UNIT

from amm.local import CallFailed, LocalChain
from amm.people import Person
from amm.scripts.errors import Faults
from amm.values import AccountError, AmountError, AssetError, WrittenError
from chain.crypto.keys import dev
from chain.node.errors import NodeError, SnapshotError

# -- acting ----------------------------------------------------------------------------------------------------------


def test_transact_is_the_short_way(chain: LocalChain) -> None:
    sold = chain.transact("xyk.sell", "bob", **SELL)
    assert sold.event("XYK.SellExecuted")["who"] == Person("bob").address
    assert sold.block == chain.block == 2
    assert chain.balance("bob", "KSM") == 999_999 * UNIT
    assert [fact.event for fact in chain.events() if fact.pallet == "XYK"] == ["SellExecuted"]
    assert chain.events(1) != chain.events(2)


def test_a_call_that_fails_says_why(chain: LocalChain) -> None:
    with pytest.raises(CallFailed, match=r"xyk.sell failed: XYK.MaxInRatioExceeded: .+\. ") as failed:
        chain.transact("xyk.sell", "bob", **SELL | {"amount": "200 KSM"})
    assert failed.value.outcome.error == "XYK.MaxInRatioExceeded"
    assert failed.value.outcome.block == chain.block
    with pytest.raises(CallFailed, match=r"Invalid.Payment: .* fund it first"):
        chain.transact("xyk.sell", "nobody", **SELL)


def test_an_event_that_did_not_happen(chain: LocalChain) -> None:
    with pytest.raises(LookupError, match=r"xyk.sell gave no event XYK.SelExecuted: did you mean XYK.SellExecuted\?"):
        chain.transact("xyk.sell", **SELL).event("XYK.SelExecuted")


def test_people_stand_for_accounts(chain: LocalChain) -> None:
    bob, zoe = Person("bob"), Person("zoe")
    chain.fund(zoe, "5 KSM")
    chain.transact("balances.transfer_allow_death", bob, dest=zoe, value="7 BSX")
    assert (chain.balance(zoe, "KSM"), chain.balance("zoe", "BSX")) == (5 * UNIT, 7 * UNIT)
    assert chain.account(zoe) == chain.account(zoe.address) == chain.account(zoe.account) == dev("zoe").account


def test_fund(chain: LocalChain) -> None:
    chain.fund("zoe", 1_000_000, "KSM")
    assert chain.balance("zoe", "KSM") == 1_000_000
    for amount in (5, "5"):
        with pytest.raises(AmountError, match="does not say of which asset"):
            chain.fund("zoe", amount)


# -- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "args", "said"),
    [
        ("xyk.sel", {}, "unknown call 'sel' in xyk\n    did you mean sell?"),
        ("xkk.sell", {}, "unknown pallet 'xkk'\n    did you mean xyk?"),
        ("xyk.sell", SELL | {"amnt": 1}, "unknown key 'amnt' in xyk.sell\n    did you mean amount?"),
        ("xyk.sell", SELL | {"amount": 1.5}, '1.5 is a float, not of type Balance\n    write "1.5 BSX" as a text, or'),
        ("xyk.sell", SELL | {"amount": Decimal("1.5")}, "is a Decimal, not of type Balance\n    write \"1.5 BSX\" as"),
        ("xyk.sell", SELL | {"asset_in": 1.0}, "1.0 is a float, not of type AssetId\n    give a symbol or an id"),
        ("xyk.sell", SELL | {"asset_in": "KSN"}, "unknown asset 'KSN'\n    did you mean KSM?"),
        ("xyk.sell", SELL | {"amount": "1 BSX KSM"}, "unknown asset 'BSX KSM'"),
        ("xyk.sell", SELL | {"discount": 1}, "the number 1 where true or false is needed\n    write true or false"),
        ("balances.transfer_allow_death", {"dest": 7, "value": 1}, "the number 7 is no account"),
        ("balances.transfer_allow_death", {"dest": b"short", "value": 1}, "not of type AccountId\n    give a name"),
        ("balances.transfer_allow_death", {"dest": "bob"}, "balances.transfer_allow_death needs 'value'"),
    ],
)
def test_a_wrong_call_says_how_to_mend_it(chain: LocalChain, path: str, args: dict[str, Any], said: str) -> None:
    with pytest.raises(Faults) as found:
        chain.call(path, **args)
    assert said in str(found.value)


def test_all_that_is_wrong_with_a_call_is_said_at_once(chain: LocalChain) -> None:
    with pytest.raises(Faults) as found:
        chain.call("xyk.sell", **SELL | {"amount": 1.5, "asset_in": "KSN", "discount": None})
    assert len(found.value.faults) == 3


def test_looking_at_what_is_not_there(chain: LocalChain) -> None:
    with pytest.raises(AssetError, match="unknown asset 'KSN'"):
        chain.balance("bob", "KSN")
    with pytest.raises(AccountError):
        chain.balance("bob the builder", "KSM")
    with pytest.raises(NodeError, match="there is no block 99"):
        chain.events(99)


# -- time ------------------------------------------------------------------------------------------------------------


def test_advance_acts_at_once(chain: LocalChain) -> None:
    done = chain.advance(3)
    assert chain.block == 4
    assert (len(done), done.number, done.hash) == (3, 4, chain.node.best.hash)
    assert [sealed.number for sealed in done] == [sealed.number for sealed in done[:]] == [2, 3, 4]
    assert (done[0].number, done[-1].hash) == (2, done.hash)
    assert done.relay_block == chain.relay_block
    assert sum(sealed.record.executions for sealed in done) == 3
    with pytest.raises(IndexError):
        done[3]
    assert (len(chain.advance(0)), len(chain.advance())) == (0, 1)


def test_what_is_read_back_is_what_was_sealed(chain: LocalChain) -> None:
    sealed = list(chain.fork().seal_empty(4))
    assert list(chain.advance(4)) == sealed


def test_advanced_blocks_are_gone_after_going_back(chain: LocalChain) -> None:
    chain.snapshot("before")
    done = chain.advance(2)
    chain.revert("before")
    for _ in range(2):  # the blocks anew, but for one: other blocks of the same numbers
        chain.transact("xyk.sell", **SELL)
    with pytest.raises(NodeError, match="block 2 is gone"):
        list(done)


def test_advancing_far_holds_no_blocks(tmp_path: Path) -> None:
    with LocalChain.create(tmp_path / "chain") as chain:
        chain.advance(20)
        tracemalloc.start()
        chain.advance(20)
        few = tracemalloc.get_traced_memory()[0]
        chain.advance(150)
        many = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    assert many - few < 2_000_000


def test_advance_to(chain: LocalChain) -> None:
    assert len(chain.advance_to(5)) == 4
    assert len(chain.advance_to(5)) == 0
    with pytest.raises(ValueError, match="block 4 is past: the best block is 5"):
        chain.advance_to(4)


def test_time_passes_on_the_relay_chain(chain: LocalChain) -> None:
    before, relay = chain.seconds, chain.relay_block
    chain.advance_time("1h30m")
    assert chain.seconds == before + 5400
    assert chain.relay_block == relay + 900
    chain.advance_time(7)
    assert chain.seconds == before + 5412
    chain.advance_relay(5)
    assert (chain.relay_block, chain.block) == (relay + 907, 1)


@pytest.mark.parametrize("method", ["advance", "advance_to", "advance_relay", "advance_time"])
@pytest.mark.parametrize("value", [-1, 1.5, True, None])
def test_times_that_are_none(chain: LocalChain, method: str, value: Any) -> None:
    with pytest.raises(ValueError, match="write a whole number, 0 or more"):
        getattr(chain, method)(value)
    with pytest.raises(WrittenError, match="is no duration"):
        chain.advance_time("soon")
    assert chain.block == 1


# -- going back ------------------------------------------------------------------------------------------------------


def test_an_anchor_leaves_the_chain_as_it_was(chain: LocalChain) -> None:
    before = chain.node.best.hash, chain.relay_block, chain.balance("bob", "KSM")
    with chain.anchor() as same:
        assert same is chain
        chain.transact("xyk.sell", "bob", **SELL)
        chain.snapshot("inside")
        with chain.anchor():
            chain.advance_time("3h")
            chain.advance(2)
        assert chain.block == 2
        chain.revert("inside")
        assert chain.balance("bob", "KSM") == before[2] - UNIT
    assert (chain.node.best.hash, chain.relay_block, chain.balance("bob", "KSM")) == before
    with pytest.raises(SnapshotError, match="there is no snapshot 'inside'"):
        chain.revert("inside")


def test_an_anchor_goes_back_after_an_error_too(chain: LocalChain) -> None:
    with pytest.raises(CallFailed), chain.anchor():
        chain.advance(3)
        chain.transact("xyk.sell", **SELL | {"amount": "200 KSM"})
    assert chain.block == 1


def test_an_anchor_writes_nothing_to_disk(tmp_path: Path) -> None:
    with LocalChain.create(tmp_path / "chain") as chain:
        chain.advance()
        with chain.anchor():
            chain.advance(5)
            chain.snapshot("inside")
        chain.advance()
    with LocalChain.open(tmp_path / "chain", readonly=True) as again:
        assert (again.block, again.node.snapshots()) == (2, [])


@settings(max_examples=8, deadline=None)
@given(moves=st.lists(st.sampled_from(["block", "time", "trade", "snapshot"]), max_size=5))
def test_whatever_happens_inside_an_anchor(market: LocalChain, moves: list[str]) -> None:
    before = market.node.best.hash, market.node.relay.head.hash, market.node.snapshots()
    with market.anchor():
        for number, move in enumerate(moves):
            if move == "block":
                market.advance(2)
            elif move == "time":
                market.advance_time("10m")
            elif move == "trade":
                market.transact("xyk.sell", "bob", **SELL)
            else:
                market.snapshot(f"snapshot {number}")
    assert (market.node.best.hash, market.node.relay.head.hash, market.node.snapshots()) == before


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x00b", "a\x1b[31mb", " a", "x" * 101])
def test_names_that_no_snapshot_has(chain: LocalChain, name: str) -> None:
    with pytest.raises(SnapshotError) as found:
        chain.snapshot(name)
    assert found.value.hint
    assert chain.node.snapshots() == []
