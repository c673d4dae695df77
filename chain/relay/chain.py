"""The relay chain: its blocks, one after another, over its own state trie. Source: spec/relay.md §8.2.

This is the first ring of it: a backed candidate is included by the block after the one that backs it. Whether its
data is available, approval checks, disputes and finality are not looked at, and nothing here says they were.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from chain.blocks.seal import author_of, seal_header, seal_is_good
from chain.primitives.header import Digest, Header, slot_item
from chain.relay.errors import BadVote, InclusionError, RelayBlockError
from chain.relay.inclusion import check_candidate, include, occupy
from chain.relay.state import Pending, RelayState, host_configuration
from chain.relay.types import (
    BLANK,
    INHERENT_DATA,
    BackedCandidate,
    Explicit,
    Implicit,
    InherentData,
    RelayBlock,
    ValidityAttestation,
)
from chain.relay.validators import ValidatorSet
from chain.scale import BYTES
from chain.state import BlockState
from chain.trie import EMPTY_ROOT, MemoryStore, NodeStore, ordered_root

STATE_VERSION = 1


@dataclass(frozen=True)
class Produced:
    """A relay block with what it did: nodes its state adds, candidates it backed and included, and those left out."""

    block: RelayBlock
    nodes: dict[bytes, bytes]
    backed: tuple[BackedCandidate, ...]
    included: tuple[Pending, ...]
    left_out: tuple[tuple[BackedCandidate, InclusionError], ...]


@dataclass(frozen=True)
class RelayGenesis:
    header: Header
    nodes: dict[bytes, bytes]


def relay_genesis(validators: ValidatorSet, heads: dict[int, bytes], code_hashes: dict[int, bytes]) -> RelayGenesis:
    """Relay block 0, slot 0: configuration, and each para's genesis head and code."""
    state = BlockState(MemoryStore(), EMPTY_ROOT, STATE_VERSION)
    relay = RelayState(state.overlay)
    relay.slot.put(0)
    relay.session.put(0)
    relay.configuration.put(host_configuration(validators.parameters))
    for para in validators.paras:
        relay.heads.insert(para, heads[para])
        relay.code_hashes.insert(para, code_hashes[para])
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
) -> Produced:
    """The next relay block: its author takes what is admissible of `offered` and leaves the rest out, by name.

    `slot` is the one after the parent's, unless validators that were offline left some empty.
    """
    slot = (parent.slot or 0) + 1 if slot is None else slot
    number = parent.number + 1
    state, relay = open_state(store, parent)
    included = _begin(validators, relay, slot)
    taken: list[BackedCandidate] = []
    left_out: list[tuple[BackedCandidate, InclusionError]] = []
    last_core: int | None = None
    for backed in _by_core(validators, offered):
        try:
            last_core = check_candidate(relay, validators, parent, backed, last_core)
        except InclusionError as error:
            left_out.append((backed, error))
            continue
        occupy(relay, validators, last_core, number, backed.candidate)
        taken.append(backed)
    _end(validators, relay, number)
    root, nodes = state.commit()
    body = InherentData((), tuple(_blank(backed) for backed in taken), (), parent)
    witness = tuple(vote.signature for backed in taken for vote in backed.validity_votes)
    header = Header(parent.hash, number, root, _body_root(body), Digest((slot_item(slot),)))
    sealed = seal_header(header, validators.keys[validators.author_at(slot)])
    return Produced(RelayBlock(sealed, body, witness), nodes, tuple(taken), included, tuple(left_out))


def import_block(validators: ValidatorSet, store: NodeStore, parent: Header, block: RelayBlock) -> Produced:
    """Somebody else's relay block, checked in the order of §8.2; raises `RelayBlockError` or `InclusionError`.

    An importer that meets an inadmissible candidate rejects the whole block.
    """
    header = block.header
    slot = _check_header(validators, parent, header)
    if block.body.parent_header != parent:
        raise RelayBlockError("ParentMismatch", "the body names another parent")
    state, relay = open_state(store, parent)
    included = _begin(validators, relay, slot)
    taken = _with_signatures(block)
    last_core: int | None = None
    for backed in taken:
        try:
            last_core = check_candidate(relay, validators, parent, backed, last_core)
        except BadVote as error:
            raise RelayBlockError("BadWitness", error.detail) from None
        occupy(relay, validators, last_core, header.number, backed.candidate)
    _end(validators, relay, header.number)
    root, nodes = state.commit()
    if root != header.state_root:
        raise RelayBlockError("StateRootMismatch")
    if _body_root(block.body) != header.extrinsics_root:
        raise RelayBlockError("ExtrinsicsRootMismatch")
    return Produced(block, nodes, tuple(taken), included, ())


def _check_header(validators: ValidatorSet, parent: Header, header: Header) -> int:
    """The header's own checks; the slot that it claims."""
    if header.parent_hash != parent.hash or header.number != parent.number + 1:
        raise RelayBlockError("ParentMismatch")
    slot = header.slot
    if slot is None or header.digest.logs[:-1] != (slot_item(slot),):
        raise RelayBlockError("BadSeal", "the digest is not one slot and one seal")
    if not seal_is_good(header, author_of(slot, validators.publics)):
        if any(seal_is_good(header, other) for other in validators.publics):
            raise RelayBlockError("WrongAuthor", f"slot {slot} is another's")
        raise RelayBlockError("BadSeal", "the signature is not the author's")
    if slot <= (parent.slot or 0):
        raise RelayBlockError("SlotNotIncreasing", f"slot {slot} follows {parent.slot}")
    return slot


def _begin(validators: ValidatorSet, relay: RelayState, slot: int) -> tuple[Pending, ...]:
    """Slot, and the inclusion of what waits on the cores."""
    relay.slot.put(slot)
    waiting = [pending for para in validators.paras if (pending := relay.pending.get(para)) is not None]
    for pending in waiting:
        include(relay, pending)
    return tuple(waiting)


def _end(validators: ValidatorSet, relay: RelayState, number: int) -> None:
    """A session ends with its last block: what still waits must be backed anew (§5)."""
    if number % validators.parameters.session_length == 0:
        relay.session.put(relay.session.get() + 1)
        for para in validators.paras:
            if relay.pending.get(para) is not None:
                relay.pending.remove(para)


def _by_core(validators: ValidatorSet, offered: Sequence[BackedCandidate]) -> list[BackedCandidate]:
    """Ascending by core; of several for one core most votes first, then the lowest hash."""

    def order(backed: BackedCandidate) -> tuple[int, int, bytes]:
        core = validators.core_of(backed.candidate.descriptor.para_id)
        return core if core is not None else validators.cores, -len(backed.validity_votes), backed.candidate.hash

    return sorted(offered, key=order)


def _blank(backed: BackedCandidate) -> BackedCandidate:
    """The candidate as the hashed body has it: every validator signature is 64 zero bytes."""
    return _signed(backed, repeat(BLANK))


def _signed(backed: BackedCandidate, signatures: Iterator[bytes]) -> BackedCandidate:
    """The candidate with other signatures under its votes; raises `BadWitness` if they end too early."""
    votes: list[ValidityAttestation] = []
    for vote in backed.validity_votes:
        signature = next(signatures, None)
        if signature is None:
            raise RelayBlockError("BadWitness", "too few signatures")
        votes.append(Implicit(signature) if isinstance(vote, Implicit) else Explicit(signature))
    return BackedCandidate(backed.candidate, tuple(votes), backed.validator_indices)


def _with_signatures(block: RelayBlock) -> list[BackedCandidate]:
    """The backed candidates of a body with the signatures of its witness put in; raises `BadWitness`."""
    signatures = iter(block.witness)
    found = []
    for backed in block.body.backed_candidates:
        if any(vote.signature != BLANK for vote in backed.validity_votes):
            raise RelayBlockError("BadWitness", "a signature is in the body")
        found.append(_signed(backed, signatures))
    if next(signatures, None) is not None:
        raise RelayBlockError("BadWitness", "signatures left over")
    return found


def _body_root(body: InherentData) -> bytes:
    return ordered_root([BYTES.encode(INHERENT_DATA.encode(body))])
