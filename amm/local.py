"""LocalChain: a whole chain in one line of Python.

    with LocalChain() as chain:
        chain.transact("xyk.create_pool", asset_a="BSX", amount_a="100_000 BSX", asset_b="KSM", amount_b="250 KSM")
        with chain.anchor():
            sold = chain.transact("xyk.sell", "bob", asset_in="KSM", …).event("XYK.SellExecuted")
        chain.balance("bob", "KSM")        # as before

Scripts, simulations, the pytest plugin and the command line stand on it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from amm.advanced import Advanced
from amm.arguments import Plain, read_call, to_node
from amm.assembly import Crew, Parts, adjusted, create, in_memory, reopen
from amm.chain_spec import NATIVE, ChainSpec, load_chain_spec
from amm.outcome import CallFailed, Outcome, outcome_of, refused_outcome
from amm.people import Person
from amm.relay_chain import relay_parameters
from amm.relay_faults import conduct_of
from amm.runtime import load
from amm.signing import nonce_of, sign_call, wrap
from amm.simulate.units import parse_duration
from amm.values import AccountForm, AmountError, account_form
from amm.viewing import ROOT, ChainView, NoSuchSigner
from chain.frame import Call, Environment
from chain.node.fork import ForkStorage
from chain.node.lock import Lock
from chain.node.service import BlockInProgress, Node, Sealed
from chain.node.store import Storage
from chain.pallets.multi_payment import MultiTransactionPayment
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.relay.parameters import SLOT_MS
from chain.relay.workers import Workers

__all__ = ["ROOT", "CallFailed", "LocalChain", "NoSuchSigner", "Prepared", "relay_parameters"]

@dataclass(frozen=True)
class Prepared:
    """A signed extrinsic with the call that people meant by it."""

    extrinsic: Extrinsic
    path: str


class LocalChain(ChainView):
    """A chain of ours: in memory, or in a data directory.

    Accounts are written as in trade scripts, or are a `Person` or 32 bytes; amounts are base units, or "1.5 KSM".
    """

    def __init__(
        self,
        spec: str | ChainSpec = "local",
        *,
        seed: int | None = None,
        verify: str | None = None,
        workers: Crew = None,
    ) -> None:
        """A fresh chain in memory. Raises Faults for a wrong spec.

        Validators execute blocks in `workers`, or in so many processes, which are gone when the chain is closed.
        """
        self._take(*in_memory(adjusted(_spec(spec), seed, verify), workers))

    def _take(
        self, spec: ChainSpec, node: Node, storage: Storage, lock: Lock | None, own: Workers | None = None
    ) -> None:
        self.spec, self._storage, self._lock, self._own = spec, storage, lock, own
        self._look_at(node)
        self._sender: str | bytes = "alice"

    @classmethod
    def _made_of(cls, parts: Parts) -> Self:
        chain = cls.__new__(cls)
        chain._take(*parts)
        return chain

    @classmethod
    def create(
        cls, directory: Path, spec: str | ChainSpec = "local", *, seed: int | None = None, workers: Crew = None
    ) -> Self:
        """A fresh chain in a directory; raises `StoreError` if there is one already, Faults if the spec is wrong."""
        return cls._made_of(create(directory, adjusted(_spec(spec), seed, None), workers))

    @classmethod
    def open(cls, directory: Path, *, readonly: bool = False) -> Self:
        """The chain in a directory. Raises `StoreMissing`, `StoreVersion`, `StoreDamaged` or `StoreBusy`."""
        return cls._made_of(reopen(directory, readonly))

    def close(self) -> None:
        """Make everything durable and let others write; no process is left."""
        if self._own is not None:
            self._own.close()
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

    # -- acting ----------------------------------------------------------------------------------------------------

    def call(self, path: str, /, **args: Any) -> Call:
        """A call with arguments as people write them; raises Faults that name what is wrong."""
        scope = Plain(self.runtime, self.book)
        return read_call(to_node(path), to_node(args), scope)

    def transact(self, path: str, signer: str | Person | None = None, /, **args: Any) -> Outcome:
        """Make a call and expect it to do what it is for: `transact("xyk.sell", "bob", asset_in="KSM", …)`.

        Raises Faults for wrong names or arguments, and `CallFailed`, which holds the outcome, if the chain refuses.
        """
        outcome = self.submit(self.call(path, **args), signer)
        if not outcome.ok:
            raise CallFailed(outcome)
        return outcome

    def submit(
        self, call: Call, signer: str | Person | None = None, *, tip: int = 0, fee_asset: int | None = None
    ) -> Outcome:
        """Sign a call, seal one block with it, and say what became of it. A refused one is in no block.

        Who signs: `signer`, else the one of `prank`, else alice.
        """
        prepared = self.prepare(call, signer, tip=tip, fee_asset=fee_asset)
        return self.submit_all([prepared])[0]

    def prepare(
        self,
        call: Call,
        signer: str | Person | None = None,
        *,
        tip: int = 0,
        fee_asset: int | None = None,
        environment: Environment | None = None,
    ) -> Prepared:
        """Sign a call with the nonce that `environment` (the best state, or a block in progress) has next."""
        by = self._sender if signer is None else str(signer)
        key, sent = self.signer(by if isinstance(by, str) else ROOT), call
        if isinstance(by, bytes):
            sent = self.runtime.make_call("sudo.sudo_as", by, call)
        where = environment or self.node.read()
        chosen = where[MultiTransactionPayment].account_currency_map.get(key.account)
        pays_in = NATIVE if chosen is None else chosen
        sent = wrap(self.runtime, sent, root=by == ROOT, fee_asset=fee_asset, pays_in=pays_in)
        nonce = nonce_of(environment, key.account) if environment else self.node.next_nonce(key.account)
        extrinsic = sign_call(self.runtime, sent, key, nonce, self.node.genesis_hash, tip=tip)
        return Prepared(extrinsic, call.path)

    @contextmanager
    def prank(self, who: str | bytes | Person) -> Iterator[bytes]:
        """Inside the `with` block, calls that name no signer are made by this account.

        A name signs for itself. Any other account (an address, `@treasury`, a pool) has no key here: the sudo key sends
        the call in its name, as a real extrinsic. Raises `NoSuchSigner` on a chain without a sudo key.
        """
        account, before = self.account(who) if who != ROOT else b"", self._sender
        signs = isinstance(who, str) and (who == ROOT or account_form(who) is AccountForm.NAME)
        self._sender = str(who) if signs or isinstance(who, Person) else account
        self.signer(self._sender if isinstance(self._sender, str) else ROOT)
        try:
            yield account
        finally:
            self._sender = before

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

    def fund(self, account: str | bytes | Person, amount: str | int, asset: str | int | None = None) -> Outcome:
        """Give an account money out of nothing, as root: "5 KSM", or base units of an asset. Raises Faults."""
        if asset is None and (isinstance(amount, int) or len(amount.split()) < 2):
            raise AmountError(f"{amount} does not say of which asset", 'write "5 KSM", or base units and asset="KSM"')
        chosen = asset if asset is not None else str(amount).split()[-1]
        who = self.account(account)
        return self.submit(self.call("currencies.update_balance", who=who, currency_id=chosen, amount=amount), ROOT)

    # -- time ------------------------------------------------------------------------------------------------------

    def advance(self, blocks: int = 1) -> Advanced:
        """Seal empty blocks, at once. What is returned reads them back one by one. Raises ValueError below 0."""
        before = self.node.best.number
        for _ in self.seal_empty(_count(blocks, "blocks")):
            pass
        return Advanced(self.node, before)

    def advance_to(self, block: int) -> Advanced:
        """Seal empty blocks until the best is `block`, at once. Raises ValueError if it is past."""
        best = self.node.best.number
        if _count(block, "block") < best:
            raise ValueError(f"block {block} is past: the best block is {best}; `revert` goes back to a snapshot")
        return self.advance(block - best)

    def seal_empty(self, blocks: int) -> Iterator[Sealed]:
        """Seal empty blocks, one each time the iterator is drawn: for showing progress."""
        return self.node.advance(blocks)

    def advance_relay(self, blocks: int) -> None:
        """Let the relay chain seal blocks without us: time and relay numbers move. Raises ValueError below 0."""
        self.node.advance_relay(_count(blocks, "blocks"))

    def advance_time(self, duration: int | str) -> None:
        """Let at least this much time pass on the relay chain: seconds, or "72h". Raises `UnitError`, ValueError."""
        seconds = parse_duration(duration) if isinstance(duration, str) else _count(duration, "seconds")
        self.advance_relay(-(-seconds * 1000 // SLOT_MS))

    # -- going back ------------------------------------------------------------------------------------------------

    def snapshot(self, name: str) -> None:
        """Name the present state, to `revert` to, now or in another process. Raises `SnapshotError`."""
        self.node.snapshot(name)

    def revert(self, name: str) -> None:
        """Go back to a snapshot; what came after it is gone. Raises `SnapshotError` with the names there are."""
        self.node.revert(name)

    @contextmanager
    def anchor(self) -> Iterator[Self]:
        """What happens inside the `with` block is gone after it, on this very chain: blocks, time, snapshots.

        Nothing of it reaches the data directory. Anchors may nest.
        """
        before = self.node, self._storage
        self.node, self._storage = self._forked()
        try:
            yield self
        finally:
            self.node, self._storage = before

    def fork(self) -> "LocalChain":
        """A chain in memory that begins where this one stands; what it does stays its own."""
        return LocalChain._made_of(Parts(self.spec, *self._forked(), None))

    def _forked(self) -> tuple[Node, ForkStorage]:
        storage, old = ForkStorage(self._storage), self.node
        conduct = conduct_of(self.spec)
        return Node(self.runtime, old.validators, old.keys, storage, load, old.about, conduct, old.workers), storage

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


def _count(value: int, what: str) -> int:
    """A number of blocks or seconds. Raises ValueError for what is none."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{what} is {value!r}: write a whole number, 0 or more")
    return value
