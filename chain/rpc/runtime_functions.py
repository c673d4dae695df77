"""The functions of the runtime APIs, in the order of their declarations. Source: spec/json-rpc.md, spec/metadata.md."""

from collections.abc import Callable
from typing import Any

from chain.blocks.block import Block
from chain.blocks.execute import execute_block
from chain.blocks.execution import Execution
from chain.blocks.signatures import check_signature, signing_context
from chain.blocks.validity import validate_extrinsic
from chain.crypto.keys import Keypair, SuriError, generate_phrase
from chain.frame.metadata import VERSIONS, RuntimeVersion, export, runtime_version
from chain.frame.metadata.api_types import Block as OpaqueBlock
from chain.frame.metadata.api_types import CheckInherentsResult, CollationInfo, InherentData
from chain.pallets.aura import Aura
from chain.pallets.parachain_system import ParachainSystem
from chain.pallets.payment import TransactionPayment
from chain.pallets.session import SESSION_KEYS, SessionKeys
from chain.pallets.system import System
from chain.pallets.timestamp import Timestamp
from chain.primitives.errors import DispatchError, Refused
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.fees import FeeDetails, RuntimeDispatchInfo
from chain.primitives.header import Header
from chain.primitives.validation import ParachainInherentData
from chain.primitives.validity import VALID_TRANSACTION
from chain.primitives.weight import Weight
from chain.relay.outputs import outputs_of
from chain.rpc.asked import Asked, Encoded, read_extrinsic
from chain.scale import BYTES, U64, DecodeError, codec_of

ERROR = codec_of(DispatchError)
INHERENT = codec_of(ParachainInherentData)

TIME, PARACHAIN = b"timstap0", b"sysi1337"
"""How a collator names what it brings into a block."""

TIME_DRIFT = 30_000
"""Milliseconds that a block's time may be ahead of what the collator was told."""

Function = Callable[..., Any]
FUNCTIONS: dict[str, Function] = {}
"""Functions `(asked, *arguments)` by the names that clients call; they give a value of the promised type."""


def function(name: str) -> Callable[[Function], Function]:
    def enter(run: Function) -> Function:
        FUNCTIONS[name] = run
        return run

    return enter


# -- Core, Metadata ------------------------------------------------------------------------------------------


@function("Core_version")
def version(asked: Asked) -> RuntimeVersion:
    return runtime_version(asked.view.runtime)


@function("Core_execute_block")
def execute(asked: Asked, block: OpaqueBlock) -> tuple[()]:
    execute_block(asked.view.runtime, asked.block_state(), Block(block.header, block.extrinsics))
    return ()


@function("Core_initialize_block")
def initialize(asked: Asked, header: Header) -> tuple[()]:
    Execution.open(
        asked.view.runtime, asked.block_state(), header.parent_hash, header.number, header.unsealed().digest
    )
    return ()


@function("Metadata_metadata")
def metadata(asked: Asked) -> bytes:
    return export(asked.view.runtime, VERSIONS[0])


@function("Metadata_metadata_at_version")
def metadata_at_version(asked: Asked, version: int) -> bytes | None:
    return export(asked.view.runtime, version) if version in VERSIONS else None


@function("Metadata_metadata_versions")
def metadata_versions(asked: Asked) -> tuple[int, ...]:
    return tuple(VERSIONS)


# -- BlockBuilder, TaggedTransactionQueue --------------------------------------------------------------------


@function("BlockBuilder_apply_extrinsic")
def apply_extrinsic(asked: Asked, body: bytes) -> Encoded:
    """What would become of an extrinsic in the next block, its signature checked."""
    extrinsic, execution = read_extrinsic(body), asked.next_block()
    environment = execution.environment
    try:
        check_signature(environment, signing_context(environment), extrinsic)
        applied = execution.apply(extrinsic)
    except Refused as refused:
        return Encoded(b"\x01" + refused.encode())
    return Encoded(b"\x00\x00" if applied.error is None else b"\x00\x01" + ERROR.encode(applied.error))


@function("BlockBuilder_finalize_block")
def finalize_block(asked: Asked) -> Header:
    """The header of the next block with nothing in it: a trap, as no block may lack its inherents."""
    return asked.next_block().close().header


@function("BlockBuilder_inherent_extrinsics")
def inherent_extrinsics(asked: Asked, data: InherentData) -> tuple[bytes, ...]:
    runtime, brought = asked.view.runtime, data.data
    calls = []
    if TIME in brought:
        calls.append(runtime.make_call("timestamp.set", max(U64.decode(brought[TIME]), _earliest(asked))))
    if PARACHAIN in brought:
        inherent = INHERENT.decode(brought[PARACHAIN])
        calls.append(runtime.make_call("parachain_system.set_validation_data", inherent))
    extrinsics = [Extrinsic.bare(runtime.call.encode(call)) for call in calls]
    return tuple(BYTES.decode(extrinsic.raw) for extrinsic in extrinsics)


@function("BlockBuilder_check_inherents")
def check_inherents(asked: Asked, block: OpaqueBlock, data: InherentData) -> CheckInherentsResult:
    """Whether the block's time is neither too early nor far ahead of what the collator was told."""
    errors: dict[bytes, bytes] = {}
    for body in block.extrinsics:
        call = asked.view.runtime.decode_call(read_extrinsic(body).call)
        if call.path == "timestamp.set" and TIME in data.data:
            if call.args[0] > U64.decode(data.data[TIME]) + TIME_DRIFT:
                errors[TIME] = b"\x01"
            elif call.args[0] < _earliest(asked):
                errors[TIME] = b"\x00"
    return CheckInherentsResult(not errors, bool(errors), InherentData(errors))


def _earliest(asked: Asked) -> int:
    """The earliest time that the next block may have."""
    timestamp = asked.state[Timestamp]
    return timestamp.now.get() + timestamp.minimum_period


@function("TaggedTransactionQueue_validate_transaction")
def validate_transaction(asked: Asked, source: Any, body: bytes, block: bytes) -> Encoded:
    extrinsic = read_extrinsic(body)
    try:
        valid = validate_extrinsic(asked.next_block(), extrinsic)
    except Refused as refused:
        return Encoded(b"\x01" + refused.encode())
    return Encoded(b"\x00" + VALID_TRANSACTION.encode(valid))


# -- OffchainWorkerApi, SessionKeys, AuraApi, CollectCollationInfo -------------------------------------------


@function("OffchainWorkerApi_offchain_worker")
def offchain_worker(asked: Asked, header: Header) -> tuple[()]:
    """No pallet here has an offchain worker."""
    return ()


@function("SessionKeys_generate_session_keys")
def generate_session_keys(asked: Asked, seed: bytes | None) -> bytes:
    """The session keys of a secret URI, or of a fresh one. Nothing keeps them: collators are in the chain spec."""
    try:
        key = Keypair.from_suri(generate_phrase() if seed is None else seed.decode())
    except (SuriError, UnicodeDecodeError) as error:
        raise DecodeError(f"the seed is no secret URI: {error}") from None
    return SESSION_KEYS.encode(SessionKeys(key.public))


@function("SessionKeys_decode_session_keys")
def decode_session_keys(asked: Asked, encoded: bytes) -> tuple[tuple[bytes, bytes], ...] | None:
    try:
        keys = SESSION_KEYS.decode(encoded)
    except DecodeError:
        return None
    return ((keys.aura, b"aura"),)


@function("AuraApi_slot_duration")
def slot_duration(asked: Asked) -> int:
    duration: int = asked.state[Aura].slot_duration
    return duration


@function("AuraApi_authorities")
def authorities(asked: Asked) -> tuple[bytes, ...]:
    return asked.state[Aura].authorities.get()


@function("CollectCollationInfo_collect_collation_info")
def collect_collation_info(asked: Asked, header: Header) -> CollationInfo:
    outputs = outputs_of(asked.state[ParachainSystem], header.encode())
    return CollationInfo(
        outputs.upward_messages,
        outputs.horizontal_messages,
        outputs.new_validation_code,
        outputs.processed_downward_messages,
        outputs.hrmp_watermark,
        outputs.head_data,
    )


# -- AccountNonceApi, TransactionPaymentApi ------------------------------------------------------------------


@function("AccountNonceApi_account_nonce")
def account_nonce(asked: Asked, account: bytes) -> int:
    nonce: int = asked.state[System].account.get(account).nonce
    return nonce


@function("TransactionPaymentApi_query_info")
def query_info(asked: Asked, body: bytes, length: int) -> RuntimeDispatchInfo:
    """The signature is not looked at, and the tip not counted; the length is the one given."""
    extrinsic = read_extrinsic(body)
    info = asked.state.info(asked.view.runtime.decode_call(extrinsic.call))
    fee = asked.state[TransactionPayment].fee(info, length, 0) if extrinsic.signed else 0
    return RuntimeDispatchInfo(info.weight, info.class_, fee)


@function("TransactionPaymentApi_query_fee_details")
def query_fee_details(asked: Asked, body: bytes, length: int) -> FeeDetails:
    extrinsic = read_extrinsic(body)
    info = asked.state.info(asked.view.runtime.decode_call(extrinsic.call))
    if extrinsic.signed is None:
        return FeeDetails(None, 0)
    return asked.state[TransactionPayment].details(info, length, 0)


@function("TransactionPaymentApi_query_weight_to_fee")
def query_weight_to_fee(asked: Asked, weight: Weight) -> int:
    return asked.state[TransactionPayment].weight_to_fee(weight)


@function("TransactionPaymentApi_query_length_to_fee")
def query_length_to_fee(asked: Asked, length: int) -> int:
    return asked.state[TransactionPayment].length_to_fee(length)
