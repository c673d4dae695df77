"""Finality: precommits, and the justification that n − f of them make. Source: spec/relay.md §11.

There is one round a relay block, of the block's number; the set is the session's.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from chain.crypto.keys import Keypair, verify
from chain.primitives.header import Header
from chain.relay.errors import FinalityError
from chain.relay.payloads import precommit_payload
from chain.relay.thresholds import supermajority
from chain.relay.types import Justification, Precommit, SignedPrecommit
from chain.relay.validators import ValidatorSet

ED25519 = 0
STALLED = 500
"""Relay blocks that finality may lag behind before authors stop including candidates."""


@cache
def grandpa_key(index: int) -> Keypair:
    """`//Validator//i` again, as the ed25519 key that signs precommits."""
    return Keypair.from_suri(f"//Validator//{index}", "ed25519")


def sign_precommit(target: Header, round_: int, set_id: int, index: int) -> SignedPrecommit:
    """Validator `index` votes for `target` and all its ancestors."""
    key = grandpa_key(index)
    payload = precommit_payload(target.hash, target.number, round_, set_id)
    return SignedPrecommit(Precommit(target.hash, target.number), key.sign(payload), key.public)


def is_signed(vote: SignedPrecommit, round_: int, set_id: int) -> bool:
    payload = precommit_payload(vote.precommit.target_hash, vote.precommit.target_number, round_, set_id)
    return verify(ED25519, vote.signature, payload, vote.id)


def honest_votes(votes: Sequence[SignedPrecommit]) -> tuple[list[SignedPrecommit], list[bytes]]:
    """The votes of those that voted for one block only, and the keys of those that voted for several."""
    targets: dict[bytes, set[bytes]] = {}
    for vote in votes:
        targets.setdefault(vote.id, set()).add(vote.precommit.target_hash)
    liars = [key for key, hashes in targets.items() if len(hashes) > 1]
    kept: dict[bytes, SignedPrecommit] = {}
    for vote in votes:
        if len(targets[vote.id]) == 1:
            kept.setdefault(vote.id, vote)
    return list(kept.values()), liars


def check_justification(
    validators: ValidatorSet, justification: Justification, target: Header, line: Mapping[bytes, Header]
) -> None:
    """Is `target` final by this; raises `FinalityError` if not. `line` are known headers by hash, ancestors first."""
    if (justification.target_hash, justification.target_number) != (target.hash, target.number):
        raise FinalityError("WrongTarget", f"it is for relay block {justification.target_number}")
    known = {**line, target.hash: target, **{header.hash: header for header in justification.ancestry}}
    set_id = validators.session_at(justification.round)
    keys = {grandpa_key(index).public for index in range(validators.parameters.validators)}
    votes, liars = honest_votes(justification.precommits)
    if liars:
        raise FinalityError("Equivocation", f"{len(liars)} voted twice")
    for vote in votes:
        if vote.id not in keys:
            raise FinalityError("UnknownVoter", f"0x{vote.id.hex()}")
        if not is_signed(vote, justification.round, set_id):
            raise FinalityError("BadSignature", f"0x{vote.id.hex()}")
        if not _descends(known, vote.precommit.target_hash, target):
            raise FinalityError("WrongTarget", "a vote is for another line")
    needed = supermajority(validators.parameters.validators)
    if len(votes) < needed:
        raise FinalityError("NotEnoughVotes", f"{len(votes)} of {needed}")


def _descends(known: Mapping[bytes, Header], block: bytes, ancestor: Header) -> bool:
    while block != ancestor.hash:
        header = known.get(block)
        if header is None or header.number <= ancestor.number:
            return False
        block = header.parent_hash
    return True
