"""The state transition: open a block, apply extrinsics, close it. Source: spec/fees-and-origins.md §1, §8.

The author is these three steps plus choosing; the importing node and the validator are these plus comparing.
They differ only in the state that they are given.
"""

from dataclasses import dataclass
from typing import NamedTuple

from chain.blocks.block import extrinsics_root
from chain.blocks.meter import Meter
from chain.blocks.signatures import birth_hash
from chain.frame import NONE, Call, Environment, Event, Runtime, Signed
from chain.pallets.actual import actual, post_of
from chain.pallets.payment import TransactionPayment
from chain.pallets.system import System
from chain.primitives.errors import DispatchError, Failure, Invalid, InvalidReason, Refused, Unknown, UnknownReason
from chain.primitives.extrinsic import Extrinsic, SignedBy
from chain.primitives.header import Digest, Header
from chain.primitives.limits import BlockLimits
from chain.primitives.weight import DispatchInfo
from chain.scale import DecodeError
from chain.state import RAW, BlockState

CODE = b":code"
"""Where the state holds the runtime."""

INHERENTS = ("timestamp.set", "parachain_system.set_validation_data")
"""The bare extrinsics that a block begins with, in this order."""


class Applied(NamedTuple):
    """What became of an extrinsic that is in the block. `events` are those of its phase."""

    extrinsic: Extrinsic
    call: Call
    error: DispatchError | None
    info: DispatchInfo
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Closed:
    """A finished execution: the header it computes (unsealed), and the trie nodes that the new state adds."""

    header: Header
    nodes: dict[bytes, bytes]
    applied: tuple[Applied, ...]
    events: int


class Execution:
    """One block in the making, on the state of its parent."""

    def __init__(self, environment: Environment, state: BlockState, parent_hash: bytes, number: int) -> None:
        self.environment, self.state = environment, state
        self.parent_hash, self.number = parent_hash, number
        self.system, self.payment = environment[System], environment[TransactionPayment]
        limits = BlockLimits.of(self.system.max_block_weight, self.system.base_extrinsic_weight)
        self.meter = Meter(limits)
        self.applied: list[Applied] = []

    @classmethod
    def open(
        cls, runtime: Runtime, state: BlockState, parent_hash: bytes, number: int, digest: Digest
    ) -> "Execution":
        """Begin block `number` on the parent's state; `digest` holds the slot."""
        state.overlay.read(CODE, RAW)  # part of the record: a validator has no other way to the runtime
        environment = runtime.open(state.overlay)
        environment[System].initialize(number, parent_hash, digest)
        for pallet in environment:
            pallet.on_initialize(number)
        return cls(environment, state, parent_hash, number)

    def apply(self, extrinsic: Extrinsic, verdict: Refused | None = None) -> Applied:
        """Take an extrinsic into the block. `verdict` is what the signature pass said of it.

        Raises `Refused` and leaves nothing behind if it may not be in the block. A failing call is in the block.
        """
        if verdict is not None:
            raise verdict
        context, first = self.environment.context, len(self.environment.context.events)
        mark, used = context.mark(), self.meter.mark()
        self.system.begin_extrinsic(len(self.applied))
        try:
            call = self._decode(extrinsic)
            error, info = self._run(extrinsic, call)
        except Refused:
            context.rollback(mark)
            self.meter.rollback(used)
            raise
        events = tuple(record.event for record in context.events[first:])
        applied = Applied(extrinsic, call, error, info, events)
        self.applied.append(applied)
        return applied

    def close(self) -> Closed:
        """End the block: hooks, events, roots."""
        environment, system = self.environment, self.system
        system.block_weight.put(self.meter.used)
        system.begin_finalization()
        for pallet in environment:
            pallet.on_idle(self.number)
        for pallet in environment:
            pallet.on_finalize(self.number)
        system.finalize()
        records = tuple(environment.context.events)
        system.write_events(records, environment.runtime.events)
        digest = system.digest.get()
        root, nodes = self.state.commit()
        body_root = extrinsics_root([applied.extrinsic.raw for applied in self.applied])
        header = Header(self.parent_hash, self.number, root, body_root, digest)
        return Closed(header, nodes, tuple(self.applied), len(records))

    def _decode(self, extrinsic: Extrinsic) -> Call:
        try:
            return self.environment.runtime.decode_call(extrinsic.call)
        except DecodeError:
            raise Invalid(InvalidReason.Call) from None

    def _run(self, extrinsic: Extrinsic, call: Call) -> tuple[DispatchError | None, DispatchInfo]:
        declared = self.environment.info(call)
        if extrinsic.signed is None:
            return self._run_inherent(extrinsic, call, declared)
        return self._run_signed(extrinsic, extrinsic.signed, call, declared)

    def _run_inherent(
        self, extrinsic: Extrinsic, call: Call, declared: DispatchInfo
    ) -> tuple[None, DispatchInfo]:
        """A bare extrinsic: only the inherents, first, each once; it must not fail."""
        if call.path not in INHERENTS:
            system = call.path.startswith("system.")
            raise Invalid(InvalidReason.Call) if system else Unknown(UnknownReason.NoUnsignedValidator)
        if len(self.applied) >= len(INHERENTS) or INHERENTS[len(self.applied)] != call.path:
            raise Invalid(InvalidReason.BadMandatory)
        self.meter.check(declared, len(extrinsic.raw))
        try:
            post = self.environment.dispatch(call, NONE)
        except Failure:
            raise Invalid(InvalidReason.BadMandatory) from None
        return None, self._conclude(actual(declared, post), None)

    def _run_signed(
        self, extrinsic: Extrinsic, by: SignedBy, call: Call, declared: DispatchInfo
    ) -> tuple[DispatchError | None, DispatchInfo]:
        """The signed extensions in order, the call, and what follows it (fees-and-origins.md §1)."""
        length = len(extrinsic.raw)
        birth_hash(self.environment, by.era)
        self._check_nonce(by)
        self.meter.check(declared, length)
        paid = self.payment.withdraw_fee(by.account, call, declared, length, by.tip)
        error: DispatchError | None = None
        try:
            post = self.environment.dispatch(call, self.environment.origin_of(Signed(by.account)))
        except Failure as failure:
            error, post = self.environment.error(failure), post_of(failure)
        info = actual(declared, post)
        self.meter.give_back(declared, info.weight)
        self.payment.correct_and_deposit(by.account, paid, declared, post, length, by.tip)
        return error, self._conclude(info, error)

    def _check_nonce(self, by: SignedBy) -> None:
        info = self.system.account.get(by.account)
        if info.providers == 0 and info.sufficients == 0:
            raise Invalid(InvalidReason.Payment)
        if by.nonce != info.nonce:
            raise Invalid(InvalidReason.Stale if by.nonce < info.nonce else InvalidReason.Future)
        self.system.inc_nonce(by.account)

    def _conclude(self, used: DispatchInfo, error: DispatchError | None) -> DispatchInfo:
        """The last event of every extrinsic: what it used, base weight included."""
        info = DispatchInfo(used.weight + self.meter.limits.base_extrinsic, used.class_, used.pays_fee)
        system = self.system
        system.deposit(
            system.ExtrinsicSuccess(info) if error is None else system.ExtrinsicFailed(error, info)
        )
        return info
