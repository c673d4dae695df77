"""A candidate on its way to the validators of its core's group."""

from dataclasses import dataclass

from chain.relay.collator import Collation


@dataclass(frozen=True)
class Offer:
    """`half` is the half of the group that gets it, if not all; a `forced` one goes to the relay author as it is."""

    collation: Collation
    half: int | None = None
    forced: bool = False
