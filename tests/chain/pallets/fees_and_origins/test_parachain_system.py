"""The tie to the relay chain. Source: spec/relay.md §4.5, §7 steps 7 and 11–15, spec/xcm.md §4."""

from typing import Any

import pytest
from relay_side import CONFIGURATION, PARA, PARENT, broken, inherent, paras, prove_all, relay_entries, run

from chain.crypto.hashing import blake2_256
from chain.frame import ROOT
from chain.pallets.parachain_info import ParachainInfo
from chain.pallets.relay_chain_info import RelayChainInfo
from chain.pallets.relay_state import RelayState
from chain.pallets.system import System
from chain.primitives import relay_keys
from chain.primitives.errors import InherentError
from chain.primitives.header import RELAY_PARENT, Consensus
from chain.primitives.validation import (
    HEAD_DATA,
    NO_MESSAGES,
    ParachainInherentData,
    RelayDispatchQueueRemainingCapacity,
    StorageProof,
    UpgradeGoAhead,
    UpgradeRestriction,
)
from chain.primitives.weight import ZERO_WEIGHT, Pays, PostInfo
from chain.scale.compact import encode_compact


class TestInherent:
    def test_it_takes_the_relay_parents_facts(self, chain: Any, pallet: Any) -> None:
        data = inherent(relay_entries())
        assert run(chain, data) == PostInfo(ZERO_WEIGHT, Pays.No)
        assert chain.events == [RelayChainInfo.CurrentBlockNumbers(1, 7)]
        assert pallet.validation_data.get() == data.validation_data
        assert pallet.relay_block_number() == 7
        assert pallet.host_configuration.get() == CONFIGURATION
        assert pallet.relay_state_proof.get() == data.relay_chain_state
        assert (pallet.hrmp_watermark.get(), pallet.processed_downward_messages.get()) == (7, 0)
        root = data.validation_data.relay_parent_storage_root
        assert chain[System].digest.get().logs == (Consensus(RELAY_PARENT, root + encode_compact(7)),)

    def test_queues_never_used_are_empty(self, chain: Any, pallet: Any) -> None:
        run(chain, inherent(relay_entries()))
        queues = pallet.relevant_messaging_state.get()
        assert queues.dmq_mqc_head == NO_MESSAGES
        assert queues.relay_dispatch_queue_remaining_capacity == RelayDispatchQueueRemainingCapacity(10, 51_200)
        assert queues.ingress_channels == queues.egress_channels == ()

    def test_the_relay_number_is_unknown_until_then(self, chain: Any, pallet: Any) -> None:
        assert pallet.relay_block_number() == 0
        run(chain, inherent(relay_entries()))
        chain.end(1)
        assert (pallet.relay_block_number(), pallet.last_relay_chain_block_number.get()) == (7, 7)
        chain.begin(2, parent=blake2_256(PARENT))
        assert pallet.relay_block_number() == 0

    def test_signals_last_for_the_block(self, chain: Any, pallet: Any) -> None:
        run(chain, inherent(relay_entries(go_ahead=b"\x01", restriction=b"\x00")))
        assert pallet.upgrade_go_ahead.get() is UpgradeGoAhead.GoAhead
        assert pallet.upgrade_restriction_signal.get() is UpgradeRestriction.Present
        chain.end(1)
        assert pallet.upgrade_go_ahead.get() is pallet.upgrade_restriction_signal.get() is None

    def test_only_as_an_inherent(self, chain: Any) -> None:
        signed = chain.call("parachain_system.set_validation_data", inherent(relay_entries()))
        assert chain.fails(signed, chain.signed(bytes(32))) == "BadOrigin"
        assert chain.fails(signed, ROOT) == "BadOrigin"

    def test_exactly_once(self, chain: Any) -> None:
        with pytest.raises(InherentError) as missing:
            chain.end(1)
        assert missing.value.kind == "MissingValidationData"
        run(chain, inherent(relay_entries()))
        assert broken(chain, inherent(relay_entries(), 8)) == "DuplicateValidationData"


class TestRefusals:
    def test_a_proof_of_another_root(self, chain: Any) -> None:
        data = inherent(relay_entries())
        other = inherent(relay_entries(dmq_head=bytes(32)))
        swapped = ParachainInherentData(data.validation_data, other.relay_chain_state, (), {})
        assert broken(chain, swapped) == "BadRelayProof"

    @pytest.mark.parametrize("key", [relay_keys.ACTIVE_CONFIGURATION, relay_keys.para_head(PARA)])
    def test_an_entry_that_is_absent(self, chain: Any, key: bytes) -> None:
        assert broken(chain, inherent({**relay_entries(), key: None})) == "RelayEntryMissing"

    def test_an_entry_that_the_proof_does_not_reach(self, chain: Any) -> None:
        """All but the slot is read, so each node of a proof without it is needed."""
        entries = relay_entries(dmq_head=bytes(32))
        del entries[relay_keys.CURRENT_SLOT]
        data = inherent(entries)
        root = data.validation_data.relay_parent_storage_root
        for node in data.relay_chain_state.trie_nodes:
            rest = tuple(other for other in data.relay_chain_state.trie_nodes if other != node)
            cut = ParachainInherentData(data.validation_data, StorageProof(rest), (), {})
            kind = "BadRelayProof" if blake2_256(node) == root else "RelayEntryMissing"
            assert broken(chain, cut) == kind

    def test_an_entry_that_is_nonsense(self, chain: Any) -> None:
        assert broken(chain, inherent(relay_entries(dmq_head=b"short"))) == "RelayEntryMissing"

    def test_an_index_without_its_channel(self, chain: Any) -> None:
        entries = {**relay_entries(ingress_index=paras(2000)), relay_keys.channel(2000, PARA): None}
        assert broken(chain, inherent(entries)) == "RelayEntryMissing"

    @pytest.mark.parametrize("number", [4, 5])
    def test_the_relay_parent_must_advance(self, chain: Any, pallet: Any, number: int) -> None:
        pallet.last_relay_chain_block_number.put(5)
        assert broken(chain, inherent(relay_entries(), number)) == "RelayParentNotAdvancing"
        run(chain, inherent(relay_entries(), 6))

    def test_the_parent_must_be_included(self, chain: Any) -> None:
        entries = relay_entries(para_head=HEAD_DATA.encode(b"another head"))
        assert broken(chain, inherent(entries)) == "ParentNotIncluded"

    def test_advancing_is_asked_before_inclusion(self, chain: Any, pallet: Any) -> None:
        pallet.last_relay_chain_block_number.put(7)
        entries = relay_entries(para_head=HEAD_DATA.encode(b"another head"))
        assert broken(chain, inherent(entries)) == "RelayParentNotAdvancing"


def test_relay_state_reads_the_slot() -> None:
    root, nodes = prove_all(relay_entries())
    relay = RelayState(root, nodes, PARA)
    assert (relay.slot(), relay.included_head()) == (14, PARENT)


def test_parachain_info(chain: Any) -> None:
    assert chain[ParachainInfo].own_id() == PARA
    assert chain[ParachainInfo].parachain_id.exists()
