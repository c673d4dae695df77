"""Items and offers under any sequence of calls: every item has one owner, every unit held has one reason."""

from collections import Counter
from typing import Any

from gallery import ART, DAVE, Gallery
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from markets import ALICE, BOB, BSX, CHARLIE

from amm.pallets.nft import CollectionType
from chain.primitives.errors import Failure

COLLECTION_DEPOSIT, ITEM_DEPOSIT, BOND, LEAST = 1000, 30, 700, 500
PEOPLE = st.sampled_from([ALICE, BOB, CHARLIE, DAVE])
ITEMS = st.integers(1, 3)
PRICES = st.none() | st.integers(0, 10**6) | st.just(10**17)
AMOUNTS = st.integers(LEAST - 1, 10**6) | st.just(10**17 - 10**5)
Piece = tuple[int, int]


class MarketplaceMachine(RuleBasedStateMachine):
    """Alice's collection of up to three items, traded by four people.

    `held` says why something of somebody is reserved; `prices` and `authors` stay with an item whatever befalls it.
    """

    def __init__(self) -> None:
        super().__init__()
        deposits = {"collection_deposit": COLLECTION_DEPOSIT, "item_deposit": ITEM_DEPOSIT}
        market = {"minimum_offer_amount": LEAST, "royalty_bond_amount": BOND}
        self.chain = Gallery(uniques={"currency": BSX} | deposits, marketplace={"currency": BSX} | market)
        self.all = self.chain.total()
        self.held: dict[tuple[Any, ...], tuple[bytes, int]] = {}
        self.prices: dict[Piece, int] = {}
        self.authors: dict[Piece, tuple[bytes, int]] = {}

    def attempt(self, who: bytes, path: str, *args: Any) -> bool:
        try:
            self.chain.do(who, path, *args)
        except Failure:
            return False
        return True

    def owner(self, item: int) -> bytes | None:
        return self.chain.nft.owner(ART, item)

    # -- items -----------------------------------------------------------------------------------------------

    @initialize()
    def create(self) -> None:
        self.chain.do(ALICE, "nft.create_collection", ART, CollectionType.Marketplace, b"")
        self.held["collection",] = ALICE, COLLECTION_DEPOSIT

    @rule(who=PEOPLE, item=ITEMS)
    def mint(self, who: bytes, item: int) -> None:
        free = self.owner(item) is None
        assert self.attempt(who, "nft.mint", ART, item, b"") == (free and who == ALICE)
        self.held["item", item] = ALICE, ITEM_DEPOSIT
        if self.owner(item) is None:
            del self.held["item", item]

    @rule(who=PEOPLE, item=ITEMS)
    def burn(self, who: bytes, item: int) -> None:
        owner = self.owner(item)
        if self.attempt(who, "nft.burn", ART, item):
            assert who == owner
            del self.held["item", item]
        else:
            assert who != owner

    @rule(who=PEOPLE, item=ITEMS, to=PEOPLE)
    def transfer(self, who: bytes, item: int, to: bytes) -> None:
        owner = self.owner(item)
        assert self.attempt(who, "nft.transfer", ART, item, to) == (who in (owner, to))
        assert self.owner(item) == (to if who == owner else owner)

    # -- sales -----------------------------------------------------------------------------------------------

    @rule(who=PEOPLE, item=ITEMS, price=PRICES)
    def set_price(self, who: bytes, item: int, price: int | None) -> None:
        if self.attempt(who, "marketplace.set_price", ART, item, price):
            assert who == self.owner(item)
            self.prices.pop((ART, item), None)
            if price is not None:
                self.prices[ART, item] = price

    @rule(who=PEOPLE, item=ITEMS, author=PEOPLE, royalty=st.sampled_from([0, 1, 2500, 9999, 10_000]))
    def add_royalty(self, who: bytes, item: int, author: bytes, royalty: int) -> None:
        if self.attempt(who, "marketplace.add_royalty", ART, item, author, royalty):
            assert (ART, item) not in self.authors and royalty < 10_000
            self.authors[ART, item] = author, royalty
            self.held["bond", item] = who, BOND

    @rule(who=PEOPLE, item=ITEMS)
    def buy(self, who: bytes, item: int) -> None:
        owner, before = self.owner(item), self.money()
        price = self.prices.get((ART, item))
        if self.attempt(who, "marketplace.buy", ART, item):
            assert owner is not None and price is not None and who != owner
            del self.prices[ART, item]
            self.check_payment(before, owner, who, item, price)

    @rule(who=PEOPLE, item=ITEMS, amount=AMOUNTS, wait=st.integers(-2, 5))
    def make_offer(self, who: bytes, item: int, amount: int, wait: int) -> None:
        expires = max(0, self.chain.clock.own + wait)
        reason, enough = ("offer", item, who), self.chain.free(who) >= amount
        done = self.attempt(who, "marketplace.make_offer", ART, item, amount, expires)
        assert not (done and (reason in self.held or not enough))
        if done:
            self.held[reason] = who, amount

    @rule(who=PEOPLE, item=ITEMS, maker=PEOPLE)
    def withdraw(self, who: bytes, item: int, maker: bytes) -> None:
        done = self.attempt(who, "marketplace.withdraw_offer", ART, item, maker)
        assert done == (("offer", item, maker) in self.held and who in (maker, self.owner(item)))
        if done:
            del self.held["offer", item, maker]

    @rule(who=PEOPLE, item=ITEMS, maker=PEOPLE)
    def accept(self, who: bytes, item: int, maker: bytes) -> None:
        owner, before = self.owner(item), self.money()
        offer = self.chain.market.offers.get((ART, item), maker)
        if self.attempt(who, "marketplace.accept_offer", ART, item, maker):
            assert owner == who != maker and offer is not None and offer.expires > self.chain.clock.own
            del self.held["offer", item, maker]
            self.check_payment(before, owner, maker, item, offer.amount)

    @rule(blocks=st.integers(1, 4))
    def wait(self, blocks: int) -> None:
        self.chain.clock.own += blocks

    def money(self) -> Counter[bytes]:
        return Counter({who: sum(self.chain.held(who)) for who in (ALICE, BOB, CHARLIE, DAVE)})

    def check_payment(self, before: Counter[bytes], owner: bytes, buyer: bytes, item: int, price: int) -> None:
        """The author has his share, the owner the rest, the buyer the item."""
        author, royalty = self.authors.get((ART, item), (owner, 0))
        cut = 0 if author == owner else price * royalty // 10_000
        expected = Counter(before)
        expected[buyer] -= price
        expected[author] += cut
        expected[owner] += price - cut
        assert self.money() == expected
        assert self.owner(item) == buyer

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        assert self.chain.total() == self.all == self.chain.currencies.issuance(BSX)

    @invariant()
    def every_unit_held_has_one_reason(self) -> None:
        held: Counter[bytes] = Counter()
        for who, amount in self.held.values():
            held[who] += amount
        for who in (ALICE, BOB, CHARLIE, DAVE):
            assert self.chain.reserved(who) == held[who]

    @invariant()
    def every_item_has_one_owner_who_can_move_it(self) -> None:
        owners = self.chain.owners()
        assert {("item", item) for _, item in owners} == {reason for reason in self.held if reason[0] == "item"}
        for piece, owner in owners.items():
            mark = self.chain.open.context.mark()
            self.chain.do(owner, "nft.transfer", *piece, BOB if owner == ALICE else ALICE)
            self.chain.open.context.rollback(mark)

    @invariant()
    def listings_are_as_they_were_set(self) -> None:
        assert {(c, i): price for c, i, price in self.chain.market.prices.items()} == self.prices

    def teardown(self) -> None:
        """Whoever made an offer can have it back."""
        for reason in list(self.held):
            if reason[0] == "offer":
                self.chain.do(reason[2], "marketplace.withdraw_offer", ART, reason[1], reason[2])
                del self.held[reason]
        self.every_unit_held_has_one_reason()


MarketplaceMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestMarketplace = MarketplaceMachine.TestCase
