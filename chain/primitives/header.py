"""Headers, digests and their hashes. Source: spec/substrate.md §4."""

from typing import ClassVar

from chain.crypto.hashing import blake2_256
from chain.primitives.errors import Bytes4
from chain.scale import Enum, Struct, codec_of
from chain.scale.types import H256, Bytes, Compact, Vec, u32

AURA = b"aura"
RELAY_PARENT = b"RPSR"


class DigestItem(Enum):
    """A note in a header, for others than the runtime's own calls."""

    path: ClassVar[str] = "sp_runtime::generic::digest::DigestItem"


class OtherItem(DigestItem):
    variant: ClassVar[str] = "Other"
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    data: Bytes


class Consensus(DigestItem):
    """A message of the runtime to the outside: the relay parent's storage root, a change of authorities."""

    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    engine: Bytes4
    data: Bytes


class Seal(DigestItem):
    """The author's signature over the hash of the header without it; always last."""

    index: ClassVar[int] = 5
    positional: ClassVar[bool] = True
    engine: Bytes4
    data: Bytes


class PreRuntime(DigestItem):
    """A message to the runtime: the slot the author claims; always first."""

    index: ClassVar[int] = 6
    positional: ClassVar[bool] = True
    engine: Bytes4
    data: Bytes


class RuntimeEnvironmentUpdated(DigestItem):
    """`:code` changed in this block."""

    index: ClassVar[int] = 8


class Digest(Struct):
    path: ClassVar[str] = "sp_runtime::generic::digest::Digest"
    logs: Vec[DigestItem]


class Header(Struct):
    """A block's header. Its hash covers everything in it, the seal included."""

    notation: ClassVar[str] = "Header<u32>"
    path: ClassVar[str] = "sp_runtime::generic::header::Header"
    parent_hash: H256
    number: Compact[u32]
    state_root: H256
    extrinsics_root: H256
    digest: Digest

    def encode(self) -> bytes:
        return HEADER.encode(self)

    @property
    def hash(self) -> bytes:
        return blake2_256(HEADER.encode(self))

    @property
    def seal(self) -> Seal | None:
        """The last digest item, if it is a seal."""
        last = self.digest.logs[-1] if self.digest.logs else None
        return last if isinstance(last, Seal) else None

    def unsealed(self) -> "Header":
        """The header as the runtime saw it."""
        return self.with_logs(self.digest.logs[:-1]) if self.seal else self

    def sealed(self, engine: bytes, signature: bytes) -> "Header":
        return self.with_logs((*self.digest.logs, Seal(engine, signature)))

    def with_logs(self, logs: tuple[DigestItem, ...]) -> "Header":
        return Header(self.parent_hash, self.number, self.state_root, self.extrinsics_root, Digest(logs))

    @property
    def slot(self) -> int | None:
        """The slot that the pre-runtime digest claims."""
        for item in self.digest.logs:
            if isinstance(item, PreRuntime) and item.engine == AURA and len(item.data) == 8:
                return int.from_bytes(item.data, "little")
        return None


HEADER = codec_of(Header)


def slot_item(slot: int) -> PreRuntime:
    return PreRuntime(AURA, slot.to_bytes(8, "little"))
