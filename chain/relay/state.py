"""The relay chain's state: storage items with the well-known raw keys. Source: spec/relay.md §4.5, §8.

The relay chain has no pallets and no dispatch; these handles are all there is.
"""

from functools import cached_property
from typing import ClassVar

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat, storage_prefix
from chain.frame import StorageDoubleMap, StorageMap, StorageValue
from chain.frame.storage_handles import MapHandle
from chain.primitives.relay_keys import ACTIVE_CONFIGURATION, CURRENT_SLOT, PARA_HEAD
from chain.primitives.validation import AbridgedHostConfiguration, AsyncBackingParams
from chain.relay.binding import Bound
from chain.relay.bits import BitVec
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.dispute_types import DisputeState
from chain.relay.parameters import RelayParameters
from chain.relay.queues import MAX_OUTBOUND, Queues
from chain.relay.upgrades import Upgrades
from chain.relay.upward import MAX_MESSAGE_SIZE, MAX_MESSAGES, MAX_QUEUE_COUNT, MAX_QUEUE_SIZE, Upward
from chain.scale import BYTES, H256_CODEC, U32, U64, Struct, VecOf, codec_of
from chain.scale.types import H256, u8, u32
from chain.state import Overlay


class Pending(Struct):
    """A candidate that occupies a core: backed in relay block `backed_in`, its data not yet known to be available."""

    notation: ClassVar[str] = "CandidatePendingAvailability"
    candidate: CommittedCandidateReceipt
    core: u32
    group: u32
    backed_in: u32
    availability: BitVec


class Offence(Struct):
    """Why a validator lost stake: the disputed candidate, the session in which it lost, and how many per cent."""

    candidate_hash: H256
    session: u32
    percent: u8


_SLOT = StorageValue(U64, default=0, raw=CURRENT_SLOT)
_CONFIGURATION = StorageValue(AbridgedHostConfiguration, raw=ACTIVE_CONFIGURATION)
_HEADS = StorageMap(U32, BYTES, hasher=Twox64Concat, raw=PARA_HEAD)
_CODE_HASHES = StorageMap(U32, H256_CODEC, hasher=Twox64Concat, raw=storage_prefix("Paras", "CurrentCodeHash"))
_CONTEXTS = StorageMap(U32, U32, hasher=Twox64Concat, raw=storage_prefix("Paras", "MostRecentContext"), default=0)
_PENDING = StorageMap(
    U32, Pending, hasher=Twox64Concat, raw=storage_prefix("ParaInclusion", "PendingAvailability")
)
_DISPUTES = StorageDoubleMap(
    U32,
    H256_CODEC,
    DisputeState,
    hashers=(Twox64Concat, Blake2_128Concat),
    raw=storage_prefix("ParasDisputes", "Disputes"),
)
_BACKERS = StorageDoubleMap(
    U32,
    H256_CODEC,
    VecOf(U32),
    hashers=(Twox64Concat, Blake2_128Concat),
    raw=storage_prefix("ParasDisputes", "BackersOnDisputes"),
    default=(),
)
_INCLUDED = StorageDoubleMap(
    U32,
    H256_CODEC,
    U32,
    hashers=(Twox64Concat, Blake2_128Concat),
    raw=storage_prefix("ParasDisputes", "Included"),
)
_FROZEN = StorageValue(U32, raw=storage_prefix("ParasDisputes", "Frozen"))
_OFFENCES = StorageMap(
    U32, VecOf(codec_of(Offence)), hasher=Twox64Concat, raw=storage_prefix("ParasSlashing", "Offences"), default=()
)
_DISABLED = StorageValue(VecOf(U32), raw=storage_prefix("Session", "DisabledValidators"), default=())
_SESSION = StorageValue(U32, default=0, raw=storage_prefix("ParasShared", "CurrentSessionIndex"))


class RelayState:
    """Handles on the state of one relay block."""

    slot = Bound(_SLOT)
    configuration = Bound(_CONFIGURATION)
    heads = Bound(_HEADS)
    code_hashes = Bound(_CODE_HASHES)
    contexts = Bound(_CONTEXTS)
    pending = Bound(_PENDING)
    disputes = Bound(_DISPUTES)
    backers_on_disputes = Bound(_BACKERS)
    included = Bound(_INCLUDED)
    """By session and candidate: the relay block before the one that included it."""
    frozen = Bound(_FROZEN)
    """The last block that may be built on; None as long as that is the chain's head."""
    offences: Bound[MapHandle[int, tuple[Offence, ...], tuple[Offence, ...]]] = Bound(_OFFENCES)
    disabled = Bound(_DISABLED)
    session = Bound(_SESSION)

    def __init__(self, overlay: Overlay) -> None:
        self.overlay = overlay

    @cached_property
    def queues(self) -> Queues:
        return Queues(self.overlay)

    @cached_property
    def upward(self) -> Upward:
        return Upward(self.overlay)

    @cached_property
    def upgrades(self) -> Upgrades:
        return Upgrades(self.overlay, self.code_hashes)


def code_hash_key(para: int) -> bytes:
    """Where the hash of a para's code stands: an entry that no inherent needs."""
    return _CODE_HASHES.key(para)


def host_configuration(parameters: RelayParameters) -> AbridgedHostConfiguration:
    """What parachains read of the relay chain's configuration (xcm.md §2 for the message limits)."""
    return AbridgedHostConfiguration(
        parameters.max_code_size,
        parameters.max_head_data_size,
        MAX_QUEUE_COUNT,
        MAX_QUEUE_SIZE,
        MAX_MESSAGE_SIZE,
        MAX_MESSAGES,
        MAX_OUTBOUND,
        parameters.validation_upgrade_cooldown,
        parameters.validation_upgrade_delay,
        AsyncBackingParams(0, 0),
    )
