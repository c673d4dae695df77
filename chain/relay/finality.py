"""Finality: precommits, and the justification that n − f of them make. Source: spec/relay.md §11.

There is one round a relay block, of the block's number; the set is the session's.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from chain.crypto.keys import Keypair, verify
from chain.primitives.header import Header
from chain.relay.errors import FinalityError
from chain.relay.finality_types import Justification, Precommit, SignedPrecommit
from chain.relay.payloads import precommit_payload
from chain.relay.thresholds import supermajority
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
    """Is `target` final by this; raises `FinalityError` if not.

    `line` are headers that are known anyway, by hash. A vote for a descendant counts where headers of it or of the
    justification's ancestry lead to the target; an ancestry holds no header that no vote needs.
    """
    if (justification.target_hash, justification.target_number) != (target.hash, target.number):
        raise FinalityError("WrongTarget", f"it is for relay block {justification.target_number}")
    unused = {header.hash: header for header in justification.ancestry}
    known = {**line, target.hash: target, **unused}
    set_id = validators.session_at(justification.round)
    keys = {grandpa_key(index).public for index in range(validators.parameters.validators)}
    votes, liars = honest_votes(justification.precommits)
    if liars:
        raise FinalityError("Equivocation", f"{len(liars)} voted twice")
    if len(votes) < len(justification.precommits):
        raise FinalityError("DuplicateVote")
    for vote in votes:
        if vote.id not in keys:
            raise FinalityError("UnknownVoter", f"0x{vote.id.hex()}")
        if not is_signed(vote, justification.round, set_id):
            raise FinalityError("BadSignature", f"0x{vote.id.hex()}")
        way = _way(known, vote.precommit, target)
        if way is None:
            raise FinalityError("WrongTarget", "a vote is for another line")
        for passed in way:
            unused.pop(passed, None)
    needed = supermajority(validators.parameters.validators)
    if len(votes) < needed:
        raise FinalityError("NotEnoughVotes", f"{len(votes)} of {needed}")
    if unused or len({header.hash for header in justification.ancestry}) < len(justification.ancestry):
        raise FinalityError("WrongAncestry", "a header links no vote to the target, or is there twice")


def _way(known: Mapping[bytes, Header], vote: Precommit, target: Header) -> list[bytes] | None:
    """The blocks from the one voted for down to the target, itself left out; None where none leads there."""
    block, number, way = vote.target_hash, vote.target_number, list[bytes]()
    while block != target.hash:
        header = known.get(block)
        if header is None or header.number != number or number <= target.number:
            return None
        way.append(block)
        block, number = header.parent_hash, number - 1
    return way if number == target.number else None
