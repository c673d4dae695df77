"""What Marketplace declares: constants, storage, events and errors. Source: spec/nft-marketplace.md §3."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from amm.pallets.uniques_declared import CURRENCY, RelayAsset
from amm.pallets.uniques_types import COLLECTION_ID, ITEM_ID, CollectionId, ItemId
from chain.crypto.hashers import Blake2_128Concat
from chain.frame import Constant, Error, Event, Pallet, StorageDoubleMap
from chain.pallets.protocols import Fungibles, MultiReservableCurrency
from chain.scale import ACCOUNT_ID, BALANCE, Codec, Struct, codec_of
from chain.scale.types import AccountId, Balance, BlockNumber, u16

PIECE: Codec[tuple[int, int]] = codec_of(tuple[CollectionId, ItemId])
BOTH = (Blake2_128Concat, Blake2_128Concat)


class Offer(Struct):
    """What somebody would pay for an item, held until it is taken or withdrawn."""

    notation: ClassVar[str] = "Offer<AccountId32, u128, u32>"
    path: ClassVar[str] = "pallet_marketplace::types::Offer"
    maker: AccountId
    amount: Balance
    expires: BlockNumber


class Royalty(Struct):
    """Who gets a share of the sales of an item; `royalty` in hundredths of a percent."""

    notation: ClassVar[str] = "Royalty<AccountId32>"
    path: ClassVar[str] = "pallet_marketplace::types::Royalty"
    author: AccountId
    royalty: u16


class Money(MultiReservableCurrency, Fungibles, Protocol):
    """How buyers pay and offers are held, by asset (Currencies; spec/nft-marketplace.md §0)."""


class Items(Protocol):
    """Who has which item (NFT)."""

    def owner(self, collection: int, item: int) -> bytes | None: ...

    def ensure_owner(self, collection: int, item: int, who: bytes) -> None:
        """Raises `NFT.CollectionUnknown` or `NFT.NotPermitted`."""

    def do_transfer(self, collection: int, item: int, from_: bytes, to: bytes) -> None: ...


class Blocks(Protocol):
    """The chain's own block number (System)."""

    def own_number(self) -> int: ...


@dataclass
class Needs:
    money: Money
    registry: RelayAsset
    items: Items
    clock: Blocks


class MarketplaceDeclared(Pallet, name="Marketplace"):
    """The declaration of Marketplace, without what it does."""

    currency = Constant(CURRENCY, None, doc="What is paid with; none: the relay chain's own asset")
    minimum_offer_amount = Constant(
        BALANCE, 10_000_000_000, metadata="MinimumOfferAmount", doc="Least amount of an offer"
    )
    royalty_bond_amount = Constant(
        BALANCE, 0, metadata="RoyaltyBondAmount", doc="Held of whoever adds a royalty, for good"
    )

    prices = StorageDoubleMap(COLLECTION_ID, ITEM_ID, BALANCE, hashers=BOTH)
    offers = StorageDoubleMap(PIECE, ACCOUNT_ID, Offer, hashers=BOTH)
    marketplace_items = StorageDoubleMap(COLLECTION_ID, ITEM_ID, Royalty, hashers=BOTH)

    needs: Needs

    class TokenPriceUpdated(Event):
        """The price for an item was updated; none: it is not for sale."""

        who: AccountId
        collection: CollectionId
        item: ItemId
        price: Balance | None

    class TokenSold(Event):
        """An item was sold to a new owner; `price` is what the old one got."""

        owner: AccountId
        buyer: AccountId
        collection: CollectionId
        item: ItemId
        price: Balance

    class OfferPlaced(Event):
        """An offer was placed on an item."""

        who: AccountId
        collection: CollectionId
        item: ItemId
        amount: Balance
        expires: BlockNumber

    class OfferWithdrawn(Event):
        """An offer was withdrawn, by its maker or by the owner of the item."""

        who: AccountId
        collection: CollectionId
        item: ItemId

    class OfferAccepted(Event):
        """An offer was accepted; `amount` is all that its maker paid."""

        who: AccountId
        collection: CollectionId
        item: ItemId
        amount: Balance
        maker: AccountId

    class RoyaltyPaid(Event):
        """The author got a share of a sale."""

        collection: CollectionId
        item: ItemId
        author: AccountId
        royalty: u16
        royalty_amount: Balance

    class RoyaltyAdded(Event):
        """An item has an author, who gets a share of its sales from now on."""

        collection: CollectionId
        item: ItemId
        author: AccountId
        royalty: u16

    class NotTheTokenOwner(Error):
        """The signer is not the owner of the item."""

    class BuyFromSelf(Error):
        """The item is the buyer's already."""

    class NotForSale(Error):
        """The item has no price."""

        hint: ClassVar[str] = "Make an offer for it, or ask its owner to set a price."

    class CollectionOrItemUnknown(Error):
        """There is no such item, or no such collection."""

    class OfferTooLow(Error):
        """The offer is below the least amount."""

        hint: ClassVar[str] = "Offer minimum_offer_amount or more."

    class UnknownOffer(Error):
        """There is no such offer."""

    class OfferExpired(Error):
        """The offer is not good any more."""

        hint: ClassVar[str] = "It may still be withdrawn, and placed anew."

    class AlreadyOffered(Error):
        """The signer has an offer for this item."""

        hint: ClassVar[str] = "Withdraw it first."

    class WithdrawNotAuthorized(Error):
        """Only the maker of an offer and the owner of the item may withdraw it."""

    class AcceptNotAuthorized(Error):
        """Only the owner of the item may accept an offer."""

    class RoyaltyAlreadySet(Error):
        """The item has an author and a royalty, which stay as they are."""

    class NotInRange(Error):
        """The royalty is not below 10,000, which is all of the price."""
