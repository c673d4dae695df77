"""The two inherents of a body, read without a runtime: their calls have the same bytes in every one of ours."""

from collections.abc import Sequence

from chain.primitives.extrinsic import BARE
from chain.primitives.validation import ParachainInherentData
from chain.relay.errors import PvfError
from chain.scale import U64, Codec, CompactOf, DecodeError, codec_of

SET_TIMESTAMP = bytes([BARE, 1, 0])
SET_VALIDATION_DATA = bytes([BARE, 50, 0])
_MOMENT = CompactOf(U64)
_INHERENT: Codec[ParachainInherentData] = codec_of(ParachainInherentData)


def is_bare(extrinsic: bytes) -> bool:
    """Whether nobody signed it."""
    return extrinsic[:1] == bytes([BARE])


def leading_bare(extrinsics: Sequence[bytes]) -> int:
    """How many bare extrinsics a body begins with."""
    for index, body in enumerate(extrinsics):
        if not is_bare(body):
            return index
    return len(extrinsics)


def read_timestamp(extrinsics: Sequence[bytes]) -> int | None:
    """The time that the body's beginning tells, in milliseconds; None if none can be read."""
    for body in extrinsics[: leading_bare(extrinsics)]:
        if body[:3] == SET_TIMESTAMP:
            try:
                told: int = _MOMENT.decode(body[3:])
                return told
            except DecodeError:
                return None
    return None


def read_validation_data(extrinsics: Sequence[bytes]) -> ParachainInherentData:
    """The validation data among the bare extrinsics that a body begins with.

    Raises `Pvf.MissingValidationData` (also for one that cannot be read) and `Pvf.DuplicateValidationData`.
    """
    leading = extrinsics[: leading_bare(extrinsics)]
    found = [body[3:] for body in leading if body[:3] == SET_VALIDATION_DATA]
    if not found:
        raise PvfError("MissingValidationData")
    if len(found) > 1:
        raise PvfError("DuplicateValidationData", f"it is set {len(found)} times")
    try:
        return _INHERENT.decode(found[0])
    except DecodeError as error:
        raise PvfError("MissingValidationData", str(error)) from None
