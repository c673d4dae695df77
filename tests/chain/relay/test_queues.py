"""The relay chain's queues: what it accepts of a candidate, and what its inclusion takes away.
Source: spec/relay.md §8.4, §8.5, spec/xcm.md §2–§4.
"""

from collections.abc import Sequence

import pytest
from line import Line

from chain.primitives.validation import NO_MESSAGES, OutboundHrmpMessage, extend
from chain.relay.errors import InclusionError
from chain.relay.queues import MAX_CAPACITY, MAX_MESSAGE_SIZE, MAX_TOTAL_SIZE, ChannelId, QueueGenesis, Queues

THERE, BACK = ChannelId(2090, 2000), ChannelId(2000, 2090)


def line(**waiting: object) -> Line:
    """Two paras with a channel each way; `waiting` is what their queues begin with."""
    channels = ((2000, 2090), (2090, 2000))
    return Line(2000, 2090, queues=QueueGenesis(channels, **waiting))  # type: ignore[arg-type]


def page(data: bytes = b"x", recipient: int = 2000) -> OutboundHrmpMessage:
    return OutboundHrmpMessage(recipient, data)


# -- acceptance --------------------------------------------------------------------------------------------------------


def refusal(queues: Queues, messages: Sequence[OutboundHrmpMessage]) -> str:
    with pytest.raises(InclusionError) as error:
        queues.check_outbound(2090, messages)
    assert error.value.kind == "InvalidOutboundHrmp"
    return error.value.detail


def test_outbound() -> None:
    """Each rule, and what is just within it."""
    queues = line().state.queues
    for recipient in range(3_000, 3_010):
        queues.open_channel(2090, recipient)
    ten = [page(recipient=recipient) for recipient in range(3_000, 3_010)]
    queues.check_outbound(2090, ten)
    assert refusal(queues, [page(), *ten]) == "11 messages"
    assert refusal(queues, ten[::-1]) == "recipients are not strictly ascending"
    assert refusal(queues, [page(), page()]) == "recipients are not strictly ascending"
    assert refusal(queues, [page(recipient=1)]) == "no channel to 1 is open"
    queues.check_outbound(2090, [page(bytes(MAX_MESSAGE_SIZE))])
    assert refusal(queues, [page(bytes(MAX_MESSAGE_SIZE + 1))]) == "102401 bytes do not fit the channel to 2000"


def test_size_of_one_message() -> None:
    """A limit of its own beside what the channel holds."""
    queues = line().state.queues
    channel = queues.channels.get(THERE)
    assert channel is not None
    limits = type(channel)(10, 100, 5, 0, 0, None, 0, 0)
    queues.channels.insert(THERE, limits)
    queues.check_outbound(2090, [page(bytes(5))])
    assert refusal(queues, [page(bytes(6))]) == "6 bytes do not fit the channel to 2000"


def test_a_channel_fills_by_bytes() -> None:
    queues = line().state.queues
    queues.send_across(2090, page(bytes(MAX_TOTAL_SIZE - 10)), 1)
    queues.check_outbound(2090, [page(bytes(10))])
    assert refusal(queues, [page(bytes(11))]) == "11 bytes do not fit the channel to 2000"


def test_a_channel_fills_by_messages() -> None:
    queues = line().state.queues
    for _ in range(MAX_CAPACITY - 1):
        queues.send_across(2090, page(b""), 1)
    queues.check_outbound(2090, [page(b"")])
    queues.send_across(2090, page(b""), 1)
    assert refusal(queues, [page(b"")]) == "0 bytes do not fit the channel to 2000"


def downward(queues: Queues, processed: int, relay_parent: int) -> bool:
    try:
        queues.check_downward(2090, processed, relay_parent)
    except InclusionError as error:
        assert error.name == "Inclusion.IncorrectDownwardMessageHandling"
        return False
    return True


def test_downward() -> None:
    """None processed only as long as the first is newer than the relay parent; never more than there are."""
    queues = line().state.queues
    assert downward(queues, 0, 9)
    assert not downward(queues, 1, 9)
    queues.send_down(2090, b"one", 5)
    queues.send_down(2090, b"two", 6)
    assert [downward(queues, 0, parent) for parent in (4, 5, 6)] == [True, False, False]
    assert [downward(queues, processed, 6) for processed in (1, 2, 3)] == [True, True, False]


def watermark(queues: Queues, mark: int, relay_parent: int = 8) -> bool:
    try:
        queues.check_watermark(2090, mark, relay_parent)
    except InclusionError as error:
        assert error.name == "Inclusion.HrmpWatermarkMishandling"
        return False
    return True


def test_watermark() -> None:
    """The relay parent's number, or that of a block up to it which brought a message, newer than the last one."""
    queues = line().state.queues
    assert [watermark(queues, mark) for mark in (7, 8, 9)] == [False, True, False]
    for sent_at in (3, 5, 9):
        queues.send_across(2000, page(b"", 2090), sent_at)
    assert [watermark(queues, mark) for mark in range(2, 10)] == [False, True, False, True, False, False, True, False]
    queues.watermarks.insert(2090, 3)
    assert [watermark(queues, mark) for mark in (3, 5)] == [False, True]
    queues.watermarks.insert(2090, 8)
    assert watermark(queues, 8), "the relay parent's own number is always good"


# -- inclusion ---------------------------------------------------------------------------------------------------------


def test_what_was_processed_is_gone() -> None:
    """As many downward messages as were processed, from the oldest on; the head of their chain stays."""
    found = line(downward={2090: [b"one", b"two", b"three"]})
    head = found.state.queues.downward_heads.get(2090)
    found.include(processed_downward_messages=2)
    assert [message.msg for message in found.state.queues.downward.get(2090)] == [b"three"]
    assert found.state.queues.downward_heads.get(2090) == head
    found.include(processed_downward_messages=1)
    assert found.state.queues.downward.get(2090) == ()


def test_what_was_read_is_gone() -> None:
    """Pages up to the watermark, it included; the channel's counters fall, the head of its chain stays."""
    found = line(horizontal={(2000, 2090): [b"a", b"bc"]})
    found.add()
    found.include(2000, horizontal_messages=(page(b"def", 2090),))
    before = found.state.queues.channels.get(BACK)
    assert before is not None
    assert (before.msg_count, before.total_size) == (3, 6)
    found.include(hrmp_watermark=0)
    after = found.state.queues.channels.get(BACK)
    assert after is not None
    assert (after.msg_count, after.total_size, after.mqc_head) == (1, 3, before.mqc_head)
    assert found.state.queues.watermarks.get(2090) == 0
    assert [each.sent_at for each in found.state.queues.contents.get(BACK)] == [3]
    found.include(hrmp_watermark=3)
    assert found.state.queues.contents.get(BACK) == ()


def test_what_was_sent() -> None:
    """It counts as sent in the block that includes it, not in the one that backs it."""
    found = line()
    found.include(horizontal_messages=(page(b"abc"),))
    [there] = found.state.queues.contents.get(THERE)
    assert (there.sent_at, there.data, found.number) == (2, b"abc", 2)
    channel = found.state.queues.channels.get(THERE)
    assert channel is not None
    assert (channel.msg_count, channel.total_size) == (1, 3)
    assert channel.mqc_head == extend(NO_MESSAGES, 2, b"abc")


def test_a_channel_that_two_fill_in_one_block() -> None:
    """Both directions, in the order of the cores."""
    found = line()
    found.add(
        found.candidate(2000, horizontal_messages=(page(b"down", 2090),)),
        found.candidate(2090, horizontal_messages=(page(b"up", 2000),)),
    )
    found.add(bitfields=found.bits())
    queues = found.state.queues
    assert [each.data for each in (*queues.contents.get(BACK), *queues.contents.get(THERE))] == [b"down", b"up"]
