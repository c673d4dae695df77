"""Auctions of single items in the native currency: English, TopUp and Candle. Source: spec/auctions.md.

Nothing happens by itself at an end: somebody has to call `close`. The flaws of the pallet that this one follows are
mended as §8 says. The declaration is in `auctions_declared`, the rules for new auctions in `auctions_checks`, the
draw of Candle auctions in `auctions_candle`.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from amm.math.limits import U128_MAX
from amm.pallets.auctions_candle import closing_range, draw, randomness, winner
from amm.pallets.auctions_checks import AuctionsChecks
from amm.pallets.auctions_declared import Needs
from amm.pallets.auctions_types import Auction, AuctionId, Bid, Candle, English, TopUp
from amm.pallets.uniques_types import ensure_length
from chain.frame import Origin, call
from chain.frame.constant import Settings
from chain.scale.types import AccountId, Balance

__all__ = ["Auctions", "Needs"]

LAST_ID = 2**64 - 1


def _with_name(constants: Mapping[str, Settings], *args: Any) -> None:
    """The name in the auction, the last argument, is as long as allowed at most."""
    ensure_length(args[-1].common_data.name, constants["auctions"]["auctions_string_limit"])


class Auctions(AuctionsChecks, name="Auctions"):
    """Creating, bidding, closing and claiming."""

    # -- before the start ------------------------------------------------------------------------------------

    @call(index=0, bound=_with_name)
    def create(self, origin: Origin, auction: Auction) -> None:
        """Put an item of one's own up for auction; it is frozen until the auction is closed or destroyed."""
        who, token = origin.signed(), auction.common_data.token
        if self.needs.items.owner(*token) != who:
            raise self.NotATokenOwner
        if not self.needs.items.can_transfer(*token):
            raise self.TokenFrozen
        self.ensure_valid(who, auction)
        auction_id = self.next_auction_id.get()
        if auction_id == LAST_ID:
            raise self.NoAvailableAuctionId

        self.next_auction_id.put(auction_id + 1)
        self.needs.items.do_freeze(*token)
        self.auctions.insert(auction_id, auction)
        self.auction_owner_by_id.insert(auction_id, who)
        self.deposit(self.AuctionCreated(auction_id, auction))

    @call(index=1, bound=_with_name)
    def update(self, origin: Origin, auction_id: AuctionId, updated_auction: Auction) -> None:
        """Replace all data of an auction of one's own, but for the item and the owner."""
        who = origin.signed()
        self.ensure_valid(who, updated_auction)
        old, new = self.auction(auction_id), updated_auction.common_data
        if type(old) is not type(updated_auction):
            raise self.CannotChangeAuctionType
        self._ensure_changeable(who, old)
        if new.token != old.common_data.token or new.owner != old.common_data.owner:
            raise self.CannotChangeForbiddenAttribute
        self.auctions.insert(auction_id, updated_auction)
        self.deposit(self.AuctionUpdated(auction_id, updated_auction))

    @call(index=2)
    def destroy(self, origin: Origin, auction_id: AuctionId) -> None:
        """Call an auction of one's own off."""
        who, auction = origin.signed(), self.auction(auction_id)
        self._ensure_changeable(who, auction)
        self._remove(auction_id)
        self.needs.items.do_thaw(*auction.common_data.token)
        self.deposit(self.AuctionDestroyed(auction_id))

    def _ensure_changeable(self, who: bytes, auction: Auction) -> None:
        if auction.common_data.owner != who:
            raise self.NotAuctionOwner
        if auction.common_data.start <= self.now():
            raise self.AuctionAlreadyStarted

    # -- bidding ---------------------------------------------------------------------------------------------

    @call(index=3)
    def bid(self, origin: Origin, auction_id: AuctionId, amount: Balance) -> None:
        """Bid. Where bids stay reserved, the amount is one's new total, and only the raise is taken."""
        who, auction, now = origin.signed(), self.auction(auction_id), self.now()
        data = auction.common_data
        if who == data.owner:
            raise self.CannotBidOnOwnAuction
        if now < data.start:
            raise self.AuctionNotStarted
        if now >= data.end:
            raise self.AuctionEndTimeReached
        last = 0 if data.last_bid is None else data.last_bid[1]
        if amount < data.next_bid_min or amount <= last:
            raise self.InvalidBidPrice

        if isinstance(auction, Candle):
            range_ = self._range(now, auction.specific_data.closing_start)
            self.highest_bidders_by_auction_closing_range.insert(auction_id, range_, who)
        if not isinstance(auction, English):
            self._reserve(auction_id, who, amount - self.reserved_amounts.get(who, auction_id))
        else:
            if data.last_bid is not None:
                self._unreserve(auction_id, *data.last_bid)
            self._reserve(auction_id, who, amount)

        least = amount + amount * min(self.bid_step_perc, 100) // 100
        if least > U128_MAX:
            raise self.BidOverflow
        late = data.end - now < self.bid_add_blocks
        end = self._after(now, self.bid_add_blocks) if late else data.end
        self.auctions.insert(
            auction_id, auction.with_common(last_bid=(who, amount), next_bid_min=least, end=end)
        )
        self.deposit(self.BidPlaced(auction_id, who, Bid(amount, now)))

    def _range(self, block: int, closing_start: int) -> int:
        """The closing range of a block. Without at least one to draw there is nothing to bid for."""
        count = self.candle_default_closing_ranges_count
        if count < 2:
            raise self.InvalidTimeConfiguration
        return closing_range(block, closing_start, self.candle_default_closing_period_duration, count)

    def _reserve(self, auction_id: int, who: bytes, amount: int) -> None:
        """Take what a bidder adds; he stays alive."""
        self.needs.money.transfer(who, self.account_of(auction_id), amount, keep_alive=True)
        reserved = self.reserved_amounts.get(who, auction_id) + amount
        if reserved > U128_MAX:
            raise self.InvalidReservedAmount
        self.reserved_amounts.insert(who, auction_id, reserved)
        self.deposit(self.BidAmountReserved(auction_id, who, amount))

    def _unreserve(self, auction_id: int, who: bytes, amount: int) -> None:
        """Give a bidder back what he bid, which may empty the account of the auction."""
        self.needs.money.transfer(self.account_of(auction_id), who, amount)
        self.reserved_amounts.remove(who, auction_id)
        self.deposit(self.BidAmountUnreserved(auction_id, who, amount, who))

    # -- the close -------------------------------------------------------------------------------------------

    @call(index=4)
    def close(self, origin: Origin, auction_id: AuctionId) -> None:
        """Settle an auction that has ended; anybody may."""
        if not origin.is_root:
            origin.signed()
        auction = self.auction(auction_id)
        data = auction.common_data
        if data.closed:
            raise self.ClosedError
        if self.now() < data.end:
            raise self.AuctionEndTimeNotReached
        self.needs.items.do_thaw(*data.token)
        auction = auction.with_common(closed=True)
        self.auctions.insert(auction_id, auction)

        won: bytes | None = None
        removed = data.last_bid is None
        if data.last_bid is not None:
            match auction:
                case English():
                    won, removed = self._pay(auction_id, auction, *data.last_bid), True
                case TopUp():
                    won = self._close_top_up(auction_id, auction, *data.last_bid)
                    removed = won is not None
                case Candle():
                    won = self._close_candle(auction_id, auction)
                    removed = won is not None and self._is_empty(auction_id)
        self.deposit(self.AuctionClosed(auction_id, won))
        if removed:
            self._remove(auction_id)

    def _close_top_up(self, auction_id: int, auction: TopUp, bidder: bytes, last: int) -> bytes | None:
        """All the account holds is the seller's if the last bid, not the sum, has reached the reserve price."""
        reserve_price = auction.common_data.reserve_price
        if reserve_price is not None and last < reserve_price:
            return None
        return self._pay(auction_id, auction, bidder, self.needs.money.free_balance(self.account_of(auction_id)))

    def _close_candle(self, auction_id: int, auction: Candle) -> bytes | None:
        """The highest bidder at the drawn moment wins and pays all that he has reserved, later raises too."""
        count = self.candle_default_closing_ranges_count
        records = [
            (range_, bidder)
            for _, range_, bidder in self.highest_bidders_by_auction_closing_range.items(auction_id)
        ]
        if not records:
            raise self.CannotDetermineAuctionWinner
        if count < 2:
            raise self.InvalidTimeConfiguration
        winning = draw(auction_id, count, randomness(self.randomness, self.needs.clock.parent_hash()))
        won = winner(records, winning)
        drawn = replace(auction.specific_data, winning_closing_range=winning, winner=won)
        self.auctions.insert(auction_id, replace(auction, specific_data=drawn))
        if won is None:
            return None
        amount = self.reserved_amounts.get(won, auction_id)
        if not amount:
            raise self.NoReservedAmountAvailableToClaim
        self.reserved_amounts.remove(won, auction_id)
        return self._pay(auction_id, auction, won, amount)

    def _pay(self, auction_id: int, auction: Auction, won: bytes, amount: int) -> bytes:
        """The item goes to the winner, the amount to the seller; answers the winner."""
        data = auction.common_data
        self.needs.delivery.do_transfer(*data.token, data.owner, won)
        self.needs.money.transfer(self.account_of(auction_id), data.owner, amount)
        return won

    def _is_empty(self, auction_id: int) -> bool:
        return self.needs.money.free_balance(self.account_of(auction_id)) == 0

    def _remove(self, auction_id: int) -> None:
        """Forget an auction; what bidders of a won one had reserved stays on record."""
        ranges = self.highest_bidders_by_auction_closing_range
        for _, range_, _ in list(ranges.items(auction_id)):
            ranges.remove(auction_id, range_)
        self.auction_owner_by_id.remove(auction_id)
        self.auctions.remove(auction_id)

    # -- after the close -------------------------------------------------------------------------------------

    @call(index=5)
    def claim(self, origin: Origin, bidder: AccountId, auction_id: AuctionId) -> None:
        """Give a bidder back what won nothing; anybody may. The last claim removes the auction."""
        if not origin.is_root:
            origin.signed()
        amount = self.reserved_amounts.get(bidder, auction_id)
        if not amount:
            raise self.NoReservedAmountAvailableToClaim
        auction = self.auction(auction_id)
        if isinstance(auction, English):
            raise self.NoReservedAmountAvailableToClaim
        if self.now() < auction.common_data.end:
            raise self.AuctionEndTimeNotReached
        if not auction.common_data.closed:
            raise self.CannotClaimRunningAuction
        self._unreserve(auction_id, bidder, amount)
        self.deposit(self.BidAmountClaimed(auction_id, bidder, amount))
        if self._is_empty(auction_id):
            self._remove(auction_id)
