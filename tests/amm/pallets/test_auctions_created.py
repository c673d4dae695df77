"""Auctions before they begin: what may be auctioned, changing it, calling it off."""

from typing import Any

import pytest
from gallery import ART
from house import Kind, begun, bid, candle, english, house, top_up
from markets import ALICE, BOB

from amm.pallets.auctions import Auctions
from amm.pallets.auctions_types import Auction, Candle, CandleData

U128_MAX, U32_MAX, U64_MAX = 2**128 - 1, 2**32 - 1, 2**64 - 1
KINDS = [english, top_up, candle]


@pytest.mark.parametrize("kind", KINDS)
def test_creating_freezes_the_item(kind: Kind) -> None:
    chain = house()
    auction = kind(ALICE, (ART, 1))
    events = chain.do(ALICE, "auctions.create", auction)
    assert events == [chain.uniques.Frozen(ART, 1), Auctions.AuctionCreated(0, auction)]
    assert chain.auctions.auctions.get(0) == auction
    assert chain.auctions.auction_owner_by_id.get(0) == ALICE
    assert chain.auctions.next_auction_id.get() == 1
    for path, args in [
        ("nft.transfer", (ART, 1, BOB)),
        ("nft.burn", (ART, 1)),
    ]:
        assert chain.refusal(ALICE, path, *args) == "Uniques.Frozen"
    assert chain.refusal(ALICE, "auctions.create", auction) == "Auctions.TokenFrozen"


def test_an_auction_may_start_in_the_present_block() -> None:
    chain = house()
    chain.do(ALICE, "auctions.create", english(ALICE, (ART, 1), start=chain.clock.own))
    bid(chain, BOB, 1000)


def test_a_frozen_item_is_not_sold_on_the_marketplace() -> None:
    chain = begun(english)
    chain.do(ALICE, "marketplace.set_price", ART, 1, 5)
    chain.do(BOB, "marketplace.make_offer", ART, 1, 10**10, 100)
    assert chain.refusal(BOB, "marketplace.buy", ART, 1) == "Uniques.Frozen"
    assert chain.refusal(ALICE, "marketplace.accept_offer", ART, 1, BOB) == "Uniques.Frozen"


def test_create_checks_in_order() -> None:
    """Each step mends one fault, and the next comes to light."""
    chain = house()
    chain.clock.own = 5
    chain.piece(BOB, item=2)
    chain.auctions.next_auction_id.put(U64_MAX)
    chain.uniques.do_freeze(ART, 1)
    path = "auctions.create"
    assert chain.refusal(None, path, english(BOB, (ART, 2))) == "BadOrigin"
    assert chain.refusal(ALICE, path, english(BOB, (ART, 9))) == "Auctions.NotATokenOwner"
    assert chain.refusal(ALICE, path, english(BOB, (ART, 2))) == "Auctions.NotATokenOwner"
    wrong: dict[str, Any] = {"owner": BOB, "start": 4, "end": 0, "name": b"", "first": 0, "closed": True}
    wrong |= {"last_bid": (BOB, 5)}
    ladder: list[tuple[str, Any, str]] = [
        ("", None, "TokenFrozen"),
        ("", None, "NotAuctionOwner"),
        ("owner", ALICE, "AuctionStartTimeAlreadyPassed"),
        ("start", U32_MAX - 9, "InvalidTimeConfiguration"),
        ("end", U32_MAX, "Overflow"),
        ("start", U32_MAX - 10, "InvalidTimeConfiguration"),
        ("start", U32_MAX - 11, "EmptyAuctionName"),
        ("name", b"x", "InvalidNextBidMin"),
        ("first", 2, "CannotSetAuctionClosed"),
        ("closed", False, "InvalidNextBidMin"),
        ("first", 1, "CannotChangeForbiddenAttribute"),
        ("last_bid", None, "NoAvailableAuctionId"),
    ]
    for step, (key, value, error) in enumerate(ladder):
        if step == 1:
            chain.uniques.do_thaw(ART, 1)
        if key:
            wrong[key] = value
        assert chain.refusal(ALICE, path, _english(wrong)) == f"Auctions.{error}", wrong
    chain.auctions.next_auction_id.put(U64_MAX - 1)
    chain.do(ALICE, path, _english(wrong))


def _english(data: dict[str, Any]) -> Auction:
    given = dict(data)
    return english(given.pop("owner"), (ART, 1), given.pop("first"), **given)


@pytest.mark.parametrize(
    ("reserve_price", "first", "good"),
    [(None, 1, True), (None, 2, False), (5, 5, True), (5, 1, False), (5, 6, False), (0, 1, False)],
)
def test_an_english_auction_begins_with_its_reserve_price(reserve_price: int | None, first: int, good: bool) -> None:
    chain = house()
    auction = english(ALICE, (ART, 1), first, reserve_price=reserve_price)
    if good:
        chain.do(ALICE, "auctions.create", auction)
    else:
        assert chain.refusal(ALICE, "auctions.create", auction) == "Auctions.InvalidNextBidMin"


def test_candle_checks_in_order() -> None:
    chain = house()
    path = "auctions.create"
    drawn = [CandleData(38, 1, None), CandleData(38, None, BOB)]
    ladder: list[tuple[Auction, str]] = [
        (candle(ALICE, (ART, 1), 1, end=109, reserve_price=5), "CandleAuctionMustHaveDefaultDuration"),
        (candle(ALICE, (ART, 1), 1, end=111, reserve_price=5), "CandleAuctionMustHaveDefaultDuration"),
        (candle(ALICE, (ART, 1), 1, start=U32_MAX - 50, end=U32_MAX), "Overflow"),
        (candle(ALICE, (ART, 1), 37, reserve_price=5), "CandleAuctionDoesNotSupportReservePrice"),
        (candle(ALICE, (ART, 1), 37), "CandleAuctionMustHaveDefaultClosingPeriodDuration"),
        (candle(ALICE, (ART, 1), last_bid=(BOB, 5)), "CannotChangeForbiddenAttribute"),
        *((Candle(candle(ALICE, (ART, 1)).common_data, data), "CannotChangeForbiddenAttribute") for data in drawn),
    ]
    for auction, error in ladder:
        assert chain.refusal(ALICE, path, auction) == f"Auctions.{error}", auction
    whole = house(candle_default_closing_period_duration=110)
    whole.do(ALICE, path, candle(ALICE, (ART, 1), 0))
    longer = house(candle_default_closing_period_duration=111)
    assert longer.refusal(ALICE, path, candle(ALICE, (ART, 1), 0)) == "Auctions.Overflow"


def test_the_least_bid_is_the_existential_deposit_by_default() -> None:
    chain = house(bid_min_amount=None)
    assert chain.refusal(ALICE, "auctions.create", english(ALICE, (ART, 1), 499)) == "Auctions.InvalidNextBidMin"
    chain.do(ALICE, "auctions.create", english(ALICE, (ART, 1), 500))


def test_update_checks_in_order() -> None:
    chain = house()
    chain.piece(item=2)
    path = "auctions.update"
    assert chain.refusal(None, path, 0, english(ALICE, (ART, 1))) == "BadOrigin"
    assert chain.refusal(ALICE, path, 0, english(BOB, (ART, 1))) == "Auctions.NotAuctionOwner"
    assert chain.refusal(ALICE, path, 0, english(ALICE, (ART, 1))) == "Auctions.AuctionDoesNotExist"
    chain.do(ALICE, "auctions.create", english(ALICE, (ART, 1)))
    later = {"start": 30, "end": 41}
    chain.clock.own = 10
    assert chain.refusal(BOB, path, 0, top_up(BOB, (ART, 1), **later)) == "Auctions.CannotChangeAuctionType"
    assert chain.refusal(BOB, path, 0, english(BOB, (ART, 2), **later)) == "Auctions.NotAuctionOwner"
    assert chain.refusal(ALICE, path, 0, english(ALICE, (ART, 2), **later)) == "Auctions.AuctionAlreadyStarted"
    chain.clock.own = 9
    assert (
        chain.refusal(ALICE, path, 0, english(ALICE, (ART, 2), **later)) == "Auctions.CannotChangeForbiddenAttribute"
    )
    new = english(ALICE, (ART, 1), 7, reserve_price=7, name=b"renamed", **later)
    assert chain.do(ALICE, path, 0, new) == [Auctions.AuctionUpdated(0, new)]
    assert chain.auctions.auction(0) == new


@pytest.mark.parametrize("kind", KINDS)
def test_destroying_before_the_start_leaves_nothing(kind: Kind) -> None:
    chain = house()
    before = chain.present()
    assert chain.refusal(BOB, "auctions.destroy", 0) == "Auctions.AuctionDoesNotExist"
    chain.do(ALICE, "auctions.create", kind(ALICE, (ART, 1)))
    chain.clock.own = 10
    assert chain.refusal(None, "auctions.destroy", 0) == "BadOrigin"
    assert chain.refusal(BOB, "auctions.destroy", 0) == "Auctions.NotAuctionOwner"
    assert chain.refusal(ALICE, "auctions.destroy", 0) == "Auctions.AuctionAlreadyStarted"
    chain.clock.own = 9
    events = chain.do(ALICE, "auctions.destroy", 0)
    assert events == [chain.uniques.Thawed(ART, 1), Auctions.AuctionDestroyed(0)]
    chain.auctions.next_auction_id.kill()
    assert chain.present() == before


def test_ids_are_not_used_again() -> None:
    chain = house()
    for number in range(3):
        chain.do(ALICE, "auctions.create", english(ALICE, (ART, 1)))
        assert chain.auctions.auction_owner_by_id.get(number) == ALICE
        chain.do(ALICE, "auctions.destroy", number)
