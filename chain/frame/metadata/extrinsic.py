"""Extrinsics as metadata says them, with the signed extensions of the live runtime. Source: spec/substrate.md §5."""

from typing import ClassVar, NamedTuple

from chain.frame.call import RUNTIME_CALL
from chain.frame.metadata.forms import Form, Part, Row, Together
from chain.scale import (
    ACCOUNT_ID,
    BYTES,
    ERA,
    H256_CODEC,
    MULTI_SIGNATURE,
    U32,
    U128,
    UNIT,
    AnyCodec,
    CompactOf,
    NewtypeOf,
    Struct,
    codec_of,
)

VERSION = 4

_SYSTEM = "frame_system::extensions::"


class CheckSpecVersion(Struct):
    path: ClassVar[str] = _SYSTEM + "check_spec_version::CheckSpecVersion"


class CheckTxVersion(Struct):
    path: ClassVar[str] = _SYSTEM + "check_tx_version::CheckTxVersion"


class CheckGenesis(Struct):
    path: ClassVar[str] = _SYSTEM + "check_genesis::CheckGenesis"


class CheckWeight(Struct):
    path: ClassVar[str] = _SYSTEM + "check_weight::CheckWeight"


CHECK_MORTALITY = NewtypeOf(ERA, "CheckMortality", _SYSTEM + "check_mortality::CheckMortality")
CHECK_NONCE = NewtypeOf(CompactOf(U32), "CheckNonce", _SYSTEM + "check_nonce::CheckNonce")
CHARGE = NewtypeOf(CompactOf(U128), "ChargeTransactionPayment", "pallet_transaction_payment::ChargeTransactionPayment")


class Extension(NamedTuple):
    """A signed extension: what it adds to the extrinsic, and what else is signed for it."""

    extra: AnyCodec
    additional: AnyCodec = UNIT

    @property
    def identifier(self) -> str:
        return self.extra.notation


EXTENSIONS = (
    Extension(codec_of(CheckSpecVersion), U32),
    Extension(codec_of(CheckTxVersion), U32),
    Extension(codec_of(CheckGenesis), H256_CODEC),
    Extension(CHECK_MORTALITY, H256_CODEC),
    Extension(CHECK_NONCE),
    Extension(codec_of(CheckWeight)),
    Extension(CHARGE),
)
"""In the order in which they stand in an extrinsic. Clients know them by their identifiers."""

ADDRESS, SIGNATURE = ACCOUNT_ID, MULTI_SIGNATURE
EXTRA = Form(Together(tuple(extension.extra for extension in EXTENSIONS)))

UNCHECKED_EXTRINSIC = NewtypeOf(
    BYTES, "UncheckedExtrinsic", "sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic"
)
"""An extrinsic as clients send it: its bytes behind their length."""


def extrinsic_form() -> Form:
    """The extrinsic type. Clients find address, call and signature by these parameters, in this order."""
    params = (("Address", ADDRESS), ("Call", RUNTIME_CALL), ("Signature", SIGNATURE), ("Extra", EXTRA))
    return Form(Row((Part(BYTES),)), UNCHECKED_EXTRINSIC.path, params, UNCHECKED_EXTRINSIC.path)
