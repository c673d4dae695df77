"""The first pass over a body: is each extrinsic signed by whom it says. Source: spec/substrate.md §5.

It needs only the implicit data, so it can run anywhere; an author may reuse the pool's verdict, a validator never.
"""

from collections.abc import Sequence

from chain.crypto.keys import verify
from chain.frame import Environment
from chain.pallets.system import System
from chain.primitives.errors import Invalid, InvalidReason, Refused
from chain.primitives.extrinsic import Extrinsic, SigningContext
from chain.scale import Era


def signing_context(environment: Environment) -> SigningContext:
    """Versions and genesis hash, as the state says them."""
    runtime = environment.runtime
    genesis = environment[System].block_hash.get(0)
    return SigningContext(runtime.spec_version, runtime.transaction_version, genesis)


def birth_hash(environment: Environment, era: Era) -> bytes:
    """The hash of the block at which `era` was born, seen from the block being built.

    Raises `Invalid(AncientBirthBlock)` if the state no longer knows it.
    """
    system = environment[System]
    genesis = system.block_hash.get(0)  # every signature covers it: authors record it here, validators need it
    if era.immortal:
        return genesis
    birth = era.birth(system.number.get())
    if not system.block_hash.contains(birth):
        raise Invalid(InvalidReason.AncientBirthBlock)
    return system.block_hash.get(birth)


def check_signature(environment: Environment, context: SigningContext, extrinsic: Extrinsic) -> None:
    """Raises `Invalid(AncientBirthBlock)` or `Invalid(BadProof)`; there is nothing to check of a bare extrinsic."""
    by = extrinsic.signed
    if by is None:
        return
    message = context.message(extrinsic.call, by.extra, birth_hash(environment, by.era))
    if not verify(by.scheme, by.signature, message, by.account):
        raise Invalid(InvalidReason.BadProof)


def check_signatures(environment: Environment, extrinsics: Sequence[Extrinsic]) -> list[Refused | None]:
    """The verdict on each extrinsic of a body, in order."""
    context: SigningContext | None = None
    verdicts: list[Refused | None] = []
    for extrinsic in extrinsics:
        try:
            if extrinsic.signed is not None:
                context = context or signing_context(environment)
                check_signature(environment, context, extrinsic)
        except Refused as refused:
            verdicts.append(refused)
        else:
            verdicts.append(None)
    return verdicts
