"""Words of validators for and against a disputed candidate. Source: spec/relay.md §4.9.

The order of the fields is SCALE's.
"""

from typing import ClassVar

from chain.relay.bits import BitVec
from chain.relay.candidate import Bytes64
from chain.scale import Enum, Struct
from chain.scale.types import H256, Vec, u32


class DisputeStatement(Enum):
    """A validator's word on a disputed candidate (§4.9)."""


class ValidKind(Enum):
    """Why a vote counts as one for the candidate."""


class ExplicitValid(ValidKind):
    index: ClassVar[int] = 0
    notation: ClassVar[str] = "Explicit"


class BackingSeconded(ValidKind):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    relay_parent: H256


class BackingValid(ValidKind):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    relay_parent: H256


class ApprovalChecking(ValidKind):
    index: ClassVar[int] = 3


class InvalidKind(Enum):
    """Why a vote counts as one against it."""


class ExplicitInvalid(InvalidKind):
    index: ClassVar[int] = 0
    notation: ClassVar[str] = "Explicit"


class SaysValid(DisputeStatement):
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    kind: ValidKind


class SaysInvalid(DisputeStatement):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    kind: InvalidKind


class DisputeStatementSet(Struct):
    """Votes on one disputed candidate, each with its validator and signature."""

    candidate_hash: H256
    session: u32
    statements: Vec[tuple[DisputeStatement, u32, Bytes64]]


class DisputeState(Struct):
    """Who voted how on a candidate, and when that was enough; bits by validator."""

    validators_for: BitVec
    validators_against: BitVec
    start: u32
    concluded_at: u32 | None
