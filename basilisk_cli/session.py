"""Where a command gets its chain: in a data directory (`Embedded`), later also behind a node's URL.

Commands know the protocol only. Everything here is imported by commands, never by `basilisk --help`.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import typer

from amm.book import ChainBook
from amm.chain_spec import ChainSpec, load_chain_spec, shipped_chain_specs, shipped_networks
from amm.local import LocalChain, Prepared
from amm.outcome import Outcome, outcome_of
from amm.relay_chain import queues_of
from amm.relay_history import RelayHistory
from amm.runtime import load
from basilisk_cli.errors import REFUSED, UNREACHABLE, CliError, SeveralErrors
from basilisk_cli.settings import Settings, settings_of
from basilisk_cli.whereabouts import DEFAULT_CHAIN, directory_of, is_chain, nearest_chain, no_node_at, spelled
from chain.crypto.keys import Keypair
from chain.frame import Call, Environment, Runtime
from chain.node.errors import NodeError, StoreBusy, StoreMissing
from chain.node.histories import Stored
from chain.node.records import BlockRecord, Snapshot
from chain.node.service import Sealed
from chain.node.verify import Verdict, verify_history
from chain.primitives.errors import Invalid, InvalidReason
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Header
from chain.relay.faults import Switched
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Workers


class Session(Protocol):
    """What commands ask of a chain, wherever it runs."""

    spec: ChainSpec
    runtime: Runtime

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def book(self) -> ChainBook:
        """Symbols, decimals and share tokens, as of the best block."""

    @property
    def best(self) -> Header: ...

    @property
    def finalized(self) -> bytes | None:
        """The finalised block's hash; None as long as nothing says what is final."""

    @property
    def pending(self) -> int:
        """How many extrinsics wait for a block."""

    @property
    def relay_head(self) -> Header: ...

    @property
    def relay_finalized(self) -> Header: ...

    @property
    def validators(self) -> ValidatorSet: ...

    def read(self, block: bytes | int | None = None) -> Environment:
        """The pallets over the state after a block, the best if none is given."""

    def header(self, block: bytes | int) -> Header:
        """Raises `NodeError` for a block that is not here."""

    def record(self, block: bytes | int) -> BlockRecord | None:
        """What is kept of a block; None for the genesis block."""

    @property
    def relay_history(self) -> RelayHistory:
        """The relay chain's blocks and states, and what happened in them."""

    def verify(self, first: int, last: int, workers: Workers | None = None) -> Iterator[Verdict]:
        """A verdict on each block, from nothing but blocks and proofs."""

    def history(self) -> Stored:
        """The history as an audit reads it. Raises Unreadable."""

    def account(self, text: str) -> bytes:
        """Raises `AccountError`."""

    def signer(self, name: str) -> Keypair:
        """The key behind a name; `root` is the sudo key's."""

    def call(self, path: str, /, **args: object) -> Call:
        """Raises Faults."""

    def send(self, call: Call, signer: str) -> Outcome:
        """Sign, put into the pool, seal a block; raises `Refused` if the extrinsic can be in no block."""

    def send_prepared(self, prepared: Prepared) -> Outcome:
        """The same for an extrinsic that is signed already. One whose nonce is not yet due is refused too."""

    def next_nonce(self, account: bytes) -> int:
        """The nonce of the account's next extrinsic, those that wait counted."""

    def seal_empty(self, blocks: int) -> Iterator[Sealed]:
        """Seal empty blocks, one each time the iterator is drawn."""

    def advance_relay(self, blocks: int) -> None: ...

    def take_snapshot(self, name: str) -> Snapshot: ...

    def go_back(self, name: str) -> Snapshot: ...

    def snapshots(self) -> list[Snapshot]: ...


class Embedded(LocalChain):
    """A chain in a data directory, run by this process."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises SeveralErrors for faults whose time is over without their having acted; nothing is lost by that."""
        super().__exit__(kind, error, trace)
        conduct = self.node.conduct
        idle = conduct.tally.report(over_only=True) if isinstance(conduct, Switched) else []
        if idle and kind is None:
            hint = "see `at` and `who` of the fault in the chain spec; what the command did is done"
            raise SeveralErrors([(str(missing), hint) for _, missing in idle], REFUSED)

    @property
    def best(self) -> Header:
        return self.node.best

    @property
    def finalized(self) -> bytes | None:
        return self.node.finalized

    @property
    def pending(self) -> int:
        return len(self.node.pool)

    @property
    def relay_head(self) -> Header:
        return self.node.relay.head

    @property
    def relay_finalized(self) -> Header:
        return self.node.relay.finalized

    @property
    def validators(self) -> ValidatorSet:
        return self.node.validators

    def read(self, block: bytes | int | None = None) -> Environment:
        return self.node.read(block)

    def header(self, block: bytes | int) -> Header:
        return self.node.header(block)

    def record(self, block: bytes | int) -> BlockRecord | None:
        return self.node.record(block)

    @property
    def relay_history(self) -> RelayHistory:
        return RelayHistory(self.node)

    def verify(self, first: int, last: int, workers: Workers | None = None) -> Iterator[Verdict]:
        faults, queues = bool(self.spec.faults), queues_of(self.spec)
        return verify_history(
            self.node.archive, self.validators, load, first, last, faults=faults, queues=queues, workers=workers
        )

    def history(self) -> Stored:
        return Stored(self.node.archive, self.validators, self.node.about)

    def send(self, call: Call, signer: str) -> Outcome:
        return self.send_prepared(self.prepare(call, signer))

    def send_prepared(self, prepared: Prepared) -> Outcome:
        self._check_due(prepared.extrinsic)
        self.node.pool.submit(prepared.extrinsic)  # stored with its block, or not at all
        sealed = self.node.seal()
        for index, applied in enumerate(sealed.applied):
            if applied.extrinsic.hash == prepared.extrinsic.hash:
                return outcome_of(applied, sealed, index, self.runtime, prepared.path)
        raise NodeError("the extrinsic waits: the block had no room for it", "seal another: `basilisk chain advance 1`")

    def _check_due(self, extrinsic: Extrinsic) -> None:
        """Raises `Refused` for an extrinsic that would wait for others that nobody has sent."""
        by = extrinsic.signed
        if by is not None and by.nonce > self.next_nonce(by.account):
            raise Invalid(InvalidReason.Future)

    def next_nonce(self, account: bytes) -> int:
        return self.node.next_nonce(account)

    def take_snapshot(self, name: str) -> Snapshot:
        return self.node.snapshot(name)

    def go_back(self, name: str) -> Snapshot:
        self.revert(name)
        return next(snapshot for snapshot in self.snapshots() if snapshot.name == name)

    def snapshots(self) -> list[Snapshot]:
        return self.node.snapshots()

    def __enter__(self) -> Self:
        return self


def open_session(ctx: typer.Context, *, write: bool = False) -> Session:
    """The chain that the command's settings mean; to be closed. Raises `StoreError` or CliError.

    Writes go to the node at `--url`, or to the one that holds the data directory, if there is one.
    """
    settings = settings_of(ctx)
    if settings.url:
        return _node_at(settings.url, settings)
    try:
        return open_embedded(ctx, write=write)
    except StoreBusy as busy:
        if not busy.url:
            raise
        return _node_at(busy.url, settings)


def open_embedded(ctx: typer.Context, *, write: bool = False) -> Embedded:
    """The chain in the data directory that the settings mean; to be closed. Raises `StoreError` or CliError."""
    settings = settings_of(ctx)
    no_node_at(settings)
    directory = directory_of(settings)
    if not is_chain(directory):
        raise StoreMissing(f"there is no chain in {directory}", nearest_chain(settings))
    session = Embedded.open(directory, readonly=not write)
    try:
        _compare(settings, session)
    except BaseException:
        session.close()
        raise
    return session


def _node_at(url: str, settings: Settings) -> "Embedded":
    """The chain of a running node. Raises CliError."""
    from basilisk_cli.remote import Remote

    session = Remote.connect(url)
    try:
        if settings.chain or not settings.url:
            _compare(settings, session)
    except BaseException:
        session.close()
        raise
    return session


def _compare(settings: Settings, session: Embedded) -> None:
    """Raises CliError if the chain spec that is named is not the one that the chain was made from."""
    named = settings.chain or (None if settings.data_dir else DEFAULT_CHAIN)
    if named is None or not (named in (*shipped_chain_specs(), *shipped_networks()) or Path(named).is_file()):
        return
    found = session.spec.differences(load_chain_spec(named))
    if found:
        raise CliError(
            f"the chain spec {named} is not the one that this chain was made from: {'; '.join(found)}",
            f"name another --data-dir, or start again with `basilisk chain reset{spelled(settings)}`",
            UNREACHABLE,
        )
