"""A chain behind a running node's URL: read entry by entry, written through the node.

What is read is the node's own store, so that every reading command works as on a data directory; trie nodes and
blocks are checked against the hashes that name them. Source: design.md, "On disk".
"""

from collections.abc import Iterator

from amm.assembly import Parts
from amm.chain_spec import ChainSpec
from amm.genesis import Genesis
from amm.local import Prepared
from amm.outcome import Outcome, outcome_of
from amm.relay_chain import validators_of
from amm.reread import sealed_at
from amm.runtime import load
from basilisk_cli.errors import UNREACHABLE, CliError
from basilisk_cli.node_client import NodeClient, NodeRefusal
from basilisk_cli.session import Embedded
from chain.crypto.hashing import blake2_256
from chain.node.archive import Archive
from chain.node.errors import NodeError
from chain.node.records import SNAPSHOT, Snapshot
from chain.node.service import Keys, Node, Sealed
from chain.node.store import BLOCKS, NODES, Batch, Nodes
from chain.primitives.errors import Invalid
from chain.primitives.extrinsic import Extrinsic
from chain.rpc.errors import INVALID_TEXTS

WAIT_SECONDS = 60
PAGE = 1_000
RELAY_STEP = 500


class RemoteStorage:
    """A node's store, to be read. What is named by its hash is asked for once."""

    def __init__(self, client: NodeClient) -> None:
        self._client = client
        self._kept: dict[tuple[str, bytes], bytes] = {}

    @property
    def nodes(self) -> Nodes:
        return Nodes(self)

    def get(self, table: str, key: bytes) -> bytes | None:
        found = self._kept.get((table, key))
        if found is None:
            answer = self._client.call("basilisk_get", table, "0x" + key.hex())
            found = None if answer is None else bytes.fromhex(answer[2:])
            if found is not None and table == NODES and blake2_256(found) != key:
                raise NodeError(f"the node gave wrong bytes for the trie node 0x{key.hex()}", "Do not trust it.")
            if found is not None and table in (NODES, BLOCKS):
                self._kept[table, key] = found
        return found

    def scan(self, table: str, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        while True:
            page = self._client.call("basilisk_scan", table, "0x" + start.hex(), PAGE)
            for key, value in page:
                yield bytes.fromhex(key[2:]), bytes.fromhex(value[2:])
            if len(page) < PAGE:
                return
            start = bytes.fromhex(page[-1][0][2:]) + b"\x00"

    def write(self, batch: Batch) -> None:
        raise NodeError("a node's store is written by the node alone", "Run this on the data directory itself.")

    def sync(self) -> None:
        """The node makes durable what it writes."""

    def close(self) -> None:
        self._client.close()


class Remote(Embedded):
    """The chain of a running node, as it stood when it was last asked to write."""

    @classmethod
    def connect(cls, url: str) -> "Remote":
        """Raises CliError if no node of ours answers there."""
        client = NodeClient(url)
        storage = RemoteStorage(client)
        try:
            about = Archive(storage).check()
        except NodeRefusal as refusal:
            what = f"{url} is not a node of basilisk: {refusal}"
            raise CliError(what, "`basilisk node run` starts one", UNREACHABLE) from None
        spec = ChainSpec.from_json(about.spec)
        genesis = Genesis(spec)
        validators = validators_of(spec)
        node = Node(genesis.runtime, validators, Keys(genesis.collators), storage, load, about)
        remote = cls._made_of(Parts(spec, node, storage, None))
        remote._client = client
        return remote

    _client: NodeClient

    def _refresh(self) -> None:
        """See what the node has written."""
        old = self.node
        self.node = Node(old.runtime, old.validators, old.keys, old.archive.storage, load, old.about)
        self._book = None

    # -- writing, through the node -------------------------------------------------------------------------------

    def send_prepared(self, prepared: Prepared) -> Outcome:
        extrinsic = prepared.extrinsic
        self._check_due(extrinsic)
        try:
            self._client.call("author_submitExtrinsic", "0x" + extrinsic.raw.hex())
        except NodeRefusal as refusal:
            raise _as_refused(refusal) from None
        block = self._await(extrinsic)
        self._refresh()
        sealed = sealed_at(self.node, block)
        for index, applied in enumerate(sealed.applied):
            if applied.extrinsic.hash == extrinsic.hash:
                return outcome_of(applied, sealed, index, self.runtime, prepared.path)
        raise NodeError("the node names a block that does not hold the extrinsic", "Do not trust it.")

    def _await(self, extrinsic: Extrinsic) -> bytes:
        """The block that the extrinsic came into."""
        found = self._client.call("basilisk_awaitExtrinsic", "0x" + extrinsic.hash.hex(), WAIT_SECONDS)
        if found is None:
            raise NodeError("the extrinsic waits at the node", "`basilisk chain advance 1` seals a block")
        return bytes.fromhex(found[2:])

    def seal_empty(self, blocks: int) -> Iterator[Sealed]:
        """The node seals; what waits in its pool goes in."""
        for _ in range(blocks):
            block = self._client.call("dev_newBlock")
            self._refresh()
            yield sealed_at(self.node, bytes.fromhex(block[2:]))

    def advance_relay(self, blocks: int) -> None:
        while blocks > 0:
            some = min(blocks, RELAY_STEP)
            self._client.call("basilisk_advanceRelay", some)
            blocks -= some
        self._refresh()

    def take_snapshot(self, name: str) -> Snapshot:
        return _snapshot(self._client.call("basilisk_snapshot", name))

    def go_back(self, name: str) -> Snapshot:
        snapshot = _snapshot(self._client.call("basilisk_revert", name))
        self._refresh()
        return snapshot


def _snapshot(answer: str) -> Snapshot:
    snapshot: Snapshot = SNAPSHOT.decode(bytes.fromhex(answer[2:]))
    return snapshot


def _as_refused(refusal: NodeRefusal) -> Exception:
    """What the pool said, as this program's own pool would have said it."""
    for reason, text in INVALID_TEXTS.items():
        if refusal.code == 1010 and refusal.data == text:
            return Invalid(reason)
    return refusal
