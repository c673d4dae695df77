"""The two inherents of a body, read without a runtime: their calls have the same bytes in every one of ours."""

from collections.abc import Sequence

from chain.primitives.extrinsic import BARE
from chain.primitives.validation import ParachainInherentData
from chain.relay.errors import PvfError
from chain.scale import U64, CompactOf, DecodeError, codec_of

SET_TIMESTAMP = bytes([BARE, 1, 0])
SET_VALIDATION_DATA = bytes([BARE, 50, 0])
_MOMENT = CompactOf(U64)
_INHERENT = codec_of(ParachainInherentData)


def decode_inherents(extrinsics: Sequence[bytes]) -> tuple[int | None, ParachainInherentData]:
    """The timestamp, if one is set, and the validation data, among the bare extrinsics that a body begins with.

    Raises `Pvf.MissingValidationData` and `Pvf.DuplicateValidationData` (spec/relay.md §7, step 4).
    """
    timestamp: int | None = None
    found: list[ParachainInherentData] = []
    for body in extrinsics:
        if body[:1] != bytes([BARE]):
            break
        try:
            if body[:3] == SET_TIMESTAMP and timestamp is None:
                timestamp = _MOMENT.decode(body[3:])
            elif body[:3] == SET_VALIDATION_DATA:
                found.append(_INHERENT.decode(body[3:]))
        except DecodeError as error:
            raise PvfError("MissingValidationData", str(error)) from None
    if not found:
        raise PvfError("MissingValidationData")
    if len(found) > 1:
        raise PvfError("DuplicateValidationData")
    return timestamp, found[0]
