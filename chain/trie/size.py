"""How large a compact proof will be, while its nodes are still being recorded. Source: spec/relay.md §6."""

from collections import Counter

from chain.trie.node import EMPTY_ROOT, HASH_MARK, HASH_SIZE, decode


class CompactSize:
    """A close upper bound of the size, in bytes, of a compact proof encoded as `Vec<Vec<u8>>`.

    A compact proof repeats a node and a value for each place that refers to it, so the places are counted.
    The bound exceeds the size by less than 4 bytes an item: where the length of an item takes fewer bytes
    without the hashes that it leaves out, and where a header without a hashed value is shorter.
    """

    def __init__(self, root: bytes) -> None:
        self.size = 4  # the count of items
        self._root = root
        self._nodes: dict[bytes, bytes] = {}
        self._children = Counter((root,))
        self._values: Counter[bytes] = Counter()

    def add(self, hash: bytes, data: bytes) -> None:
        """Count a node or value node that the proof has not had yet."""
        self._nodes[hash] = data
        if hash == EMPTY_ROOT:
            self.size += _item_size(data)
            return
        if hash == self._root:
            self.size += HASH_SIZE  # every other node saves its parent a hash
        times = self._children[hash]
        if times:
            self._count(data, times)
        times = self._values[hash]
        if times:
            self.size += times * _value_size(data)

    def _count(self, data: bytes, times: int) -> None:
        """Count a node, and those below it that are known already, at so many more places."""
        nodes = self._nodes
        todo = [data]
        while todo:
            data = todo.pop()
            node = decode(data)
            self.size += times * (_item_size(data) - HASH_SIZE)
            refs = [data[at + 1 : at + 1 + HASH_SIZE] for at in node.places if data[at] == HASH_MARK[0]]
            for _ in range(times):
                self._children.update(refs)
            if not nodes.keys().isdisjoint(refs):
                todo += [nodes[ref] for ref in refs if ref in nodes]
            if node.kind.hashed and node.value is not None:
                self._values[node.value] += times
                if node.value in nodes:
                    self.size += times * _value_size(nodes[node.value])


def _item_size(data: bytes) -> int:
    """The size of an item in a `Vec<Vec<u8>>`."""
    size = len(data)
    return size + (1 if size < 64 else 2 if size < 1 << 14 else 4)


def _value_size(data: bytes) -> int:
    """What a detached value adds: itself and a mark and an empty length, less the hash in its node."""
    return _item_size(data) + 2 - HASH_SIZE
