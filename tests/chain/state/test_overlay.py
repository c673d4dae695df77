"""The overlay: typed values, transactions, listings, the count of operations."""

import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chain.scale import BYTES, STR, U32, Codec, DecodeError, OptionOf
from chain.state import RAW, Overlay, StateLimit

ITEM = b"p" * 32
OTHER = b"q" * 32


class Stored:
    """A state before the block that counts how often it is asked."""

    def __init__(self, entries: dict[bytes, bytes]) -> None:
        self.entries = entries
        self.reads = 0

    def get(self, key: bytes, /) -> bytes | None:
        self.reads += 1
        return self.entries.get(key)

    def keys(self, prefix: bytes, /) -> Iterator[bytes]:
        return (key for key in sorted(self.entries) if key.startswith(prefix))


def u32(value: int) -> bytes:
    return value.to_bytes(4, "little")


def test_a_value_is_read_and_decoded_once() -> None:
    decoded: list[bytes] = []

    def read(data: bytes, at: int) -> tuple[int, int]:
        decoded.append(data)
        return U32.read(data, at)

    codec: Codec[int] = Codec("u32", U32.encode, read, 4)
    stored = Stored({b"k": u32(7)})
    overlay = Overlay(stored)
    assert [overlay.read(b"k", codec), overlay.read(b"k", codec)] == [7, 7]
    assert [overlay.read(b"absent", codec), overlay.read(b"absent", codec)] == [None, None]
    assert (stored.reads, len(decoded)) == (2, 1)
    assert overlay.changes() == {}


def test_a_value_is_encoded_when_the_block_ends() -> None:
    encoded: list[int] = []

    def encode(value: int) -> bytes:
        encoded.append(value)
        return U32.encode(value)

    codec: Codec[int] = Codec("u32", encode, U32.read, 4)
    overlay = Overlay(Stored({}))
    for value in range(5):
        overlay.write(b"k", value, codec)
        assert overlay.read(b"k", codec) == value
    assert encoded == []
    assert overlay.changes() == {b"k": u32(4)}
    assert encoded == [4]


def test_the_same_value_may_be_written_again() -> None:
    overlay = Overlay(Stored({b"k": u32(7)}))
    overlay.write(b"k", 7, U32)
    assert overlay.changes() == {b"k": u32(7)}


def test_another_codec_reads_the_same_bytes() -> None:
    stored = Stored({b"stored": u32(1)})
    overlay = Overlay(stored)
    assert overlay.read(b"stored", U32) == 1
    assert overlay.read(b"stored", RAW) == u32(1)
    assert overlay.read(b"stored", U32) == 1
    overlay.write(b"raw", u32(2), RAW)
    assert overlay.read(b"raw", U32) == 2
    overlay.write(b"typed", 3, U32)
    assert overlay.read(b"typed", RAW) == u32(3)
    assert overlay.read(b"typed", U32) == 3
    assert overlay.changes() == {b"raw": u32(2), b"typed": u32(3)}


def test_raw_bytes_stay_as_they_were_written() -> None:
    """Reading them by a codec must not write them again in that codec's form."""
    loose: Codec[int] = Codec("loose", lambda value: b"\x01", lambda data, at: (1, len(data)), 1)
    overlay = Overlay(Stored({b"stored": b"whatever"}))
    overlay.write(b"k", b"other bytes", RAW)
    assert overlay.read(b"k", loose) == 1
    assert overlay.changes() == {b"k": b"other bytes"}
    assert overlay.read(b"stored", loose) == 1
    assert overlay.read(b"stored", RAW) == b"whatever"


def test_bytes_that_are_none_of_the_codec() -> None:
    overlay = Overlay(Stored({b"stored": b"abc"}))
    overlay.write(b"k", b"abc", RAW)
    for key in (b"stored", b"k"):
        with pytest.raises(DecodeError):
            overlay.read(key, U32)
        assert overlay.read(key, RAW) == b"abc"


def test_a_written_none_is_no_absence() -> None:
    option: Codec[Any] = OptionOf(U32)
    overlay = Overlay(Stored({b"k": u32(1)}))
    overlay.write(b"k", None, option)
    assert overlay.read(b"k", option) is None
    assert overlay.read(b"k", RAW) == b"\x00"
    assert list(overlay.keys(b"")) == [b"k"]
    assert overlay.changes() == {b"k": b"\x00"}


def test_erased_is_absent_for_every_codec() -> None:
    overlay = Overlay(Stored({b"k": u32(1)}))
    overlay.erase(b"k")
    assert (overlay.read(b"k", U32), overlay.read(b"k", STR)) == (None, None)
    assert overlay.changes() == {b"k": None}
    overlay.write(b"k", "text", STR)
    assert overlay.read(b"k", STR) == "text"


def test_transactions_nest() -> None:
    overlay = Overlay(Stored({b"a": u32(1)}))
    outer = overlay.mark()
    overlay.write(b"a", 2, U32)
    inner = overlay.mark()
    overlay.write(b"a", 3, U32)
    overlay.erase(b"b")
    overlay.rollback(inner)
    assert (overlay.read(b"a", U32), overlay.changes()) == (2, {b"a": u32(2)})
    kept = overlay.mark()
    overlay.write(b"b", 5, U32)
    overlay.rollback(overlay.mark())
    assert overlay.read(b"b", U32) == 5
    overlay.rollback(outer)
    assert (overlay.read(b"a", U32), overlay.read(b"b", U32), overlay.changes()) == (1, None, {})
    with pytest.raises(ValueError, match="rolled back"):
        overlay.rollback(kept)


def test_listing_shows_what_was_there_when_it_began() -> None:
    overlay = Overlay(Stored({ITEM + bytes([n]): u32(n) for n in range(0, 10, 2)}))
    overlay.write(ITEM + b"\x05", 5, U32)
    overlay.write(OTHER + b"\x01", 1, U32)
    overlay.erase(ITEM + b"\x04")
    listed = []
    for key in overlay.keys(ITEM):
        overlay.erase(key)
        overlay.write(ITEM + b"\xff", 0, U32)
        listed.append(key[-1])
    assert listed == [0, 2, 5, 6, 8]
    assert list(overlay.keys(ITEM)) == [ITEM + b"\xff"]
    assert list(overlay.keys(b"")) == [ITEM + b"\xff", OTHER + b"\x01"]


def test_operations_are_counted_and_limited() -> None:
    overlay = Overlay(Stored({b"k": u32(1), b"l": u32(2)}), limit=8)
    mark = overlay.mark()
    overlay.read(b"k", U32)
    overlay.read(b"k", U32)
    overlay.write(b"k", 2, U32)
    overlay.erase(b"k")
    overlay.rollback(mark)
    assert overlay.operations == 4
    assert len(list(overlay.keys(b""))) == 2
    assert overlay.operations == 6
    overlay.read(b"k", U32)
    overlay.read(b"k", U32)
    for action in (
        lambda: overlay.read(b"k", U32),
        lambda: overlay.write(b"k", 1, U32),
        lambda: overlay.erase(b"k"),
        lambda: list(overlay.keys(b"")),
    ):
        with pytest.raises(StateLimit) as caught:
            action()
        assert pickle.loads(pickle.dumps(caught.value)).limit == 8
    assert overlay.changes() == {}


TAILS = st.sampled_from([b"", b"\x00", b"\x01", b"\x01\x00", b"\x02"])
KEYS = st.builds(lambda item, tail: item + tail, st.sampled_from([ITEM, OTHER, b"short"]), TAILS)
Choice = tuple[Codec[Any], st.SearchStrategy[Any]]
CODECS: list[Choice] = [
    (U32, st.integers(0, 2**32 - 1)),
    (RAW, st.binary(min_size=4, max_size=4)),
    (BYTES, st.binary(min_size=3, max_size=3)),
]


class OverlayAgainstDict(RuleBasedStateMachine):
    """All values have four bytes, which U32 and RAW can read however they were written."""

    @initialize(entries=st.dictionaries(KEYS, st.binary(min_size=4, max_size=4)))
    def begin(self, entries: dict[bytes, bytes]) -> None:
        self.before = entries
        self.overlay = Overlay(Stored(entries))
        self.written: dict[bytes, bytes | None] = {}
        self.marks: list[tuple[int, dict[bytes, bytes | None]]] = []

    def expected(self) -> dict[bytes, bytes]:
        now = {**self.before, **self.written}
        return {key: value for key, value in now.items() if value is not None}

    @rule(key=KEYS, which=st.sampled_from(CODECS), data=st.data())
    def write(self, key: bytes, which: Choice, data: st.DataObject) -> None:
        codec, values = which
        value = data.draw(values)
        self.overlay.write(key, value, codec)
        self.written[key] = codec.encode(value)

    @rule(key=KEYS)
    def erase(self, key: bytes) -> None:
        self.overlay.erase(key)
        self.written[key] = None

    @rule(key=KEYS, codec=st.sampled_from([U32, RAW]))
    def read(self, key: bytes, codec: Codec[Any]) -> None:
        data = self.expected().get(key)
        assert self.overlay.read(key, codec) == (None if data is None else codec.decode(data))

    @rule(prefix=KEYS | st.sampled_from([b"", ITEM[:5]]))
    def list_keys(self, prefix: bytes) -> None:
        assert list(self.overlay.keys(prefix)) == sorted(k for k in self.expected() if k.startswith(prefix))

    @rule()
    def open(self) -> None:
        self.marks.append((self.overlay.mark(), dict(self.written)))

    @rule(how_many=st.integers(1, 3))
    def roll_back(self, how_many: int) -> None:
        """Undo a transaction with those inside it that are still open."""
        if self.marks:
            mark, self.written = self.marks[-how_many:][0]
            del self.marks[-how_many:]
            self.overlay.rollback(mark)

    @rule()
    def keep(self) -> None:
        if self.marks:
            self.marks.pop()

    @invariant()
    def same_changes(self) -> None:
        assert self.overlay.changes() == self.written


def test_overlay_against_dict() -> None:
    run_state_machine_as_test(
        OverlayAgainstDict,
        settings=settings(
            max_examples=200, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
