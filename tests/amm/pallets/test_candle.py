"""Candle auctions: closing ranges, the draw, and who wins by it."""

from pathlib import Path
from typing import Any

import pytest
from gallery import ART, DAVE, Gallery
from house import begun, bid, candle, close, gained, pot
from markets import ALICE, BOB, CHARLIE

from amm.chain_spec import load_chain_spec
from amm.local import LocalChain
from amm.pallets.auctions import Auctions
from amm.pallets.auctions_candle import closing_range, draw, randomness, subject_of, winner
from amm.pallets.auctions_types import Candle, CandleData
from chain.crypto.hashing import blake2_256

U32_MAX = 2**32 - 1


@pytest.mark.parametrize(
    ("block", "range_"),
    [
        (20, 1),
        (27_366, 1),
        (27_368, 1),
        (28_805, 1),
        (28_806, 2),
        (63_365, 49),
        (63_366, 50),
        (99_356, 99),
        (99_365, 99),
        (99_400, 99),
    ],
)
def test_ranges(block: int, range_: int) -> None:
    assert closing_range(block, 27_366, 72_000, 100) == range_


def test_ranges_are_from_one_to_one_less_than_their_count() -> None:
    for count in (2, 3, 10, 100):
        found = [closing_range(block, 50, 20, count) for block in range(200)]
        assert found == sorted(found) and (found[0], found[-1]) == (1, count - 1)
    assert [closing_range(block, 50, 0, 9) for block in (49, 50)] == [1, 8]


def test_draws_of_the_specification() -> None:
    assert subject_of(0, 0) == b"auctions" + bytes(12)
    assert subject_of(258, 3) == b"auctions" + bytes([2, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0])
    by_subject, by_hash = randomness("subject", bytes(32)), randomness("parent_hash", bytes(32))
    assert by_hash(subject_of(0, 0)).hex().startswith("fc627e25")
    assert [draw(id, 100, by_subject) for id in (0, 7)] == [61, 61]
    assert draw(0, 10, by_subject) == 7
    assert draw(0, 100, by_hash) == 7
    assert draw(0, 100, randomness("parent_hash", bytes(range(32)))) == 20


def test_draws_that_would_favour_low_ranges_are_made_again() -> None:
    asked: list[bytes] = []

    def unlucky(subject: bytes) -> bytes:
        asked.append(subject)
        return U32_MAX.to_bytes(4, "little") if len(asked) < 4 else bytes(32)

    assert draw(0, 100, unlucky) == 1
    assert asked == [subject_of(0, attempt) for attempt in range(4)]
    asked.clear()
    assert draw(0, 100, lambda s: asked.append(s) or bytes([255]) * 32) == 1 + U32_MAX % 99  # type: ignore[func-returns-value]
    assert len(asked) == 10


def test_where_draws_are_made_again() -> None:
    fair = U32_MAX - U32_MAX % 99
    for first, winning in [(fair - 1, 99), (fair, 6)]:
        drawn = iter([first, 5])
        assert draw(0, 100, lambda _, drawn=drawn: next(drawn).to_bytes(4, "little")) == winning  # type: ignore[misc]


def test_every_range_is_drawn() -> None:
    drawn = {draw(id, 10, randomness("parent_hash", blake2_256(b"any"))) for id in range(200)}
    assert drawn == set(range(1, 10))


def test_the_winner_is_recorded_in_the_highest_range_up_to_the_drawn_one() -> None:
    records = [(5, BOB), (1, ALICE), (9, CHARLIE)]
    assert [winner(records, winning) for winning in (1, 4, 5, 8, 9, 99)] == [ALICE, ALICE, BOB, BOB, CHARLIE, CHARLIE]
    assert winner([(5, BOB)], 4) is None and winner([], 9) is None


def records(chain: Gallery) -> dict[int, bytes]:
    return {range_: who for _, range_, who in chain.auctions.highest_bidders_by_auction_closing_range.items(0)}


def test_a_candle_auction_is_won_at_the_drawn_moment() -> None:
    """The drawn range is 61, blocks 82 and before; what bob added later he pays nevertheless."""
    chain = begun(candle)
    for who, amount, now in [(CHARLIE, 1000, 20), (BOB, 2000, 82), (CHARLIE, 3000, 83), (BOB, 4000, 100)]:
        bid(chain, who, amount, now)
    assert records(chain) == {1: CHARLIE, 61: BOB, 62: CHARLIE, 86: BOB}
    assert close(chain)[-1] == Auctions.AuctionClosed(0, BOB)
    assert gained(chain, ALICE, BOB, CHARLIE) == [4000, -4000, -3000]
    closed = chain.auctions.auction(0)
    assert isinstance(closed, Candle) and closed.specific_data == CandleData(38, 61, BOB)
    assert chain.refusal(DAVE, "auctions.close", 0) == "Auctions.AuctionClosed"
    assert chain.refusal(BOB, "auctions.claim", BOB, 0) == "Auctions.NoReservedAmountAvailableToClaim"
    chain.do(DAVE, "auctions.claim", CHARLIE, 0)
    assert gained(chain, CHARLIE) == [0]
    assert chain.auctions.auctions.get(0) is None and records(chain) == {}


def test_a_candle_auction_whose_winner_is_the_only_bidder_is_removed() -> None:
    chain = begun(candle)
    bid(chain, BOB, 1000, 20)
    bid(chain, BOB, 2000, 110 - 1)
    close(chain)
    assert (pot(chain), gained(chain, ALICE)) == (0, [2000])
    assert chain.auctions.auctions.get(0) is None and records(chain) == {}


def test_bids_after_the_drawn_moment_win_nothing_and_come_back() -> None:
    chain = begun(candle)
    bid(chain, BOB, 1000, 83)
    assert close(chain)[-1] == Auctions.AuctionClosed(0, None)
    closed = chain.auctions.auction(0)
    assert isinstance(closed, Candle) and closed.specific_data == CandleData(38, 61, None)
    assert chain.uniques.can_transfer(ART, 1) and chain.owners() == {(ART, 1): ALICE}
    chain.do(BOB, "auctions.claim", BOB, 0)
    assert (pot(chain), gained(chain, BOB), records(chain)) == (0, [0], {})


def test_a_moved_end_does_not_move_the_ranges() -> None:
    chain = begun(candle)
    bid(chain, BOB, 1000, 109)
    bid(chain, CHARLIE, 2000, 118)
    assert chain.auctions.auction(0).common_data.end == 128
    assert records(chain) == {98: BOB, 99: CHARLIE}


def test_a_candle_auction_without_records_cannot_be_judged() -> None:
    chain = begun(candle)
    bid(chain, BOB, 1000)
    chain.auctions.highest_bidders_by_auction_closing_range.remove(0, 1)
    chain.clock.own = 110
    assert chain.refusal(DAVE, "auctions.close", 0) == "Auctions.CannotDetermineAuctionWinner"


def test_a_winner_without_reserve_cannot_pay() -> None:
    chain = begun(candle)
    bid(chain, BOB, 1000)
    chain.auctions.reserved_amounts.remove(BOB, 0)
    chain.clock.own = 110
    assert chain.refusal(DAVE, "auctions.close", 0) == "Auctions.NoReservedAmountAvailableToClaim"


def test_two_ranges_leave_one_to_draw() -> None:
    chain = begun(candle, settings={"candle_default_closing_ranges_count": 2})
    bid(chain, BOB, 1000, 109)
    assert records(chain) == {1: BOB}
    assert close(chain)[-1] == Auctions.AuctionClosed(0, BOB)


def test_without_ranges_to_draw_from_nobody_can_bid_and_the_close_is_possible() -> None:
    chain = begun(candle, settings={"candle_default_closing_ranges_count": 1})
    assert chain.refusal(BOB, "auctions.bid", 0, 1000) == "Auctions.InvalidTimeConfiguration"
    close(chain)


def test_the_draw_follows_from_the_parent_hash_and_the_auction() -> None:
    def drawn(parent: bytes) -> int | None:
        chain = begun(candle, settings={"randomness": "parent_hash"})
        bid(chain, BOB, 1000, 20)
        bid(chain, CHARLIE, 2000, 21)
        chain.clock.parent = parent
        close(chain)
        closed = chain.auctions.auction(0)
        assert isinstance(closed, Candle)
        return closed.specific_data.winning_closing_range

    assert [drawn(bytes(32)), drawn(bytes(range(32))), drawn(bytes(32))] == [7, 20, 7]



SPEC = """
name: candles
runtime:
  auctions: {candle_default_duration: 11, candle_default_closing_period_duration: 5}
pallets: [sudo, auctions]
balances: {alice: {BSX: "10_000 BSX"}, bob: {BSX: "10_000 BSX"}, charlie: {BSX: "10_000 BSX"}}
nfts: [{collection: 1_000_000, owner: alice, items: [{id: 1, owner: alice}]}]
"""
COMMON: dict[str, Any] = {"name": "x", "reserve_price": None, "last_bid": None, "next_bid_min": "1 BSX"}
COMMON |= {"start": 2, "end": 13, "closed": False, "owner": "alice", "token": [1_000_000, 1]}
UNDRAWN = {"closing_start": 8, "winning_closing_range": None, "winner": None}


def drawn_on_a_chain(spec: str, block: int) -> int | None:
    """The range that a whole chain draws where the auction is closed in `block`."""
    with LocalChain(load_chain_spec(spec), seed=1) as chain:
        auction = {"Candle": {"common_data": COMMON, "specific_data": UNDRAWN}}
        assert chain.submit(chain.call("auctions.create", auction=auction)).ok
        for who, amount in [("bob", "1 BSX"), ("charlie", "2 BSX")]:
            assert chain.submit(chain.call("auctions.bid", auction_id=0, amount=amount), who).ok
        for _ in chain.advance(block - 1 - chain.node.best.number):
            pass
        assert chain.submit(chain.call("auctions.close", auction_id=0), "bob").ok
        closed = chain.state[Auctions].auction(0)
        assert isinstance(closed, Candle)
        return closed.specific_data.winning_closing_range


def test_the_same_blocks_draw_the_same(tmp_path: Path) -> None:
    file = tmp_path / "candles.yaml"
    file.write_text(SPEC)
    first, *others = (drawn_on_a_chain(str(file), block) for block in (13, 13, 14, 15))
    assert first == others[0]
    assert {first} != set(others)
