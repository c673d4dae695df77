"""LocalChain: a whole chain in one line of Python.

    with LocalChain() as chain:
        chain.submit(chain.call("xyk.create_pool", asset_a="BSX", amount_a="100_000 BSX", asset_b="KSM",
                                amount_b="250 KSM"), "alice")
        chain.submit(chain.call("xyk.sell", …), "bob").ok

Scripts, simulations, the pytest plugin and the command line stand on it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from amm.arguments import Plain, read_call, to_node
from amm.book import ChainBook
from amm.chain_spec import NATIVE, ChainSpec, load_chain_spec
from amm.genesis import Genesis
from amm.outcome import Outcome, outcome_of, refused_outcome
from amm.relay_faults import conduct_of
from amm.runtime import load
from amm.signing import nonce_of, sign_call, wrap
from amm.values import AccountForm, account_form, parse_account, parse_asset
from chain.crypto.keys import Keypair, dev
from chain.frame import Call, Environment
from chain.node.archive import Archive
from chain.node.errors import StoreDamaged, StoreError, StoreMissing
from chain.node.fork import ForkStorage
from chain.node.lock import Lock
from chain.node.service import BlockInProgress, Keys, Node, Sealed
from chain.node.store import LmdbStorage, MemoryStorage, Storage
from chain.pallets.currencies import Currencies
from chain.pallets.multi_payment import MultiTransactionPayment
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.relay.parameters import SLOT_MS, RelayParameters
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Workers

ROOT = "root"


class NoSuchSigner(ValueError):
    """An account that can be looked at and paid, not signed for."""


@dataclass(frozen=True)
class Prepared:
    """A signed extrinsic with the call that people meant by it."""

    extrinsic: Extrinsic
    path: str


class LocalChain:
    """A chain of ours: in memory, or in a data directory."""

    def __init__(
        self,
        spec: str | ChainSpec = "local",
        *,
        seed: int | None = None,
        verify: str | None = None,
        workers: Workers | None = None,
    ) -> None:
        """A fresh chain in memory; validators execute blocks in `workers`, if given. Raises Faults for a wrong spec."""
        self._start(_adjusted(_spec(spec), seed, verify), MemoryStorage(), None, workers)

    def _start(
        self, spec: ChainSpec, storage: Storage, lock: Lock | None, workers: Workers | None = None
    ) -> None:
        genesis = Genesis(spec)
        runtime = genesis.runtime
        validators = ValidatorSet(relay_parameters(spec), (spec.para_id,))
        keys = Keys(genesis.collators)
        block = genesis.build()
        node = Node.create(
            runtime, validators, keys, storage, load, block, spec.to_json(), spec.para_id, conduct_of(spec),
            workers=workers,
        )
        self._take(spec, node, storage, lock)

    def _take(self, spec: ChainSpec, node: Node, storage: Storage, lock: Lock | None) -> None:
        self.spec, self.node, self.runtime = spec, node, node.runtime
        self._storage, self._lock = storage, lock
        self._book: tuple[bytes, ChainBook] | None = None

    # -- data directories ------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, directory: Path, spec: str | ChainSpec = "local", *, seed: int | None = None) -> Self:
        """A fresh chain in a directory; raises `StoreError` if there is one already, Faults if the spec is wrong."""
        chosen = _adjusted(_spec(spec), seed, None)
        if (directory / "data.mdb").exists():
            raise StoreError(
                f"there is a chain in {directory} already",
                "Go on with it, name another --data-dir, or start again with `basilisk chain reset`.",
            )
        Genesis(chosen).build()
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{directory} cannot be made: {error.strerror}", "Name another --data-dir.") from None
        chain, lock = cls.__new__(cls), Lock(directory)
        lock.acquire()
        storage = LmdbStorage(directory)
        try:
            chain._start(chosen, storage, lock)
        except BaseException:
            storage.close()
            lock.release()
            raise
        storage.sync()
        return chain

    @classmethod
    def open(cls, directory: Path, *, readonly: bool = False) -> Self:
        """The chain in a directory. Raises `StoreMissing`, `StoreVersion`, `StoreDamaged` or `StoreBusy`."""
        if not (directory / "data.mdb").exists():
            raise StoreMissing(f"there is no chain in {directory}", "Make one with `basilisk chain init`.")
        lock = None
        if not readonly:
            lock = Lock(directory)
            lock.acquire()
        storage: LmdbStorage | None = None
        try:
            storage = LmdbStorage(directory, readonly=readonly)
            about = Archive(storage).check()
            spec = ChainSpec.from_json(about.spec)
            genesis = Genesis(spec)
            validators = ValidatorSet(relay_parameters(spec), (spec.para_id,))
            keys, conduct = Keys(genesis.collators), conduct_of(spec)
            node = Node(genesis.runtime, validators, keys, storage, load, about, conduct)
        except BaseException as error:
            if storage is not None:
                storage.close()
            if lock is not None:
                lock.release()
            if isinstance(error, ValueError):
                raise StoreDamaged(
                    f"{directory} is damaged: {error}", "Start again with `basilisk chain reset`."
                ) from None
            raise
        chain = cls.__new__(cls)
        chain._take(spec, node, storage, lock)
        return chain

    def close(self) -> None:
        """Make everything durable and let others write."""
        if self._lock is not None:
            self._storage.sync()
        self._storage.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- looking ---------------------------------------------------------------------------------------------------

    @property
    def state(self) -> Environment:
        """The pallets over the best state, to read."""
        return self.node.read()

    @property
    def book(self) -> ChainBook:
        """Symbols, decimals and share tokens, as of the best block."""
        if self._book is None or self._book[0] != self.node.best.state_root:
            self._book = self.node.best.state_root, ChainBook(self.node.read())
        return self._book[1]

    def account(self, text: str) -> bytes:
        """An account by name, address, hex digits or `@xyk:BSX/KSM`; raises `AccountError`."""
        return parse_account(text, self.book)

    def signer(self, name: str) -> Keypair:
        """The key behind a name; `root` is the sudo key's."""
        if name == ROOT:
            sudo = self.spec.sudo_key
            if sudo is None:
                raise NoSuchSigner("this chain has no sudo key: its spec lists no sudo pallet")
            return dev(sudo.value)
        try:
            if account_form(name) is AccountForm.NAME:
                return dev(name)
        except ValueError:
            pass
        raise NoSuchSigner(f"{name} cannot sign: only names can, such as alice")

    def balance(self, account: str | bytes, asset: str | int) -> int:
        """The free balance, in base units."""
        who = account if isinstance(account, bytes) else self.account(account)
        return self.state[Currencies].free_balance(parse_asset(asset, self.book), who)

    # -- acting ----------------------------------------------------------------------------------------------------

    def call(self, path: str, /, **args: Any) -> Call:
        """A call with arguments as people write them; raises Faults that name what is wrong."""
        scope = Plain(self.runtime, self.book)
        return read_call(to_node(path), to_node(args), scope)

    def prepare(
        self,
        call: Call,
        signer: str = "alice",
        *,
        tip: int = 0,
        fee_asset: int | None = None,
        environment: Environment | None = None,
    ) -> Prepared:
        """Sign a call with the nonce that `environment` (the best state, or a block in progress) has next."""
        key = self.signer(signer)
        where = environment or self.node.read()
        chosen = where[MultiTransactionPayment].account_currency_map.get(key.account)
        pays_in = NATIVE if chosen is None else chosen
        sent = wrap(self.runtime, call, root=signer == ROOT, fee_asset=fee_asset, pays_in=pays_in)
        nonce = nonce_of(environment, key.account) if environment else self.node.next_nonce(key.account)
        extrinsic = sign_call(self.runtime, sent, key, nonce, self.node.genesis_hash, tip=tip)
        return Prepared(extrinsic, call.path)

    def submit(
        self, call: Call, signer: str = "alice", *, tip: int = 0, fee_asset: int | None = None
    ) -> Outcome:
        """Sign a call, seal one block with it, and say what became of it. A refused one is in no block."""
        prepared = self.prepare(call, signer, tip=tip, fee_asset=fee_asset)
        return self.submit_all([prepared])[0]

    def submit_all(self, prepared: Sequence[Prepared]) -> list[Outcome]:
        """Seal one block with these extrinsics, in this order."""
        block = self.node.open_block()
        results = [_push(block, each) for each in prepared]
        sealed = block.finish()
        outcomes, index = [], len(sealed.applied) - sum(not isinstance(r, Refused) for r in results)
        for each, result in zip(prepared, results, strict=True):
            if isinstance(result, Refused):
                outcomes.append(refused_outcome(result, sealed, each.extrinsic.hash, each.path))
            else:
                outcomes.append(outcome_of(result, sealed, index, self.runtime, each.path))
                index += 1
        return outcomes

    def fund(self, account: str, amount: str | int, asset: str | int | None = None) -> Outcome:
        """Give an account money out of nothing, as root."""
        chosen = asset if asset is not None else str(amount).split()[-1]
        call = self.call("currencies.update_balance", who=account, currency_id=chosen, amount=amount)
        return self.submit(call, ROOT)

    # -- time ------------------------------------------------------------------------------------------------------

    def advance(self, blocks: int = 1) -> Iterator[Sealed]:
        """Seal empty blocks, one by one as the iterator is drawn."""
        return self.node.advance(blocks)

    def advance_relay(self, blocks: int) -> None:
        """Let the relay chain seal blocks without us: time and relay numbers move."""
        self.node.advance_relay(blocks)

    def advance_time(self, seconds: int) -> None:
        """Let at least this much time pass on the relay chain."""
        self.node.advance_relay(-(-seconds * 1000 // SLOT_MS))

    # -- going back ------------------------------------------------------------------------------------------------

    def snapshot(self, name: str) -> None:
        """Name the present state, to `revert` to."""
        self.node.snapshot(name)

    def revert(self, name: str) -> None:
        """Go back to a snapshot; what came after it is gone."""
        self.node.revert(name)
        self._book = None

    def fork(self) -> "LocalChain":
        """A chain in memory that begins where this one stands; what it does stays its own."""
        storage = ForkStorage(self._storage)
        old = self.node
        node = Node(self.runtime, old.validators, old.keys, storage, load, old.about, conduct_of(self.spec))
        chain = LocalChain.__new__(LocalChain)
        chain._take(self.spec, node, storage, None)
        return chain

    @contextmanager
    def rolled_back(self) -> Iterator["LocalChain"]:
        """Work on a fork inside the `with` block; this chain stays as it is."""
        fork = self.fork()
        try:
            yield fork
        finally:
            fork.close()


def _push(block: BlockInProgress, prepared: Prepared) -> Any:
    try:
        return block.push(prepared.extrinsic)
    except Refused as refused:
        return refused


def _spec(spec: str | ChainSpec) -> ChainSpec:
    return load_chain_spec(spec) if isinstance(spec, str) else spec


def _adjusted(spec: ChainSpec, seed: int | None, verify: str | None) -> ChainSpec:
    """The spec with the relay's seed and way of verifying replaced, where given."""
    changes = {key: value for key, value in (("seed", seed), ("verify", verify)) if value is not None}
    return msgspec.structs.replace(spec, relay=msgspec.structs.replace(spec.relay, **changes)) if changes else spec


def relay_parameters(spec: ChainSpec) -> RelayParameters:
    """The relay chain's parameters of a spec."""
    names = RelayParameters.__dataclass_fields__
    return RelayParameters(**{name: getattr(spec.relay, name) for name in names})
