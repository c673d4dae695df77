"""What Auctions declares: constants, storage and errors. Source: spec/auctions.md §2, §3, §7."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from amm.pallets.auctions_candle import PARENT_HASH, SUBJECT
from amm.pallets.auctions_events import AuctionsEvents
from amm.pallets.auctions_types import AUCTION_ID, Auction
from amm.pallets.clock import BLOCK_NUMBER_PROVIDER, SYSTEM, Clock
from chain.frame import Constant, Error, StorageDoubleMap, StorageMap, StorageValue
from chain.pallets.protocols import NativeCurrency
from chain.scale import ACCOUNT_ID, BALANCE, U32, U64, Codec, EncodeError, FixedBytes, OptionOf, codec_of
from chain.scale.sequences import Str

AUCTION: Codec[Auction] = codec_of(Auction)
LEAST_BID: Codec[int | None] = OptionOf(BALANCE)
PALLET_ID: Codec[bytes] = FixedBytes(8)


class RandomnessSource(Str):
    """The setting: the text `parent_hash` or `subject`, nothing else."""

    def __init__(self) -> None:
        super().__init__()
        text = self.encode

        def encode(value: str) -> bytes:
            if value not in (PARENT_HASH, SUBJECT):
                raise EncodeError(f"{value!r} is no randomness: it is {PARENT_HASH} or {SUBJECT}")
            return text(value)

        self.encode = encode


class Items(Protocol):
    """Items under auction are frozen (Uniques)."""

    def owner(self, collection: int, item: int) -> bytes | None: ...

    def can_transfer(self, collection: int, item: int) -> bool: ...

    def do_freeze(self, collection: int, item: int) -> None: ...

    def do_thaw(self, collection: int, item: int) -> None: ...


class Delivery(Protocol):
    """How an item changes hands (NFT)."""

    def do_transfer(self, collection: int, item: int, from_: bytes, to: bytes) -> None: ...


class Blocks(Clock, Protocol):
    """Both block numbers, and the parent's hash."""

    def parent_hash(self) -> bytes: ...


@dataclass
class Needs:
    money: NativeCurrency
    items: Items
    delivery: Delivery
    clock: Blocks


class AuctionClosed(Error):
    """The auction is closed."""

    hint: ClassVar[str] = "Bids that won nothing can be claimed."


class AuctionsDeclared(AuctionsEvents, name="Auctions"):
    """The declaration of Auctions, without what it does."""

    auctions_string_limit = Constant(U32, 128, metadata="AuctionsStringLimit", doc="Most bytes of a name")
    bid_add_blocks = Constant(U32, 10, metadata="BidAddBlocks", doc="Blocks that are left after a late bid")
    bid_step_perc = Constant(U32, 10, metadata="BidStepPerc", doc="How much more the next bid is, in percent")
    min_auction_duration = Constant(U32, 10, metadata="MinAuctionDuration", doc="An auction lasts longer")
    bid_min_amount = Constant(LEAST_BID, None, doc="Least first bid; none: the native existential deposit")
    candle_default_duration = Constant(U32, 99_356, metadata="CandleDefaultDuration")
    candle_default_closing_period_duration = Constant(
        U32, 72_000, metadata="CandleDefaultClosingPeriodDuration"
    )
    candle_default_closing_ranges_count = Constant(U32, 100, metadata="CandleDefaultClosingRangesCount")
    pallet_id = Constant(PALLET_ID, b"auctions", metadata="PalletId")
    block_number_provider = Constant(BLOCK_NUMBER_PROVIDER, SYSTEM, doc="Whose blocks auctions count in")
    randomness = Constant(RandomnessSource(), PARENT_HASH, doc="What a Candle auction draws from")

    auctions = StorageMap(AUCTION_ID, AUCTION)
    next_auction_id = StorageValue(U64, default=0)
    reserved_amounts = StorageDoubleMap(ACCOUNT_ID, AUCTION_ID, BALANCE, default=0)
    highest_bidders_by_auction_closing_range = StorageDoubleMap(AUCTION_ID, U32, ACCOUNT_ID)
    auction_owner_by_id = StorageMap(AUCTION_ID, ACCOUNT_ID)

    needs: Needs

    class AuctionDoesNotExist(Error):
        """There is no such auction, or not any more."""

    class AuctionNotStarted(Error):
        """The auction has not started."""

    class AuctionAlreadyStarted(Error):
        """The auction has started."""

        hint: ClassVar[str] = "Auctions are changed and destroyed before their start only."

    ClosedError = AuctionClosed  # the event has the name

    class AuctionEndTimeReached(Error):
        """The auction takes no bids any more."""

    class AuctionEndTimeNotReached(Error):
        """The auction has not ended."""

    class CannotSetAuctionClosed(Error):
        """An auction is closed by `close`, not by its data."""

    class InvalidBidPrice(Error):
        """The bid is too low."""

        hint: ClassVar[str] = "Bid next_bid_min of the auction or more, and more than the last bid."

    class NoAvailableAuctionId(Error):
        """The auction ids are used up."""

    class AuctionStartTimeAlreadyPassed(Error):
        """The auction would start in the past."""

    class InvalidTimeConfiguration(Error):
        """The times of the auction cannot be."""

        hint: ClassVar[str] = "It has to end more than min_auction_duration blocks after its start."

    class NotAuctionOwner(Error):
        """The signer is not the owner of the auction."""

    class NotATokenOwner(Error):
        """The signer does not have the item."""

    class BidOverflow(Error):
        """The least next bid would be too large to write down."""

    class CannotBidOnOwnAuction(Error):
        """The owner of an auction cannot bid on it."""

    class TimeUnderflow(Error):
        """A time is below zero."""

    class TokenFrozen(Error):
        """The item or its collection is frozen, perhaps by another auction."""

    class EmptyAuctionName(Error):
        """The auction has no name."""

    class TooLong(Error):
        """The name is too long."""

    class CannotChangeAuctionType(Error):
        """An auction stays of the kind that it was created as."""

    class InvalidNextBidMin(Error):
        """The least first bid is wrong."""

        hint: ClassVar[str] = (
            "next_bid_min is bid_min_amount or more; in an English auction it is the reserve price, "
            "or just bid_min_amount without one."
        )

    class InvalidReservedAmount(Error):
        """What the bidder has reserved would be too large to write down."""

    class NoReservedAmountAvailableToClaim(Error):
        """The bidder has nothing to claim here."""

    class CannotClaimWonAuction(Error):
        """The auction was won."""

    class CannotClaimRunningAuction(Error):
        """The auction is not closed."""

        hint: ClassVar[str] = "Anybody may close it once it has ended."

    class CandleAuctionMustHaveDefaultDuration(Error):
        """A Candle auction ends candle_default_duration blocks after its start."""

    class CandleAuctionMustHaveDefaultClosingPeriodDuration(Error):
        """The closing period of a Candle auction is candle_default_closing_period_duration blocks long."""

    class CandleAuctionDoesNotSupportReservePrice(Error):
        """A Candle auction has no reserve price."""

    class Overflow(Error):
        """A block number is too large, or below zero."""

    class CannotDetermineAuctionWinner(Error):
        """There are bids, but no record of when they were made."""

    class CannotChangeForbiddenAttribute(Error):
        """The item and the owner stay as they are, and results are written by bids and the close alone."""

    class CannotGenerateAuctionAccount(Error):
        """The auction has no account."""
