"""Paused calls. Source: spec/fees-and-origins.md §7, scenario money-transaction-pause."""

from typing import Any

import pytest

from chain.frame import ROOT
from chain.pallets.transaction_pause import TransactionPause

ALICE = b"\x01" * 32
SELL = (b"XYK", b"sell")


@pytest.fixture
def chain(make_chain: Any) -> Any:
    return make_chain(
        {110: TransactionPause},
        lambda environment: None,
        call_filter=lambda environment: lambda each: (
            not environment[TransactionPause].is_paused(each.spec.pallet_name, each.spec.declaration.name)
        ),
    )


def pause(chain: Any, *names: bytes) -> Any:
    return chain.call("transaction_pause.pause_transaction", *names)


def unpause(chain: Any, *names: bytes) -> Any:
    return chain.call("transaction_pause.unpause_transaction", *names)


def test_pause_and_unpause(chain: Any) -> None:
    pallet = chain[TransactionPause]
    chain.run(pause(chain, *SELL), ROOT)
    chain.run(pause(chain, *SELL), ROOT)
    assert chain.take_events() == [pallet.TransactionPaused(*SELL)]
    assert (pallet.is_paused("XYK", "sell"), pallet.is_paused("XYK", "buy")) == (True, False)
    chain.run(unpause(chain, *SELL), ROOT)
    chain.run(unpause(chain, *SELL), ROOT)
    assert chain.take_events() == [pallet.TransactionUnpaused(*SELL)]
    assert not pallet.is_paused("XYK", "sell")


def test_what_is_stored_is_an_empty_value(chain: Any) -> None:
    chain.run(pause(chain, *SELL), ROOT)
    item = chain[TransactionPause].paused_transactions.item
    assert chain.state.changes()[item.key(SELL)] == b""


def test_a_paused_call_is_filtered_but_not_for_root(chain: Any) -> None:
    remark = chain.call("system.remark", b"hello")
    chain.run(pause(chain, b"System", b"remark"), ROOT)
    assert chain.fails(remark, chain.signed(ALICE)) == "System.CallFiltered"
    chain.run(remark, ROOT)


@pytest.mark.parametrize("make", [pause, unpause])
def test_only_root_and_only_short_names(chain: Any, make: Any) -> None:
    assert chain.fails(make(chain, *SELL), chain.signed(ALICE)) == "BadOrigin"
    too_long = "TransactionPause.NameTooLong"
    assert chain.fails(make(chain, b"XYK", b"n" * 41), ROOT) == too_long
    assert chain.fails(make(chain, b"n" * 41, b"sell"), ROOT) == too_long
    chain.run(make(chain, b"n" * 40, b"n" * 40), ROOT)


def test_what_cannot_be_paused(chain: Any) -> None:
    itself = pause(chain, b"TransactionPause", b"anything")
    assert chain.fails(itself, ROOT) == "TransactionPause.CannotPause"
    assert chain.fails(pause(chain, b"\xff", b"sell"), ROOT) == "TransactionPause.InvalidCharacter"
    chain.run(pause(chain, b"XYK", b"\xff"), ROOT)
