"""How a Candle auction finds its moment: closing ranges and the draw. Source: spec/auctions.md §6.

Pure functions; blocks are numbers of the clock that the auction counts in.
"""

from collections.abc import Callable, Iterable

from chain.crypto.hashing import blake2_256

PARENT_HASH, SUBJECT = "parent_hash", "subject"

Random = Callable[[bytes], bytes]
"""32 bytes that follow from a subject."""

ATTEMPTS = 10
_MOST = 2**32 - 1


def closing_range(block: int, closing_start: int, period: int, count: int) -> int:
    """The range that a bid in `block` falls into, 1 to `count` − 1.

    The first also holds every block before the closing period of `period` blocks, the last every block after it.
    """
    if block < closing_start:
        return 1
    if period == 0:
        return count - 1
    return min(max((block - closing_start) * count // period, 1), count - 1)


def subject_of(auction: int, attempt: int) -> bytes:
    """What the draw of an auction is about: 20 bytes."""
    return b"auctions" + auction.to_bytes(8, "little") + attempt.to_bytes(4, "little")


def draw(auction: int, count: int, random: Random) -> int:
    """The winning range, 1 to `count` − 1, each as likely as any other. `count` is 2 or more."""
    choices = count - 1
    below = _MOST - _MOST % choices
    drawn = _MOST
    for attempt in range(ATTEMPTS):
        drawn = int.from_bytes(random(subject_of(auction, attempt))[:4], "little")
        if drawn < below:
            break
    return 1 + drawn % choices


def randomness(source: str, parent_hash: bytes) -> Random:
    """Where chance comes from: `parent_hash`, or for tests the `subject` itself, filled up with zeros."""
    if source == SUBJECT:
        return lambda subject: subject.ljust(32, b"\0")
    return lambda subject: blake2_256(subject + parent_hash)


def winner(records: Iterable[tuple[int, bytes]], winning: int) -> bytes | None:
    """Who is recorded in the highest range that has a record and is not above the winning one."""
    found = [(range_, bidder) for range_, bidder in records if range_ <= winning]
    return max(found)[1] if found else None
