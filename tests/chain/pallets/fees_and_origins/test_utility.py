"""Batches, derivatives, root as somebody else. Source: spec/fees-and-origins.md §3, §6, scenarios money-batch*."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain.crypto.accounts import derivative
from chain.frame import NONE, ROOT, Event, Origin, Pallet, Root, Signed, SystemOrigin, call
from chain.frame.origin import None_
from chain.pallets.utility import Needs, Utility
from chain.primitives.errors import SUCCEEDED, BadOrigin, Failure, Module, ModuleError, Token, TokenError
from chain.primitives.weight import AS_DECLARED, DispatchClass, DispatchInfo, Pays, PostInfo, Weight
from chain.scale import Err
from chain.scale.types import AccountId, u32

ALICE = b"\x01" * 32
BELOW = Token(TokenError.BelowMinimum)
FILTERED = Module(ModuleError(0, b"\x05\0\0\0"))


class Probe(Pallet):
    """Calls that say who made them, and fail where they are told to."""

    class Said(Event):
        who: AccountId
        what: u32

    @call(index=0)
    def say(self, origin: Origin, what: u32) -> PostInfo:
        """Declares (1000, 100), uses (400, 40)."""
        who = bytes(32) if origin.is_root else origin.signed()
        self.deposit(self.Said(who, what))
        return PostInfo(Weight(400, 40))

    @call(index=1)
    def fail(self, origin: Origin, what: u32) -> None:
        """Speaks, then fails, having used (300, 30)."""
        self.deposit(self.Said(bytes(32), what))
        failure = Failure(BELOW)
        failure.post = Weight(300, 30)
        raise failure

    @call(index=2)
    def excess(self, origin: Origin) -> PostInfo:
        """Claims to have used more than declared."""
        return PostInfo(Weight(10**9, 10**9))

    @call(index=3)
    def urgent(self, origin: Origin) -> None:
        """Operational."""

    @call(index=4)
    def closed(self, origin: Origin) -> None:
        """Filtered."""


@pytest.fixture
def chain(make_chain: Any, table: Callable[..., Any]) -> Any:
    def wire(environment: Any) -> None:
        environment[Utility].needs = Needs(environment)

    weights = table(
        probe__say=(1000, 100, "Normal"),
        probe__fail=(1000, 100, "Normal"),
        probe__excess=(1000, 100, "Normal"),
        probe__closed=(1000, 100, "Normal"),
        probe__urgent=(1000, 100, "Operational"),
    )
    return make_chain(
        {5: Utility, 200: Probe},
        wire,
        table=weights,
        call_filter=lambda environment: lambda each: each.path != "probe.closed",
        constants={"utility": {"batched_calls_limit": 5}},
    )


def said(who: bytes, what: int) -> Event:
    return Probe.Said(who, what)


def batch(chain: Any, *calls: Any, kind: str = "batch") -> Any:
    return chain.call(f"utility.{kind}", calls)


def say(chain: Any, what: int = 1) -> Any:
    return chain.call("probe.say", what)


def fail(chain: Any, what: int = 9) -> Any:
    return chain.call("probe.fail", what)


DONE, ALL_DONE = Utility.ItemCompleted(), Utility.BatchCompleted()


class TestBatch:
    def test_in_order(self, chain: Any) -> None:
        post = chain.run(batch(chain, say(chain, 1), say(chain, 2)), chain.signed(ALICE))
        assert chain.events == [said(ALICE, 1), DONE, said(ALICE, 2), DONE, ALL_DONE]
        assert post == PostInfo(Weight(4_752_849 + 2 * 3_732_096 + 800, 80))

    def test_an_empty_one(self, chain: Any) -> None:
        post = chain.run(batch(chain), chain.signed(ALICE))
        assert chain.events == [ALL_DONE]
        assert post == PostInfo(Weight(4_752_849, 0))

    def test_it_stops_at_the_first_error_and_succeeds(self, chain: Any) -> None:
        post = chain.run(batch(chain, say(chain), fail(chain), say(chain)), chain.signed(ALICE))
        assert chain.events == [said(ALICE, 1), DONE, Utility.BatchInterrupted(1, BELOW)]
        assert post == PostInfo(Weight(4_752_849 + 2 * 3_732_096 + 700, 70))

    def test_root_passes_the_filter_and_nobody_else(self, chain: Any) -> None:
        closed = chain.call("probe.closed")
        chain.run(batch(chain, closed), ROOT)
        assert chain.take_events() == [DONE, ALL_DONE]
        post = chain.run(batch(chain, closed), chain.signed(ALICE))
        assert chain.events == [Utility.BatchInterrupted(0, FILTERED)]
        assert post == PostInfo(Weight(4_752_849 + 3_732_096 + 1000, 100))

    def test_no_call_counts_for_more_than_declared(self, chain: Any) -> None:
        post = chain.run(batch(chain, chain.call("probe.excess")), chain.signed(ALICE))
        assert post == PostInfo(Weight(4_752_849 + 3_732_096 + 1000, 100))

    @pytest.mark.parametrize("kind", ["batch", "batch_all", "force_batch"])
    def test_limits(self, chain: Any, kind: str) -> None:
        assert chain.fails(batch(chain, say(chain), kind=kind), NONE) == "BadOrigin"
        six = batch(chain, *[say(chain)] * 6, kind=kind)
        assert chain.fails(six, chain.signed(ALICE)) == "Utility.TooManyCalls"
        chain.run(batch(chain, *[say(chain)] * 5, kind=kind), chain.signed(ALICE))


class TestBatchAll:
    def test_all(self, chain: Any) -> None:
        post = chain.run(batch(chain, say(chain, 1), say(chain, 2), kind="batch_all"), chain.signed(ALICE))
        assert chain.events == [said(ALICE, 1), DONE, said(ALICE, 2), DONE, ALL_DONE]
        assert post == PostInfo(Weight(6_790_000 + 2 * 4_015_226 + 800, 80))

    def test_or_nothing(self, chain: Any) -> None:
        broken = batch(chain, say(chain), fail(chain), say(chain), kind="batch_all")
        assert chain.fails(broken, chain.signed(ALICE)) == "Token.BelowMinimum"
        with pytest.raises(Failure) as failed:
            chain.run(broken, chain.signed(ALICE))
        assert failed.value.post == Weight(6_790_000 + 2 * 4_015_226 + 700, 70)

    def test_none_inside_another(self, chain: Any) -> None:
        inner = batch(chain, say(chain), kind="batch_all")
        nested = batch(chain, inner, kind="batch_all")
        assert chain.fails(nested, chain.signed(ALICE)) == "System.CallFiltered"
        chain.run(batch(chain, inner), chain.signed(ALICE))

    def test_the_filter_goes_on_into_a_batch(self, chain: Any) -> None:
        inner = batch(chain, say(chain), batch(chain, kind="batch_all"))
        chain.run(batch(chain, inner, kind="batch_all"), chain.signed(ALICE))
        interrupted = Utility.BatchInterrupted(1, FILTERED)
        assert chain.events == [said(ALICE, 1), DONE, interrupted, DONE, ALL_DONE]

    def test_root_may_nest(self, chain: Any) -> None:
        inner = batch(chain, say(chain), kind="batch_all")
        chain.run(batch(chain, inner, kind="batch_all"), ROOT)
        assert chain.events == [said(bytes(32), 1), DONE, ALL_DONE, DONE, ALL_DONE]


class TestForceBatch:
    def test_all_are_tried(self, chain: Any) -> None:
        calls = batch(chain, fail(chain), say(chain), chain.call("probe.closed"), kind="force_batch")
        post = chain.run(calls, chain.signed(ALICE))
        failed, filtered = Utility.ItemFailed(BELOW), Utility.ItemFailed(FILTERED)
        end = Utility.BatchCompletedWithErrors()
        assert chain.events == [failed, said(ALICE, 1), DONE, filtered, end]
        assert post == PostInfo(Weight(6_855_000 + 3 * 3_743_412 + 1_700, 170))

    def test_without_errors(self, chain: Any) -> None:
        chain.run(batch(chain, say(chain), kind="force_batch"), chain.signed(ALICE))
        assert chain.events == [said(ALICE, 1), DONE, ALL_DONE]


class TestInAnothersName:
    def test_as_derivative(self, chain: Any) -> None:
        post = chain.run(chain.call("utility.as_derivative", 3, say(chain)), chain.signed(ALICE))
        assert chain.events == [said(derivative(ALICE, 3), 1)]
        assert post == PostInfo(Weight(6_815_000 + 125_000_000 + 400, 40))

    def test_the_derivatives_error_is_the_calls(self, chain: Any) -> None:
        as_derivative = chain.call("utility.as_derivative", 3, fail(chain))
        assert chain.fails(as_derivative, chain.signed(ALICE)) == "Token.BelowMinimum"
        with pytest.raises(Failure) as failed:
            chain.run(as_derivative, chain.signed(ALICE))
        assert failed.value.post == Weight(6_815_000 + 125_000_000 + 300, 30)
        closed = chain.call("utility.as_derivative", 3, chain.call("probe.closed"))
        assert chain.fails(closed, chain.signed(ALICE)) == "System.CallFiltered"
        assert chain.fails(closed, ROOT) == "BadOrigin"

    def test_dispatch_as(self, chain: Any) -> None:
        alice = SystemOrigin(Signed(ALICE))
        assert chain.run(chain.call("utility.dispatch_as", alice, say(chain)), ROOT) == AS_DECLARED
        chain.run(chain.call("utility.dispatch_as", alice, chain.call("probe.closed")), ROOT)
        chain.run(chain.call("utility.dispatch_as", SystemOrigin(Root()), fail(chain)), ROOT)
        chain.run(chain.call("utility.dispatch_as", SystemOrigin(None_()), say(chain)), ROOT)
        done = Utility.DispatchedAs(SUCCEEDED)
        failed, bad = Utility.DispatchedAs(Err(BELOW)), Utility.DispatchedAs(Err(BadOrigin()))
        assert chain.events == [said(ALICE, 1), done, done, failed, bad]

    def test_dispatch_as_is_unfiltered_only_itself(self, chain: Any) -> None:
        inner = batch(chain, chain.call("probe.closed"))
        chain.run(chain.call("utility.dispatch_as", SystemOrigin(Signed(ALICE)), inner), ROOT)
        assert chain.events == [Utility.BatchInterrupted(0, FILTERED), Utility.DispatchedAs(SUCCEEDED)]

    def test_dispatch_as_is_roots(self, chain: Any) -> None:
        forged = chain.call("utility.dispatch_as", SystemOrigin(Root()), say(chain))
        assert chain.fails(forged, chain.signed(ALICE)) == "BadOrigin"

    def test_with_weight(self, chain: Any) -> None:
        heavy = chain.call("utility.with_weight", say(chain), Weight(7, 8))
        assert chain.run(heavy, ROOT) == AS_DECLARED
        assert chain.take_events() == [said(bytes(32), 1)]
        assert chain.fails(heavy, chain.signed(ALICE)) == "BadOrigin"
        with pytest.raises(Failure) as failed:
            chain.run(chain.call("utility.with_weight", fail(chain), Weight(7, 8)), ROOT)
        assert (failed.value.error, failed.value.post) == (BELOW, None)


class TestWeights:
    @pytest.mark.parametrize(
        ("kind", "fixed", "each"),
        [("batch", 4_752_849, 3_732_096), ("batch_all", 6_790_000, 4_015_226), ("force_batch", 6_855_000, 3_743_412)],
    )
    def test_batches(self, chain: Any, kind: str, fixed: int, each: int) -> None:
        info = chain.runtime.weigh(batch(chain, say(chain), fail(chain), kind=kind))
        assert info == DispatchInfo(Weight(fixed + 2 * each + 2000, 200), DispatchClass.Normal, Pays.Yes)

    def test_class(self, chain: Any) -> None:
        urgent = chain.call("probe.urgent")
        classes = [
            chain.runtime.weigh(batch(chain, *calls)).class_
            for calls in ((), (urgent,), (urgent, urgent), (urgent, say(chain)))
        ]
        operational, normal = DispatchClass.Operational, DispatchClass.Normal
        assert classes == [operational, operational, operational, normal]

    def test_others(self, chain: Any) -> None:
        urgent, root = chain.call("probe.urgent"), SystemOrigin(Root())
        infos = [
            chain.runtime.weigh(chain.call("utility.as_derivative", 0, urgent)),
            chain.runtime.weigh(chain.call("utility.dispatch_as", root, urgent)),
            chain.runtime.weigh(chain.call("utility.with_weight", urgent, Weight(5, 6))),
        ]
        assert [info.weight for info in infos] == [Weight(131_816_000, 100), Weight(9_467_000, 100), Weight(5, 6)]
        assert {info.class_ for info in infos} == {DispatchClass.Operational}


def test_events_have_an_encoding(chain: Any) -> None:
    encode = chain.runtime.event.encode
    assert encode(Utility.DispatchedAs(SUCCEEDED)).hex() == "050500"
    assert encode(Utility.DispatchedAs(Err(BadOrigin()))).hex() == "05050102"
    assert encode(Utility.BatchInterrupted(1, FILTERED)).hex() == "0500010000000300" + "05000000"


KINDS = st.lists(st.sampled_from(["probe.say", "probe.fail", "probe.excess", "probe.closed"]), max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(KINDS)
def test_no_batch_uses_more_than_it_declared(chain: Any, kinds: list[str]) -> None:
    arguments = {"probe.say": (1,), "probe.fail": (2,)}
    calls = tuple(chain.call(kind, *arguments.get(kind, ())) for kind in kinds)
    for kind in ("batch", "force_batch", "batch_all"):
        whole = batch(chain, *calls, kind=kind)
        declared = chain.runtime.weigh(whole).weight
        try:
            used = chain.run(whole, chain.signed(ALICE)).weight
        except Failure as failure:
            used = failure.post
        assert used.within(declared)
