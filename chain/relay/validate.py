"""validate_block: is this block a correct child of that head. Source: spec/relay.md §7.

A pure function of bytes: no store, no clock, no network. The first failing step decides the error, always a
`PvfError`. Whatever the state transition needs must be in the proof; nothing else exists.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chain.blocks.block import Block
from chain.blocks.errors import BadExtrinsic, DigestMismatch, ExtrinsicsRootMismatch, StateRootMismatch
from chain.blocks.execute import execute_block
from chain.blocks.execution import CODE
from chain.blocks.seal import author_of, seal_is_good
from chain.crypto.hashing import blake2_256
from chain.frame import ConstantError, DeclarationError, Environment, Runtime
from chain.pallets.aura import Aura
from chain.pallets.parachain_info import ParachainInfo
from chain.pallets.parachain_system import ParachainSystem
from chain.pallets.relay_state import RelayState
from chain.primitives.errors import InherentError, InvalidBlock
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import ParachainInherentData
from chain.relay.block_data import ParachainBlockData, ValidationParams, ValidationResult, decode_block_data
from chain.relay.candidate import CandidateCommitments
from chain.relay.errors import PvfError
from chain.relay.inherents import leading_bare, read_timestamp, read_validation_data
from chain.relay.outputs import outputs_of
from chain.relay.parameters import SLOT_MS
from chain.scale import DecodeError
from chain.state import RAW, BlockState, StateLimit
from chain.trie import ExtraneousNode, MemoryStore, MissingTrieNode, TrieError, decode_compact

Load = Callable[[bytes], Runtime]
"""From `:code` to the runtime; raises DeclarationError for a program this process does not have."""

STATE_VERSION = 1
MAX_MESSAGES = 16_384
STORAGE_OPERATIONS = 5_000_000
"""What stands for the execution time limit: time is not deterministic, storage operations are (§2)."""

_REASONS = {"Call": "Undecodable", "BadMandatory": "Mandatory"}
"""The specification's words for why an extrinsic may not be in a block, where they are not the runtime's."""


class UnknownCode(Exception):
    """The validator's program does not know this runtime: it abstains."""


class Validated(NamedTuple):
    """What a correct block gives: its outputs, and the trie nodes that its state adds to the parent's.

    `code_hash` is that of the program which the parent's state holds, and which was run.
    """

    result: ValidationResult
    nodes: dict[bytes, bytes]
    code_hash: bytes

    def giving(self, said: CandidateCommitments) -> "Validated":
        """The same block under a runtime that gives these outputs."""
        head, code, up, across, down, mark = (
            self.result.head_data,
            said.new_validation_code,
            said.upward_messages,
            said.horizontal_messages,
            said.processed_downward_messages,
            said.hrmp_watermark,
        )
        return self._replace(result=ValidationResult(head, code, up, across, down, mark))


def validate_block(params: ValidationParams, load: Load) -> ValidationResult:
    """What the block of `params` does, if it is correct; raises `PvfError` if not, `UnknownCode` to abstain."""
    return validate(params, load).result


def validate(
    params: ValidationParams,
    load: Load,
    operations: int = STORAGE_OPERATIONS,
    look: Callable[[BlockState], None] | None = None,
) -> Validated:
    """`validate_block`, with the new trie nodes too; the numbers are those of the specification's table.

    `look` is shown the state in which a correct block has run: the parent's proved state under what the block wrote.
    """
    data = _block_data(params)  # 1
    parent = _parent_head(params)  # 2
    if data.header.parent_hash != blake2_256(params.parent_head):  # 3
        raise PvfError("InvalidParentHash")
    inherent = read_validation_data(data.extrinsics)  # 4
    _check_validation_data(inherent, params)  # 5
    state = _proved_state(data, parent, operations)  # 6
    try:
        runtime = _runtime(state, load)
        environment = runtime.open(state.overlay)
        slot, included_head = _relay_entries(environment, inherent)  # 7
        _check_time(read_timestamp(data.extrinsics), slot)  # 8
        _check_seal(environment[Aura].authorities.get(), data.header)  # 9
        if data.header.number != parent.number + 1:  # 10
            raise PvfError("BadBlockNumber", f"{data.header.number} follows {parent.number}")
        _check_place(environment, data.header, params.relay_parent_number, included_head)  # 11, 12
        environment.let_go()
        validated = _execute(runtime, state, data)  # 13–22
    except MissingTrieNode as missing:  # 17
        raise PvfError("MissingTrieNode", argument="0x" + missing.key.hex()) from None
    except TrieError as error:
        raise PvfError("BadStorageProof", str(error)) from None
    except StateLimit:
        raise PvfError("BlockExhausted", f"more than {operations} storage operations") from None
    if look is not None:
        look(state)
    return validated


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


def _proved_state(data: ParachainBlockData, parent: Header, operations: int) -> BlockState:
    """The part of the parent's state that the proof holds. A proof of another state is that before all else."""
    extraneous = ""
    try:
        try:
            root, nodes = decode_compact(data.proof)
        except ExtraneousNode as error:
            root, nodes = decode_compact(_complete(data.proof))
            extraneous = str(error)
    except TrieError as error:
        raise PvfError("BadStorageProof", str(error)) from None
    if root != parent.state_root:
        raise PvfError("BadStorageProof", "the proof is of another state")
    if extraneous:
        raise PvfError("ExtraneousProofNode", extraneous)
    return BlockState(MemoryStore(nodes), root, STATE_VERSION, operations)


def _complete(proof: Sequence[bytes]) -> Sequence[bytes]:
    """The beginning of a proof that is a whole one, where something is left over behind it."""
    few, many = 0, len(proof)  # `few` items are too few, `many` too many, or just enough
    while many - few > 1:
        half = (few + many) // 2
        try:
            decode_compact(proof[:half])
        except ExtraneousNode:
            many = half
        except TrieError:
            few = half
        else:
            return proof[:half]
    return proof[:many]


def _runtime(state: BlockState, load: Load) -> Runtime:
    code = state.overlay.read(CODE, RAW)
    if code is None:
        raise UnknownCode("the state has no :code")
    try:
        return load(code)
    except (DeclarationError, ConstantError, DecodeError) as error:
        raise UnknownCode(str(error)) from None


def _relay_entries(environment: Environment, inherent: ParachainInherentData) -> tuple[int, bytes]:
    """The slot and the included head, as the proof of the relay chain's state has them; all else must be readable."""
    root, nodes = inherent.validation_data.relay_parent_storage_root, inherent.relay_chain_state.trie_nodes
    try:
        relay = RelayState(root, nodes, environment[ParachainInfo].own_id())
        relay.messaging(relay.host_configuration())
        relay.restriction()
        relay.go_ahead()
        return relay.slot(), relay.included_head()
    except InherentError as error:
        raise PvfError(error.kind, error.why) from None


def _check_time(told: int | None, slot: int) -> None:
    if told is None:
        raise PvfError("InherentCheckFailed", "the time is not told")
    if told != slot * SLOT_MS:
        raise PvfError("InherentCheckFailed", f"time {told} in relay slot {slot}")


def _check_seal(authorities: Sequence[bytes], header: Header) -> None:
    """The slot's author sealed the header."""
    slot = header.slot
    if slot is None or not authorities or header.seal is None:
        raise PvfError("BadSeal", "no slot, no seal or no authorities")
    if seal_is_good(header, author_of(slot, authorities)):
        return
    if any(seal_is_good(header, other) for other in authorities):
        raise PvfError("WrongAuthor", f"slot {slot} is another's")
    raise PvfError("BadSeal", "the signature is not the author's")


def _check_place(environment: Environment, header: Header, relay_number: int, included_head: bytes) -> None:
    """The relay parent is newer than the last block's, and has the parent block as the included one."""
    last = environment[ParachainSystem].last_relay_chain_block_number.get()
    if relay_number <= last:
        raise PvfError("RelayParentNotAdvancing", f"relay parent {relay_number} follows {last}")
    if blake2_256(included_head) != header.parent_hash:
        raise PvfError("ParentNotIncluded")


def _execute(runtime: Runtime, state: BlockState, data: ParachainBlockData) -> Validated:
    """The state transition, root by root; every refusal of it under the name that reports use."""
    try:
        closed = execute_block(runtime, state, Block(data.header, data.extrinsics))
    except InherentError as error:  # 13–15
        raise PvfError(error.kind, error.why) from None
    except BadExtrinsic as error:  # 16
        reason = _reason(error, data.extrinsics)
        raise PvfError("BadExtrinsic", argument=f"{error.index}, {reason}") from None
    except InvalidBlock as error:  # 18
        raise PvfError("Panic", str(error)) from None
    except DigestMismatch as error:  # 19
        raise PvfError("DigestMismatch", str(error)) from None
    except StateRootMismatch as error:  # 20
        raise PvfError("StateRootMismatch", str(error)) from None
    except ExtrinsicsRootMismatch as error:  # 21
        raise PvfError("ExtrinsicsRootMismatch", str(error)) from None
    after = runtime.open(state.overlay)
    result = outputs_of(after[ParachainSystem], HEADER.encode(data.header))
    after.let_go()
    if len(result.upward_messages) > MAX_MESSAGES or len(result.horizontal_messages) > MAX_MESSAGES:  # 22
        raise PvfError("TooManyMessages")
    return Validated(result, closed.nodes, runtime.code_hash)  # 23


def _reason(error: BadExtrinsic, extrinsics: Sequence[bytes]) -> str:
    """Why the extrinsic may not be there, in the specification's words."""
    if error.reason == "BadMandatory" and error.index >= leading_bare(extrinsics):
        return "InherentNotFirst"
    return _REASONS.get(error.reason, error.reason)
