"""Marketplace by example: who pays whom, the order of checks, and what is kept because the live pallet does it."""

import pytest
from gallery import ART, DAVE, Gallery
from markets import ALICE, BOB, BSX, CHARLIE, KSM, names

from amm.pallets.marketplace import Offer, Royalty
from amm.pallets.uniques_types import ItemDetails
from chain.pallets.asset_registry import AssetRegistry
from chain.primitives.location import RELAY

U128_MAX = 2**128 - 1
IN_BSX = {"currency": BSX}
LEAST = 10_000_000_000
NOBODY = b"nobody".ljust(32, b".")


def market(**settings: int) -> Gallery:
    """Payments in BSX, piece 1 is alice's."""
    chain = Gallery(marketplace=IN_BSX | {"minimum_offer_amount": 1000} | settings)
    chain.piece()
    return chain


def offer(chain: Gallery, who: bytes, amount: int = 1000, expires: int = 100, item: int = 1) -> None:
    chain.do(who, "marketplace.make_offer", ART, item, amount, expires)


# -- listings ------------------------------------------------------------------------------------------------


def test_set_price_is_the_owners() -> None:
    chain = market()
    path = "marketplace.set_price"
    assert chain.refusal(None, path, ART, 1, 5) == "BadOrigin"
    assert chain.refusal(BOB, path, ART, 1, 5) == "Marketplace.NotTheTokenOwner"
    assert chain.refusal(ALICE, path, ART, 2, 5) == "Marketplace.NotTheTokenOwner"
    for price in (5, 0, U128_MAX, None):
        assert chain.do(ALICE, path, ART, 1, price) == [chain.market.TokenPriceUpdated(ALICE, ART, 1, price)]
        assert chain.market.prices.get(ART, 1) == price


def test_buy_checks_in_order() -> None:
    chain = market()
    path = "marketplace.buy"
    assert chain.refusal(None, path, ART, 2) == "BadOrigin"
    assert chain.refusal(ALICE, path, ART, 2) == "Marketplace.CollectionOrItemUnknown"
    assert chain.refusal(ALICE, path, ART, 1) == "Marketplace.BuyFromSelf"
    assert chain.refusal(BOB, path, ART, 1) == "Marketplace.NotForSale"
    added = chain.do(ALICE, "marketplace.add_royalty", ART, 1, CHARLIE, 5)
    assert added == [chain.market.RoyaltyAdded(ART, 1, CHARLIE, 5)]
    chain.do(ALICE, "marketplace.set_price", ART, 1, U128_MAX // 5)
    assert chain.refusal(BOB, path, ART, 1) == "Arithmetic.Underflow"  # more than there is: money.md §5.2
    chain.do(ALICE, "marketplace.set_price", ART, 1, U128_MAX // 5 + 1)
    chain.uniques.do_freeze(ART, 1)
    assert chain.refusal(BOB, path, ART, 1) == "Arithmetic.Overflow"
    chain.do(ALICE, "marketplace.set_price", ART, 1, 10**17 - 1)
    assert chain.refusal(BOB, path, ART, 1) == "Token.NotExpendable"
    chain.do(ALICE, "marketplace.set_price", ART, 1, 10**17 - 500)
    assert chain.refusal(BOB, path, ART, 1) == "Uniques.Frozen"
    chain.uniques.do_thaw(ART, 1)
    assert names(chain.do(BOB, path, ART, 1)) == [
        "Balances.Transfer",
        "Marketplace.RoyaltyPaid",
        "Balances.Transfer",
        "NFT.ItemTransferred",
        "Uniques.Transferred",
        "Marketplace.TokenSold",
    ]
    assert chain.free(BOB) == 500
    assert chain.market.prices.get(ART, 1) is None


@pytest.mark.parametrize(
    ("price", "royalty", "cut", "rest"),
    [
        (10_000_000_000_000, 1, 1_000_000_000, 9_999_000_000_000),
        (10_000_000_000_000, 2_000, 2_000_000_000_000, 8_000_000_000_000),
        (10_001, 9_999, 9_999, 2),
        (9_999, 1, 0, 9_999),
        (0, 9_999, 0, 0),
    ],
)
def test_the_author_gets_a_share_rounded_down(price: int, royalty: int, cut: int, rest: int) -> None:
    chain = market()
    chain.do(ALICE, "marketplace.add_royalty", ART, 1, CHARLIE, royalty)
    chain.do(ALICE, "marketplace.set_price", ART, 1, price)
    events = chain.do(BOB, "marketplace.buy", ART, 1)
    paid = chain.market.RoyaltyPaid(ART, 1, CHARLIE, royalty, cut)
    assert [event for event in events if type(event).__name__ == "RoyaltyPaid"] == [paid]
    assert events[-1] == chain.market.TokenSold(ALICE, BOB, ART, 1, rest)
    assert [chain.free(who) - 10**17 for who in (ALICE, BOB, CHARLIE)] == [rest, -price, cut]


def test_no_share_for_an_author_who_sells_nor_of_nothing() -> None:
    for author, royalty in [(ALICE, 5000), (CHARLIE, 0)]:
        chain = market()
        chain.do(ALICE, "marketplace.add_royalty", ART, 1, author, royalty)
        chain.do(ALICE, "marketplace.set_price", ART, 1, 1000)
        assert "Marketplace.RoyaltyPaid" not in names(chain.do(BOB, "marketplace.buy", ART, 1))
        assert chain.free(ALICE) == 10**17 + 1000


def test_an_author_who_buys_pays_less() -> None:
    chain = market()
    chain.do(ALICE, "marketplace.add_royalty", ART, 1, BOB, 2000)
    chain.do(ALICE, "marketplace.set_price", ART, 1, 1000)
    events = chain.do(BOB, "marketplace.buy", ART, 1)
    assert names(events)[:2] == ["Marketplace.RoyaltyPaid", "Balances.Transfer"]
    assert (chain.free(ALICE), chain.free(BOB)) == (10**17 + 800, 10**17 - 800)


def test_a_royalty_too_small_to_open_an_account_stops_the_sale() -> None:
    chain = market()
    chain.do(ALICE, "marketplace.add_royalty", ART, 1, NOBODY, 5000)
    for price, error in [(998, "Token.BelowMinimum"), (1000, None)]:
        chain.do(ALICE, "marketplace.set_price", ART, 1, price)
        if error:
            assert chain.refusal(BOB, "marketplace.buy", ART, 1) == error
        else:
            chain.do(BOB, "marketplace.buy", ART, 1)
    assert chain.free(NOBODY) == 500


# -- offers --------------------------------------------------------------------------------------------------


def test_make_offer_checks_in_order() -> None:
    chain = market()
    path = "marketplace.make_offer"
    assert chain.refusal(None, path, ART, 1, 0, 0) == "BadOrigin"
    offer(chain, BOB, expires=0)
    assert chain.refusal(BOB, path, ART, 1, 999, 0) == "Marketplace.OfferTooLow"
    assert chain.refusal(BOB, path, ART, 1, U128_MAX, 0) == "Marketplace.AlreadyOffered"
    assert chain.refusal(CHARLIE, path, ART, 1, U128_MAX, 0) == "Balances.InsufficientBalance"
    assert chain.held(BOB) == (10**17 - 1000, 1000)
    assert chain.market.offers.get((ART, 1), BOB) == Offer(BOB, 1000, 0)


def test_offers_by_default_are_in_the_relay_chains_asset() -> None:
    chain = Gallery()
    assert chain.refusal(BOB, "marketplace.make_offer", 5, 1, LEAST - 1, 9) == "Marketplace.OfferTooLow"
    assert names(chain.do(BOB, "marketplace.make_offer", 5, 1, LEAST, 9)) == [
        "Tokens.Reserved",
        "Marketplace.OfferPlaced",
    ]
    assert chain.held(BOB, KSM) == (10**17 - LEAST, LEAST)


def test_without_that_asset_every_amount_fails() -> None:
    chain = Gallery()
    chain.open[AssetRegistry].location_assets.remove(RELAY)
    assert chain.market.paid_in() == 1_000_000
    assert chain.refusal(BOB, "marketplace.make_offer", 5, 1, LEAST, 9) == "Tokens.BalanceTooLow"


def test_withdraw_checks_in_order() -> None:
    chain = market()
    offer(chain, BOB)
    path = "marketplace.withdraw_offer"
    assert chain.refusal(None, path, ART, 2, BOB) == "BadOrigin"
    assert chain.refusal(CHARLIE, path, ART, 2, BOB) == "Marketplace.UnknownOffer"
    assert chain.refusal(CHARLIE, path, ART, 1, BOB) == "Marketplace.WithdrawNotAuthorized"
    for who in (BOB, ALICE):
        assert chain.do(who, path, ART, 1, BOB)[-1] == chain.market.OfferWithdrawn(who, ART, 1)
        assert chain.held(BOB) == (10**17, 0)
        assert chain.refusal(who, path, ART, 1, BOB) == "Marketplace.UnknownOffer"
        offer(chain, BOB)
    chain.do(ALICE, "nft.transfer", ART, 1, CHARLIE)
    assert chain.refusal(ALICE, path, ART, 1, BOB) == "Marketplace.WithdrawNotAuthorized"
    chain.do(CHARLIE, "nft.burn", ART, 1)
    assert chain.refusal(CHARLIE, path, ART, 1, BOB) == "Marketplace.WithdrawNotAuthorized"
    chain.do(BOB, path, ART, 1, BOB)


def test_accept_checks_in_order() -> None:
    chain = market()
    offer(chain, ALICE)
    offer(chain, BOB, expires=5)
    path = "marketplace.accept_offer"
    assert chain.refusal(None, path, ART, 2, DAVE) == "BadOrigin"
    assert chain.refusal(BOB, path, ART, 2, DAVE) == "Marketplace.CollectionOrItemUnknown"
    assert chain.refusal(BOB, path, ART, 1, DAVE) == "Marketplace.AcceptNotAuthorized"
    assert chain.refusal(ALICE, path, ART, 1, DAVE) == "Marketplace.UnknownOffer"
    assert chain.refusal(ALICE, path, ART, 1, ALICE) == "Marketplace.BuyFromSelf"
    chain.clock.own = 5
    assert chain.refusal(ALICE, path, ART, 1, BOB) == "Marketplace.OfferExpired"
    chain.clock.own = 4
    events = chain.do(ALICE, path, ART, 1, BOB)
    assert names(events) == [
        "Balances.Unreserved",
        "Balances.Transfer",
        "NFT.ItemTransferred",
        "Uniques.Transferred",
        "Marketplace.TokenSold",
        "Marketplace.OfferAccepted",
    ]
    assert events[-1] == chain.market.OfferAccepted(ALICE, ART, 1, 1000, BOB)
    assert chain.market.offers.get((ART, 1), BOB) is None
    assert chain.held(BOB) == (10**17 - 1000, 0)


def test_the_event_of_an_accepted_offer_is_gross_and_the_sale_net() -> None:
    chain = market()
    chain.do(ALICE, "marketplace.add_royalty", ART, 1, CHARLIE, 2500)
    offer(chain, BOB)
    events = chain.do(ALICE, "marketplace.accept_offer", ART, 1, BOB)
    assert events[-2:] == [
        chain.market.TokenSold(ALICE, BOB, ART, 1, 750),
        chain.market.OfferAccepted(ALICE, ART, 1, 1000, BOB),
    ]


def test_an_offer_of_all_one_has_cannot_be_accepted_but_withdrawn() -> None:
    chain = market()
    offer(chain, BOB, 10**17)
    assert chain.refusal(ALICE, "marketplace.accept_offer", ART, 1, BOB) == "Token.NotExpendable"
    chain.do(ALICE, "marketplace.withdraw_offer", ART, 1, BOB)
    assert chain.held(BOB) == (10**17, 0)


# -- royalties -----------------------------------------------------------------------------------------------


def test_add_royalty_checks_in_order() -> None:
    chain = market(royalty_bond_amount=10**17 + 1)
    path = "marketplace.add_royalty"
    assert chain.refusal(None, path, ART, 2, BOB, 10_000) == "BadOrigin"
    assert chain.refusal(BOB, path, ART, 2, BOB, 10_000) == "Marketplace.NotInRange"
    assert chain.refusal(BOB, path, ART, 2, BOB, 9_999) == "NFT.CollectionUnknown"
    assert chain.refusal(BOB, path, 5, 2, BOB, 9_999) == "NFT.CollectionUnknown"
    assert chain.refusal(BOB, path, ART, 1, BOB, 9_999) == "NFT.NotPermitted"
    assert chain.refusal(ALICE, path, ART, 1, BOB, 9_999) == "Balances.InsufficientBalance"
    chain.market.marketplace_items.insert(ART, 2, Royalty(BOB, 1))
    assert chain.refusal(BOB, path, ART, 2, BOB, 10_000) == "Marketplace.RoyaltyAlreadySet"


def test_the_bond_stays_with_whoever_added_the_royalty() -> None:
    chain = market(royalty_bond_amount=700)
    chain.do(ALICE, "marketplace.add_royalty", ART, 1, BOB, 100)
    chain.do(ALICE, "marketplace.set_price", ART, 1, 1000)
    chain.do(CHARLIE, "marketplace.buy", ART, 1)
    chain.do(CHARLIE, "nft.burn", ART, 1)
    assert chain.reserved(ALICE) == 700


# -- live behaviour that surprises ---------------------------------------------------------------------------


def test_a_listing_outlives_all_but_a_sale_and_its_removal() -> None:
    chain = market()
    chain.do(ALICE, "marketplace.set_price", ART, 1, 5000)
    offer(chain, BOB)
    chain.do(ALICE, "marketplace.accept_offer", ART, 1, BOB)
    chain.do(BOB, "nft.transfer", ART, 1, CHARLIE)
    chain.do(CHARLIE, "nft.burn", ART, 1)
    chain.do(ALICE, "nft.mint", ART, 1, b"again")
    assert chain.market.prices.get(ART, 1) == 5000
    chain.do(DAVE, "marketplace.buy", ART, 1)
    assert chain.free(ALICE) == 10**17 + 6000
    assert chain.uniques.asset.get(ART, 1) == ItemDetails(DAVE, None, False, 0)
    assert chain.market.prices.get(ART, 1) is None


def test_offers_and_royalties_outlive_the_item() -> None:
    chain = market()
    chain.do(ALICE, "marketplace.add_royalty", ART, 1, CHARLIE, 100)
    offer(chain, BOB)
    chain.do(ALICE, "nft.burn", ART, 1)
    chain.do(ALICE, "nft.mint", ART, 1, b"again")
    assert chain.refusal(ALICE, "marketplace.add_royalty", ART, 1, ALICE, 1) == "Marketplace.RoyaltyAlreadySet"
    chain.do(ALICE, "marketplace.accept_offer", ART, 1, BOB)
    assert (chain.free(CHARLIE) - 10**17, chain.uniques.owner(ART, 1)) == (10, BOB)


def test_buying_leaves_the_buyers_own_offer_in_place() -> None:
    chain = market()
    chain.do(ALICE, "marketplace.set_price", ART, 1, 5000)
    offer(chain, BOB)
    chain.do(BOB, "marketplace.buy", ART, 1)
    assert chain.held(BOB) == (10**17 - 6000, 1000)
    assert chain.refusal(BOB, "marketplace.accept_offer", ART, 1, BOB) == "Marketplace.BuyFromSelf"
