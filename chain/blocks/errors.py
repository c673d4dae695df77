"""What makes a block invalid.

    BlockError
    ├── BadExtrinsic            extrinsic i may not be in the block, and why
    ├── DigestMismatch          the header's digest is not the computed one
    ├── StateRootMismatch
    └── ExtrinsicsRootMismatch
"""

from chain.primitives.errors import Refused


class BlockError(Exception):
    """A block that no honest author makes."""


class BadExtrinsic(BlockError):
    """An extrinsic that may not be in the block. `reason` is a name of relay.md §7, such as `Stale`."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(f"extrinsic {index}: {reason}")
        self.index, self.reason = index, reason


class Mismatch(BlockError):
    """A root or digest is not what execution gives."""

    def __init__(self, claimed: object, computed: object) -> None:
        super().__init__(f"the header claims {_shown(claimed)}, execution gives {_shown(computed)}")
        self.claimed, self.computed = claimed, computed


class DigestMismatch(Mismatch):
    pass


class StateRootMismatch(Mismatch):
    pass


class ExtrinsicsRootMismatch(Mismatch):
    pass


def refusal_reason(refused: Refused) -> str:
    """The short name of a refusal, as `BadExtrinsic` reports it."""
    return refused.reason.name


def _shown(value: object) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else repr(value)
