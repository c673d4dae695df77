"""Uniques: its calls are closed to users; root may make them, itself or in another's name."""

from typing import Any

import pytest
from gallery import ART, DAVE, Gallery
from markets import ALICE, BOB, BSX, CHARLIE, names

from amm.local import LocalChain
from amm.pallets.uniques import Uniques
from chain.crypto.hashers import Blake2_128Concat, storage_prefix
from chain.frame.storage_nmap import StorageNMap
from chain.pallets.system import System
from chain.scale import ACCOUNT_ID, U128, codec_of
from chain.scale.types import AccountId, u32

HELD = {"currency": BSX, "collection_deposit": 1000, "item_deposit": 30}
TEXTS = {"attribute_deposit_base": 500, "metadata_deposit_base": 700, "deposit_per_byte": 3}


@pytest.fixture
def chain() -> Gallery:
    """Alice has the collection, which bob issues, charlie manages and dave freezes; item 1 is zoe's."""
    gallery = Gallery(uniques=HELD | TEXTS)
    gallery.piece()
    gallery.do(ALICE, "uniques.set_team", ART, BOB, CHARLIE, DAVE)
    return gallery


def test_storage_keys_are_the_live_chains(chain: Gallery) -> None:
    prefix = storage_prefix("Uniques", "Account")
    parts = (ACCOUNT_ID.encode(ALICE), U128.encode(ART), U128.encode(1))
    key = prefix + b"".join(map(Blake2_128Concat, parts))
    assert chain.present()[key] == b""
    assert list(chain.uniques.account.items(ALICE)) == [((ALICE, ART, 1), ())]
    assert list(chain.uniques.account.items(BOB)) == []
    assert not chain.uniques.account.contains((BOB, ART, 1))


def test_a_map_of_many_keys_has_a_hasher_for_each() -> None:
    codec: Any = codec_of(tuple[AccountId, u32])
    plain: Any = U128
    with pytest.raises(TypeError, match="1 hashers"):
        StorageNMap(codec, codec, hashers=(Blake2_128Concat,))
    with pytest.raises(TypeError, match="1 hashers"):
        StorageNMap(plain, codec, hashers=(Blake2_128Concat,))


def test_users_are_refused_and_root_is_not() -> None:
    with LocalChain("local") as local:
        call = local.call("uniques.force_create", collection=5, owner="bob", free_holding=True)
        assert local.submit(call).error == "System.CallFiltered"
        assert local.submit(call, "root").ok
        assert local.state[Uniques].collection_owner(5) == local.account("bob")
        barred = [path for path in local.runtime.calls if path.startswith("uniques.")]
        assert len(barred) == 26


def test_nobody_creates_collections_here(chain: Gallery) -> None:
    for who in (None, ALICE):
        assert chain.refusal(who, "uniques.create", 5, ALICE) == "BadOrigin"
    assert chain.refusal(ALICE, "uniques.force_create", 5, BOB, False) == "BadOrigin"
    assert chain.refusal(None, "uniques.force_create", ART, BOB, False) == "Uniques.InUse"
    assert names(chain.do(None, "uniques.force_create", 5, BOB, False)) == ["Uniques.ForceCreated"]
    assert chain.uniques.details(5).total_deposit == 0


def test_the_issuer_mints(chain: Gallery) -> None:
    assert chain.refusal(ALICE, "uniques.mint", ART, 1, DAVE) == "Uniques.AlreadyExists"
    assert chain.refusal(ALICE, "uniques.mint", 5, 1, DAVE) == "Uniques.UnknownCollection"
    assert chain.refusal(ALICE, "uniques.mint", ART, 2, DAVE) == "Uniques.NoPermission"
    assert names(chain.do(BOB, "uniques.mint", ART, 2, DAVE)) == ["Balances.Reserved", "Uniques.Issued"]
    assert chain.owners() == {(ART, 1): ALICE, (ART, 2): DAVE}


def test_owner_and_admin_burn(chain: Gallery) -> None:
    assert chain.refusal(ALICE, "uniques.burn", ART, 2, None) == "Uniques.UnknownCollection"
    assert chain.refusal(BOB, "uniques.burn", ART, 1, None) == "Uniques.NoPermission"
    assert chain.refusal(CHARLIE, "uniques.burn", ART, 1, BOB) == "Uniques.WrongOwner"
    chain.uniques.do_freeze(ART, 1)
    assert names(chain.do(CHARLIE, "uniques.burn", ART, 1, ALICE)) == ["Balances.Unreserved", "Uniques.Burned"]
    assert chain.owners() == {}


def test_owner_admin_and_delegate_transfer(chain: Gallery) -> None:
    path = "uniques.transfer"
    assert chain.refusal(BOB, path, ART, 1, BOB) == "Uniques.Unapproved"
    assert chain.refusal(BOB, path, ART, 2, BOB) == "Uniques.UnknownCollection"
    assert chain.refusal(BOB, "uniques.approve_transfer", ART, 1, BOB) == "Uniques.NoPermission"
    chain.do(ALICE, "uniques.approve_transfer", ART, 1, BOB)
    chain.do(BOB, path, ART, 1, BOB)
    assert chain.uniques.item_details(ART, 1).approved is None
    assert chain.refusal(ALICE, path, ART, 1, ALICE) == "Uniques.Unapproved"
    chain.do(CHARLIE, path, ART, 1, ALICE)
    assert chain.owners() == {(ART, 1): ALICE}


def test_approvals_are_taken_back(chain: Gallery) -> None:
    path = "uniques.cancel_approval"
    assert chain.refusal(ALICE, path, ART, 1, None) == "Uniques.NoDelegate"
    events = chain.do(None, "uniques.approve_transfer", ART, 1, BOB)
    assert events == [chain.uniques.ApprovedTransfer(ART, 1, ALICE, BOB)]
    assert chain.refusal(BOB, path, ART, 1, None) == "Uniques.NoPermission"
    assert chain.refusal(CHARLIE, path, ART, 1, DAVE) == "Uniques.WrongDelegate"
    assert chain.do(CHARLIE, path, ART, 1, BOB) == [chain.uniques.ApprovalCancelled(ART, 1, ALICE, BOB)]
    assert chain.uniques.item_details(ART, 1).approved is None


def test_the_freezer_freezes_and_the_admin_thaws(chain: Gallery) -> None:
    for path, item in [("uniques.freeze", 2), ("uniques.thaw", 2)]:
        assert chain.refusal(ALICE, path, ART, item) == "Uniques.UnknownCollection"
    assert chain.refusal(CHARLIE, "uniques.freeze", ART, 1) == "Uniques.NoPermission"
    assert chain.do(DAVE, "uniques.freeze", ART, 1) == [chain.uniques.Frozen(ART, 1)]
    assert not chain.uniques.can_transfer(ART, 1)
    assert chain.refusal(DAVE, "uniques.thaw", ART, 1) == "Uniques.NoPermission"
    assert chain.do(CHARLIE, "uniques.thaw", ART, 1) == [chain.uniques.Thawed(ART, 1)]
    assert chain.refusal(CHARLIE, "uniques.freeze_collection", ART) == "Uniques.NoPermission"
    assert chain.do(DAVE, "uniques.freeze_collection", ART) == [chain.uniques.CollectionFrozen(ART)]
    assert not chain.uniques.can_transfer(ART, 1)
    assert chain.refusal(DAVE, "uniques.thaw_collection", ART) == "Uniques.NoPermission"
    assert chain.do(CHARLIE, "uniques.thaw_collection", ART) == [chain.uniques.CollectionThawed(ART)]
    assert chain.uniques.can_transfer(ART, 1)


def test_a_collection_changes_hands_with_its_deposits(chain: Gallery) -> None:
    path, uniques = "uniques.transfer_ownership", chain.uniques
    assert chain.refusal(ALICE, path, ART, BOB) == "Uniques.Unaccepted"
    chain.do(BOB, "uniques.set_accept_ownership", ART)
    assert chain.refusal(CHARLIE, path, ART, BOB) == "Uniques.NoPermission"
    assert chain.do(ALICE, path, ART, BOB)[-1] == uniques.OwnerChanged(ART, BOB)
    assert uniques.collection_owner(ART) == BOB
    assert (chain.reserved(ALICE), chain.reserved(BOB)) == (0, 1030)
    assert [keys[:2] for keys in uniques.class_account.items()] == [(BOB, ART)]
    assert uniques.ownership_acceptance.get(BOB) is None
    chain.do(BOB, "uniques.set_accept_ownership", ART)
    assert chain.do(BOB, path, ART, BOB) == []


def test_accepting_leans_on_the_account_once(chain: Gallery) -> None:
    def consumers() -> int:
        return chain.open[System].account.get(DAVE).consumers

    path, before = "uniques.set_accept_ownership", consumers()
    for collection, more in [(None, 0), (5, 1), (ART, 1), (None, 0), (None, 0), (ART, 1)]:
        told = chain.do(DAVE, path, collection)
        assert told == [chain.uniques.OwnershipAcceptanceChanged(DAVE, collection)]
        assert consumers() == before + more
    chain.do(ALICE, "uniques.transfer_ownership", ART, DAVE)
    assert consumers() == before + 1  # the deposits now lean on it instead


def test_root_sets_all_of_a_collection(chain: Gallery) -> None:
    path, uniques = "uniques.force_item_status", chain.uniques
    assert chain.refusal(ALICE, path, ART, *[BOB] * 4, True, True) == "BadOrigin"
    assert chain.do(None, path, ART, *[BOB] * 4, True, True)[-1] == uniques.ItemStatusChanged(ART)
    details = uniques.details(ART)
    assert (details.owner, details.issuer, details.admin, details.freezer) == (BOB,) * 4
    assert details.free_holding and details.is_frozen
    assert (chain.reserved(ALICE), chain.reserved(BOB)) == (0, 1030)
    assert chain.do(None, path, ART, BOB, ALICE, CHARLIE, DAVE, False, False) == [uniques.ItemStatusChanged(ART)]


def test_the_owner_names_the_team(chain: Gallery) -> None:
    path = "uniques.set_team"
    assert chain.refusal(BOB, path, ART, BOB, BOB, BOB) == "Uniques.NoPermission"
    assert chain.do(ALICE, path, ART, DAVE, BOB, CHARLIE) == [chain.uniques.TeamChanged(ART, DAVE, BOB, CHARLIE)]
    details = chain.uniques.details(ART)
    assert (details.issuer, details.admin, details.freezer) == (DAVE, BOB, CHARLIE)


def test_deposits_are_brought_to_the_present_amount(chain: Gallery) -> None:
    path, uniques = "uniques.redeposit", chain.uniques
    for item, deposit in [(2, 30), (3, 10), (4, 45)]:
        chain.do(BOB, "uniques.mint", ART, item, BOB)
        uniques.asset.insert(ART, item, uniques.item_details(ART, item).with_deposit(deposit))
    assert chain.refusal(BOB, path, ART, (1,)) == "Uniques.NoPermission"
    before, total = chain.reserved(ALICE), uniques.details(ART).total_deposit
    assert chain.do(ALICE, path, ART, (1, 2, 3, 4, 5))[-1] == uniques.Redeposited(ART, (3, 4))
    assert {details.deposit for _, _, details in uniques.asset.items()} == {30}
    assert chain.reserved(ALICE) == before + 20 - 15
    assert uniques.details(ART).total_deposit == total + 20 - 15
    chain.currencies.reserve(BSX, ALICE, chain.free(ALICE))
    uniques.asset.insert(ART, 2, uniques.item_details(ART, 2).with_deposit(0))
    assert chain.do(ALICE, path, ART, (2,)) == [uniques.Redeposited(ART, ())]


def test_the_supply_is_bounded_once(chain: Gallery) -> None:
    path = "uniques.set_collection_max_supply"
    assert chain.refusal(BOB, path, ART, 1) == "Uniques.NoPermission"
    assert chain.refusal(ALICE, path, ART, 0) == "Uniques.MaxSupplyTooSmall"
    assert chain.do(None, path, ART, 1) == [chain.uniques.CollectionMaxSupplySet(ART, 1)]
    assert chain.refusal(ALICE, path, ART, 5) == "Uniques.MaxSupplyAlreadySet"
    assert chain.refusal(BOB, "uniques.mint", ART, 2, BOB) == "Uniques.MaxSupplyReached"


def test_prices_of_this_pallet(chain: Gallery) -> None:
    path = "uniques.buy_item"
    assert chain.refusal(BOB, "uniques.set_price", ART, 2, 5, None) == "Uniques.UnknownItem"
    assert chain.refusal(BOB, "uniques.set_price", ART, 1, 5, None) == "Uniques.NoPermission"
    assert chain.refusal(BOB, path, ART, 1, 5) == "Uniques.NotForSale"
    priced = chain.do(ALICE, "uniques.set_price", ART, 1, 5, BOB)
    assert priced == [chain.uniques.ItemPriceSet(ART, 1, 5, BOB)]
    assert chain.refusal(ALICE, path, ART, 1, 5) == "Uniques.NoPermission"
    assert chain.refusal(CHARLIE, path, ART, 1, 5) == "Uniques.NoPermission"
    assert chain.refusal(BOB, path, ART, 1, 4) == "Uniques.BidTooLow"
    assert names(chain.do(BOB, path, ART, 1, 9))[-2:] == ["Uniques.Transferred", "Uniques.ItemBought"]
    assert chain.free(BOB) == 10**17 - 5
    chain.do(BOB, "uniques.set_price", ART, 1, 7, None)
    assert names(chain.do(BOB, "uniques.set_price", ART, 1, None, None)) == ["Uniques.ItemPriceRemoved"]
    assert chain.refusal(CHARLIE, path, ART, 1, 9) == "Uniques.NotForSale"


def test_a_price_of_this_pallet_goes_with_the_owner(chain: Gallery) -> None:
    chain.do(ALICE, "uniques.set_price", ART, 1, 5, None)
    chain.do(ALICE, "nft.transfer", ART, 1, BOB)
    assert chain.uniques.item_price_of.get(ART, 1) is None
    chain.do(BOB, "uniques.set_price", ART, 1, 5, None)
    chain.do(BOB, "nft.burn", ART, 1)
    assert chain.uniques.item_price_of.get(ART, 1) is None
