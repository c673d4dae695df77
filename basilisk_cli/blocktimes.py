"""The blocks that offers and auctions are dated in, and what people write instead: `+2h`, `2h`.

A block of this chain takes a slot of Aura, one of the relay chain a slot of its own; a chain that is moved on by
`chain advance --relay` seals none of its own meanwhile.
"""

import re
from dataclasses import dataclass

from amm.pallets.clock import RELAY
from amm.simulate.units import UnitError, parse_duration
from amm.simulate.units import duration_text as clock_text
from basilisk_cli.errors import CliError
from basilisk_cli.session import Session
from chain.pallets.aura import Aura
from chain.pallets.parachain_system import ParachainSystem
from chain.relay.parameters import SLOT_MS

_NUMBER = re.compile(r"[0-9][0-9_]*")
_MOST_DIGITS = 13
LAST_BLOCK = 2**32 - 1
HOW_TO_DATE = "write how long from now, as in +2h, or the number of a block"

_UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


@dataclass(frozen=True)
class BlockClock:
    """Blocks that come every so many milliseconds. `now` is the number that the next block of ours will find.

    `step` is how far the number moves from one block of ours to the next.
    """

    now: int
    milliseconds: int
    step: int
    unit: str

    def blocks(self, duration: int) -> int:
        """The blocks in which so many seconds have passed."""
        return -(-duration * 1000 // self.milliseconds)

    def seconds(self, blocks: int) -> int:
        return blocks * self.milliseconds // 1000

    def time(self, blocks: int) -> str:
        """How long blocks take: `2d 03:00:00`."""
        return clock_text(self.seconds(blocks))

    def span(self, blocks: int) -> str:
        """`600 blocks (2h)`."""
        plural = "s" if blocks != 1 else ""
        return f"{blocks:_} {self.unit}{plural} ({duration_text(self.seconds(blocks))})"


def own_clock(session: Session, after: int) -> BlockClock:
    """The chain's own numbers, as the block after `after` finds them."""
    return BlockClock(after + 1, session.read(after)[Aura].slot_duration, 1, "block")


def relay_clock(session: Session, after: int) -> BlockClock:
    """The relay parents' numbers, as the block after `after` finds them."""
    if after < session.best.number:
        now = session.read(after + 1)[ParachainSystem].relay_block_number()
    else:
        head, length = session.relay_head.number, session.validators.parameters.session_length
        now = head + 1 if (head + 1) % length == 0 else head  # at a session's end a candidate would be dropped
    return BlockClock(now, SLOT_MS, session.read(after)[Aura].slot_duration // SLOT_MS, "relay block")


def clock_by(session: Session, provider: str, after: int) -> BlockClock:
    """The clock that a pallet's `block_number_provider` names."""
    return relay_clock(session, after) if provider == RELAY else own_clock(session, after)


def moment(text: str, clock: BlockClock, hint: str = HOW_TO_DATE) -> int:
    """A block by its number, or by how long it is until then: `+2h`. Raises CliError."""
    if text.startswith("+"):
        try:
            return _bounded(text, clock.now + clock.blocks(parse_duration(text[1:])))
        except UnitError:
            raise CliError(f"{text!r} is no time", hint) from None
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        raise CliError(f"{text!r} is no time", hint)
    return _bounded(text, int(text.replace("_", "")))


def length(text: str, clock: BlockClock) -> int:
    """A number of blocks, as it is or by the time they take: `2h`. Raises CliError."""
    if _NUMBER.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return _bounded(text, int(text.replace("_", "")))
    try:
        return _bounded(text, clock.blocks(parse_duration(text)))
    except UnitError as error:
        raise CliError(error.what, "write a time such as 2h or 1d12h, or a number of blocks") from None


def duration_text(duration: int) -> str:
    """So many seconds as they can be written: `2h`, `1d12h`, `0s`."""
    text = ""
    for unit, size in _UNITS:
        count, duration = divmod(duration, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def _bounded(text: str, block: int) -> int:
    if block > LAST_BLOCK:
        raise CliError(f"{text} is further than blocks are counted", f"they go up to {LAST_BLOCK:_}")
    return block
