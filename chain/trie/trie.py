"""Reading a state trie, node by node as the look-ups need them. Source: spec/substrate.md §3."""

from collections.abc import Iterator, Mapping

from chain.trie.draft import Draft
from chain.trie.errors import BadNode, MissingTrieNode
from chain.trie.nibbles import pack, unpack
from chain.trie.node import EMPTY, EMPTY_ROOT, HASH_SIZE, Node, decode
from chain.trie.store import NodeStore
from chain.trie.update import Editor, Update

KEEP = 1 << 16
"""How many decoded nodes a trie keeps; a scan of a large state decodes the rest again."""


class Trie:
    """The state with one root, in nodes that a store holds. It never changes: `update` gives a new root.

    A node is fetched from the store when a look-up first meets it and kept decoded, so that reading and then
    updating decodes it once. `version` is the state version (0 or 1): what `update` writes; both are read.

    Every method raises MissingTrieNode where the store lacks a node, and BadNode where it holds no node.
    """

    __slots__ = ("_kept", "root", "store", "version")

    def __init__(self, store: NodeStore, root: bytes = EMPTY_ROOT, version: int = 1) -> None:
        if version not in (0, 1):
            raise ValueError(f"there are state versions 0 and 1, and no {version}")
        self.store = store
        self.root = root
        self.version = version
        self._kept: dict[bytes, Node] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value under a key; None if the key is absent."""
        path = unpack(key)
        size = len(path)
        kept = self._kept
        at = 0
        node = kept.get(self.root) or self._fetch(self.root, key)
        while True:
            if node.partial:
                if not path.startswith(node.partial, at):
                    return None
                at += len(node.partial)
            if at == size:
                return self.value(node, key)
            ref = node.ref(path[at])
            if ref is None:
                return None
            node = kept.get(ref) or self._fetch(ref, key)
            at += 1

    def keys(self, prefix: bytes = b"", after: bytes | None = None) -> Iterator[bytes]:
        """The keys that begin with `prefix`, ascending; with `after`, only those above it."""
        return (pack(path) for path, _ in self._walk(unpack(prefix), after))

    def items(self, prefix: bytes = b"", after: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Keys as in `keys`, with their values."""
        for path, node in self._walk(unpack(prefix), after):
            key = pack(path)
            value = self.value(node, key)
            assert value is not None
            yield key, value

    def merkle_value(self, prefix: bytes) -> bytes | None:
        """What the nearest node at or below `prefix` is referred to by: its hash or, inline, its encoding.

        It changes exactly when anything under the prefix changes. None where nothing is.
        """
        path = unpack(prefix)
        ref, node = self.root, self.node(self.root, prefix)
        full = node.partial
        while len(full) < len(path):
            nibble = path[len(full)]
            next_ref = node.ref(nibble) if path.startswith(full) else None
            if next_ref is None:
                return None
            ref = next_ref
            node = self.node(ref, prefix)
            full += bytes((nibble,)) + node.partial
        return ref if full.startswith(path) and node is not EMPTY else None

    def update(self, changes: Mapping[bytes, bytes | None]) -> Update:
        """The root after writing values and, where a value is None, removing keys, with all new nodes.

        The work is proportional to the changes. What it fetches is what a validator needs to repeat it.
        """
        root = self.node(self.root, b"")
        editor = Editor(self.node, None if root is EMPTY else Draft.of(root, self.root), self.version)
        for key, value in sorted(changes.items()):
            if value is None:
                editor.remove(key)
            else:
                editor.insert(key, value)
        return editor.close(self.root)

    def node(self, ref: bytes, key: bytes) -> Node:
        """The node that a reference on the way to `key` means."""
        return self._kept.get(ref) or self._fetch(ref, key)

    def _fetch(self, ref: bytes, key: bytes) -> Node:
        if len(ref) < HASH_SIZE:
            node = decode(ref)
        else:
            data = self.store.get(ref)
            if ref == EMPTY_ROOT and ref == self.root:
                node = EMPTY
            elif data is None:
                raise MissingTrieNode(ref, key)
            else:
                node = decode(data)
        if len(self._kept) < KEEP:
            self._kept[ref] = node
        return node

    def value(self, node: Node, key: bytes) -> bytes | None:
        """The value that a node on the way to `key` holds, if it holds any."""
        if not node.kind.hashed or node.value is None:
            return node.value
        value = self.store.get(node.value)
        if value is None:
            raise MissingTrieNode(node.value, key)
        return value

    def _walk(self, prefix: bytes, after: bytes | None) -> Iterator[tuple[bytes, Node]]:
        """The paths and nodes that hold values, ascending; what leads to none of them is not fetched."""
        floor = None if after is None else unpack(after)
        todo = [(b"", self.root)]
        while todo:
            path, ref = todo.pop()
            node = self._kept.get(ref) or self._fetch(ref, pack(path[: len(path) & ~1]))
            path += node.partial
            if not _may_hold(path, prefix, floor):
                continue
            below = [(path + bytes((nibble,)), ref) for nibble, ref in node.children()]
            todo.extend(child for child in reversed(below) if _may_hold(child[0], prefix, floor))
            if node.kind.valued and path.startswith(prefix) and (floor is None or path > floor):
                if len(path) & 1:
                    raise BadNode(f"a value under a key of {len(path)} nibbles")
                yield path, node


def _may_hold(path: bytes, prefix: bytes, floor: bytes | None) -> bool:
    """Whether keys below `path` can begin with `prefix` and be above `floor`."""
    if not (path.startswith(prefix) or prefix.startswith(path)):
        return False
    return floor is None or path > floor or floor.startswith(path)
