"""Uniques: attributes, metadata and what is paid for them."""

from typing import Any

import pytest
from gallery import ART, DAVE, Gallery
from markets import ALICE, BOB, BSX, CHARLIE, names

from amm.pallets.nft import CollectionType
from amm.pallets.uniques_types import DestroyWitness

HELD = {"currency": BSX, "collection_deposit": 1000, "item_deposit": 30}
TEXTS = {"attribute_deposit_base": 500, "metadata_deposit_base": 700, "deposit_per_byte": 3}


@pytest.fixture
def chain() -> Gallery:
    """Alice has the collection, which bob issues, charlie manages and dave freezes; item 1 is zoe's."""
    gallery = Gallery(uniques=HELD | TEXTS)
    gallery.piece()
    gallery.do(ALICE, "uniques.set_team", ART, BOB, CHARLIE, DAVE)
    return gallery


def accounted(chain: Gallery) -> tuple[int, int, int]:
    """What is held for texts, how many attributes there are and how many items with metadata."""
    details = chain.uniques.details(ART)
    assert details.total_deposit == chain.reserved(ALICE)
    return details.total_deposit - 1030, details.attributes, details.item_metadatas


def test_signers_pay_for_texts(chain: Gallery) -> None:
    uniques, attribute = chain.uniques, ("uniques.set_attribute", ART, None, b"key")
    assert chain.refusal(BOB, *attribute, b"val") == "Uniques.NoPermission"
    assert chain.do(ALICE, *attribute, b"val")[-1] == uniques.AttributeSet(ART, None, b"key", b"val")
    assert accounted(chain) == (518, 1, 0)
    events = chain.do(ALICE, "uniques.set_metadata", ART, 1, b"piece", False)
    assert events[-1] == uniques.MetadataSet(ART, 1, b"piece", False)
    assert accounted(chain) == (518 + 715, 1, 1)
    events = chain.do(ALICE, "uniques.set_collection_metadata", ART, b"art", False)
    assert events[-1] == uniques.CollectionMetadataSet(ART, b"art", False)
    assert accounted(chain) == (518 + 715 + 709, 1, 1)
    chain.do(ALICE, *attribute, b"")
    chain.do(ALICE, "uniques.set_metadata", ART, 1, b"a piece", False)
    assert accounted(chain) == (509 + 721 + 709, 1, 1)

    assert chain.do(ALICE, "uniques.clear_metadata", ART, 1)[-1] == uniques.MetadataCleared(ART, 1)
    assert accounted(chain) == (509 + 709, 1, 0)
    events = chain.do(ALICE, "uniques.clear_attribute", ART, None, b"key")
    assert events[-1] == uniques.AttributeCleared(ART, None, b"key")
    assert accounted(chain) == (709, 0, 0)
    assert chain.do(ALICE, "uniques.clear_attribute", ART, None, b"key") == []
    events = chain.do(ALICE, "uniques.clear_collection_metadata", ART)
    assert events[-1] == uniques.CollectionMetadataCleared(ART)
    assert accounted(chain) == (0, 0, 0)
    for path, args in [("clear_metadata", (ART, 1)), ("clear_collection_metadata", (ART,))]:
        assert chain.refusal(ALICE, f"uniques.{path}", *args) == "Uniques.UnknownCollection"


def test_root_pays_for_no_texts_and_minds_no_seal(chain: Gallery) -> None:
    chain.do(ALICE, "uniques.set_attribute", ART, 1, b"key", b"val")
    chain.do(ALICE, "uniques.set_metadata", ART, 1, b"piece", False)
    chain.do(None, "uniques.set_attribute", ART, 1, b"key", b"value")
    chain.do(None, "uniques.set_metadata", ART, 1, b"root's", True)
    chain.do(None, "uniques.set_collection_metadata", ART, b"root's", True)
    assert accounted(chain) == (0, 1, 1)
    for path, args in [
        ("set_metadata", (ART, 1, b"mine", False)),
        ("clear_metadata", (ART, 1)),
        ("set_collection_metadata", (ART, b"mine", False)),
        ("clear_collection_metadata", (ART,)),
        ("set_attribute", (ART, None, b"key", b"")),
        ("clear_attribute", (ART, 1, b"key")),
    ]:
        assert chain.refusal(ALICE, f"uniques.{path}", *args) == "Uniques.Frozen"
    assert chain.refusal(None, "uniques.set_attribute", ART, 1, b"key", b"") == "Uniques.Frozen"
    chain.do(None, "uniques.clear_metadata", ART, 1)
    chain.do(None, "uniques.clear_collection_metadata", ART)
    assert accounted(chain) == (0, 1, 0)


def test_nothing_is_held_where_holding_is_free(chain: Gallery) -> None:
    chain.do(None, "uniques.force_create", 5, BOB, True)
    chain.do(BOB, "uniques.set_collection_metadata", 5, b"free", False)
    chain.do(BOB, "uniques.set_attribute", 5, None, b"key", b"val")
    assert chain.reserved(BOB) == 0


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
