"""How long an extrinsic may be included. Source: spec/substrate.md §5."""

from typing import ClassVar

import msgspec

from chain.scale.codec import AnyCodec, Codec
from chain.scale.errors import BadEra, EncodeError, truncated

SHORTEST = 4
LONGEST = 65_536


class Era(msgspec.Struct, frozen=True):
    """Immortal (period 0), or mortal: `period` blocks, from each block whose number is `phase` modulo it."""

    __scale__: ClassVar[AnyCodec]

    period: int = 0
    phase: int = 0

    @classmethod
    def mortal(cls, period: int, current: int) -> "Era":
        """The era of `period` blocks, made a power of two from 4 to 65536, that begins at `current` or just
        before: the phase of a long era is rounded down to what fits its encoding."""
        period = min(max(1 << (period - 1).bit_length(), SHORTEST), LONGEST)
        step = _step(period)
        return cls(period, current % period // step * step)

    @property
    def immortal(self) -> bool:
        return self.period == 0

    def birth(self, current: int) -> int:
        """The first block of the era that `current` is in; 0 if immortal."""
        if self.period == 0:
            return 0
        return (max(current, self.phase) - self.phase) // self.period * self.period + self.phase

    def death(self, current: int) -> int | None:
        """The first block after the era that `current` is in; None if immortal."""
        return None if self.period == 0 else self.birth(current) + self.period


def _step(period: int) -> int:
    """The granularity of the phase."""
    return max(period >> 12, 1)


def _encode(era: Era) -> bytes:
    period, phase = era.period, era.phase
    if period == 0 and phase == 0:
        return b"\x00"
    fits = SHORTEST <= period <= LONGEST and period & (period - 1) == 0
    if not fits or not 0 <= phase < period or phase % _step(period):
        raise EncodeError(f"{era!r} is no era")
    exponent = period.bit_length() - 2
    return (exponent | phase // _step(period) << 4).to_bytes(2, "little")


def _read(data: bytes, at: int) -> tuple[Era, int]:
    if data[at : at + 1] == b"\x00":
        return IMMORTAL, at + 1
    if at + 2 > len(data):
        raise truncated("Era", 1 if at >= len(data) else 2, data, at)
    bits = int.from_bytes(data[at : at + 2], "little")
    period = 2 << (bits & 15)
    phase = (bits >> 4) * _step(period)
    if period < SHORTEST or phase >= period:
        raise BadEra(f"era at offset {at}: period {period}, phase {phase}")
    return Era(period, phase), at + 2


IMMORTAL = Era()
ERA: Codec[Era] = Codec("Era", _encode, _read, 1, path="sp_runtime::generic::era::Era")
Era.__scale__ = ERA
