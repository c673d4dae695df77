"""Messages of the parachain and the relay chain. Source: spec/relay.md §7 steps 11–15, spec/xcm.md §4."""

from typing import Any

import pytest
from relay_side import CONFIGURATION, PARA, PARENT, Entries, Post, broken, channel, inherent, paras, relay_entries, run

from chain.crypto.hashing import blake2_256
from chain.frame import ROOT
from chain.primitives import relay_keys
from chain.primitives.validation import (
    NO_MESSAGES,
    InboundDownwardMessage,
    InboundHrmpMessage,
    OutboundHrmpMessage,
    RelayDispatchQueueRemainingCapacity,
    extend,
)
from chain.primitives.weight import ZERO_WEIGHT
from chain.scale import codec_of


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
