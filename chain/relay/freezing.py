"""A chain that has included what more than f validators call invalid: it says so in its header and freezes.

Source: spec/relay.md §8.2.3, §10.4. A frozen chain takes no candidates and no bitfields; the validators build on the
block before the inclusion instead (§10.6).
"""

from typing import ClassVar

from chain.primitives.header import Consensus, DigestItem, Header
from chain.relay.errors import RelayBlockError
from chain.relay.state import RelayState
from chain.relay.thresholds import faulty
from chain.relay.validators import ValidatorSet
from chain.scale import Enum, codec_of
from chain.scale.types import u32

ENGINE = b"FRNK"
"""Whose messages in a relay header are about parachains."""


class ParachainsConsensusLog(Enum):
    """What the relay chain's header tells of parachains."""


class Revert(ParachainsConsensusLog):
    """Relay block `number` and all that stands on it are not to be built on."""

    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    number: u32


_LOG = codec_of(ParachainsConsensusLog)


def revert_item(number: int) -> Consensus:
    return Consensus(ENGINE, _LOG.encode(Revert(number)))


def is_revert(item: DigestItem) -> bool:
    """Whether it is a message of this engine; its contents are held against what the block does."""
    return isinstance(item, Consensus) and item.engine == ENGINE


def reverts(header: Header) -> tuple[int, ...]:
    """The relay blocks that a header calls upon everybody to give up."""
    found = [_LOG.decode(item.data) for item in header.digest.logs if isinstance(item, Consensus) and is_revert(item)]
    return tuple(log.number for log in found if isinstance(log, Revert))


def note_included(state: RelayState, session: int, candidate: bytes, number: int) -> None:
    """Remember to which block to go back should this candidate, included in relay block `number`, turn out invalid."""
    state.included.insert(session, candidate, number - 1)


def forget_included(state: RelayState, validators: ValidatorSet) -> None:
    """Session by session: what can be disputed no longer."""
    session = state.session.get() - validators.parameters.dispute_period - 1
    if session < 0:
        return
    for _, candidate, _ in list(state.included.items(session)):
        state.included.remove(session, candidate)


def freeze(state: RelayState, validators: ValidatorSet, session: int, candidate: bytes) -> Consensus | None:
    """Freeze the chain if it holds the candidate and more than f are against it; the message for the header then.

    A chain that is frozen at the same block or an earlier one stays as it is.
    """
    dispute, last_good = state.disputes.get(session, candidate), state.included.get(session, candidate)
    if dispute is None or last_good is None:
        return None
    if sum(dispute.validators_against) <= faulty(validators.parameters.validators):
        return None
    frozen = state.frozen.get()
    if frozen is not None and frozen <= last_good:
        return None
    state.frozen.put(last_good)
    return revert_item(last_good + 1)


def check_not_frozen(state: RelayState) -> None:
    """Raises `Relay.ChainFrozen`."""
    frozen = state.frozen.get()
    if frozen is not None:
        raise RelayBlockError("ChainFrozen", f"the last good block is {frozen}; build on that one")
