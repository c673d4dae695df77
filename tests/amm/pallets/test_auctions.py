"""Auctions by example: what may be auctioned, bids, ends, closes and claims, and the mended flaws."""


import pytest
from gallery import ART, DAVE, Gallery
from house import RICH, SETTINGS, Kind, begun, bid, candle, close, english, gained, house, pot, reserved, top_up
from markets import ALICE, BOB, BSX, CHARLIE, names

from amm.pallets.auctions import Auctions
from amm.pallets.auctions_types import Bid
from chain.scale import DecodeError

U128_MAX, U32_MAX, U64_MAX = 2**128 - 1, 2**32 - 1, 2**64 - 1
KINDS = [english, top_up, candle]


def test_the_account_of_an_auction() -> None:
    account = Gallery().auctions.account_of
    assert account(0) == b"modlauctions" + bytes(20)
    assert account(3) == b"modlauctions" + bytes([3]) + bytes(19)


# -- bidding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_bid_checks_in_order(kind: Kind) -> None:
    chain = begun(kind, now=9)
    data = chain.auctions.auction(0).common_data
    path = "auctions.bid"
    assert chain.refusal(None, path, 5, 0) == "BadOrigin"
    assert chain.refusal(ALICE, path, 5, 0) == "Auctions.AuctionDoesNotExist"
    assert chain.refusal(ALICE, path, 0, 0) == "Auctions.CannotBidOnOwnAuction"
    assert chain.refusal(BOB, path, 0, 0) == "Auctions.AuctionNotStarted"
    chain.clock.own = data.end
    assert chain.refusal(BOB, path, 0, 0) == "Auctions.AuctionEndTimeReached"
    chain.clock.own = 10
    assert chain.refusal(BOB, path, 0, 0) == "Auctions.InvalidBidPrice"
    assert chain.refusal(BOB, path, 0, 499) == "Token.BelowMinimum"
    assert chain.refusal(BOB, path, 0, RICH + 1) == "Token.FundsUnavailable"
    assert chain.refusal(BOB, path, 0, RICH - 499) == "Token.NotExpendable"
    events = bid(chain, BOB, 1000)
    assert names(events)[-3:] == ["Balances.Transfer", "Auctions.BidAmountReserved", "Auctions.BidPlaced"]
    assert events[-1] == Auctions.BidPlaced(0, BOB, Bid(1000, 10))
    for amount in (1000, 1099):
        assert chain.refusal(CHARLIE, path, 0, amount) == "Auctions.InvalidBidPrice"


@pytest.mark.parametrize(("amount", "least"), [(1000, 1100), (1100, 1210), (1500, 1650), (1999, 2198), (509, 559)])
def test_the_next_bid_is_a_step_higher(amount: int, least: int) -> None:
    chain = begun(english)
    bid(chain, BOB, amount)
    assert chain.auctions.auction(0).common_data.next_bid_min == least


def test_a_step_of_nothing_still_asks_for_more() -> None:
    chain = Gallery(auctions=SETTINGS, balances={"existential_deposit": 1})
    chain.piece()
    chain.do(ALICE, "auctions.create", english(ALICE, (ART, 1)))
    bid(chain, BOB, 9, now=10)
    assert chain.auctions.auction(0).common_data.next_bid_min == 9
    assert chain.refusal(CHARLIE, "auctions.bid", 0, 9) == "Auctions.InvalidBidPrice"
    bid(chain, CHARLIE, 10)


@pytest.mark.parametrize(("percent", "least"), [(0, 1000), (100, 2000), (101, 2000), (U32_MAX, 2000)])
def test_steps_above_all_count_as_all(percent: int, least: int) -> None:
    chain = begun(english, settings={"bid_step_perc": percent})
    bid(chain, BOB, 1000)
    assert chain.auctions.auction(0).common_data.next_bid_min == least


def test_a_next_bid_that_cannot_be_written_down() -> None:
    chain = Gallery({ALICE: {BSX: 1000}, BOB: {BSX: U128_MAX - 10**6}}, auctions=SETTINGS)
    chain.piece()
    chain.do(ALICE, "auctions.create", english(ALICE, (ART, 1)))
    chain.clock.own = 10
    assert chain.refusal(BOB, "auctions.bid", 0, U128_MAX - 10**7) == "Auctions.BidOverflow"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("left", "end_after"), [(10, 0), (9, 1), (7, 3), (1, 9)])
def test_late_bids_put_the_end_off(kind: Kind, left: int, end_after: int) -> None:
    chain = begun(kind)
    end = chain.auctions.auction(0).common_data.end
    for who, amount in [(BOB, 1000), (CHARLIE, 2000), (BOB, 3000)]:
        bid(chain, who, amount, now=end - left)
        assert chain.auctions.auction(0).common_data.end == end + end_after
        end += end_after


def test_an_english_bid_repays_the_last_one_first() -> None:
    chain = begun(english)
    bid(chain, BOB, 1000)
    events = bid(chain, CHARLIE, 1100)
    assert [event for event in events if event.pallet == "Auctions"] == [
        Auctions.BidAmountUnreserved(0, BOB, 1000, BOB),
        Auctions.BidAmountReserved(0, CHARLIE, 1100),
        Auctions.BidPlaced(0, CHARLIE, Bid(1100, 10)),
    ]
    assert (pot(chain), reserved(chain, BOB), gained(chain, BOB, CHARLIE)) == (1100, 0, [0, -1100])
    bid(chain, CHARLIE, 1210)
    assert (pot(chain), reserved(chain, CHARLIE)) == (1210, 1210)


@pytest.mark.parametrize("kind", [top_up, candle])
def test_raises_take_the_difference(kind: Kind) -> None:
    chain = begun(kind)
    for who, amount, more in [(BOB, 1000, 1000), (CHARLIE, 1100, 1100), (BOB, 1500, 500)]:
        assert Auctions.BidAmountReserved(0, who, more) in bid(chain, who, amount)
    assert (pot(chain), reserved(chain, BOB), reserved(chain, CHARLIE)) == (2600, 1500, 1100)
    assert gained(chain, BOB, CHARLIE) == [-1500, -1100]


# -- closing and claiming ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_close_checks_in_order(kind: Kind) -> None:
    chain = begun(kind)
    assert chain.refusal(BOB, "auctions.close", 5) == "Auctions.AuctionDoesNotExist"
    chain.clock.own = chain.auctions.auction(0).common_data.end - 1
    assert chain.refusal(BOB, "auctions.close", 0) == "Auctions.AuctionEndTimeNotReached"
    chain.auctions.auctions.insert(0, chain.auctions.auction(0).with_common(closed=True))
    assert chain.refusal(BOB, "auctions.close", 0) == "Auctions.AuctionClosed"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", [None, DAVE, ALICE])
def test_anybody_closes_an_auction_without_bids(kind: Kind, who: bytes | None) -> None:
    chain = begun(kind)
    assert close(chain, who) == [chain.uniques.Thawed(ART, 1), Auctions.AuctionClosed(0, None)]
    assert chain.auctions.auctions.get(0) is None and chain.auctions.auction_owner_by_id.get(0) is None
    assert chain.uniques.can_transfer(ART, 1) and chain.owners() == {(ART, 1): ALICE}


@pytest.mark.parametrize("kind", KINDS)
def test_the_item_moves_before_the_money(kind: Kind) -> None:
    chain = begun(kind)
    bid(chain, BOB, 1000)
    assert names(close(chain)) == [
        "Uniques.Thawed",
        "NFT.ItemTransferred",
        "Uniques.Transferred",
        "System.KilledAccount",
        "Balances.Transfer",
        "Auctions.AuctionClosed",
    ]
    assert (pot(chain), gained(chain, ALICE, BOB), chain.owners()) == (0, [1000, -1000], {(ART, 1): BOB})
    assert chain.auctions.auctions.get(0) is None


@pytest.mark.parametrize(("reserve_price", "won"), [(None, True), (1100, True), (1101, False), (2100, False)])
def test_a_top_up_auction_is_won_by_a_last_bid_that_reaches_the_reserve_price(
    reserve_price: int | None, won: bool
) -> None:
    chain = begun(top_up, reserve_price=reserve_price)
    bid(chain, BOB, 1000)
    bid(chain, CHARLIE, 1100)
    events = close(chain)
    assert events[-1] == Auctions.AuctionClosed(0, CHARLIE if won else None)
    assert gained(chain, ALICE, BOB, CHARLIE) == [2100 if won else 0, -1000, -1100]
    assert chain.owners() == {(ART, 1): CHARLIE if won else ALICE}
    assert (reserved(chain, BOB), reserved(chain, CHARLIE)) == (1000, 1100)
    assert (chain.auctions.auctions.get(0) is None) == won
    for who in (BOB, CHARLIE):
        if won:
            assert chain.refusal(who, "auctions.claim", who, 0) == "Auctions.AuctionDoesNotExist"
        else:
            chain.do(DAVE, "auctions.claim", who, 0)
    assert gained(chain, BOB, CHARLIE) == ([-1000, -1100] if won else [0, 0])
    assert chain.auctions.auctions.get(0) is None


def test_money_from_outside_goes_to_the_seller_of_a_won_top_up_auction() -> None:
    chain = begun(top_up)
    chain.currencies.move(BSX, DAVE, chain.auctions.account_of(0), 700)
    bid(chain, BOB, 1000)
    close(chain)
    assert gained(chain, ALICE) == [1700]


def test_money_from_outside_keeps_the_record_of_a_lost_one() -> None:
    chain = begun(top_up, reserve_price=10**6)
    bid(chain, BOB, 1000)
    chain.currencies.move(BSX, DAVE, chain.auctions.account_of(0), 700)
    close(chain)
    chain.do(BOB, "auctions.claim", BOB, 0)
    assert (pot(chain), gained(chain, BOB)) == (700, [0])
    assert chain.auctions.auction(0).common_data.closed


def test_claim_checks_in_order() -> None:
    chain = begun(top_up, reserve_price=10**6)
    path = "auctions.claim"
    assert chain.refusal(BOB, path, BOB, 5) == "Auctions.NoReservedAmountAvailableToClaim"
    bid(chain, BOB, 1000)
    chain.auctions.reserved_amounts.insert(BOB, 5, 1)
    assert chain.refusal(BOB, path, BOB, 5) == "Auctions.AuctionDoesNotExist"
    assert chain.refusal(BOB, path, BOB, 0) == "Auctions.AuctionEndTimeNotReached"
    chain.clock.own = 21
    assert chain.refusal(BOB, path, BOB, 0) == "Auctions.CannotClaimRunningAuction"
    close(chain)
    events = chain.do(None, path, BOB, 0)
    assert events[-2:] == [
        Auctions.BidAmountUnreserved(0, BOB, 1000, BOB),
        Auctions.BidAmountClaimed(0, BOB, 1000),
    ]
    assert chain.refusal(BOB, path, BOB, 0) == "Auctions.NoReservedAmountAvailableToClaim"


def test_english_auctions_have_nothing_to_claim() -> None:
    chain = begun(english)
    bid(chain, BOB, 1000)
    assert chain.refusal(BOB, "auctions.claim", BOB, 0) == "Auctions.NoReservedAmountAvailableToClaim"


def test_a_listing_outlives_the_auction() -> None:
    chain = begun(english)
    chain.do(ALICE, "marketplace.set_price", ART, 1, 5)
    bid(chain, BOB, 1000)
    close(chain)
    assert chain.market.prices.get(ART, 1) == 5


# -- settings ------------------------------------------------------------------------------------------------


def test_one_clock_for_all() -> None:
    chain = begun(english, settings={"block_number_provider": "relay"}, start=10)
    chain.clock.own = 15
    assert chain.refusal(BOB, "auctions.bid", 0, 1000) == "Auctions.AuctionNotStarted"
    chain.clock.relay = 12
    assert bid(chain, BOB, 1000)[-1] == Auctions.BidPlaced(0, BOB, Bid(1000, 12))
    assert chain.auctions.auction(0).common_data.end == 22
    assert chain.refusal(BOB, "auctions.close", 0) == "Auctions.AuctionEndTimeNotReached"


def test_longer_names_do_not_decode() -> None:
    runtime = house(auctions_string_limit=5).runtime
    for path, first in [("auctions.create", ()), ("auctions.update", (0,))]:
        fits, longer = (
            runtime.make_call(path, *first, top_up(ALICE, (ART, 1), name=bytes(size))) for size in (5, 6)
        )
        assert runtime.decode_call(runtime.call.encode(fits)) == fits
        with pytest.raises(DecodeError, match="6 bytes, at most 5"):
            runtime.decode_call(runtime.call.encode(longer))


@pytest.mark.parametrize("constant", ["randomness", "block_number_provider"])
def test_only_known_sources(constant: str) -> None:
    with pytest.raises(ValueError, match="'dice' is no"):
        house(**{constant: "dice"})


def test_whoever_owns_an_item_may_auction_it() -> None:
    chain = house()
    chain.do(ALICE, "nft.transfer", ART, 1, BOB)
    chain.do(BOB, "auctions.create", english(BOB, (ART, 1)))
    bid(chain, CHARLIE, 1000, 10)
    close(chain)
    assert (gained(chain, ALICE, BOB), chain.owners()) == ([0, 1000], {(ART, 1): CHARLIE})
