"""Uniques: its calls are closed to users; root may make them, itself or in another's name."""

from typing import Any

import pytest
from gallery import ART, DAVE, Gallery
from markets import ALICE, BOB, BSX, CHARLIE, names

from amm.local import LocalChain
from amm.pallets.nft import CollectionType
from amm.pallets.uniques import Uniques
from amm.pallets.uniques_types import DestroyWitness
from chain.crypto.hashers import Blake2_128Concat, storage_prefix
from chain.frame.storage_nmap import StorageNMap
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
    path = "uniques.transfer_ownership"
    assert chain.refusal(ALICE, path, ART, BOB) == "Uniques.Unaccepted"
    chain.do(BOB, "uniques.set_accept_ownership", ART)
    assert chain.refusal(CHARLIE, path, ART, BOB) == "Uniques.NoPermission"
    chain.do(ALICE, path, ART, BOB)
    assert (chain.reserved(ALICE), chain.reserved(BOB)) == (0, 1030)
    assert [keys[:2] for keys in chain.uniques.class_account.items()] == [(BOB, ART)]
    assert chain.uniques.ownership_acceptance.get(BOB) is None
    chain.do(BOB, "uniques.set_accept_ownership", ART)
    chain.do(BOB, "uniques.set_accept_ownership", None)
    before = chain.present()
    chain.do(BOB, "uniques.set_accept_ownership", None)
    assert chain.present() == before


def test_root_sets_all_of_a_collection(chain: Gallery) -> None:
    assert chain.refusal(ALICE, "uniques.force_item_status", ART, *[BOB] * 4, True, True) == "BadOrigin"
    chain.do(None, "uniques.force_item_status", ART, *[BOB] * 4, True, True)
    details = chain.uniques.details(ART)
    assert (details.owner, details.issuer, details.admin, details.freezer) == (BOB,) * 4
    assert details.free_holding and details.is_frozen
    assert (chain.reserved(ALICE), chain.reserved(BOB)) == (0, 1030)


def test_deposits_are_brought_to_the_present_amount(chain: Gallery) -> None:
    chain.uniques.asset.insert(ART, 1, chain.uniques.item_details(ART, 1).with_deposit(10))
    chain.do(BOB, "uniques.mint", ART, 2, BOB)
    assert chain.refusal(BOB, "uniques.redeposit", ART, (1,)) == "Uniques.NoPermission"
    events = chain.do(ALICE, "uniques.redeposit", ART, (1, 2, 3))
    assert events[-1] == chain.uniques.Redeposited(ART, (1,))
    assert chain.uniques.item_details(ART, 1).deposit == 30
    chain.money.reserve(BSX, ALICE, chain.free(ALICE))
    chain.uniques.asset.insert(ART, 2, chain.uniques.item_details(ART, 2).with_deposit(0))
    assert chain.do(ALICE, "uniques.redeposit", ART, (2,)) == [chain.uniques.Redeposited(ART, ())]
    chain.uniques.asset.insert(ART, 2, chain.uniques.item_details(ART, 2).with_deposit(45))
    assert names(chain.do(ALICE, "uniques.redeposit", ART, (2,))) == ["Balances.Unreserved", "Uniques.Redeposited"]


def test_the_supply_is_bounded_once(chain: Gallery) -> None:
    path = "uniques.set_collection_max_supply"
    assert chain.refusal(BOB, path, ART, 1) == "Uniques.NoPermission"
    assert chain.refusal(ALICE, path, ART, 0) == "Uniques.MaxSupplyTooSmall"
    chain.do(None, path, ART, 1)
    assert chain.refusal(ALICE, path, ART, 5) == "Uniques.MaxSupplyAlreadySet"
    assert chain.refusal(BOB, "uniques.mint", ART, 2, BOB) == "Uniques.MaxSupplyReached"


def test_prices_of_this_pallet(chain: Gallery) -> None:
    path = "uniques.buy_item"
    assert chain.refusal(BOB, "uniques.set_price", ART, 2, 5, None) == "Uniques.UnknownItem"
    assert chain.refusal(BOB, "uniques.set_price", ART, 1, 5, None) == "Uniques.NoPermission"
    assert chain.refusal(BOB, path, ART, 1, 5) == "Uniques.NotForSale"
    chain.do(ALICE, "uniques.set_price", ART, 1, 5, BOB)
    assert chain.refusal(ALICE, path, ART, 1, 5) == "Uniques.NoPermission"
    assert chain.refusal(CHARLIE, path, ART, 1, 5) == "Uniques.NoPermission"
    assert chain.refusal(BOB, path, ART, 1, 4) == "Uniques.BidTooLow"
    assert names(chain.do(BOB, path, ART, 1, 9))[-2:] == ["Uniques.Transferred", "Uniques.ItemBought"]
    assert chain.free(BOB) == 10**17 - 5
    chain.do(BOB, "uniques.set_price", ART, 1, 7, None)
    assert names(chain.do(BOB, "uniques.set_price", ART, 1, None, None)) == ["Uniques.ItemPriceRemoved"]
    assert chain.refusal(CHARLIE, path, ART, 1, 9) == "Uniques.NotForSale"


def test_signers_pay_for_texts_and_root_does_not(chain: Gallery) -> None:
    held = chain.reserved(ALICE)
    assert chain.refusal(BOB, "uniques.set_attribute", ART, None, b"key", b"val") == "Uniques.NoPermission"
    chain.do(ALICE, "uniques.set_attribute", ART, None, b"key", b"val")
    chain.do(ALICE, "uniques.set_metadata", ART, 1, b"piece", False)
    chain.do(ALICE, "uniques.set_collection_metadata", ART, b"art", False)
    assert chain.reserved(ALICE) == held + (500 + 18) + (700 + 15) + (700 + 9)
    details = chain.uniques.details(ART)
    assert (details.attributes, details.item_metadatas) == (1, 1)
    assert details.total_deposit == chain.reserved(ALICE)
    chain.do(ALICE, "uniques.set_attribute", ART, None, b"key", b"")
    chain.do(None, "uniques.set_metadata", ART, 1, b"root's", True)
    assert chain.reserved(ALICE) == held + (500 + 9) + (700 + 9)
    assert chain.refusal(ALICE, "uniques.set_metadata", ART, 1, b"mine", False) == "Uniques.Frozen"
    assert chain.refusal(ALICE, "uniques.clear_metadata", ART, 1) == "Uniques.Frozen"
    assert chain.refusal(None, "uniques.set_attribute", ART, 1, b"key", b"") == "Uniques.Frozen"
    chain.do(None, "uniques.clear_metadata", ART, 1)
    chain.do(ALICE, "uniques.clear_attribute", ART, None, b"key")
    assert chain.do(ALICE, "uniques.clear_attribute", ART, None, b"key") == []
    chain.do(ALICE, "uniques.clear_collection_metadata", ART)
    assert chain.reserved(ALICE) == held == chain.uniques.details(ART).total_deposit
    for path, args in [("clear_metadata", (ART, 1)), ("clear_collection_metadata", (ART,))]:
        assert chain.refusal(ALICE, f"uniques.{path}", *args) == "Uniques.UnknownCollection"


def test_a_collection_goes_with_all_that_is_in_it(chain: Gallery) -> None:
    nothing = Gallery(uniques=HELD | TEXTS).present()
    chain.do(ALICE, "uniques.set_attribute", ART, 1, b"key", b"val")
    chain.do(ALICE, "uniques.set_metadata", ART, 1, b"piece", False)
    chain.do(ALICE, "uniques.set_collection_metadata", ART, b"art", False)
    chain.do(ALICE, "uniques.set_price", ART, 1, 5, None)
    chain.do(ALICE, "uniques.set_collection_max_supply", ART, 9)
    assert chain.refusal(BOB, "uniques.destroy", ART, DestroyWitness(1, 1, 1)) == "Uniques.NoPermission"
    assert chain.refusal(ALICE, "uniques.destroy", ART, DestroyWitness(1, 1, 0)) == "Uniques.BadWitness"
    events = chain.do(None, "uniques.destroy", ART, DestroyWitness(1, 1, 1))
    assert names(events) == ["Balances.Unreserved", "Uniques.Destroyed"]
    chain.nft.collections.remove(ART)
    chain.nft.items.remove(ART, 1)
    assert chain.present() == nothing


@pytest.mark.parametrize(
    ("path", "args", "limits"),
    [
        ("uniques.set_attribute", (ART, None, bytes(4), bytes(5)), {"key_limit": 4, "value_limit": 5}),
        ("uniques.clear_attribute", (ART, None, bytes(4)), {"key_limit": 4}),
        ("uniques.set_metadata", (ART, 1, bytes(6), False), {"string_limit": 6}),
        ("uniques.set_collection_metadata", (ART, bytes(6), False), {"string_limit": 6}),
    ],
)
def test_longer_texts_do_not_decode(path: str, args: tuple[Any, ...], limits: dict[str, int]) -> None:
    fitting = Gallery(uniques=limits).runtime
    encoded = fitting.call.encode(fitting.make_call(path, *args))
    assert fitting.decode_call(encoded).args == args
    for name, limit in limits.items():
        narrow = Gallery(uniques=limits | {name: limit - 1}).runtime
        with pytest.raises(ValueError, match=f"at most {limit - 1}"):
            narrow.decode_call(encoded)


def test_a_collection_without_items_counts_none() -> None:
    chain = Gallery()
    chain.do(ALICE, "nft.create_collection", ART, CollectionType.Marketplace, b"")
    assert (chain.uniques.items_of(ART), chain.uniques.items_of(5)) == (0, None)
