"""What an auction may look like when it is created or changed. Source: spec/auctions.md §5, validate."""

from amm.math.limits import U32_MAX
from amm.pallets.auctions_declared import AuctionsDeclared
from amm.pallets.auctions_types import Auction, Candle, CommonData, English
from amm.pallets.clock import now
from chain.crypto.accounts import sub_account


class AuctionsChecks(AuctionsDeclared, name="Auctions"):
    """The rules of new data, and what can be asked of the auctions there are."""

    # -- looking ---------------------------------------------------------------------------------------------

    def now(self) -> int:
        """The present block, by the clock that auctions count in."""
        return now(self.needs.clock, self.block_number_provider)

    def account_of(self, auction_id: int) -> bytes:
        """The account that holds the bids of an auction."""
        return sub_account(self.pallet_id, auction_id.to_bytes(8, "little"))

    def auction(self, auction_id: int) -> Auction:
        """An auction; raises `AuctionDoesNotExist`."""
        auction = self.auctions.get(auction_id)
        if auction is None:
            raise self.AuctionDoesNotExist
        return auction

    def least_bid(self) -> int:
        """The least amount that an auction may begin with."""
        return self.needs.money.existential_deposit if self.bid_min_amount is None else self.bid_min_amount

    # -- checking --------------------------------------------------------------------------------------------

    def ensure_valid(self, who: bytes, auction: Auction) -> None:
        """Raises the first thing that is wrong with new data that `who` gives."""
        data = auction.common_data
        if data.owner != who:
            raise self.NotAuctionOwner
        self._ensure_times(data)
        if not data.name:
            raise self.EmptyAuctionName
        if data.next_bid_min < self.least_bid():
            raise self.InvalidNextBidMin
        if data.closed:
            raise self.CannotSetAuctionClosed
        if isinstance(auction, English):
            self._ensure_english(data)
        drawn: object = None
        if isinstance(auction, Candle):
            self._ensure_candle(data, auction.specific_data.closing_start)
            drawn = auction.specific_data.winning_closing_range, auction.specific_data.winner
        if data.last_bid is not None or drawn not in (None, (None, None)):
            raise self.CannotChangeForbiddenAttribute

    def _ensure_times(self, data: CommonData) -> None:
        if data.start < self.now():
            raise self.AuctionStartTimeAlreadyPassed
        if data.end == 0:
            raise self.InvalidTimeConfiguration
        if data.end <= self._after(data.start, self.min_auction_duration):
            raise self.InvalidTimeConfiguration

    def _ensure_english(self, data: CommonData) -> None:
        first = self.least_bid() if data.reserve_price is None else data.reserve_price
        if data.next_bid_min != first:
            raise self.InvalidNextBidMin

    def _ensure_candle(self, data: CommonData, closing_start: int) -> None:
        if data.end != self._after(data.start, self.candle_default_duration):
            raise self.CandleAuctionMustHaveDefaultDuration
        if data.reserve_price is not None:
            raise self.CandleAuctionDoesNotSupportReservePrice
        begins = data.end - self.candle_default_closing_period_duration
        if begins < 0:
            raise self.Overflow
        if closing_start != begins:
            raise self.CandleAuctionMustHaveDefaultClosingPeriodDuration

    def _after(self, block: int, blocks: int) -> int:
        """A later block; raises `Overflow`."""
        if block + blocks > U32_MAX:
            raise self.Overflow
        return block + blocks
