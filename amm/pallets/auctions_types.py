"""Auctions and bids. Source: spec/auctions.md §1. The length of names is bounded by a constant of the runtime."""

from typing import Annotated, ClassVar

from msgspec.structs import replace

from amm.pallets.uniques_types import BoundedBytes, CollectionId, ItemId
from chain.scale import U64, Enum, Struct
from chain.scale.types import AccountId, Balance, BlockNumber, u32

AUCTION_ID = U64.named("AuctionId")
AuctionId = Annotated[int, AUCTION_ID]


class CommonData(Struct):
    """What every auction has. `last_bid` and `closed` are written by bids and by the close alone."""

    notation: ClassVar[str] = "CommonAuctionData"
    path: ClassVar[str] = "pallet_auctions::CommonAuctionData"
    name: BoundedBytes
    reserve_price: Balance | None
    last_bid: tuple[AccountId, Balance] | None
    next_bid_min: Balance
    start: BlockNumber
    end: BlockNumber
    closed: bool
    owner: AccountId
    token: tuple[CollectionId, ItemId]


class EnglishData(Struct):
    """An English auction needs nothing more."""

    notation: ClassVar[str] = "EnglishAuctionData"
    path: ClassVar[str] = "pallet_auctions::EnglishAuctionData"


class TopUpData(Struct):
    """A TopUp auction needs nothing more."""

    notation: ClassVar[str] = "TopUpAuctionData"
    path: ClassVar[str] = "pallet_auctions::TopUpAuctionData"


class CandleData(Struct):
    """The closing period of a Candle auction, and what the close has drawn."""

    notation: ClassVar[str] = "CandleAuctionData"
    path: ClassVar[str] = "pallet_auctions::CandleAuctionData"
    closing_start: BlockNumber
    winning_closing_range: u32 | None
    winner: AccountId | None


class Auction(Enum):
    """An auction of one item, in the native currency."""

    path: ClassVar[str] = "pallet_auctions::Auction"
    common_data: CommonData

    def with_common(self, **changes: object) -> "Auction":
        """The auction with some of its common data changed."""
        return replace(self, common_data=replace(self.common_data, **changes))


class English(Auction):
    """The highest bid wins; whoever is outbid is repaid at once."""

    index: ClassVar[int] = 0
    specific_data: EnglishData


class TopUp(Auction):
    """All bids go to the seller if the last one reaches the reserve price, and back if it does not."""

    index: ClassVar[int] = 1
    specific_data: TopUpData


class Candle(Auction):
    """Who was highest at a moment of the closing period, drawn afterwards, wins."""

    index: ClassVar[int] = 2
    specific_data: CandleData


class Bid(Struct):
    """How much, and when; a bidder's total in auctions that take raises."""

    path: ClassVar[str] = "pallet_auctions::Bid"
    amount: Balance
    block_number: BlockNumber
