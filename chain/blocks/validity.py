"""May an extrinsic wait for a block: the pool's question. Source: spec/substrate.md §5, §6."""

from chain.blocks.execution import Execution
from chain.blocks.signatures import check_signature, signing_context
from chain.primitives.errors import Invalid, InvalidReason, Unknown, UnknownReason
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.validity import ValidTransaction
from chain.scale import DecodeError

FOREVER = (1 << 64) - 1


def tag(account: bytes, nonce: int) -> bytes:
    """What an extrinsic of `account` with this nonce provides."""
    return account + nonce.to_bytes(4, "little")


def validate_extrinsic(execution: Execution, extrinsic: Extrinsic) -> ValidTransaction:
    """Judge `extrinsic` for a block that was just opened and will be thrown away.

    Raises `Refused`. A nonce ahead of the account's is valid, and requires the one before it.
    """
    environment, by = execution.environment, extrinsic.signed
    try:
        call = environment.runtime.decode_call(extrinsic.call)
    except DecodeError:
        raise Invalid(InvalidReason.Call) from None
    if by is None:
        if call.path.startswith("system."):
            raise Invalid(InvalidReason.Call)
        raise Unknown(UnknownReason.NoUnsignedValidator)
    check_signature(environment, signing_context(environment), extrinsic)
    info = execution.system.account.get(by.account)
    if info.providers == 0 and info.sufficients == 0:
        raise Invalid(InvalidReason.Payment)
    if by.nonce < info.nonce:
        raise Invalid(InvalidReason.Stale)
    declared, length = environment.info(call), len(extrinsic.raw)
    context, used = environment.context, execution.meter.mark()
    mark = context.mark()
    try:
        execution.meter.check(declared, length)
        execution.payment.withdraw_fee(by.account, call, declared, length, by.tip)
    finally:
        context.rollback(mark)
        execution.meter.rollback(used)
    death = by.era.death(execution.number)
    requires = (tag(by.account, by.nonce - 1),) if by.nonce > info.nonce else ()
    longevity = FOREVER if death is None else death - execution.number
    return ValidTransaction(min(by.tip, FOREVER), requires, (tag(by.account, by.nonce),), longevity, True)
