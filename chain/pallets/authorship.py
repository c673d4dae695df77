"""Authorship: who made the block. Source: spec/fees-and-origins.md §8."""

from dataclasses import dataclass
from typing import Protocol

from chain.frame import Pallet, StorageValue
from chain.scale.types import ACCOUNT_ID


class Authors(Protocol):
    """Whose turn it is (Aura)."""

    def author_index(self) -> int | None:
        """The author's place among the authorities; None if the block claims no slot."""


class Validators(Protocol):
    """The accounts behind the authorities, in their order (Session)."""

    def validator(self, index: int) -> bytes | None: ...


class Listener(Protocol):
    """Told who makes the block (CollatorSelection)."""

    def note_author(self, author: bytes) -> None: ...


@dataclass
class Needs:
    aura: Authors
    session: Validators
    listener: Listener | None = None


class Authorship(Pallet):
    """The author of the block that is being executed."""

    needs: Needs

    author = StorageValue(ACCOUNT_ID, doc="Who makes the block; empty between blocks.")

    def on_initialize(self, number: int) -> None:
        """Find out the author, and tell."""
        index = self.needs.aura.author_index()
        author = None if index is None else self.needs.session.validator(index)
        if author is None:
            return
        self.author.put(author)
        if self.needs.listener is not None:
            self.needs.listener.note_author(author)

    def on_finalize(self, number: int) -> None:
        self.author.kill()
