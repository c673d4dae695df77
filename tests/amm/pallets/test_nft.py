"""NFT by example: rights, the order of checks, deposits, and what other pallets and the genesis do."""

from collections.abc import Callable
from typing import Any

import pytest
from gallery import ART, Gallery
from markets import ALICE, BOB, BSX, CHARLIE, KSM, names

from amm.pallets.nft import CollectionType
from amm.pallets.nft_types import CollectionInfo, ItemInfo
from amm.pallets.uniques_types import CollectionDetails, ItemDetails
from chain.pallets.balances import Balances
from chain.primitives.errors import Failure
from chain.scale import DecodeError

MARKETPLACE, LIQUIDITY_MINING = CollectionType.Marketplace, CollectionType.LiquidityMining
FARM = 1
"""A collection of the chain itself."""

HELD = {"currency": BSX, "collection_deposit": 1000, "item_deposit": 30}


def farm(chain: Gallery, owner: bytes = ALICE) -> None:
    """A LiquidityMining collection with item 7, both of `owner`."""
    chain.nft.create_typed(owner, FARM, LIQUIDITY_MINING)
    chain.nft.mint_into(FARM, 7, owner)


def test_create_collection_checks_in_order() -> None:
    chain = Gallery(uniques=HELD | {"collection_deposit": 10**17 + 1})
    path = "nft.create_collection"
    assert chain.refusal(None, path, 0, LIQUIDITY_MINING, b"") == "BadOrigin"
    assert chain.refusal(ALICE, path, 0, LIQUIDITY_MINING, b"") == "NFT.IdReserved"
    assert chain.refusal(ALICE, path, 999_999, LIQUIDITY_MINING, b"") == "NFT.IdReserved"
    assert chain.refusal(ALICE, path, ART, LIQUIDITY_MINING, b"") == "NFT.NotPermitted"
    assert chain.refusal(ALICE, path, ART, MARKETPLACE, b"") == "Balances.InsufficientBalance"
    chain.nft.create_typed(BOB, ART, LIQUIDITY_MINING)
    assert chain.refusal(ALICE, path, ART, MARKETPLACE, b"") == "Uniques.InUse"


def test_a_new_collection_is_all_its_owners() -> None:
    chain = Gallery(uniques=HELD)
    events = chain.do(ALICE, "nft.create_collection", ART, MARKETPLACE, b"art")
    assert names(events) == ["Balances.Reserved", "Uniques.Created", "NFT.CollectionCreated"]
    assert events[1] == chain.uniques.Created(ART, ALICE, ALICE)
    assert events[2] == chain.nft.CollectionCreated(ALICE, ART, MARKETPLACE, b"art")
    assert chain.uniques.class_.get(ART) == CollectionDetails(ALICE, ALICE, ALICE, ALICE, 1000, False, 0, 0, 0, False)
    assert chain.uniques.class_account.contains(ALICE, ART)
    assert chain.nft.collections.get(ART) == CollectionInfo(MARKETPLACE, b"art")
    assert chain.held(ALICE) == (10**17 - 1000, 1000)


def test_mint_checks_in_order() -> None:
    chain = Gallery(uniques=HELD)
    farm(chain)
    assert chain.refusal(None, "nft.mint", 5, 1, b"") == "BadOrigin"
    assert chain.refusal(ALICE, "nft.mint", 5, 1, b"") == "NFT.CollectionUnknown"
    assert chain.refusal(ALICE, "nft.mint", FARM, 7, b"") == "NFT.NotPermitted"
    chain.nft.collections.insert(5, CollectionInfo(MARKETPLACE, b""))  # Uniques knows nothing of it
    assert chain.refusal(ALICE, "nft.mint", 5, 1, b"") == "NFT.CollectionUnknown"
    chain.piece()
    assert chain.refusal(BOB, "nft.mint", ART, 1, b"") == "NFT.NotPermitted"
    assert chain.refusal(ALICE, "nft.mint", ART, 1, b"") == "Uniques.AlreadyExists"
    chain.currencies.reserve(BSX, ALICE, chain.free(ALICE) - 29)
    assert chain.refusal(ALICE, "nft.mint", ART, 2, b"") == "Balances.InsufficientBalance"
    chain.currencies.unreserve(BSX, ALICE, 1)
    chain.do(ALICE, "nft.mint", ART, 2, b"")


def test_an_item_is_its_minters_and_costs_the_collections_owner() -> None:
    chain = Gallery(uniques=HELD)
    chain.piece()
    events = chain.do(ALICE, "nft.mint", ART, 2**128 - 1, b"last")
    assert names(events) == ["Balances.Reserved", "Uniques.Issued", "NFT.ItemMinted"]
    assert events[2] == chain.nft.ItemMinted(ALICE, ART, 2**128 - 1, b"last")
    assert chain.uniques.asset.get(ART, 2**128 - 1) == ItemDetails(ALICE, None, False, 30)
    assert chain.nft.items.get(ART, 2**128 - 1) == ItemInfo(b"last")
    collection = chain.uniques.details(ART)
    assert (collection.items, collection.total_deposit) == (2, 1060)
    chain.nft.mint_into(ART, 9, BOB)
    assert chain.uniques.owner(ART, 9) == BOB
    assert chain.reserved(ALICE) == 1090 and chain.reserved(BOB) == 0


def test_the_number_of_items_is_bounded() -> None:
    chain = Gallery()
    chain.piece()
    chain.uniques.class_.insert(ART, chain.uniques.details(ART).holding(2**32 - 1, 0))
    assert chain.refusal(ALICE, "nft.mint", ART, 2, b"") == "Arithmetic.Overflow"


def test_transfer_checks_in_order() -> None:
    chain = Gallery()
    piece = chain.piece()
    path = "nft.transfer"
    assert chain.refusal(None, path, *piece, BOB) == "BadOrigin"
    assert chain.refusal(ALICE, path, 5, 1, ALICE) == "NFT.CollectionUnknown"
    assert chain.do(BOB, path, ART, 99, BOB) == []
    assert chain.refusal(BOB, path, ART, 99, ALICE) == "NFT.ItemUnknown"
    chain.uniques.do_freeze(*piece)
    assert chain.refusal(BOB, path, *piece, CHARLIE) == "NFT.NotPermitted"
    assert chain.refusal(ALICE, path, *piece, BOB) == "Uniques.Frozen"
    assert chain.do(ALICE, path, *piece, ALICE) == []
    chain.uniques.do_thaw(*piece)
    details = chain.uniques.details(ART)
    chain.uniques.class_.insert(ART, details.frozen(True))
    assert chain.refusal(ALICE, path, *piece, BOB) == "Uniques.Frozen"
    chain.uniques.class_.insert(ART, details)

    events = chain.do(ALICE, path, *piece, BOB)
    assert events == [chain.nft.ItemTransferred(ALICE, BOB, *piece), chain.uniques.Transferred(*piece, ALICE, BOB)]
    assert chain.owners() == {piece: BOB}


def test_burn_checks_in_order_and_gives_the_deposit_to_the_collections_owner() -> None:
    chain = Gallery(uniques=HELD)
    farm(chain)
    piece = chain.piece(BOB)
    assert chain.refusal(None, "nft.burn", 5, 1) == "BadOrigin"
    assert chain.refusal(ALICE, "nft.burn", 5, 1) == "NFT.CollectionUnknown"
    assert chain.refusal(ALICE, "nft.burn", FARM, 1) == "NFT.NotPermitted"
    assert chain.refusal(ALICE, "nft.burn", ART, 99) == "NFT.ItemUnknown"
    chain.uniques.do_freeze(*piece)
    assert chain.refusal(ALICE, "nft.burn", *piece) == "NFT.NotPermitted"
    assert chain.refusal(BOB, "nft.burn", *piece) == "Uniques.Frozen"
    chain.uniques.do_thaw(*piece)

    events = chain.do(BOB, "nft.burn", *piece)
    assert names(events) == ["Balances.Unreserved", "Uniques.Burned", "NFT.ItemBurned"]
    assert events[0] == Balances.Unreserved(ALICE, 30)
    assert events[2] == chain.nft.ItemBurned(BOB, *piece)
    assert chain.nft.items.get(*piece) is None and piece not in chain.owners()
    collection = chain.uniques.details(ART)
    assert (collection.items, collection.total_deposit, chain.reserved(ALICE)) == (0, 1000, 1000)


def test_destroy_checks_in_order_and_leaves_nothing() -> None:
    chain = Gallery(uniques=HELD)
    before = chain.present()
    piece = chain.piece()
    farm(chain)
    path = "nft.destroy_collection"
    assert chain.refusal(None, path, 5) == "BadOrigin"
    assert chain.refusal(BOB, path, 5) == "NFT.CollectionUnknown"
    assert chain.refusal(BOB, path, FARM) == "NFT.NotPermitted"
    assert chain.refusal(BOB, path, ART) == "NFT.TokenCollectionNotEmpty"
    chain.do(ALICE, "nft.burn", *piece)
    assert chain.refusal(BOB, path, ART) == "Uniques.NoPermission"
    events = chain.do(ALICE, path, ART)
    assert names(events) == ["Balances.Unreserved", "Uniques.Destroyed", "NFT.CollectionDestroyed"]
    assert chain.refusal(ALICE, path, ART) == "NFT.CollectionUnknown"
    chain.nft.do_burn(FARM, 7, ALICE)
    chain.nft.do_destroy(FARM, ALICE)
    assert chain.present() == before


@pytest.mark.parametrize(
    ("path", "args", "outcome"),
    [
        ("nft.create_collection", (ART, LIQUIDITY_MINING, b""), "NFT.NotPermitted"),
        ("nft.mint", (FARM, 8, b""), "NFT.NotPermitted"),
        ("nft.burn", (FARM, 7), "NFT.NotPermitted"),
        ("nft.destroy_collection", (FARM,), "NFT.NotPermitted"),
    ],
)
def test_users_only_transfer_in_collections_of_the_chain(path: str, args: tuple[Any, ...], outcome: str) -> None:
    chain = Gallery(uniques=HELD)
    farm(chain)
    assert chain.reserved(ALICE) == 0 and chain.uniques.details(FARM).free_holding
    assert chain.refusal(ALICE, path, *args) == outcome
    chain.do(ALICE, "nft.transfer", FARM, 7, BOB)
    assert chain.owners() == {(FARM, 7): BOB}


def test_what_other_pallets_are_told() -> None:
    chain = Gallery()
    farm(chain)
    chain.nft.ensure_owner(FARM, 7, ALICE)
    acts: list[tuple[Callable[..., None], tuple[Any, ...], str]] = [
        (chain.nft.ensure_owner, (FARM, 7, BOB), "NFT.NotPermitted"),
        (chain.nft.ensure_owner, (FARM, 8, BOB), "NFT.CollectionUnknown"),
        (chain.nft.mint_into, (5, 1, BOB), "NFT.CollectionUnknown"),
        (chain.nft.do_destroy, (5, BOB), "NFT.CollectionUnknown"),
    ]
    for act, args, error in acts:
        with pytest.raises(Failure) as raised:
            act(*args)
        assert chain.runtime.error_name(chain.open.error(raised.value)) == error


def test_other_pallets_burn_what_its_owner_has_but_nothing_under_auction() -> None:
    chain = Gallery()
    farm(chain)
    for who, error in [(BOB, "NFT.NotPermitted"), (ALICE, "Uniques.Frozen")]:
        chain.uniques.do_freeze(FARM, 7)
        with pytest.raises(Failure) as raised:
            chain.nft.do_burn(FARM, 7, who)
        assert chain.runtime.error_name(chain.open.error(raised.value)) == error


def test_deposits_are_held_in_the_relay_chains_asset() -> None:
    chain = Gallery(uniques={"collection_deposit": 1000, "item_deposit": 30})
    chain.piece(BOB)
    assert chain.held(ALICE, KSM) == (10**17 - 1030, 1030)
    assert chain.held(ALICE) == (10**17, 0)


def test_without_deposits_nothing_is_held_and_nothing_said() -> None:
    chain = Gallery()
    events = chain.do(ALICE, "nft.create_collection", ART, MARKETPLACE, b"")
    assert names(events) == ["Uniques.Created", "NFT.CollectionCreated"]
    assert names(chain.do(ALICE, "nft.mint", ART, 1, b"")) == ["Uniques.Issued", "NFT.ItemMinted"]
    assert names(chain.do(ALICE, "nft.burn", ART, 1)) == ["Uniques.Burned", "NFT.ItemBurned"]


@pytest.mark.parametrize("limit", [32, 72, 128])
@pytest.mark.parametrize("path", ["nft.create_collection", "nft.mint"])
def test_longer_metadata_does_not_decode(limit: int, path: str) -> None:
    runtime = Gallery(uniques={"string_limit": limit}).runtime
    args = (ART, MARKETPLACE) if path == "nft.create_collection" else (ART, 1)
    fits, longer = (runtime.make_call(path, *args, bytes(size)) for size in (limit, limit + 1))
    assert runtime.decode_call(runtime.call.encode(fits)) == fits
    with pytest.raises(DecodeError, match=f"{limit + 1} bytes, at most {limit}"):
        runtime.decode_call(runtime.call.encode(longer))
