"""Auctions under any sequence of calls: every unit has one owner, no item is stuck, losers get all of it back."""

from collections import Counter
from typing import Any

from gallery import ART, DAVE, ED, Gallery
from house import Kind, candle, english, top_up
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from markets import ALICE, BOB, BSX, CHARLIE, TREASURY

from amm.pallets.auctions import Auctions
from amm.pallets.auctions_types import Auction, CommonData, English, TopUp
from chain.primitives.errors import Failure

CROWD = (ALICE, BOB, CHARLIE, DAVE)
PEOPLE = st.sampled_from(CROWD)
ITEMS = st.integers(1, 3)
BIDS = st.tuples(PEOPLE, st.integers(-1, 500), st.integers(0, 9))
RESERVES = st.none() | st.integers(ED, 3000)
KINDS = st.sampled_from([english, top_up, candle])
SETTINGS: dict[str, Any] = {
    "candle_default_duration": 30,
    "candle_default_closing_period_duration": 20,
    "candle_default_closing_ranges_count": 10,
}


class AuctionsMachine(RuleBasedStateMachine):
    """Three items, four people. `books` says what everybody has, `owed` what an auction owes to its bidders."""

    def __init__(self) -> None:
        super().__init__()
        self.chain = Gallery(auctions=SETTINGS)
        self.all = self.chain.total()
        self.books = Counter({who: self.chain.free(who) for who in CROWD})
        self.owed: dict[int, Counter[bytes]] = {}

    def attempt(self, who: bytes | None, path: str, *args: Any) -> list[Any]:
        """The events of a call; none if it is refused."""
        try:
            return self.chain.do(who, path, *args)
        except Failure:
            return []

    def auctions(self) -> dict[int, Auction]:
        return dict(self.chain.auctions.auctions.items())

    def under_auction(self) -> dict[tuple[int, int], CommonData]:
        found = [auction.common_data for auction in self.auctions().values()]
        return {data.token: data for data in found if not data.closed}

    def pot(self, number: int) -> int:
        return self.chain.free(self.chain.auctions.account_of(number))

    # -- sellers ---------------------------------------------------------------------------------------------

    @initialize(kinds=st.tuples(KINDS, KINDS, KINDS), reserve=RESERVES)
    def begin(self, kinds: tuple[Kind, ...], reserve: int | None) -> None:
        for item, owner in enumerate((ALICE, BOB, CHARLIE), 1):
            self.chain.piece(owner, item)
            self.create(None, item, kinds[item - 1], item, 11, reserve)

    def proposal(self, who: bytes, item: int, kind: Kind, wait: int, length: int, reserve: int | None) -> Auction:
        token, start = (ART, item), self.chain.clock.own + wait
        if kind is candle:
            return candle(who, token, start + 10, start=start, end=start + 30, next_bid_min=ED)
        times = {"start": start, "end": start + length}
        if kind is english:
            return english(who, token, reserve or ED, reserve_price=reserve, **times)
        return top_up(who, token, next_bid_min=ED, reserve_price=reserve, **times)

    @precondition(lambda self: len(self.under_auction()) < 3)
    @rule(
        who=st.none() | PEOPLE,
        item=ITEMS,
        kind=KINDS,
        wait=st.integers(0, 2),
        length=st.integers(11, 15),
        reserve=RESERVES,
    )
    def create(self, who: bytes | None, item: int, kind: Kind, wait: int, length: int, reserve: int | None) -> None:
        """By the owner, or by anybody."""
        owner, busy = self.chain.nft.owner(ART, item), (ART, item) in self.under_auction()
        who = who or owner
        assert who is not None
        number = self.chain.auctions.next_auction_id.get()
        auction = self.proposal(who, item, kind, wait, length, reserve)
        done = self.attempt(who, "auctions.create", auction)
        assert bool(done) == (who == owner and not busy)
        if done:
            self.owed[number] = Counter()

    @precondition(lambda self: self.auctions())
    @rule(data=st.data(), who=PEOPLE, kind=KINDS, wait=st.integers(1, 3))
    def update(self, data: st.DataObject, who: bytes, kind: Kind, wait: int) -> None:
        number = data.draw(st.sampled_from(sorted(self.auctions())))
        old = self.auctions()[number].common_data
        done = self.attempt(
            who, "auctions.update", number, self.proposal(who, old.token[1], kind, wait, 11, None)
        )
        assert not done or (who == old.owner and self.chain.clock.own < old.start)

    @precondition(lambda self: self.auctions())
    @rule(data=st.data(), who=PEOPLE)
    def destroy(self, data: st.DataObject, who: bytes) -> None:
        number = data.draw(st.sampled_from(sorted(self.auctions())))
        old = self.auctions()[number].common_data
        done = self.attempt(who, "auctions.destroy", number)
        assert bool(done) == (who == old.owner and self.chain.clock.own < old.start)

    @precondition(lambda self: len(self.under_auction()) < 3)
    @rule(who=PEOPLE, item=ITEMS, to=PEOPLE)
    def transfer(self, who: bytes, item: int, to: bytes) -> None:
        owner, busy = self.chain.nft.owner(ART, item), (ART, item) in self.under_auction()
        done = self.attempt(who, "nft.transfer", ART, item, to)
        assert bool(done) == (who == owner and who != to and not busy)

    # -- bidders ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.under_auction())
    @rule(data=st.data(), bids=st.lists(BIDS, min_size=1, max_size=6))
    def bid(self, data: st.DataObject, bids: list[tuple[bytes, int, int]]) -> None:
        """A few bids on one auction, each some blocks after the last."""
        running = [number for number, auction in self.auctions().items() if not auction.common_data.closed]
        number = data.draw(st.sampled_from(sorted(running)))
        self.chain.clock.own = max(self.chain.clock.own, self.auctions()[number].common_data.start)
        for who, more, blocks in bids:
            self.bid_one(number, who, more)
            self.chain.clock.own += blocks

    def bid_one(self, number: int, who: bytes, more: int) -> None:
        auction = self.auctions()[number]
        last, owed = auction.common_data.last_bid, self.owed[number]
        amount = max(0, auction.common_data.next_bid_min + more)
        if not self.attempt(who, "auctions.bid", number, amount):
            return
        assert more >= 0 and who != auction.common_data.owner
        if isinstance(auction, English) and last is not None:
            self.books[last[0]] += owed.pop(last[0])
        self.books[who] -= amount - owed[who]
        owed[who] = amount

    @rule(who=PEOPLE)
    def leave(self, who: bytes) -> None:
        """Somebody takes all his money elsewhere; what he is owed may bring him back."""
        self.chain.currencies.move(BSX, who, TREASURY, self.chain.free(who))
        self.books[who] = 0

    @rule(who=PEOPLE)
    def come(self, who: bytes) -> None:
        """Somebody brings money; the chain's total grows by it."""
        self.chain.currencies.deposit_into(BSX, who, 10**6)
        self.books[who] += 10**6
        self.all += 10**6

    @rule(blocks=st.integers(1, 12), parent=st.binary(min_size=32, max_size=32))
    def wait(self, blocks: int, parent: bytes) -> None:
        self.chain.clock.own += blocks
        self.chain.clock.parent = parent

    # -- the end ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.auctions())
    @rule(data=st.data(), who=st.none() | PEOPLE, in_time=st.booleans())
    def close(self, data: st.DataObject, who: bytes | None, in_time: bool) -> None:
        number = data.draw(st.sampled_from(sorted(self.auctions())))
        if in_time:
            self.chain.clock.own = max(self.chain.clock.own, self.auctions()[number].common_data.end)
        self.close_one(number, who)

    def close_one(self, number: int, who: bytes | None) -> None:
        auction, owed, pot = self.auctions()[number], self.owed[number], self.pot(number)
        data = auction.common_data
        done = self.attempt(who, "auctions.close", number)
        assert bool(done) == (not data.closed and self.chain.clock.own >= data.end)
        if not done:
            return
        (closed,) = [event for event in done if isinstance(event, Auctions.AuctionClosed)]
        winner = closed.auction_winner
        assert self.chain.nft.owner(*data.token) == (winner or data.owner)
        if winner is None:
            assert not isinstance(auction, English) or data.last_bid is None
        elif isinstance(auction, TopUp):
            assert winner == data.last_bid[0] and pot == owed.total()  # type: ignore[index]
            self.books[data.owner] += pot
            owed.clear()
        else:
            assert owed[winner] > 0
            self.books[data.owner] += owed.pop(winner)

    @precondition(lambda self: any(self.owed.values()))
    @rule(data=st.data(), who=st.none() | PEOPLE)
    def claim(self, data: st.DataObject, who: bytes | None) -> None:
        number = data.draw(st.sampled_from(sorted(number for number, owed in self.owed.items() if owed)))
        self.claim_one(number, who, data.draw(st.sampled_from(sorted(self.owed[number])) | PEOPLE))

    def claim_one(self, number: int, who: bytes | None, bidder: bytes) -> None:
        auction = self.auctions()[number]
        done = self.attempt(who, "auctions.claim", bidder, number)
        closed = auction.common_data.closed and not isinstance(auction, English)
        assert bool(done) == (closed and bidder in self.owed[number])
        if done:
            self.books[bidder] += self.owed[number].pop(bidder)

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def every_unit_has_one_owner(self) -> None:
        assert self.chain.total() == self.all
        assert {who: self.chain.free(who) for who in CROWD} == {who: self.books[who] for who in CROWD}

    @invariant()
    def an_auction_holds_what_it_owes(self) -> None:
        present = self.auctions()
        for number, owed in self.owed.items():
            assert self.pot(number) == owed.total()
            for who, amount in owed.items():
                assert number in present
                assert self.chain.auctions.reserved_amounts.get(who, number) == amount

    @invariant()
    def items_under_auction_stay_with_the_seller(self) -> None:
        owners, busy = self.chain.owners(), self.under_auction()
        assert len(owners) in (0, 3)
        for token, owner in owners.items():
            assert self.chain.uniques.can_transfer(*token) == (token not in busy)
            if token in busy:
                assert owner == busy[token].owner

    @invariant()
    def removed_auctions_leave_no_records(self) -> None:
        present = set(self.auctions())
        assert {number for number, _ in self.chain.auctions.auction_owner_by_id.items()} == present
        ranges = self.chain.auctions.highest_bidders_by_auction_closing_range.items()
        assert {number for number, _, _ in ranges} <= present

    def teardown(self) -> None:
        """Time passes, somebody closes, everybody claims: then nothing is owed, and every item can be moved."""
        self.chain.clock.own += 1000
        for number, auction in self.auctions().items():
            if not auction.common_data.closed:
                self.close_one(number, DAVE)
        for number, owed in self.owed.items():
            for bidder in list(owed):
                self.claim_one(number, DAVE, bidder)
        assert self.auctions() == {} and not any(self.owed.values())
        self.every_unit_has_one_owner()
        self.an_auction_holds_what_it_owes()
        for token, owner in self.chain.owners().items():
            self.chain.do(owner, "nft.transfer", *token, BOB if owner == ALICE else ALICE)


AuctionsMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestAuctions = AuctionsMachine.TestCase
