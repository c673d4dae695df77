"""A small runtime for tests: the pallets asked for, over an empty state, with money that is only counted."""

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from chain.crypto.hashing import blake2_256
from chain.frame import Blueprint, Call, CallFilter, Environment, Event, Origin, Pallet, Runtime, Signed, WeightTable
from chain.pallets.parachain_info import ParachainInfo
from chain.pallets.parachain_system import Needs, ParachainSystem
from chain.pallets.relay_chain_info import Needs as InfoNeeds
from chain.pallets.relay_chain_info import RelayChainInfo
from chain.pallets.system import System
from chain.primitives.errors import BadOrigin, DispatchError, Failure
from chain.primitives.header import Digest, slot_item
from chain.primitives.weight import DispatchClass, DispatchInfo, Pays, PostInfo, Weight
from chain.state import Overlay
from chain.trie import MemoryStore, Trie

sys.path.insert(0, str(Path(__file__).parent))

from relay_side import PARENT, Post

ALICE, BOB, CHARLIE, TREASURY = (bytes([n]) * 32 for n in (1, 2, 3, 9))


def weights(**calls: tuple[int, int, str]) -> WeightTable:
    """A table of `pallet__call=(ref_time, proof_size, class)`."""
    return WeightTable(
        {
            path.replace("__", "."): DispatchInfo(Weight(time, proof), DispatchClass[kind], Pays.Yes)
            for path, (time, proof, kind) in calls.items()
        }
    )


class Chain:
    """An opened runtime with the few steps that tests take."""

    def __init__(
        self,
        pallets: Mapping[int, type[Pallet]],
        wire: Callable[[Environment], None],
        *,
        constants: Mapping[str, Mapping[str, Any]] | None = None,
        call_filter: Callable[[Environment], CallFilter] | None = None,
        table: WeightTable | None = None,
    ) -> None:
        blueprint = Blueprint(
            name="basilisk",
            spec_version=118,
            transaction_version=1,
            state_version=1,
            pallets={0: System, **pallets},
            wire=wire,
            call_filter=call_filter or (lambda environment: lambda call: True),
            filtered=System.CallFiltered,
            weights=table or weights(),
        )
        self.runtime = Runtime(blueprint, constants)
        self.state = Overlay(Trie(MemoryStore()))
        self.environment = self.runtime.open(self.state)

    def __getitem__(self, kind: type[Pallet]) -> Any:
        return self.environment[kind]

    def genesis(self, **given: Mapping[str, Any]) -> None:
        """Build the first state; `given` is laid over the defaults, by pallet."""
        for pallet in self.environment:
            defaults = {key: setting.default for key, setting in pallet.declaration.genesis.items()}
            pallet.build_genesis({**defaults, **given.get(pallet.key, {})})
        self.environment.context.events.clear()

    def begin(self, number: int, slot: int | None = None, parent: bytes = bytes(32)) -> None:
        """Open a block and run the hooks of its beginning."""
        logs = () if slot is None else (slot_item(slot),)
        self.environment.context.events.clear()
        self[System].initialize(number, parent, Digest(logs))
        for pallet in self.environment:
            pallet.on_initialize(number)

    def end(self, number: int) -> None:
        for pallet in self.environment:
            pallet.on_finalize(number)

    def call(self, path: str, *args: Any) -> Call:
        return self.runtime.make_call(path, *args)

    def run(self, call: Call, origin: Origin) -> PostInfo:
        return self.environment.dispatch(call, origin)

    def fails(self, call: Call, origin: Origin) -> str:
        """Run a call that must fail; the error as people write it. Nothing may be left of it."""
        before, events = self.state.changes(), list(self.events)
        with pytest.raises(Failure) as failed:
            self.run(call, origin)
        assert (self.state.changes(), self.events) == (before, events)
        return self.runtime.error_name(self.environment.error(failed.value))

    def signed(self, who: bytes) -> Origin:
        return self.environment.origin_of(Signed(who))

    @property
    def events(self) -> list[Event]:
        return [record.event for record in self.environment.context.events]

    def take_events(self) -> list[Event]:
        taken = self.events
        self.environment.context.events.clear()
        return taken


class Purse:
    """Money that is only counted, in place of Currencies and Balances; `closed` cannot receive."""

    existential_deposit = 10

    def __init__(self) -> None:
        self.held: defaultdict[tuple[int, bytes], int] = defaultdict(int)
        self.closed: set[bytes] = set()
        self.moved: list[tuple[object, ...]] = []

    def withdraw(self, asset: int, who: bytes, amount: int) -> None:
        if self.held[asset, who] < amount:
            raise Failure(BadOrigin())
        self.held[asset, who] -= amount
        self.moved.append(("withdraw", asset, who, amount))

    def deposit_into(self, asset: int, who: bytes, amount: int) -> None:
        if who in self.closed:
            raise Failure(BadOrigin())
        self.held[asset, who] += amount
        self.moved.append(("deposit", asset, who, amount))

    def total_balance(self, asset: int, who: bytes) -> int:
        return self.held[asset, who]

    def free_balance(self, who: bytes) -> int:
        return self.held[0, who]

    def transfer(self, from_: bytes, to: bytes, amount: int, keep_alive: bool = False) -> None:
        if to in self.closed:
            raise Failure(BadOrigin())
        self.held[0, from_] -= amount
        self.held[0, to] += amount
        self.moved.append(("transfer", from_, to, amount, keep_alive))

    def unreserve(self, who: bytes, amount: int) -> int:
        self.moved.append(("unreserve", who, amount))
        return 0


def failing(error: DispatchError) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise Failure(error)

    return fail


@pytest.fixture
def make_chain() -> type[Chain]:
    return Chain


@pytest.fixture
def purse() -> Purse:
    return Purse()


@pytest.fixture
def table() -> Callable[..., WeightTable]:
    return weights


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def chain(make_chain: Any, post: Post, table: Any) -> Any:
    def wire(environment: Any) -> None:
        environment[RelayChainInfo].needs = InfoNeeds(environment[System])
        environment[ParachainSystem].needs = Needs(
            environment[System], environment[ParachainInfo], environment[RelayChainInfo], post
        )

    weights = table(parachain_system__set_validation_data=(0, 0, "Mandatory"))
    chain = make_chain({108: RelayChainInfo, 50: ParachainSystem, 51: ParachainInfo}, wire, table=weights)
    chain.genesis()
    chain.begin(1, parent=blake2_256(PARENT))
    return chain


@pytest.fixture
def pallet(chain: Any) -> Any:
    return chain[ParachainSystem]
