"""Signing calls as scripts do: immortal, with the stored nonce, by a named account. Source: fees-and-origins.md §10."""

from chain.crypto.keys import Keypair
from chain.frame import Call, Environment, Runtime
from chain.pallets.system import System
from chain.primitives.extrinsic import Extrinsic, SignedBy, SigningContext, extra_bytes
from chain.scale import IMMORTAL, Era

SR25519 = 1


def wrap(runtime: Runtime, call: Call, *, root: bool, fee_asset: int | None, pays_in: int) -> Call:
    """The call as it is sent: through sudo for root, behind `set_currency` if another asset is to pay the fee."""
    if root:
        call = runtime.make_call("sudo.sudo", call)
    if fee_asset is not None and fee_asset != pays_in:
        set_currency = runtime.make_call("multi_transaction_payment.set_currency", fee_asset)
        call = runtime.make_call("utility.batch_all", (set_currency, call))
    return call


def sign_call(
    runtime: Runtime,
    call: Call,
    signer: Keypair,
    nonce: int,
    genesis_hash: bytes,
    *,
    tip: int = 0,
    era: Era = IMMORTAL,
    birth_hash: bytes | None = None,
) -> Extrinsic:
    """The signed extrinsic. The signature is deterministic, so that a replay gives the same block hash."""
    context = SigningContext(runtime.spec_version, runtime.transaction_version, genesis_hash)
    encoded, extra = runtime.call.encode(call), extra_bytes(era, nonce, tip)
    message = context.message(encoded, extra, genesis_hash if birth_hash is None else birth_hash)
    signature = signer.sign(message)
    by = SignedBy(signer.account, signer.scheme_index, signature, era, nonce, tip, extra)
    return Extrinsic.sign(encoded, by)


def nonce_of(environment: Environment, account: bytes) -> int:
    """The nonce that the account's next extrinsic has in this state."""
    return environment[System].account.get(account).nonce
