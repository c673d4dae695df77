"""Utility: several calls in one, and calls in another's name. Source: spec/fees-and-origins.md §3, §6.

Each inner call has its own storage layer. Inner calls pay no fee of their own; their weights are summed up.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from chain.crypto.accounts import derivative
from chain.frame import (
    ROOT,
    Call,
    Constant,
    Dispatcher,
    Error,
    Event,
    Origin,
    OriginCaller,
    Pallet,
    RuntimeCall,
    Signed,
    SystemOrigin,
    Weigher,
    call,
)
from chain.frame.call import WeightRule
from chain.pallets.actual import used
from chain.primitives.errors import SUCCEEDED, BadOrigin, DispatchError, DispatchResult, Failure
from chain.primitives.weight import ZERO_WEIGHT, DispatchClass, DispatchInfo, Pays, PostInfo, Weight
from chain.scale import Err
from chain.scale.types import U32, Vec, u16, u32

NESTED = "utility.batch_all"


# -- weights -------------------------------------------------------------------------------------------------

Own = Callable[[int], int]
"""What a batch weighs itself, by the number of its calls."""


def _batch(calls: int) -> int:
    return 4_752_849 + 3_732_096 * calls


def _batch_all(calls: int) -> int:
    return 6_790_000 + 4_015_226 * calls


def _force_batch(calls: int) -> int:
    return 6_855_000 + 3_743_412 * calls


AS_DERIVATIVE = Weight(6_815_000 + 125_000_000, 0)
DISPATCH_AS = Weight(9_466_000, 0)


def _sum(own: Own) -> WeightRule:
    """Own weight and that of all calls; Operational if all of them are."""

    def weigh(weigher: Weigher, calls: tuple[Call, ...]) -> DispatchInfo:
        ref_time, proof_size, kind = own(len(calls)), 0, DispatchClass.Operational
        for each in calls:
            info = weigher.weigh(each)
            ref_time += info.weight.ref_time
            proof_size += info.weight.proof_size
            if info.class_ is not DispatchClass.Operational:
                kind = DispatchClass.Normal
        return DispatchInfo(Weight(ref_time, proof_size), kind, Pays.Yes)

    return weigh


def _around(own: Weight) -> WeightRule:
    """Own weight and that of the call, which is the second argument; the call's class."""

    def weigh(weigher: Weigher, _: object, inner: Call) -> DispatchInfo:
        info = weigher.weigh(inner)
        return DispatchInfo(own + info.weight, info.class_, Pays.Yes)

    return weigh


def _as_given(weigher: Weigher, inner: Call, weight: Weight) -> DispatchInfo:
    return DispatchInfo(weight, weigher.weigh(inner).class_, Pays.Yes)


# -- the pallet ----------------------------------------------------------------------------------------------


@dataclass
class Needs:
    dispatcher: Dispatcher


class Utility(Pallet):
    """Batches, derivative accounts, and root acting as somebody else."""

    needs: Needs

    batched_calls_limit = Constant(U32, 10_922, metadata="batched_calls_limit", doc="Most calls in a batch.")

    class BatchInterrupted(Event):
        """A batch stopped at call `index`; what went before it stays."""

        index: u32
        error: DispatchError

    class BatchCompleted(Event):
        """All calls of a batch succeeded."""

    class BatchCompletedWithErrors(Event):
        """All calls of a batch were tried, some failed."""

    class ItemCompleted(Event):
        """A call of a batch succeeded."""

    class ItemFailed(Event):
        """A call of a batch failed; the others go on."""

        error: DispatchError

    class DispatchedAs(Event):
        """A call was made in another's name."""

        result: DispatchResult

    class TooManyCalls(Error):
        """There are more calls in the batch than a batch may have."""

        hint: ClassVar[str] = "Spread the calls over several extrinsics."

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0, weight=_sum(_batch))
    def batch(self, origin: Origin, calls: Vec[RuntimeCall]) -> PostInfo:
        """Make calls in order until one fails. What went before it stays, and the batch itself succeeds."""
        self._check(origin, calls)
        spent = ZERO_WEIGHT
        for index, each in enumerate(calls):
            failure, weight = self._attempt(each, origin)
            spent += weight
            if failure is not None:
                self.deposit(self.BatchInterrupted(index, self.needs.dispatcher.error(failure)))
                return PostInfo(_total(_batch, index + 1, spent))
            self.deposit(self.ItemCompleted())
        self.deposit(self.BatchCompleted())
        return PostInfo(_total(_batch, len(calls), spent))

    @call(index=1, weight=_around(AS_DERIVATIVE))
    def as_derivative(self, origin: Origin, index: u16, call: RuntimeCall) -> PostInfo:
        """Make a call from one of the signer's derivative accounts."""
        pseudonym = derivative(origin.signed(), index)
        failure, spent = self._attempt(call, replace(origin, caller=Signed(pseudonym)))
        if failure is not None:
            failure.post = AS_DERIVATIVE + spent
            raise failure
        return PostInfo(AS_DERIVATIVE + spent)

    @call(index=2, weight=_sum(_batch_all))
    def batch_all(self, origin: Origin, calls: Vec[RuntimeCall]) -> PostInfo:
        """Make calls in order, all or none: the first error is the batch's. None can be a `batch_all`."""
        self._check(origin, calls)
        inner = origin if origin.is_root else origin.with_filter(_no_batch_all)
        spent = ZERO_WEIGHT
        for index, each in enumerate(calls):
            failure, weight = self._attempt(each, inner)
            spent += weight
            if failure is not None:
                failure.post = _total(_batch_all, index + 1, spent)
                raise failure
            self.deposit(self.ItemCompleted())
        self.deposit(self.BatchCompleted())
        return PostInfo(_total(_batch_all, len(calls), spent))

    @call(index=3, weight=_around(DISPATCH_AS))
    def dispatch_as(self, origin: Origin, as_origin: OriginCaller, call: RuntimeCall) -> None:
        """Make a call from any origin. Succeeds whatever the result."""
        origin.ensure_root()
        assert isinstance(as_origin, SystemOrigin)
        dispatcher = self.needs.dispatcher
        result = SUCCEEDED
        try:
            dispatcher.dispatch_bypass_filter(call, dispatcher.origin_of(as_origin.origin))
        except Failure as failure:
            result = Err(dispatcher.error(failure))
        self.deposit(self.DispatchedAs(result))

    @call(index=4, weight=_sum(_force_batch))
    def force_batch(self, origin: Origin, calls: Vec[RuntimeCall]) -> PostInfo:
        """Make all calls in order, whether or not some fail."""
        self._check(origin, calls)
        spent, failed = ZERO_WEIGHT, False
        for each in calls:
            failure, weight = self._attempt(each, origin)
            spent += weight
            if failure is None:
                self.deposit(self.ItemCompleted())
            else:
                failed = True
                self.deposit(self.ItemFailed(self.needs.dispatcher.error(failure)))
        self.deposit(self.BatchCompletedWithErrors() if failed else self.BatchCompleted())
        return PostInfo(_total(_force_batch, len(calls), spent))

    @call(index=5, weight=_as_given)
    def with_weight(self, origin: Origin, call: RuntimeCall, weight: Weight) -> None:
        """Make a call from root with the weight given here."""
        origin.ensure_root()
        try:
            self.needs.dispatcher.dispatch_bypass_filter(call, ROOT)
        except Failure as failure:
            failure.post = None
            raise

    # -- inside ----------------------------------------------------------------------------------------------

    def _check(self, origin: Origin, calls: tuple[Call, ...]) -> None:
        if origin.is_none:
            raise Failure(BadOrigin())
        if len(calls) > self.batched_calls_limit:
            raise self.TooManyCalls

    def _attempt(self, inner: Call, origin: Origin) -> tuple[Failure | None, Weight]:
        """Make one call; its failure, if it failed, and the weight that it used."""
        dispatcher = self.needs.dispatcher
        declared = dispatcher.info(inner).weight
        try:
            return None, used(dispatcher.dispatch(inner, origin).weight, declared)
        except Failure as failure:
            return failure, used(failure.post, declared)


def _no_batch_all(inner: Call) -> bool:
    return inner.spec.path != NESTED


def _total(own: Own, calls: int, spent: Weight) -> Weight:
    return Weight(own(calls) + spent.ref_time, spent.proof_size)
