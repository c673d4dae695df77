"""validate_block: is this block a correct child of that head. Source: spec/relay.md §7.

A pure function of bytes: no store, no clock, no network. The first failing step decides the error, always a
`PvfError`. Whatever the state transition needs must be in the proof; nothing else exists.
"""

from collections.abc import Callable

from chain.blocks.block import Block
from chain.blocks.errors import BadExtrinsic, DigestMismatch, ExtrinsicsRootMismatch, StateRootMismatch
from chain.blocks.execute import execute_block
from chain.blocks.execution import CODE
from chain.blocks.seal import author_of, seal_is_good
from chain.frame import DeclarationError, Runtime
from chain.pallets.aura import Aura
from chain.pallets.parachain_system import ParachainSystem
from chain.primitives.errors import InherentError, InvalidBlock
from chain.primitives.header import HEADER, Header
from chain.primitives.relay_keys import CURRENT_SLOT
from chain.primitives.validation import ParachainInherentData
from chain.relay.collator import outputs_of
from chain.relay.errors import PvfError
from chain.relay.inherents import decode_inherents
from chain.relay.parameters import SLOT_MS
from chain.relay.types import ParachainBlockData, ValidationParams, ValidationResult, decode_block_data
from chain.scale import U64, DecodeError
from chain.state import RAW, BlockState, StateLimit
from chain.trie import BadProof, ExtraneousNode, MemoryStore, MissingTrieNode, ProofStore, Trie, TrieError, decode_compact

Load = Callable[[bytes], Runtime]
"""From `:code` to the runtime; raises DeclarationError for a program this process does not have."""

MAX_MESSAGES = 16_384
STORAGE_OPERATIONS = 5_000_000
"""What stands for the execution time limit: time is not deterministic, storage operations are (§2)."""


class UnknownCode(Exception):
    """The validator's program does not know this runtime: it abstains."""


def validate_block(params: ValidationParams, load: Load) -> ValidationResult:
    """Check `params` step by step; the numbers are those of the specification's table."""
    data = _block_data(params)  # 1
    parent = _parent_head(params)  # 2
    if data.header.parent_hash != parent.hash:  # 3
        raise PvfError("InvalidParentHash")
    timestamp, inherent = decode_inherents(data.extrinsics)  # 4
    _check_validation_data(inherent, params)  # 5
    state = _proved_state(data, parent)  # 6
    slot = _relay_slot(inherent)  # 7
    if timestamp is not None and timestamp != slot * SLOT_MS:  # 8
        raise PvfError("InherentCheckFailed", f"timestamp {timestamp} in relay slot {slot}")
    try:
        runtime = _runtime(state, load)
        _check_seal(runtime, state, data.header)  # 9
        if data.header.number != parent.number + 1:  # 10
            raise PvfError("BadBlockNumber")
        return _execute(runtime, state, data)  # 11–22
    except MissingTrieNode as missing:  # 17
        raise PvfError("MissingTrieNode", "0x" + missing.key.hex()) from None
    except TrieError as error:
        raise PvfError("BadStorageProof", str(error)) from None


def _block_data(params: ValidationParams) -> ParachainBlockData:
    try:
        return decode_block_data(params.block_data)
    except DecodeError as error:
        raise PvfError("BadBlockData", str(error)) from None


def _parent_head(params: ValidationParams) -> Header:
    try:
        header: Header = HEADER.decode(params.parent_head)
    except DecodeError as error:
        raise PvfError("BadParentHead", str(error)) from None
    return header


def _check_validation_data(inherent: ParachainInherentData, params: ValidationParams) -> None:
    """The inherent says of the parent and the relay parent what the relay chain says."""
    said = inherent.validation_data
    if said.parent_head != params.parent_head:
        raise PvfError("ParentHeadMismatch")
    if said.relay_parent_number != params.relay_parent_number:
        raise PvfError("RelayParentNumberMismatch")
    if said.relay_parent_storage_root != params.relay_parent_storage_root:
        raise PvfError("RelayStorageRootMismatch")


def _proved_state(data: ParachainBlockData, parent: Header) -> BlockState:
    """The part of the parent's state that the proof holds."""
    try:
        root, nodes = decode_compact(data.proof)
    except ExtraneousNode as error:
        raise PvfError("ExtraneousProofNode", str(error)) from None
    except TrieError as error:
        raise PvfError("BadStorageProof", str(error)) from None
    if root != parent.state_root:
        raise PvfError("BadStorageProof", "the proof is of another state")
    return BlockState(MemoryStore(nodes), root, 1, STORAGE_OPERATIONS)


def _relay_slot(inherent: ParachainInherentData) -> int:
    """The current slot, as the proof of the relay chain's state has it."""
    root = inherent.validation_data.relay_parent_storage_root
    try:
        value = Trie(ProofStore(inherent.relay_chain_state.trie_nodes), root, 1).get(CURRENT_SLOT)
    except (MissingTrieNode, BadProof, TrieError) as error:
        raise PvfError("BadRelayProof", str(error)) from None
    if value is None:
        raise PvfError("RelayEntryMissing", "the current slot")
    try:
        return U64.decode(value)
    except DecodeError as error:
        raise PvfError("RelayEntryMissing", str(error)) from None


def _runtime(state: BlockState, load: Load) -> Runtime:
    code = state.overlay.read(CODE, RAW)
    if code is None:
        raise PvfError("BadStorageProof", "the state has no :code")
    try:
        return load(code)
    except (DeclarationError, DecodeError) as error:
        raise UnknownCode(str(error)) from None


def _check_seal(runtime: Runtime, state: BlockState, header: Header) -> None:
    """The slot's author sealed the header."""
    authorities = runtime.open(state.overlay)[Aura].authorities.get()
    slot = header.slot
    if slot is None or not authorities or header.seal is None:
        raise PvfError("BadSeal", "no slot, no seal or no authorities")
    author = author_of(slot, authorities)
    if seal_is_good(header, author):
        return
    if any(seal_is_good(header, other) for other in authorities):
        raise PvfError("WrongAuthor", f"slot {slot} is another's")
    raise PvfError("BadSeal")


def _execute(runtime: Runtime, state: BlockState, data: ParachainBlockData) -> ValidationResult:
    """The state transition, root by root; every refusal of it under the name that reports use."""
    try:
        execute_block(runtime, state, Block(data.header, data.extrinsics))
    except InherentError as error:  # 11–15
        raise PvfError(error.kind, error.why) from None
    except BadExtrinsic as error:  # 16
        raise PvfError(f"BadExtrinsic({error.index}, {error.reason})") from None
    except StateLimit:
        raise PvfError("BlockExhausted", f"more than {STORAGE_OPERATIONS} storage operations") from None
    except InvalidBlock as error:  # 18
        raise PvfError("Panic", str(error)) from None
    except DigestMismatch as error:  # 19
        raise PvfError("DigestMismatch", str(error)) from None
    except StateRootMismatch as error:  # 20
        raise PvfError("StateRootMismatch", str(error)) from None
    except ExtrinsicsRootMismatch as error:  # 21
        raise PvfError("ExtrinsicsRootMismatch", str(error)) from None
    result = outputs_of(runtime.open(state.overlay)[ParachainSystem], HEADER.encode(data.header))
    if len(result.upward_messages) > MAX_MESSAGES or len(result.horizontal_messages) > MAX_MESSAGES:  # 22
        raise PvfError("TooManyMessages")
    return result
