"""Upward messages on the relay chain: room, queue, and the next block's serving. Source: spec/relay.md §8.4, §8.5."""

import pytest
from line import Line

from amm.local import LocalChain
from chain.primitives import relay_keys
from chain.relay.chain import open_state
from chain.state import RAW


def room(line: Line) -> bytes | None:
    """As parachains read it: messages, then bytes."""
    return line.state.overlay.read(relay_keys.ump_room(2090), RAW)


def test_queued_and_served() -> None:
    """The block that includes them leaves less room; the next one has it all again."""
    line = Line()
    assert room(line) is None
    line.include(upward_messages=(b"abc", b"defg"))
    assert line.state.upward.queues.get(2090) == (b"abc", b"defg")
    assert line.state.upward.needs_dispatch.get() == (2090,)
    assert room(line) == (8).to_bytes(4, "little") + (51_193).to_bytes(4, "little")
    line.add()
    assert room(line) == (10).to_bytes(4, "little") + (51_200).to_bytes(4, "little")
    assert not (line.state.upward.queues.get(2090) or line.state.upward.needs_dispatch.exists())


def test_nothing_is_stored_of_no_messages() -> None:
    line = Line()
    line.include()
    assert room(line) is None
    assert not line.state.upward.needs_dispatch.exists()


@pytest.mark.parametrize("messages", [(b"",) * 11, (bytes(51_201),), (bytes(51_200), b"x")])
def test_too_much(messages: tuple[bytes, ...]) -> None:
    line = Line()
    assert line.left_out(line.candidate(upward_messages=messages)) == ["Inclusion.InvalidUpwardMessages"]


@pytest.mark.parametrize("messages", [(b"",) * 10, (bytes(51_200),), (bytes(51_199), b"x")])
def test_just_enough(messages: tuple[bytes, ...]) -> None:
    line = Line()
    line.include(upward_messages=messages)


def test_room_is_what_the_state_says() -> None:
    """Validators judge at the relay parent, where the queue may hold something."""
    line = Line()
    line.include(upward_messages=(bytes(100), bytes(100), bytes(100)))
    upward = line.state.upward
    upward.check(2090, (b"",) * 7)
    upward.check(2090, (bytes(50_900),))
    for messages in ((b"",) * 8, (bytes(50_901),)):
        with pytest.raises(Exception, match=r"Inclusion\.InvalidUpwardMessages"):
            upward.check(2090, messages)


def test_a_queue_is_served_once() -> None:
    """However often something was put into it."""
    upward = Line().state.upward
    upward.receive(2090, (b"a",))
    upward.receive(2090, (b"b",))
    assert (upward.queues.get(2090), upward.needs_dispatch.get()) == ((b"a", b"b"), (2090,))
    assert upward.room(2090).count == 8


def test_two_paras_have_queues_of_their_own() -> None:
    line = Line(2000, 2090)
    line.add(line.candidate(2000, upward_messages=(b"a",)), line.candidate(2090, upward_messages=(b"b", b"c")))
    line.add(bitfields=line.bits())
    assert line.state.upward.needs_dispatch.get() == (2000, 2090)
    assert [line.state.upward.room(para).count for para in (2000, 2090)] == [9, 8]


def test_a_chain_sends_what_there_is_room_for() -> None:
    """End to end: the block after eight messages sees room for two, the one behind it for ten again."""
    chain = LocalChain()

    def send(count: int) -> None:
        calls = [chain.call("parachain_system.sudo_send_upward_message", message=bytes([i])) for i in range(count)]
        assert chain.submit(chain.call("sudo.sudo", call=chain.call("utility.batch_all", calls=calls)), "alice").ok

    def queued() -> int:
        return len(open_state(chain.node.nodes, chain.node.relay.head)[1].upward.queues.get(2090))

    send(8)
    assert queued() == 8
    send(5)
    assert queued() == 2
    list(chain.advance(1))
    assert queued() == 3
    list(chain.advance(1))
    assert queued() == 0
