"""What the relay side refuses, by the names that reports use. Source: spec/relay.md §7, §8.

    RelayError                  `name` is as the specification writes it
    ├── PvfError                validate_block refuses: `Pvf.StateRootMismatch`
    ├── CandidateError          a validator's checks around it: `Candidate.PoVHashMismatch`
    ├── StatementError          a statement is dropped: `Statement.WrongGroup`
    ├── InclusionError          the relay chain leaves a candidate or bitfield out: `Inclusion.InvalidBacking`
    ├── ErasureError            chunks and their proofs: `Erasure.InvalidBranchProof`
    └── ImportError_            a relay block is not imported: `Relay.StateRootMismatch`
"""

from typing import ClassVar


class RelayError(Exception):
    """A refusal with a name; `detail` says more where there is more to say."""

    family: ClassVar[str] = "Relay"

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind, self.detail = kind, detail

    @property
    def name(self) -> str:
        return f"{self.family}.{self.kind}"

    def __str__(self) -> str:
        return f"{self.name}: {self.detail}" if self.detail else self.name


class PvfError(RelayError):
    family = "Pvf"


class CandidateError(RelayError):
    """`cause` is what validate_block said, for `Candidate.ExecutionError`."""

    family = "Candidate"

    def __init__(self, kind: str, detail: str = "", cause: PvfError | None = None) -> None:
        super().__init__(kind, detail)
        self.cause = cause

    def __str__(self) -> str:
        return f"{self.name}({self.cause})" if self.cause else super().__str__()


class StatementError(RelayError):
    family = "Statement"


class InclusionError(RelayError):
    family = "Inclusion"


class ErasureError(RelayError):
    family = "Erasure"


class ImportError_(RelayError):
    family = "Relay"
