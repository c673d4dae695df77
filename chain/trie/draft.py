"""A trie node that is being changed. Source: spec/substrate.md §3."""

from typing import Self

import msgspec

from chain.trie.node import (
    BRANCH,
    HASH_SIZE,
    HASHED_BRANCH,
    HASHED_LEAF,
    LEAF,
    NO_REF,
    VALUED_BRANCH,
    Kind,
    Node,
    encode,
    head_of,
    sized,
)


class Draft(msgspec.Struct, gc=False):
    """A node that is being changed.

    Children that are drafts themselves are in `open`, by nibble; the others of `bitmap` are `origin`'s, the
    node that this was made of. `ref` is the reference to the node, up to date once it is closed; `changed`
    says whether anything in the node or below it changed.
    """

    partial: bytes
    value: bytes | None = None
    hashed: bool = False
    bitmap: int = 0
    origin: Node | None = None
    ref: bytes = NO_REF
    changed: bool = True
    open: dict[int, "Draft"] = {}

    @classmethod
    def of(cls, node: Node, ref: bytes) -> Self:
        """A draft that is still the same as the node."""
        return cls(node.partial, node.value, node.kind.hashed, node.bitmap, node, ref, False)

    def set(self, value: bytes | None, hashed: bool) -> None:
        """Hold another value, or the hash of one."""
        self.value = value
        self.hashed = hashed
        self.changed = True

    def attach(self, nibble: int, child: "Draft") -> None:
        """Give the branch a child where it has none."""
        self.bitmap |= 1 << nibble
        self.open[nibble] = child
        self.changed = True

    def detach(self, nibble: int) -> None:
        """Take a child, which is open, from the branch."""
        self.bitmap ^= 1 << nibble
        del self.open[nibble]
        self.changed = True

    def split(self, size: int) -> None:
        """Cut the partial key after `size` nibbles; the rest of the node becomes the only child."""
        nibble = self.partial[size]
        rest = self.partial[size + 1 :]
        lower = Draft(rest, self.value, self.hashed, self.bitmap, self.origin, open=self.open)
        self.partial = self.partial[:size]
        self.bitmap, self.origin, self.open = 1 << nibble, None, {nibble: lower}
        self.set(None, False)

    def absorb(self, nibble: int, child: "Draft") -> None:
        """Become the only child, under the partial keys of both."""
        self.partial += bytes((nibble,)) + child.partial
        self.bitmap, self.origin, self.open = child.bitmap, child.origin, child.open
        self.set(child.value, child.hashed)

    def child_ref(self, nibble: int) -> bytes:
        """The reference to a child that is there."""
        child = self.open.get(nibble)
        if child is not None:
            return child.ref
        ref = self.origin.ref(nibble) if self.origin is not None else None
        assert ref is not None
        return ref

    def encode(self) -> bytes:
        """The encoding; the references to all open children are up to date."""
        origin, bitmap = self.origin, self.bitmap
        kind = self._kind()
        if origin is None or self.partial is not origin.partial or kind is not origin.kind:
            head = head_of(kind, self.partial)
        elif self.value is origin.value and bitmap == origin.bitmap and origin.uniform:
            data = self._spliced(origin)
            if data is not None:
                return data
            head = origin.head
        else:
            head = origin.head
        if not bitmap:
            return encode(kind, head, self.value, 0, b"")
        children = [sized(self.child_ref(nibble)) for nibble in range(16) if bitmap >> nibble & 1]
        return encode(kind, head, self.value, bitmap, b"".join(children))

    def _kind(self) -> Kind:
        if self.value is None:
            return BRANCH
        if self.bitmap:
            return HASHED_BRANCH if self.hashed else VALUED_BRANCH
        return HASHED_LEAF if self.hashed else LEAF

    def _spliced(self, origin: Node) -> bytes | None:
        """The encoding if nothing but hashes of children differs from the origin, as in most drafts."""
        data = bytearray(origin.data)
        first = origin.start + 1
        for nibble, child in self.open.items():
            if len(child.ref) != HASH_SIZE:
                return None
            at = first + 33 * (origin.bitmap & (1 << nibble) - 1).bit_count()
            data[at : at + HASH_SIZE] = child.ref
        return bytes(data)
