"""The events of Auctions. Source: spec/auctions.md §7."""

from amm.pallets.auctions_types import Auction, AuctionId, Bid
from chain.frame import Event, Pallet
from chain.scale.types import AccountId, Balance


class AuctionsEvents(Pallet, name="Auctions"):
    """What Auctions says of auctions and bids."""

    class AuctionCreated(Event):
        """An auction was created; its item is frozen."""

        auction_id: AuctionId
        auction: Auction

    class AuctionUpdated(Event):
        """An auction was changed before its start; `auction` is all of it."""

        auction_id: AuctionId
        auction: Auction

    class AuctionDestroyed(Event):
        """An auction was destroyed before its start."""

        auction_id: AuctionId

    class BidPlaced(Event):
        """A bid was placed on an auction."""

        auction_id: AuctionId
        bidder: AccountId
        bid: Bid

    class BidAmountReserved(Event):
        """What a bidder adds went to the account of the auction."""

        auction_id: AuctionId
        bidder: AccountId
        amount: Balance

    class BidAmountUnreserved(Event):
        """A bid came back from the account of the auction."""

        auction_id: AuctionId
        bidder: AccountId
        amount: Balance
        beneficiary: AccountId

    class AuctionClosed(Event):
        """An auction is over; none: nobody has won it."""

        auction_id: AuctionId
        auction_winner: AccountId | None

    class BidAmountClaimed(Event):
        """A bid that won nothing was claimed."""

        auction_id: AuctionId
        bidder: AccountId
        amount: Balance
