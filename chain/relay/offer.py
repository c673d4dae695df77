"""A candidate on its way to the validators of its core's group."""

from dataclasses import dataclass

from chain.relay.backing_types import BackedCandidate
from chain.relay.collator import Collation


@dataclass(frozen=True)
class Offer:
    """`half` is the half of the group that gets it, if not all.

    One that is `backed` already, with the votes that it had elsewhere, goes to the relay author as it is.
    """

    collation: Collation
    half: int | None = None
    backed: BackedCandidate | None = None
