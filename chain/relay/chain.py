"""The relay chain: its blocks, one after another, over its own state trie. Source: spec/relay.md §8.2."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from chain.blocks.seal import author_of, seal_header, seal_is_good
from chain.primitives.header import Digest, Header, slot_item
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing_types import BackedCandidate
from chain.relay.body import Attested, attested, body_root
from chain.relay.dispute_types import DisputeStatementSet
from chain.relay.errors import RelayBlockError, RelayError
from chain.relay.freezing import is_revert
from chain.relay.queues import QueueGenesis
from chain.relay.relay_block import CandidateEvent, RelayBlock
from chain.relay.state import Pending, RelayState, host_configuration
from chain.relay.transition import Effects, Item, Transition, refuse
from chain.relay.validators import ValidatorSet
from chain.state import BlockState
from chain.trie import EMPTY_ROOT, MemoryStore, NodeStore

STATE_VERSION = 1


@dataclass(frozen=True)
class Produced:
    """A relay block with what it did: nodes its state adds, what became of candidates, and what was left out.

    `dropped` are candidates whose core was freed without their being included.
    """

    block: RelayBlock
    nodes: dict[bytes, bytes]
    backed: tuple[BackedCandidate, ...]
    included: tuple[Pending, ...]
    left_out: tuple[tuple[Item, RelayError], ...]
    dropped: tuple[Pending, ...] = ()
    events: tuple[CandidateEvent, ...] = ()
    disputes: tuple[DisputeStatementSet, ...] = ()


@dataclass(frozen=True)
class RelayGenesis:
    header: Header
    nodes: dict[bytes, bytes]


def relay_genesis(
    validators: ValidatorSet,
    heads: dict[int, bytes],
    code_hashes: dict[int, bytes],
    queues: QueueGenesis | None = None,
) -> RelayGenesis:
    """Relay block 0, slot 0: configuration, each para's genesis head and code, and what waits in the queues."""
    state = BlockState(MemoryStore(), EMPTY_ROOT, STATE_VERSION)
    relay = RelayState(state.overlay)
    relay.slot.put(0)
    relay.session.put(0)
    relay.configuration.put(host_configuration(validators.parameters))
    for para in validators.paras:
        relay.heads.insert(para, heads[para])
        relay.code_hashes.insert(para, code_hashes[para])
    if queues is not None:
        relay.queues.begin(queues)
    root, nodes = state.commit()
    return RelayGenesis(Header(bytes(32), 0, root, EMPTY_ROOT, Digest(())), nodes)


def open_state(store: NodeStore, header: Header) -> tuple[BlockState, RelayState]:
    """The state after `header`, to read or to build on."""
    state = BlockState(store, header.state_root, STATE_VERSION)
    return state, RelayState(state.overlay)


def produce(
    validators: ValidatorSet,
    store: NodeStore,
    parent: Header,
    offered: Sequence[BackedCandidate] = (),
    slot: int | None = None,
    bitfields: Sequence[SignedBitfield] = (),
    disputes: Sequence[DisputeStatementSet] = (),
) -> Produced:
    """The next relay block: its author takes what is admissible of what is offered and leaves the rest out, by name.

    `slot` is the one after the parent's, unless validators that were offline left some empty.
    """
    slot = (parent.slot or 0) + 1 if slot is None else slot
    state, relay = open_state(store, parent)
    attestations = Attested(tuple(bitfields), tuple(_by_core(validators, offered)), tuple(disputes))
    effects = Transition(validators, relay, parent, None).run(slot, attestations)
    root, nodes = state.commit()
    taken = effects.taken
    body = taken.body(parent)
    digest = Digest((slot_item(slot), *effects.logs))
    header = Header(parent.hash, parent.number + 1, root, body_root(body), digest)
    sealed = seal_header(header, validators.keys[validators.author_at(slot)])
    return _produced(RelayBlock(sealed, body, taken.signatures), nodes, effects)


def against_the_rules(
    validators: ValidatorSet, parent: Header, honest: RelayBlock, forced: Sequence[BackedCandidate]
) -> RelayBlock:
    """An author's block with candidates in it that must not be there, beside what an honest one takes.

    What they would do to the state is not worked out: an importer gets no further than to them.
    """
    taken = attested(honest)
    taken = Attested(taken.bitfields, tuple(_by_core(validators, forced)), taken.disputes)
    body, slot = taken.body(parent), honest.header.slot or 0
    unsealed = msgspec.structs.replace(honest.header.unsealed(), extrinsics_root=body_root(body))
    return RelayBlock(seal_header(unsealed, validators.keys[validators.author_at(slot)]), body, taken.signatures)


def import_block(validators: ValidatorSet, store: NodeStore, parent: Header, block: RelayBlock) -> Produced:
    """Somebody else's relay block, checked in the order of §8.2; raises a `RelayError`.

    An importer that meets something inadmissible rejects the whole block with its name.
    """
    header = block.header
    slot = _check_header(validators, parent, header)
    if block.body.parent_header != parent:
        raise RelayBlockError("ParentMismatch", "the body names another parent")
    state, relay = open_state(store, parent)
    effects = Transition(validators, relay, parent, refuse).run(slot, attested(block))
    root, nodes = state.commit()
    if header.digest.logs[1:-1] != tuple(effects.logs):
        raise RelayBlockError("DigestMismatch", "the header does not say what the block does")
    if root != header.state_root:
        raise RelayBlockError("StateRootMismatch")
    if body_root(block.body) != header.extrinsics_root:
        raise RelayBlockError("ExtrinsicsRootMismatch")
    return _produced(block, nodes, effects)


def _produced(block: RelayBlock, nodes: dict[bytes, bytes], effects: Effects) -> Produced:
    return Produced(
        block,
        nodes,
        tuple(effects.backed),
        tuple(effects.included),
        tuple(effects.left_out),
        tuple(effects.dropped),
        tuple(effects.events),
        tuple(effects.disputes),
    )


def _check_header(validators: ValidatorSet, parent: Header, header: Header) -> int:
    """The header's own checks; the slot that it claims."""
    if header.parent_hash != parent.hash or header.number != parent.number + 1:
        raise RelayBlockError("ParentMismatch")
    slot = header.slot
    logs = header.digest.logs
    if slot is None or logs[0] != slot_item(slot) or not all(map(is_revert, logs[1:-1])):
        raise RelayBlockError("BadSeal", "the digest is not one slot, what freezes the chain, and one seal")
    if not seal_is_good(header, author_of(slot, validators.publics)):
        if any(seal_is_good(header, other) for other in validators.publics):
            raise RelayBlockError("WrongAuthor", f"slot {slot} is another's")
        raise RelayBlockError("BadSeal", "the signature is not the author's")
    if slot <= (parent.slot or 0):
        raise RelayBlockError("SlotNotIncreasing", f"slot {slot} follows {parent.slot}")
    return slot


def _by_core(validators: ValidatorSet, offered: Sequence[BackedCandidate]) -> list[BackedCandidate]:
    """Ascending by core; of several for one core most votes first, then the lowest hash."""

    def order(backed: BackedCandidate) -> tuple[int, int, bytes]:
        core = validators.core_of(backed.candidate.descriptor.para_id)
        return core if core is not None else validators.cores, -len(backed.validity_votes), backed.candidate.hash

    return sorted(offered, key=order)
