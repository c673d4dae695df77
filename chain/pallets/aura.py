"""Aura: collators take turns by slot; AuraExt: what validators check their seals with.

Source: spec/fees-and-origins.md §8, spec/substrate.md §4.
"""

from dataclasses import dataclass
from typing import Protocol

from chain.frame import Constant, Pallet, Settings, StorageValue
from chain.frame.storage_handles import ValueHandle
from chain.primitives.errors import InherentError, InvalidBlock
from chain.primitives.header import AURA, Consensus, Digest, PreRuntime
from chain.primitives.session_keys import AURA_KEY
from chain.scale import NewtypeOf, VecOf
from chain.scale.types import U64

SLOT = NewtypeOf(U64, "Slot", "sp_consensus_slots::Slot")
MAX_AUTHORITIES = 70
"""All invulnerables and all candidates (fees-and-origins.md §9)."""

AUTHORITIES = VecOf(AURA_KEY, MAX_AUTHORITIES)
_CHANGE = b"\x01"


class DigestLog(Protocol):
    """The digest of the block (System)."""

    @property
    def digest(self) -> ValueHandle[Digest, Digest]: ...

    def deposit_log(self, item: object) -> None: ...


@dataclass
class Needs:
    system: DigestLog


class Aura(Pallet):
    """The author of slot s is authorities[s mod n]."""

    needs: Needs

    slot_duration = Constant(U64, 12_000, doc="Milliseconds of a slot.")

    authorities = StorageValue(AUTHORITIES, default=(), doc="Who takes turns.")
    current_slot = StorageValue(SLOT, default=0, doc="The slot of the block.")

    def author(self, slot: int) -> bytes | None:
        """The key that seals the block of a slot; None if there are no authorities."""
        authorities = self.authorities.get()
        return authorities[slot % len(authorities)] if authorities else None

    def author_index(self) -> int | None:
        """The place of this block's author among the authorities; None if the block claims no slot."""
        slot, authorities = self._claimed_slot(), self.authorities.get()
        return None if slot is None or not authorities else slot % len(authorities)

    def set_genesis_authorities(self, keys: tuple[bytes, ...]) -> None:
        """The first authorities, from the first session's keys."""
        self.authorities.put(keys)

    def on_new_session(self, keys: tuple[bytes, ...]) -> None:
        """The authorities from now on; a change is told in the digest. An empty list changes nothing."""
        keys = keys[:MAX_AUTHORITIES]
        if not keys or keys == self.authorities.get():
            return
        self.authorities.put(keys)
        self.needs.system.deposit_log(Consensus(AURA, _CHANGE + AUTHORITIES.encode(keys)))

    def on_timestamp_set(self, now: int) -> None:
        """Raises InherentError if the time is not in the slot of the block."""
        slot, told = self.current_slot.get(), now // self.slot_duration
        if slot != told:
            raise InherentError("InherentCheckFailed", f"time {now} is in slot {told}, not in {slot}")

    def on_initialize(self, number: int) -> None:
        """Take the slot that the block claims. Raises InvalidBlock if it is not above the last one."""
        slot = self._claimed_slot()
        if slot is None:
            return
        last = self.current_slot.get()
        if slot <= last:
            raise InvalidBlock("Panic", f"the block claims slot {slot}, the last block had slot {last}")
        self.current_slot.put(slot)

    def _claimed_slot(self) -> int | None:
        for item in self.needs.system.digest.get().logs:
            if isinstance(item, PreRuntime) and item.engine == AURA and len(item.data) == 8:
                return int.from_bytes(item.data, "little")
        return None


class AuraList(Protocol):
    """The authorities of now (Aura)."""

    @property
    def authorities(self) -> ValueHandle[tuple[bytes, ...], tuple[bytes, ...]]: ...


@dataclass
class ExtNeeds:
    aura: AuraList


class AuraExt(Pallet):
    """The authorities at the end of the last block: those that may seal this one."""

    needs: ExtNeeds

    authorities = StorageValue(AUTHORITIES, default=(), doc="Who may seal this block.")

    def build_genesis(self, config: Settings) -> None:
        self.authorities.put(self.needs.aura.authorities.get())

    def on_initialize(self, number: int) -> None:
        """Read the authorities, so that they are in the proof of every block."""
        self.authorities.get()

    def on_finalize(self, number: int) -> None:
        self.authorities.put(self.needs.aura.authorities.get())
