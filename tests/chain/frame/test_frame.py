"""Declaring a pallet and running it: handles, layers, origins, codecs, the manifest."""

from dataclasses import replace
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat
from chain.frame import (
    NONE,
    ROOT,
    Blueprint,
    Call,
    Constant,
    ConstantError,
    DeclarationError,
    Environment,
    Error,
    Event,
    EventRecord,
    Origin,
    Pallet,
    Phase,
    Runtime,
    RuntimeCall,
    Signed,
    Stage,
    StorageDoubleMap,
    StorageMap,
    StorageValue,
    WeightTable,
    call,
    rebuild,
)
from chain.frame.names import camel_case, snake_case
from chain.pallets.system import System
from chain.primitives.errors import BadOrigin, Failure, Module, ModuleError
from chain.primitives.weight import DispatchInfo, PostInfo, Weight
from chain.scale import U32, DecodeError, codec_of
from chain.scale.types import BYTES, Bytes, Vec, u32
from chain.state import BlockState
from chain.trie import MemoryStore

ALICE, BOB = b"a" * 32, b"b" * 32


class Counter(Pallet):
    """A pallet for these tests."""

    step = Constant(U32, 1, metadata="Step")
    limit = Constant(U32, 10)

    total = StorageValue(U32, default=0)
    last = StorageValue(BYTES)
    by_name = StorageMap(BYTES, U32, hasher=Twox64Concat, default=0)
    pairs = StorageDoubleMap(U32, U32, BYTES, hashers=(Twox64Concat, Blake2_128Concat))

    class Counted(Event):
        """It was counted."""

        name: Bytes
        total: u32

    class TooHigh(Error):
        """The limit is reached."""

        hint = "Start again."

    class Unused(Error):
        """Never raised."""

    @call(index=3)
    def count(self, origin: Origin, name: Bytes) -> None:
        """Count one more."""
        origin.signed()
        total = self.total.get() + self.step
        self.total.put(total)
        self.last.put(name)
        self.by_name.insert(name, self.by_name.get(name) + 1)
        self.deposit(self.Counted(name, total))
        if total > self.limit:
            raise self.TooHigh

    @call(index=0, weight=lambda weigher, calls: DispatchInfo(Weight(len(calls), 0), 0, 0))  # type: ignore[arg-type]
    def many(self, origin: Origin, calls: Vec[RuntimeCall]) -> PostInfo:
        """Run several."""
        for one in calls:
            self.env.dispatch(one, origin)
        return PostInfo(Weight(7, 7))

    env: Environment


def wire(env: Environment) -> None:
    env[Counter].env = env


BLUEPRINT = Blueprint(
    "test", 1, 1, 1, {0: System, 9: Counter}, wire, lambda env: lambda call: True, System.CallFiltered, WeightTable({})
)
RUNTIME = Runtime(BLUEPRINT)


def opened(runtime: Runtime = RUNTIME) -> Environment:
    return runtime.open(BlockState(MemoryStore()).overlay)


def count(name: bytes = b"x") -> Call:
    return RUNTIME.make_call("counter.count", name)


def by(env: Environment, who: bytes = ALICE) -> Origin:
    return env.origin_of(Signed(who))


class TestStorage:
    def test_defaults_and_options(self) -> None:
        pallet = opened()[Counter]
        assert (pallet.total.get(), pallet.last.get(), pallet.by_name.get(b"?")) == (0, None, 0)
        assert not pallet.total.exists()
        pallet.total.put(0)
        assert pallet.total.exists(), "an item equal to its default that was written is there"
        assert pallet.total.take() == 0
        assert not pallet.total.exists()

    def test_maps_are_walked_in_the_order_of_raw_keys(self) -> None:
        pallet = opened()[Counter]
        for first in range(3):
            for second in range(4):
                pallet.pairs.insert(first, second, bytes([first, second]))
        pallet.pairs.remove(1, 2)
        found = list(pallet.pairs.items())
        assert {(a, b): v for a, b, v in found} == {
            (a, b): bytes([a, b]) for a in range(3) for b in range(4) if (a, b) != (1, 2)
        }
        item = Counter.declaration.storage["pairs"]
        assert [item.key(a, b) for a, b, _ in found] == sorted(item.key(a, b) for a, b, _ in found)
        assert {b for _, b, _ in pallet.pairs.items(1)} == {0, 1, 3}

    @given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
    def test_keys_can_be_read_back(self, first: int, second: int) -> None:
        item = Counter.declaration.storage["pairs"]
        assert item.key_of(item.key(first, second)) == (first, second)
        assert item.key(first, second).startswith(item.key(first))

    def test_too_many_keys(self) -> None:
        with pytest.raises(TypeError):
            Counter.declaration.storage["total"].key(1)


class TestDispatch:
    def test_a_failure_leaves_nothing(self) -> None:
        env = opened(Runtime(BLUEPRINT, {"counter": {"limit": 1}}))
        env.dispatch(count(), by(env))
        with pytest.raises(Counter.TooHigh) as caught:
            env.dispatch(count(b"y"), by(env))
        pallet = env[Counter]
        assert (pallet.total.get(), pallet.last.get(), pallet.by_name.get(b"y")) == (1, b"x", 0)
        assert [record.event for record in env.context.events] == [Counter.Counted(b"x", 1)]
        assert env.error(caught.value) == Module(ModuleError(9, b"\0\0\0\0"))
        assert str(caught.value) == "Counter.TooHigh"

    def test_inner_calls_have_their_own_layer(self) -> None:
        env = opened(Runtime(BLUEPRINT, {"counter": {"limit": 2}}))
        many = RUNTIME.make_call("counter.many", (count(), count(), count()))
        with pytest.raises(Counter.TooHigh):
            env.dispatch(many, by(env))
        assert env[Counter].total.get() == 0
        assert env.context.events == []

    def test_origins(self) -> None:
        env = opened()
        for origin in (ROOT, NONE):
            with pytest.raises(Failure) as caught:
                env.dispatch(count(), origin)
            assert env.error(caught.value) == BadOrigin()

    def test_filters_travel_and_root_passes(self) -> None:
        env = opened(Runtime(replace(BLUEPRINT, call_filter=lambda env: lambda call: call.path != "counter.count")))
        with pytest.raises(System.CallFiltered):
            env.dispatch(count(), by(env))
        with pytest.raises(System.CallFiltered):
            env.dispatch(RUNTIME.make_call("counter.many", (count(),)), by(env))
        env.dispatch_bypass_filter(count(), by(env))
        assert env[Counter].total.get() == 1

    def test_weights(self) -> None:
        assert RUNTIME.weigh(count()).weight == Weight(1_000_000_000, 10_000)
        assert RUNTIME.weigh(RUNTIME.make_call("counter.many", (count(),) * 3)).weight == Weight(3, 0)
        env = opened()
        assert env.dispatch(RUNTIME.make_call("counter.many", ()), by(env)).weight == Weight(7, 7)


class TestCodecs:
    def test_calls(self) -> None:
        inner = count(b"ab")
        nested = RUNTIME.make_call("counter.many", (inner, RUNTIME.make_call("counter.many", ())))
        encoded = RUNTIME.call.encode(nested)
        assert encoded.hex() == "0900" + "08" + "0903086162" + "090000"
        assert RUNTIME.decode_call(encoded) == nested

    @pytest.mark.parametrize("data", ["", "09", "0901", "ff00", "0903", "090300ff"])
    def test_refused(self, data: str) -> None:
        with pytest.raises(DecodeError):
            RUNTIME.decode_call(bytes.fromhex(data))

    def test_nesting_is_bounded(self) -> None:
        deep = b"\x09\x00\x04" * 300 + b"\x09\x00\x00"
        with pytest.raises(DecodeError):
            RUNTIME.decode_call(deep)

    @given(st.binary(max_size=60))
    def test_any_bytes(self, data: bytes) -> None:
        try:
            found = RUNTIME.decode_call(data)
        except DecodeError:
            return
        assert RUNTIME.call.encode(found) == data

    def test_events(self) -> None:
        records = (
            EventRecord(Phase(Stage.Initialization), Counter.Counted(b"", 1)),
            EventRecord(Phase(Stage.ApplyExtrinsic, 5), Counter.Counted(b"z", 2)),
            EventRecord(Phase(Stage.Finalization), System.NewAccount(BOB)),
        )
        encoded = RUNTIME.events.encode(records)
        assert encoded[:3].hex() == "0c0209"
        assert RUNTIME.events.decode(encoded) == records

    @given(st.binary(max_size=80))
    def test_any_bytes_as_events(self, data: bytes) -> None:
        try:
            found = RUNTIME.events.decode(data)
        except DecodeError:
            return
        assert RUNTIME.events.encode(found) == data


class TestManifest:
    def test_a_runtime_is_rebuilt_from_its_code(self) -> None:
        changed = Runtime(BLUEPRINT, {"counter": {"step": 3}})
        again = rebuild(changed.code, BLUEPRINT)
        assert again.code_hash == changed.code_hash != RUNTIME.code_hash
        env = opened(again)
        env.dispatch(again.make_call("counter.count", b""), by(env))
        assert env[Counter].total.get() == 3

    def test_another_program_does_not_know_it(self) -> None:
        for other in (replace(BLUEPRINT, spec_version=2), replace(BLUEPRINT, pallets={0: System})):
            with pytest.raises(DeclarationError):
                rebuild(RUNTIME.code, other)

    @pytest.mark.parametrize("constants", [{"nobody": {}}, {"counter": {"steps": 1}}])
    def test_unknown_constants(self, constants: dict[str, dict[str, int]]) -> None:
        with pytest.raises(ConstantError):
            Runtime(BLUEPRINT, constants)


def test_declarations_are_checked() -> None:
    with pytest.raises(DeclarationError, match="two calls with index 1"):

        class Twice(Pallet):
            @call(index=1)
            def one(self, origin: Origin) -> None: ...

            @call(index=1)
            def two(self, origin: Origin) -> None: ...


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("XYKWarehouseLM", "xyk_warehouse_lm"),
        ("LBP", "lbp"),
        ("XYK", "xyk"),
        ("EmaOracle", "ema_oracle"),
        ("MultiTransactionPayment", "multi_transaction_payment"),
        ("NFT", "nft"),
    ],
)
def test_names(name: str, snake: str) -> None:
    assert snake_case(name) == snake


def test_camel_case() -> None:
    assert camel_case("next_fee_multiplier") == "NextFeeMultiplier"


def test_runtime_call_in_annotations() -> None:
    assert codec_of(Annotated[Vec[RuntimeCall], "calls"]).notation == "Vec<RuntimeCall>"
