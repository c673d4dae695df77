"""What the relay side refuses, by the names that reports use. Source: spec/relay.md §7, §8.

    RelayError                  `name` is as the specification writes it
    ├── PvfError                validate_block refuses: `Pvf.StateRootMismatch`
    ├── CandidateError          a validator's checks around it: `Candidate.PoVHashMismatch`
    ├── StatementError          a statement is dropped: `Statement.WrongGroup`
    ├── InclusionError          the relay chain leaves a candidate or bitfield out: `Inclusion.InvalidBacking`
    │   ├── BadVote             … because a vote's signature is not its validator's
    │   └── BadBit              … because a bitfield's is not
    ├── ErasureError            chunks and their proofs: `Erasure.InvalidBranchProof`
    ├── RecoveryError           available data cannot be put together again: `Recovery.Unavailable`
    ├── DisputeError            a set of dispute statements is not taken: `Disputes.SingleSidedDispute`
    ├── FinalityError           a vote or justification is void: `Finality.Equivocation`
    │   └── Halted              … or what is final is invalid: `Finality.SafetyViolation`
    └── RelayBlockError         a relay block is not imported: `Relay.StateRootMismatch`
"""

from typing import ClassVar


class RelayError(Exception):
    """A refusal. `kind` is its word, `argument` what stands behind it in brackets, `detail` says more to people."""

    family: ClassVar[str] = "Relay"

    def __init__(self, kind: str, detail: str = "", argument: str = "") -> None:
        super().__init__(kind, detail, argument)
        self.kind, self.detail, self.argument = kind, detail, argument

    @property
    def name(self) -> str:
        """`Pvf.BadExtrinsic(2, BadProof)`."""
        return f"{self.family}.{self.kind}({self.argument})" if self.argument else f"{self.family}.{self.kind}"

    def __str__(self) -> str:
        return f"{self.name}: {self.detail}" if self.detail else self.name


class PvfError(RelayError):
    family = "Pvf"


class CandidateError(RelayError):
    """`cause` is what validate_block said, for `Candidate.ExecutionError` and `Candidate.Timeout`."""

    family = "Candidate"

    def __init__(self, kind: str, detail: str = "", argument: str = "", cause: PvfError | None = None) -> None:
        super().__init__(kind, detail, argument)
        self.args = (kind, detail, argument, cause)
        self.cause = cause

    @classmethod
    def of_execution(cls, cause: PvfError) -> "CandidateError":
        """The validator's word for a refusal by validate_block; one that ran out of operations is a timeout."""
        if cause.kind == "BlockExhausted":
            return cls("Timeout", cause.detail, "", cause)
        return cls("ExecutionError", cause.detail, cause.name, cause)


class StatementError(RelayError):
    family = "Statement"


class InclusionError(RelayError):
    family = "Inclusion"


class BadVote(InclusionError):
    """A backing vote whose signature does not verify."""

    def __init__(self, kind: str = "InvalidBacking", detail: str = "", argument: str = "") -> None:
        super().__init__(kind, detail, argument)


class BadBit(InclusionError):
    """A bitfield whose signature does not verify."""

    def __init__(self, kind: str = "InvalidBitfieldSignature", detail: str = "", argument: str = "") -> None:
        super().__init__(kind, detail, argument)


class ErasureError(RelayError):
    family = "Erasure"


class RecoveryError(RelayError):
    """`cause` is what the erasure code said."""

    family = "Recovery"


class DisputeError(RelayError):
    family = "Disputes"


class FinalityError(RelayError):
    family = "Finality"


class Halted(FinalityError):
    """`Finality.SafetyViolation`: more than f validators are faulty; the chain is not gone on with."""

    def __init__(self, detail: str) -> None:
        super().__init__("SafetyViolation", detail)
        self.args = (detail,)


class RelayBlockError(RelayError):
    """A relay block that nobody imports."""
