"""What is wrong in a script or a chain spec, and where.

    ScriptError
    ├── Faults              everything that is wrong in a file and the files it names, reported at once
    └── StoredSpecError     the chain spec in a data directory cannot be read

A Fault is a value: a place, what is wrong there, and how to mend it. Source: spec/trade-scripts.md, "Shape".
"""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from amm.wording import nearest, short


class Mark(msgspec.Struct, frozen=True, order=True, gc=False):
    """A place in a file; lines and columns count from 1. Line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong: where, what, and how to mend it."""

    mark: Mark
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}\n    {self.hint}"


class UnknownName(Fault, frozen=True):
    """A name that means nothing where it stands; `name` is as written, `known` what could stand there."""

    kind: ClassVar[str] = "name"
    name: str
    known: tuple[str, ...]

    @classmethod
    def at(cls, mark: Mark, name: str, known: Iterable[str], inside: str = "") -> "UnknownName":
        """The fault, with the nearest known name for a hint. `inside` says what the name was looked up in."""
        known = tuple(known)
        message = f"unknown {cls.kind} {short(name)!r}" + (f" in {inside}" if inside else "")
        return cls(mark, message, nearest(name, known), name, known)


class UnknownKey(UnknownName, frozen=True):
    """A key that a mapping does not have."""

    kind: ClassVar[str] = "key"


class UnknownPallet(UnknownName, frozen=True):
    """A pallet that the runtime does not have."""

    kind: ClassVar[str] = "pallet"


class UnknownCall(UnknownName, frozen=True):
    """A call that the pallet does not have."""

    kind: ClassVar[str] = "call"


class ScriptError(Exception):
    """Something that the author of a script or a chain spec must mend."""


class Faults(ScriptError):
    """All that is wrong, in the order of the files' lines. Exit status 2."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = _in_order(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class StoredSpecError(ScriptError):
    """The chain spec that a data directory holds cannot be read; the directory is damaged."""


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By line within a file, the files in the order in which they were first named; each fault once."""
    unique = tuple(dict.fromkeys(faults))
    files = {file: rank for rank, file in enumerate(dict.fromkeys(fault.mark.file for fault in unique))}
    return tuple(sorted(unique, key=lambda fault: (files[fault.mark.file], fault.mark.line, fault.mark.column)))
