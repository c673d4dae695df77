"""A block in progress: extrinsics go in one by one, and out comes a candidate for the relay chain's validators."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from chain.blocks.build import Builder, Built
from chain.blocks.execution import Applied
from chain.crypto.keys import Keypair
from chain.frame import Environment
from chain.node.errors import NodeError
from chain.node.records import BlockRecord
from chain.pallets.parachain_system import ParachainSystem
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Header
from chain.relay.collator import Collation, RelaySnapshot, collate

POV_SHARE = 85
"""Per cent of max_pov_size that proof and body may fill while a block is built (relay.md §6)."""


@dataclass(frozen=True)
class Keys:
    """Who builds blocks: the collators by their Aura keys."""

    collators: tuple[Keypair, ...]

    def of(self, public: bytes) -> Keypair:
        for key in self.collators:
            if key.public == public:
                return key
        raise NodeError("no key of ours may author this slot", "Name the collators in the chain spec.")


@dataclass(frozen=True)
class Sealed:
    """A block that the relay chain has included."""

    header: Header
    hash: bytes
    applied: tuple[Applied, ...]
    record: BlockRecord

    @property
    def number(self) -> int:
        return self.header.number


class Proposal(NamedTuple):
    """A closed and sealed block, the candidate made of it, and the collator that signed both."""

    built: Built
    collation: Collation
    author: Keypair

    @property
    def signed(self) -> tuple[Extrinsic, ...]:
        """The extrinsics that somebody signed."""
        return tuple(each.extrinsic for each in self.built.closed.applied if each.extrinsic.signed is not None)


@dataclass(frozen=True)
class Stand:
    """What a collator takes for its block: the relay chain as it is, and who it is collating for.

    `validators` is how many chunks the proof is cut into.
    """

    snapshot: RelaySnapshot
    para: int
    code_hash: bytes
    validators: int


class BlockInProgress:
    """A block that extrinsics are pushed into, in the order given, until `finish`."""

    def __init__(self, builder: Builder, author: Keypair, stand: Stand, take: Callable[[Proposal], Sealed]) -> None:
        """`take` has a proposal verified and included, and stores it; raises `NotIncluded`."""
        self._builder, self._author, self._stand, self._take = builder, author, stand, take
        self._limit = stand.snapshot.validation_data.max_pov_size * POV_SHARE // 100
        self._body = 0

    @property
    def environment(self) -> Environment:
        """The state as it stands after what was pushed."""
        return self._builder.execution.environment

    @property
    def full(self) -> bool:
        """Whether proof and body have reached their share of the PoV."""
        if self._builder.state.recorder.size + self._body < self._limit:  # a proof is smaller than its nodes
            return False
        return self._builder.proof_size + self._body >= self._limit

    def push(self, extrinsic: Extrinsic) -> Applied:
        """Raises `Refused` for an extrinsic that may not be in this block. Its signature is taken as good."""
        applied = self._builder.push(extrinsic)
        self._body += len(extrinsic.raw)
        return applied

    def build(self) -> Built:
        """Close and seal the block, without offering it to the relay chain."""
        return self._builder.finish(self._author)

    def rebuilt(self) -> Proposal:
        """Close and seal the block, and make a candidate of it; the block is done with then."""
        built, stand = self.build(), self._stand
        environment = self._builder.execution.environment
        collation = collate(
            built, environment[ParachainSystem], stand.snapshot, self._author, stand.para, stand.code_hash,
            stand.validators,
        )
        environment.let_go()
        return Proposal(built, collation, self._author)

    def finish(self) -> Sealed:
        """Close and seal the block, have it verified and included, and store it. Raises `NotIncluded`."""
        return self._take(self.rebuilt())
