"""The tie to the relay chain. Source: spec/relay.md §4.5, §7 steps 7 and 11–15, spec/xcm.md §4."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from chain.crypto.hashing import blake2_256
from chain.frame import NONE, ROOT
from chain.pallets.parachain_info import ParachainInfo
from chain.pallets.parachain_system import Needs, ParachainSystem
from chain.pallets.relay_chain_info import Needs as InfoNeeds
from chain.pallets.relay_chain_info import RelayChainInfo
from chain.pallets.relay_state import RelayState
from chain.pallets.system import System
from chain.primitives import relay_keys
from chain.primitives.errors import InherentError
from chain.primitives.header import RELAY_PARENT, Consensus
from chain.primitives.validation import (
    HEAD_DATA,
    NO_MESSAGES,
    AbridgedHostConfiguration,
    AbridgedHrmpChannel,
    AsyncBackingParams,
    InboundDownwardMessage,
    InboundHrmpMessage,
    OutboundHrmpMessage,
    ParachainInherentData,
    PersistedValidationData,
    RelayDispatchQueueRemainingCapacity,
    StorageProof,
    UpgradeGoAhead,
    UpgradeRestriction,
    extend,
)
from chain.primitives.weight import ZERO_WEIGHT, Pays, PostInfo
from chain.scale import VecOf, codec_of
from chain.scale.compact import encode_compact
from chain.scale.types import U32
from chain.trie import MemoryStore, Trie, prove

PARA = 2090
PARENT = b"the encoded header of the parent"
CONFIGURATION = AbridgedHostConfiguration(
    3_145_728, 20_480, 10, 51_200, 51_200, 10, 10, 10, 2, AsyncBackingParams(0, 0)
)
BEYOND = b"fields that only the relay chain knows"
Entries = dict[bytes, bytes | None]


def relay_entries(**more: Any) -> Entries:
    """What the relay chain's state holds for the parachain, by the names of `relay_keys`' functions."""
    entries: Entries = {
        relay_keys.CURRENT_SLOT: (14).to_bytes(8, "little"),
        relay_keys.ACTIVE_CONFIGURATION: codec_of(AbridgedHostConfiguration).encode(CONFIGURATION) + BEYOND,
        relay_keys.para_head(PARA): HEAD_DATA.encode(PARENT),
    }
    entries.update({getattr(relay_keys, name)(PARA): value for name, value in more.items()})
    return entries


def prove_all(entries: Entries) -> tuple[bytes, tuple[bytes, ...]]:
    """The relay state root and a proof of all entries, and of what is absent though it might be there."""
    store = MemoryStore()
    update = Trie(store).update({key: value for key, value in entries.items() if value is not None})
    store.put(update.nodes)
    keys = [key for key in relay_keys.proved(PARA, (), ()) if key in entries or key != relay_keys.CURRENT_SLOT]
    return update.root, tuple(prove(store, update.root, {*keys, *entries}))


def inherent(
    entries: Entries,
    number: int = 7,
    downward: Sequence[InboundDownwardMessage] = (),
    horizontal: Mapping[int, tuple[InboundHrmpMessage, ...]] | None = None,
) -> ParachainInherentData:
    root, nodes = prove_all(entries)
    facts = PersistedValidationData(PARENT, number, root, 5_242_880)
    return ParachainInherentData(facts, StorageProof(nodes), tuple(downward), dict(horizontal or {}))


def channel(head: bytes | None = None) -> bytes:
    """A channel as the relay chain keeps it."""
    return codec_of(AbridgedHrmpChannel).encode(AbridgedHrmpChannel(8, 1024, 512, 0, 0, head)) + bytes(32)


def paras(*ids: int) -> bytes:
    return VecOf(U32).encode(ids)


class Post:
    """Keeps what came, and has pages to send."""

    def __init__(self) -> None:
        self.down: list[InboundDownwardMessage] = []
        self.side: list[tuple[int, int, bytes]] = []
        self.out: list[tuple[int, bytes]] = []
        self.asked: list[int] = []

    def downward(self, messages: Sequence[InboundDownwardMessage]) -> None:
        self.down.extend(messages)

    def horizontal(self, messages: Sequence[tuple[int, int, bytes]]) -> None:
        self.side.extend(messages)

    def take_outbound(self, channels: int) -> Sequence[tuple[int, bytes]]:
        self.asked.append(channels)
        return self.out[:channels]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def chain(make_chain: Any, post: Post, table: Any) -> Any:
    def wire(environment: Any) -> None:
        environment[RelayChainInfo].needs = InfoNeeds(environment[System])
        environment[ParachainSystem].needs = Needs(
            environment[System], environment[ParachainInfo], environment[RelayChainInfo], post
        )

    weights = table(parachain_system__set_validation_data=(0, 0, "Mandatory"))
    chain = make_chain({108: RelayChainInfo, 50: ParachainSystem, 51: ParachainInfo}, wire, table=weights)
    chain.genesis()
    chain.begin(1, parent=blake2_256(PARENT))
    return chain


@pytest.fixture
def pallet(chain: Any) -> Any:
    return chain[ParachainSystem]


def run(chain: Any, data: ParachainInherentData) -> PostInfo:
    post: PostInfo = chain.run(chain.call("parachain_system.set_validation_data", data), NONE)
    return post


def broken(chain: Any, data: ParachainInherentData) -> str:
    with pytest.raises(InherentError) as error:
        run(chain, data)
    return error.value.kind


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


class TestDownward:
    MESSAGES = (InboundDownwardMessage(5, b"one"), InboundDownwardMessage(6, b"two"))
    HEAD = extend(extend(NO_MESSAGES, 5, b"one"), 6, b"two")

    def test_messages_are_folded_and_handed_over(self, chain: Any, pallet: Any, post: Post) -> None:
        run(chain, inherent(relay_entries(dmq_head=self.HEAD), downward=self.MESSAGES))
        assert post.down == list(self.MESSAGES)
        assert pallet.last_dmq_mqc_head.get() == self.HEAD
        assert pallet.processed_downward_messages.get() == 2
        assert chain.events[1:] == [
            pallet.DownwardMessagesReceived(2),
            pallet.DownwardMessagesProcessed(ZERO_WEIGHT, self.HEAD),
        ]

    @pytest.mark.parametrize(
        "messages",
        [
            (),
            MESSAGES[:1],
            MESSAGES[::-1],
            (*MESSAGES, MESSAGES[1]),
            (MESSAGES[0], InboundDownwardMessage(6, b"tow")),
            (MESSAGES[0], InboundDownwardMessage(7, b"two")),
        ],
    )
    def test_nothing_may_be_left_out_added_or_altered(
        self, chain: Any, messages: tuple[InboundDownwardMessage, ...]
    ) -> None:
        data = inherent(relay_entries(dmq_head=self.HEAD), downward=messages)
        assert broken(chain, data) == "DmqHeadMismatch"


class TestHorizontal:
    A, B = (InboundHrmpMessage(3, b"a"), InboundHrmpMessage(6, b"aa")), (InboundHrmpMessage(3, b"b"),)
    HEAD_A = extend(extend(NO_MESSAGES, 3, b"a"), 6, b"aa")
    HEAD_B = extend(NO_MESSAGES, 3, b"b")

    def entries(self) -> Entries:
        return {
            **relay_entries(ingress_index=paras(2000, 2001, 2002), egress_index=paras(2000)),
            relay_keys.channel(2000, PARA): channel(self.HEAD_A),
            relay_keys.channel(2001, PARA): channel(self.HEAD_B),
            relay_keys.channel(2002, PARA): channel(),
            relay_keys.channel(PARA, 2000): channel(),
        }

    def test_pages_are_folded_and_handed_over_in_order(self, chain: Any, pallet: Any, post: Post) -> None:
        run(chain, inherent(self.entries(), horizontal={2000: self.A, 2001: self.B}))
        assert post.side == [(2000, 3, b"a"), (2001, 3, b"b"), (2000, 6, b"aa")]
        heads = {2000: self.HEAD_A, 2001: self.HEAD_B, 2002: NO_MESSAGES}
        assert pallet.last_hrmp_mqc_heads.get() == heads
        assert pallet.hrmp_watermark.get() == 6
        queues = pallet.relevant_messaging_state.get()
        assert [sender for sender, _ in queues.ingress_channels] == [2000, 2001, 2002]
        assert [recipient for recipient, _ in queues.egress_channels] == [2000]

    def test_an_old_head_is_carried_on(self, chain: Any, pallet: Any) -> None:
        pallet.last_hrmp_mqc_heads.put({2000: self.HEAD_A, 2001: self.HEAD_B, 1999: self.HEAD_B})
        run(chain, inherent(self.entries()))
        assert pallet.last_hrmp_mqc_heads.get()[2000] == self.HEAD_A
        assert 1999 not in pallet.last_hrmp_mqc_heads.get()
        assert pallet.hrmp_watermark.get() == 7

    def test_a_sender_without_channel(self, chain: Any) -> None:
        data = inherent(self.entries(), horizontal={2000: self.A, 2001: self.B, 2003: ()})
        assert broken(chain, data) == "UnknownHrmpSender"

    @pytest.mark.parametrize("pages", [{}, {2000: A}, {2000: A[::-1], 2001: B}, {2000: A, 2001: B + B}])
    def test_every_channel_must_come_out_right(self, chain: Any, pages: Any) -> None:
        assert broken(chain, inherent(self.entries(), horizontal=pages)) == "HrmpHeadMismatch"


class TestOutbound:
    def test_nothing_to_send(self, chain: Any, pallet: Any, post: Post) -> None:
        run(chain, inherent(relay_entries()))
        chain.end(1)
        assert pallet.upward_messages.get() == pallet.hrmp_outbound_messages.get() == ()
        assert pallet.upward_messages.exists() and pallet.hrmp_outbound_messages.exists()

    def test_the_oldest_that_fit_go_up(self, chain: Any, pallet: Any) -> None:
        for message in (b"aaaa", b"bbbb", b"cc"):
            pallet.send_upward_message(message)
        room = codec_of(RelayDispatchQueueRemainingCapacity).encode(RelayDispatchQueueRemainingCapacity(10, 7))
        run(chain, inherent(relay_entries(ump_room=room)))
        chain.end(1)
        assert pallet.upward_messages.get() == (b"aaaa",)
        assert pallet.pending_upward_messages.get() == (b"bbbb", b"cc")

    def test_no_more_than_the_count(self, chain: Any, pallet: Any) -> None:
        for message in (b"a", b"b", b"c"):
            pallet.send_upward_message(message)
        room = codec_of(RelayDispatchQueueRemainingCapacity).encode(RelayDispatchQueueRemainingCapacity(2, 99))
        run(chain, inherent(relay_entries(ump_room=room)))
        chain.end(1)
        assert pallet.upward_messages.get() == (b"a", b"b")
        chain.begin(2, parent=blake2_256(PARENT))
        assert pallet.upward_messages.get() == ()

    def test_sudo_send_upward_message(self, chain: Any, pallet: Any) -> None:
        send = chain.call("parachain_system.sudo_send_upward_message", b"up")
        assert chain.fails(send, chain.signed(bytes(32))) == "BadOrigin"
        chain.run(send, ROOT)
        assert chain.events == [pallet.UpwardMessageSent(blake2_256(b"up"))]
        assert pallet.pending_upward_messages.get() == (b"up",)
        pallet.host_configuration.put(CONFIGURATION)
        huge = chain.call("parachain_system.sudo_send_upward_message", bytes(51_201))
        assert chain.fails(huge, ROOT) == "ParachainSystem.TooBig"

    def test_pages_go_out(self, chain: Any, pallet: Any, post: Post) -> None:
        """In the first block no number of channels was announced yet, so none is served."""
        post.out = [(2000, b"page")]
        run(chain, inherent(relay_entries()))
        chain.end(1)
        assert (post.asked, pallet.hrmp_outbound_messages.get()) == ([0], ())
        chain.begin(2, parent=blake2_256(PARENT))
        run(chain, inherent(relay_entries(), 9))
        chain.end(2)
        assert post.asked == [0, 10]
        assert pallet.hrmp_outbound_messages.get() == (OutboundHrmpMessage(2000, b"page"),)
        assert not pallet.announced_hrmp_messages_per_candidate.exists()


def test_relay_state_reads_the_slot() -> None:
    root, nodes = prove_all(relay_entries())
    relay = RelayState(root, nodes, PARA)
    assert (relay.slot(), relay.included_head()) == (14, PARENT)


def test_parachain_info(chain: Any) -> None:
    assert chain[ParachainInfo].own_id() == PARA
    assert chain[ParachainInfo].parachain_id.exists()
