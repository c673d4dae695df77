"""Real candidates of a real chain, and what a dishonest collator can make of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from amm.local import LocalChain
from amm.runtime import load
from chain.blocks.block import extrinsics_root
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair
from chain.node.records import BlockRecord
from chain.pallets.aura import Aura
from chain.primitives.extrinsic import BARE
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import ParachainInherentData
from chain.relay.backing import RelayView, params_of
from chain.relay.block_data import (
    BLOCK_DATA,
    ParachainBlockData,
    PoV,
    ValidationParams,
    ValidationResult,
    decode_block_data,
)
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.collator import Collation, erasure_root_of
from chain.relay.errors import PvfError
from chain.relay.inherents import SET_VALIDATION_DATA, read_validation_data
from chain.relay.payloads import collator_payload
from chain.relay.validate import validate_block
from chain.scale import BYTES, U64, CompactOf, codec_of
from chain.trie import Recorder, Trie, decode_compact, encode_compact

VALIDATION_DATA_FIELDS = ("parent_head", "relay_parent_number", "relay_parent_storage_root")

SPOILT = 3
"""The block of three transfers."""

TRANSFERS = 3
"""Signed extrinsics of the block that is spoilt; they stand behind the two inherents."""

_INHERENT = codec_of(ParachainInherentData)


def tell_story() -> "Story":
    """Four blocks: a pool, a trade and a transfer, three transfers, nothing."""
    chain = LocalChain()
    pool = chain.call(
        "xyk.create_pool", asset_a="BSX", amount_a="100_000 BSX", asset_b="KSM", amount_b="250 KSM"
    )
    trade = chain.call(
        "xyk.sell", asset_in="BSX", asset_out="KSM", amount="10 BSX", max_limit=0, discount=False
    )
    give = chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX")
    assert chain.submit(pool).ok
    outcomes = chain.submit_all([chain.prepare(trade, "bob"), chain.prepare(give, "charlie")])
    outcomes += chain.submit_all([chain.prepare(give, name) for name in ("charlie", "dave", "eve")])
    assert all(outcome.ok for outcome in outcomes)
    list(chain.advance(1))
    return Story(chain)


@dataclass(frozen=True)
class Story:
    """A chain and the way into its stored candidates."""

    chain: LocalChain

    @property
    def collators(self) -> tuple[Keypair, ...]:
        return self.chain.node.keys.collators

    def record(self, number: int) -> BlockRecord:
        record = self.chain.node.record(number)
        assert record is not None
        return record

    def collation(self, number: int) -> Collation:
        record = self.record(number)
        return Collation(record.candidate, record.pov, record.validation_data)

    def params(self, number: int) -> ValidationParams:
        record = self.record(number)
        return params_of(record.pov, record.validation_data)

    def relay_header(self, number: int) -> Header:
        return self.chain.node.archive.relay(number).header

    def view(self, number: int) -> RelayView:
        """What the validators of block `number` knew."""
        parent = self.relay_header(self.record(number).backed_in - 1)
        return RelayView(self.chain.node.validators, self.chain.node.nodes, parent)

    def author(self, header: Header) -> Keypair:
        """The collator whose turn the header's slot is."""
        assert header.slot is not None
        authorities = self.chain.node.read()[Aura].authorities.get()
        return self.chain.node.keys.of(authorities[header.slot % len(authorities)])

    def recollated(self, number: int, data: ParachainBlockData | bytes) -> Collation:
        """A candidate that its collator made of other block data, all hashes and the signature right."""
        old = self.collation(number)
        pov = PoV(data if isinstance(data, bytes) else BLOCK_DATA.encode(data))
        head = HEADER.encode(data.header) if isinstance(data, ParachainBlockData) else b""
        validators = len(self.chain.node.validators.keys)
        collator = self.author(decode_block_data(old.pov.block_data).header)
        descriptor = msgspec.structs.replace(
            old.candidate.descriptor,
            pov_hash=pov.hash,
            erasure_root=erasure_root_of(pov, old.validation_data, validators),
            para_head=blake2_256(head),
        )
        signed = msgspec.structs.replace(descriptor, signature=collator.sign(collator_payload(descriptor)))
        commitments = msgspec.structs.replace(old.candidate.commitments, head_data=head)
        return Collation(CommittedCandidateReceipt(signed, commitments), pov, old.validation_data)


@dataclass(frozen=True)
class Forgery:
    """The parameters of validate_block, to be changed in one place and made to look right in the others."""

    story: Story
    params: ValidationParams

    @classmethod
    def of(cls, story: Story, number: int) -> "Forgery":
        return cls(story, story.params(number))

    @property
    def data(self) -> ParachainBlockData:
        return decode_block_data(self.params.block_data)

    @property
    def inherent(self) -> ParachainInherentData:
        return read_validation_data(self.data.extrinsics)

    def with_params(self, **changes: object) -> "Forgery":
        return Forgery(self.story, msgspec.structs.replace(self.params, **changes))

    def with_data(self, **changes: object) -> "Forgery":
        """Other block data; the header keeps its seal, good or not."""
        return self.with_params(block_data=BLOCK_DATA.encode(msgspec.structs.replace(self.data, **changes)))

    def with_header(self, sealed_by: Keypair | None = None, **changes: object) -> "Forgery":
        """Another header, sealed anew: by the collator whose turn its slot is."""
        header = msgspec.structs.replace(self.data.header.unsealed(), **changes)
        return self.with_data(header=seal(header, sealed_by or self.story.author(header)))

    def with_body(self, extrinsics: Sequence[bytes]) -> "Forgery":
        return self.with_data(extrinsics=tuple(extrinsics))

    def with_fitting_body(self, *extrinsics: bytes) -> "Forgery":
        """Another body under a header that fits it, but for the state."""
        root = extrinsics_root([BYTES.encode(extrinsic) for extrinsic in extrinsics])
        return self.with_body(extrinsics).with_header(extrinsics_root=root)

    def with_inherent(self, **changes: object) -> "Forgery":
        """Other validation data in the body."""
        changed = SET_VALIDATION_DATA + _INHERENT.encode(msgspec.structs.replace(self.inherent, **changes))
        body = [changed if body[:3] == SET_VALIDATION_DATA else body for body in self.data.extrinsics]
        return self.with_body(body)

    def with_reads(self, *keys: bytes) -> "Forgery":
        """A proof that reaches to these keys of the parent's state too."""
        root, nodes = decode_compact(self.data.proof)
        recorder = Recorder(self.story.chain.node.nodes)
        trie = Trie(recorder, root)
        for key in keys:
            trie.get(key)
        return self.with_data(proof=tuple(encode_compact(root, {**nodes, **recorder.nodes})))

    def with_place(self, **changes: object) -> "Forgery":
        """Other claims of the parent and the relay parent, in the body and in what the relay chain knows."""
        data = msgspec.structs.replace(self.inherent.validation_data, **changes)
        known = {name: getattr(data, name) for name in VALIDATION_DATA_FIELDS}
        return self.with_inherent(validation_data=data).with_params(**known)

    def verdict(self) -> str:
        """What validate_block says: the name of the refusal, or nothing."""
        try:
            self.run()
        except PvfError as error:
            return error.name
        return ""

    def run(self) -> ValidationResult:
        return validate_block(self.params, load)


def seal(header: Header, author: Keypair) -> Header:
    return header.sealed(b"aura", author.sign(header.hash))


def bare(pallet: int, call: int, args: bytes = b"") -> bytes:
    return bytes([BARE, pallet, call]) + args


def time(told: int) -> bytes:
    """The inherent that tells the time, in milliseconds."""
    return bare(1, 0, CompactOf(U64).encode(told))
