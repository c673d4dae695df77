"""Collections of the first state: from the chain spec and from scripts."""

from typing import Any

import pytest
from gallery import DAVE, Gallery
from markets import ALICE, BOB, BSX, KSM

from amm.chain_spec import load_chain_spec, overlay
from amm.genesis import Genesis
from amm.local import LocalChain
from amm.pallets.nft import CollectionType, Nft
from amm.pallets.nft_types import CollectionInfo, GenesisCollection, GenesisItem, ItemInfo
from amm.pallets.uniques import Uniques
from amm.scripts.errors import Faults
from amm.scripts.script import load_script
from chain.crypto.hashers import storage_prefix
from chain.pallets.genesis import GenesisError

MARKETPLACE, LIQUIDITY_MINING = CollectionType.Marketplace, CollectionType.LiquidityMining

HELD = {"currency": BSX, "collection_deposit": 1000, "item_deposit": 30}


def genesis(chain: Gallery, *collections: GenesisCollection) -> None:
    chain.nft.build_genesis({"nfts": collections})


def test_collections_of_the_genesis_hold_deposits_and_say_nothing() -> None:
    chain = Gallery(uniques=HELD)
    items = (GenesisItem(1, BOB, b"one"), GenesisItem(2, ALICE, bytes(72)))
    art = GenesisCollection(42, ALICE, MARKETPLACE, b"art", items)
    genesis(chain, art, GenesisCollection(1, BOB, LIQUIDITY_MINING))
    assert chain.open.context.events == []
    assert chain.owners() == {(42, 1): BOB, (42, 2): ALICE}
    assert chain.nft.items.get(42, 1) == ItemInfo(b"one")
    assert (chain.reserved(ALICE), chain.reserved(BOB)) == (1060, 0)
    for pallet, version in [(chain.uniques, 1), (chain.nft, 1), (chain.market, 2)]:
        pallet.build_genesis({"nfts": ()})
        key = storage_prefix(pallet.name, ":__STORAGE_VERSION__:")
        assert chain.present()[key] == version.to_bytes(2, "little")


def test_a_genesis_that_cannot_be_is_refused() -> None:
    poor = b"poor".ljust(32, b".")
    chain = Gallery(uniques=HELD)
    with pytest.raises(GenesisError, match="nfts: collection 42: "):
        genesis(chain, GenesisCollection(42, poor))
    with pytest.raises(GenesisError, match="collection 42: metadata has at most 72 bytes"):
        genesis(chain, GenesisCollection(42, ALICE, MARKETPLACE, b"", (GenesisItem(1, BOB, bytes(73)),)))
    with pytest.raises(GenesisError, match="collection 43: The id has been used for a collection"):
        genesis(chain, GenesisCollection(43, ALICE), GenesisCollection(43, DAVE))


SCRIPT = """
name: nfts
setup:
  runtime: {{uniques: {{collection_deposit: 1_000_000, item_deposit: 2_000, string_limit: 80}}}}
  nfts:
    - collection: 1_000_000
      owner: {owner}
      metadata: "0x6172{more}"
      items: [{{id: 340_282_366_920_938_463_463_374_607_431_768_211_455, owner: zoe, metadata: piece}}]
steps:
  - advance: 1
"""


def laid(tmp_path: Any, owner: str = "alice", more: str = "74") -> Genesis:
    file = tmp_path / "script.yaml"
    file.write_text(SCRIPT.format(owner=owner, more=more))
    setup = load_script(file).setup
    assert setup is not None
    return Genesis(overlay(load_chain_spec("local"), setup))


def test_a_script_lays_collections_into_the_genesis(tmp_path: Any) -> None:
    with LocalChain(laid(tmp_path).spec) as chain:
        owner, zoe = chain.account("alice"), chain.account("zoe")
        uniques, nft = chain.state[Uniques], chain.state[Nft]
        assert uniques.owner(1_000_000, 2**128 - 1) == zoe
        assert nft.collections.get(1_000_000) == CollectionInfo(MARKETPLACE, b"art")
        assert nft.items.get(1_000_000, 2**128 - 1) == ItemInfo(b"piece")
        assert uniques.needs.deposits.reserved_balance(KSM, owner) == 1_002_000


@pytest.mark.parametrize(
    ("owner", "more", "message"),
    [("nobody", "74", "nfts: collection 1000000"), ("alice", "74" * 79, "at most 80 bytes"), ("alice", "7", "hex")],
)
def test_a_scripts_collections_are_checked(tmp_path: Any, owner: str, more: str, message: str) -> None:
    with pytest.raises(Faults, match=message):
        laid(tmp_path, owner, more).build()
