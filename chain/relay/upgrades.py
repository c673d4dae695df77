"""Code upgrades: announced by a candidate, waited for, and enacted with a later head. Source: spec/relay.md §2, §4.5,
§8.4, §8.5.

The relay chain keeps the hash of the announced code only: validators find the code itself in the parachain's state.
A parachain reads two words in its inherent's proof: that it may announce no code now (`UpgradeRestriction`), and that
the block it builds is to take the announced one (`UpgradeGoAhead`).
"""

from collections.abc import Sequence
from typing import ClassVar

from chain.crypto.hashers import Twox64Concat, storage_prefix
from chain.crypto.hashing import blake2_256
from chain.frame import StorageMap, StorageValue
from chain.frame.storage_handles import MapHandle, ValueHandle
from chain.primitives.relay_keys import GO_AHEAD, RESTRICTION
from chain.primitives.validation import UpgradeGoAhead, UpgradeRestriction
from chain.relay.errors import InclusionError
from chain.relay.parameters import RelayParameters
from chain.scale import H256_CODEC, U32, Struct, VecOf, codec_of
from chain.scale.types import u32
from chain.state import Overlay


class Due(Struct):
    """A para, and the relay block in which something about it is due."""

    notation: ClassVar[str] = "(ParaId, BlockNumber)"

    para: u32
    number: u32


_DUE = VecOf(codec_of(Due))
_FUTURE = StorageMap(U32, H256_CODEC, hasher=Twox64Concat, raw=storage_prefix("Paras", "FutureCodeHash"))
_EXPECTED = StorageMap(U32, U32, hasher=Twox64Concat, raw=storage_prefix("Paras", "FutureCodeUpgrades"))
_UPCOMING = StorageValue(_DUE, raw=storage_prefix("Paras", "UpcomingUpgrades"), default=())
_COOLDOWNS = StorageValue(_DUE, raw=storage_prefix("Paras", "UpgradeCooldowns"), default=())
_GO_AHEADS = StorageMap(U32, codec_of(UpgradeGoAhead), hasher=Twox64Concat, raw=GO_AHEAD)
_RESTRICTIONS = StorageMap(U32, codec_of(UpgradeRestriction), hasher=Twox64Concat, raw=RESTRICTION)


class Upgrades:
    """The parachains' code in the state of one relay block: what runs, what is to run, and from when on."""

    def __init__(self, overlay: Overlay, current: MapHandle[int, bytes, bytes | None]) -> None:
        self.current = current
        self.future: MapHandle[int, bytes, bytes | None] = _FUTURE.bind(overlay)
        """The hash of the announced code."""
        self.expected: MapHandle[int, int, int | None] = _EXPECTED.bind(overlay)
        """The relay block from which on the announced code is in force: for candidates built on it or behind it."""
        self.upcoming: ValueHandle[tuple[Due, ...], tuple[Due, ...]] = _UPCOMING.bind(overlay)
        self.cooldowns: ValueHandle[tuple[Due, ...], tuple[Due, ...]] = _COOLDOWNS.bind(overlay)
        self.go_aheads: MapHandle[int, UpgradeGoAhead, UpgradeGoAhead | None] = _GO_AHEADS.bind(overlay)
        self.restrictions: MapHandle[int, UpgradeRestriction, UpgradeRestriction | None] = _RESTRICTIONS.bind(overlay)

    def begin(self, number: int) -> None:
        """Relay block `number` begins: say where an upgrade is due, and take back restrictions that are over."""
        for due in _reached(self.cooldowns, number):
            self.restrictions.remove(due.para)
        for due in _reached(self.upcoming, number):
            self.go_aheads.insert(due.para, UpgradeGoAhead.GoAhead)

    def check(self, para: int, code: bytes, limits: RelayParameters) -> None:
        """May the para announce this code; raises `Inclusion.PrematureCodeUpgrade` or `Inclusion.NewCodeTooLarge`."""
        if self.future.get(para) is not None:
            raise InclusionError("PrematureCodeUpgrade", "an upgrade is under way")
        if self.restrictions.get(para) is not None:
            raise InclusionError("PrematureCodeUpgrade", "the last upgrade is too recent")
        if len(code) > limits.max_code_size:
            raise InclusionError("NewCodeTooLarge", f"{len(code)} bytes")

    def schedule(self, para: int, code: bytes, relay_parent: int, number: int, limits: RelayParameters) -> None:
        """A candidate built on `relay_parent` announces code and is included in relay block `number`.

        The go-ahead is never in the state that includes the announcement: the next block could not have seen it.
        Code that runs already is nothing to wait for.
        """
        code_hash = blake2_256(code)
        if self.current.get(para) == code_hash:
            return
        expected = max(number + 1, relay_parent + limits.validation_upgrade_delay)
        self.future.insert(para, code_hash)
        self.expected.insert(para, expected)
        _add(self.upcoming, Due(para, expected))
        self.restrictions.insert(para, UpgradeRestriction.Present)
        _add(self.cooldowns, Due(para, max(number + 1, relay_parent + limits.validation_upgrade_cooldown)))

    def enact(self, para: int, relay_parent: int) -> None:
        """A head built on `relay_parent` is the para's now: the last of the old code, if it saw the go-ahead."""
        expected, announced = self.expected.get(para), self.future.get(para)
        if expected is None or announced is None or relay_parent < expected:
            return
        self.expected.remove(para)
        self.future.remove(para)
        self.go_aheads.remove(para)
        self.current.insert(para, announced)


def _add(item: ValueHandle[tuple[Due, ...], tuple[Due, ...]], due: Due) -> None:
    """By relay block, of one block in the order in which they came."""
    item.put(tuple(sorted((*item.get(), due), key=lambda each: each.number)))


def _reached(item: ValueHandle[tuple[Due, ...], tuple[Due, ...]], number: int) -> Sequence[Due]:
    """Take out what is due by `number`. Nothing is stored of an empty list."""
    waiting = item.get()
    reached = [due for due in waiting if due.number <= number]
    left = waiting[len(reached) :]
    if reached and left:
        item.put(left)
    elif reached:
        item.kill()
    return reached
