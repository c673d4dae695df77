"""The runtime APIs: what clients may ask of the runtime by `state_call`. Source: spec/json-rpc.md, "Runtime functions".

One API of the live runtime is left out, since no node of this program answers it: GenesisBuilder, which reads the
genesis configuration of the live runtime's pallets in JSON. The first state is built from a chain spec here.
"""

from typing import NamedTuple

from chain.frame.metadata.api_types import (
    OPAQUE_METADATA,
    SLOT_DURATION,
    Block,
    CheckInherentsResult,
    CollationInfo,
    InherentData,
)
from chain.frame.metadata.extrinsic import UNCHECKED_EXTRINSIC
from chain.frame.metadata.forms import Choice, Choices, Form, Part, result_form
from chain.frame.metadata.registry import Described
from chain.frame.metadata.version import RuntimeVersion
from chain.primitives.errors import DispatchError, InvalidReason, UnknownReason
from chain.primitives.fees import FeeDetails, RuntimeDispatchInfo
from chain.primitives.header import Header
from chain.primitives.session_keys import AURA_KEY, KEY_TYPE
from chain.primitives.validity import TransactionSource, ValidTransaction
from chain.primitives.weight import Weight
from chain.scale import (
    ACCOUNT_ID,
    BALANCE,
    BYTES,
    H256_CODEC,
    U8,
    U32,
    UNIT,
    AnyCodec,
    OptionOf,
    ResultOf,
    TupleOf,
    VecOf,
    codec_of,
)


class Method(NamedTuple):
    """A function of an API, with named arguments."""

    name: str
    doc: str
    output: Described
    inputs: tuple[tuple[str, AnyCodec], ...] = ()


class Api(NamedTuple):
    """A runtime API; its functions are called `Name_method`."""

    name: str
    doc: str
    methods: tuple[Method, ...]


# -- what the pool is told (substrate.md §6) -----------------------------------------------------------------


def _reasons(name: str, reasons: type[InvalidReason] | type[UnknownReason]) -> Form:
    choices = (Choice(each.name, each.value, (Part(U8),) if each.name == "Custom" else ()) for each in reasons)
    return Form(Choices(tuple(choices)), f"sp_runtime::transaction_validity::{name}")


def _validity_error() -> Form:
    """Why an extrinsic is taken into no block: the bytes of `Refused.encode`."""
    invalid = Choice("Invalid", 0, (Part(_reasons("InvalidTransaction", InvalidReason)),))
    unknown = Choice("Unknown", 1, (Part(_reasons("UnknownTransaction", UnknownReason)),))
    return Form(Choices((invalid, unknown)), "sp_runtime::transaction_validity::TransactionValidityError")


VALIDITY_ERROR = _validity_error()
VALIDITY = result_form(codec_of(ValidTransaction), VALIDITY_ERROR)
APPLIED = result_form(ResultOf(UNIT, codec_of(DispatchError)), VALIDITY_ERROR)

# -- the APIs ------------------------------------------------------------------------------------------------

HEADER, BLOCK = codec_of(Header), codec_of(Block)
INHERENTS = codec_of(InherentData)
EXTRINSIC_AND_LENGTH = (("uxt", UNCHECKED_EXTRINSIC), ("len", U32))

CORE = Api(
    "Core",
    "What every runtime can do.",
    (
        Method("version", "The version of the runtime.", codec_of(RuntimeVersion)),
        Method("execute_block", "Execute a whole block.", UNIT, (("block", BLOCK),)),
        Method("initialize_block", "Open a block with this header.", UNIT, (("header", HEADER),)),
    ),
)
METADATA = Api(
    "Metadata",
    "What this runtime says of itself.",
    (
        Method("metadata", "The metadata of version 14.", OPAQUE_METADATA),
        Method(
            "metadata_at_version",
            "The metadata of a version; none for one that is not offered.",
            OptionOf(OPAQUE_METADATA),
            (("version", U32),),
        ),
        Method("metadata_versions", "The versions offered.", VecOf(U32)),
    ),
)
BLOCK_BUILDER = Api(
    "BlockBuilder",
    "Building a block step by step.",
    (
        Method(
            "apply_extrinsic", "Apply an extrinsic to the open block.", APPLIED, (("extrinsic", UNCHECKED_EXTRINSIC),)
        ),
        Method("finalize_block", "Close the block.", HEADER),
        Method(
            "inherent_extrinsics",
            "The inherents that bring this data into a block.",
            VecOf(UNCHECKED_EXTRINSIC),
            (("inherent", INHERENTS),),
        ),
        Method(
            "check_inherents",
            "Compare a block's inherents with this data.",
            codec_of(CheckInherentsResult),
            (("block", BLOCK), ("data", INHERENTS)),
        ),
    ),
)
TAGGED_TRANSACTION_QUEUE = Api(
    "TaggedTransactionQueue",
    "The pool's questions.",
    (
        Method(
            "validate_transaction",
            "Whether an extrinsic may wait for a block: signature, nonce, era and fee.",
            VALIDITY,
            (("source", codec_of(TransactionSource)), ("tx", UNCHECKED_EXTRINSIC), ("block_hash", H256_CODEC)),
        ),
    ),
)
OFFCHAIN_WORKER = Api(
    "OffchainWorkerApi",
    "What pallets do beside the chain.",
    (Method("offchain_worker", "Run what belongs to the block with this header.", UNIT, (("header", HEADER),)),),
)
SESSION_KEYS = Api(
    "SessionKeys",
    "The keys of collators.",
    (
        Method(
            "generate_session_keys",
            "Make a set of session keys from a seed and keep them.",
            BYTES,
            (("seed", OptionOf(BYTES)),),
        ),
        Method(
            "decode_session_keys",
            "The public keys in a set of session keys, each with what it is for.",
            OptionOf(VecOf(TupleOf([BYTES, KEY_TYPE]))),
            (("encoded", BYTES),),
        ),
    ),
)
AURA = Api(
    "AuraApi",
    "Whose turn it is.",
    (
        Method("slot_duration", "Milliseconds of a slot.", SLOT_DURATION),
        Method("authorities", "The keys of those who take turns, in order.", VecOf(AURA_KEY)),
    ),
)
COLLECT_COLLATION_INFO = Api(
    "CollectCollationInfo",
    "What a collator asks after building a block.",
    (
        Method(
            "collect_collation_info",
            "What the block gives to the relay chain.",
            codec_of(CollationInfo),
            (("header", HEADER),),
        ),
    ),
)
ACCOUNT_NONCE = Api(
    "AccountNonceApi",
    "Nonces.",
    (Method("account_nonce", "The nonce of an account's next extrinsic.", U32, (("account", ACCOUNT_ID),)),),
)
TRANSACTION_PAYMENT = Api(
    "TransactionPaymentApi",
    "Fees.",
    (
        Method(
            "query_info",
            "Weight, class and fee of an extrinsic.",
            codec_of(RuntimeDispatchInfo),
            EXTRINSIC_AND_LENGTH,
        ),
        Method("query_fee_details", "The parts of an extrinsic's fee.", codec_of(FeeDetails), EXTRINSIC_AND_LENGTH),
        Method("query_weight_to_fee", "The fee for weight.", BALANCE, (("weight", codec_of(Weight)),)),
        Method("query_length_to_fee", "The fee for bytes.", BALANCE, (("length", U32),)),
    ),
)

APIS = (
    CORE,
    METADATA,
    BLOCK_BUILDER,
    TAGGED_TRANSACTION_QUEUE,
    OFFCHAIN_WORKER,
    SESSION_KEYS,
    AURA,
    COLLECT_COLLATION_INFO,
    ACCOUNT_NONCE,
    TRANSACTION_PAYMENT,
)
"""In the live runtime's order."""
