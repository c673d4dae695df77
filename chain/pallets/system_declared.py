"""What System declares: constants, storage, events and errors. Source: spec/money.md §1–§2."""

from typing import ClassVar

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat
from chain.frame import Constant, Error, Event, Pallet, StorageMap, StorageValue
from chain.frame.event_codec import EVENTS
from chain.primitives.account import NO_ACCOUNT, AccountInfo
from chain.primitives.errors import DispatchError
from chain.primitives.header import Digest
from chain.primitives.weight import ZERO_WEIGHT, DispatchClass, DispatchInfo, Weight
from chain.scale import BOOL, U16, U32, U64, Struct
from chain.scale.types import ACCOUNT_ID, H256, H256_CODEC, AccountId, Compact, Text, u32

MAX_CONSUMERS = 16


class BlockWeight(Struct):
    """What the extrinsics of a block have used, by class."""

    notation: ClassVar[str] = "PerDispatchClass<Weight>"
    path: ClassVar[str] = "frame_support::dispatch::PerDispatchClass"
    normal: Weight = ZERO_WEIGHT
    operational: Weight = ZERO_WEIGHT
    mandatory: Weight = ZERO_WEIGHT

    def of(self, kind: DispatchClass) -> Weight:
        return (self.normal, self.operational, self.mandatory)[kind]

    def plus(self, kind: DispatchClass, weight: Weight) -> "BlockWeight":
        return self.with_class(kind, self.of(kind) + weight)

    def minus(self, kind: DispatchClass, weight: Weight) -> "BlockWeight":
        return self.with_class(kind, self.of(kind) - weight)

    def with_class(self, kind: DispatchClass, weight: Weight) -> "BlockWeight":
        parts = [self.normal, self.operational, self.mandatory]
        parts[kind] = weight
        return BlockWeight(*parts)


class LastRuntimeUpgrade(Struct):
    """The runtime that last initialised the chain."""

    path: ClassVar[str] = "frame_system::LastRuntimeUpgradeInfo"
    spec_version: Compact[u32]
    spec_name: Text


NOTHING_USED = BlockWeight()
NO_DIGEST = Digest(())


class SystemDeclared(Pallet, name="System"):
    """The declaration of System, without what it does."""

    block_hash_count = Constant(U32, 250, metadata="BlockHashCount", doc="Block hashes kept.")
    max_consumers = Constant(U32, MAX_CONSUMERS, doc="Most consumer references of an account.")
    max_block_weight = Constant(Weight, Weight(500_000_000_000, 5_242_880), doc="All that a block may use.")
    base_extrinsic_weight = Constant(U64, 200_000_000, doc="Time that every extrinsic takes besides its call.")
    ss58_prefix = Constant(U16, 10041, metadata="SS58Prefix", doc="The number that addresses of this chain begin with.")

    account = StorageMap(
        ACCOUNT_ID,
        AccountInfo,
        hasher=Blake2_128Concat,
        default=NO_ACCOUNT,
        doc="Nonce, reference counts and BSX of an account.",
    )
    extrinsic_count = StorageValue(U32, doc="Extrinsics of the block so far.")
    block_weight = StorageValue(
        BlockWeight, default=NOTHING_USED, doc="What the block's extrinsics have used, by class."
    )
    all_extrinsics_len = StorageValue(U32, doc="Bytes of the block's extrinsics so far.")
    block_hash = StorageMap(
        U32, H256_CODEC, hasher=Twox64Concat, default=bytes(32), doc="Hashes of the latest blocks by number."
    )
    number = StorageValue(U32, default=0, doc="The number of the block.")
    parent_hash = StorageValue(H256_CODEC, default=bytes(32), doc="The hash of the block before.")
    digest = StorageValue(Digest, default=NO_DIGEST, doc="The block's digest.")
    events = StorageValue(EVENTS, default=(), doc="What the block says it did.")
    event_count = StorageValue(U32, default=0, doc="How many events that are.")
    last_runtime_upgrade = StorageValue(LastRuntimeUpgrade, doc="The runtime that last initialised the chain.")
    upgraded_to_u32_ref_count = StorageValue(
        BOOL, default=False, name="UpgradedToU32RefCount", doc="Whether reference counts have 32 bits."
    )
    upgraded_to_triple_ref_count = StorageValue(BOOL, default=False, doc="Whether there are three reference counts.")

    class ExtrinsicSuccess(Event):
        """An extrinsic did what it said."""

        dispatch_info: DispatchInfo

    class ExtrinsicFailed(Event):
        """An extrinsic failed; its fee is paid, nothing else of it remains."""

        dispatch_error: DispatchError
        dispatch_info: DispatchInfo

    class CodeUpdated(Event):
        """`:code` was updated."""

    class NewAccount(Event):
        """An account came into being."""

        account: AccountId

    class KilledAccount(Event):
        """An account was reaped."""

        account: AccountId

    class Remarked(Event):
        """A remark was made on chain."""

        sender: AccountId
        hash_: H256

    class UpgradeAuthorized(Event):
        """An upgrade was authorized."""

        code_hash: H256
        check_version: bool

    class InvalidSpecName(Error):
        """The name of the new runtime is another."""

    class SpecVersionNeedsToIncrease(Error):
        """The version of the new runtime is not higher."""

    class FailedToExtractRuntimeVersion(Error):
        """The new runtime does not say its version."""

    class NonDefaultComposite(Error):
        """Suicide called when the account has non-default composite data."""

    class NonZeroRefCount(Error):
        """There is a non-zero reference count preventing the account from being purged."""

    class CallFiltered(Error):
        """The origin filter prevents the call from being dispatched."""

        hint: ClassVar[str] = "The call is paused, closed to users, or not allowed inside this other call."

    class NothingAuthorized(Error):
        """No upgrade was authorized."""

    class Unauthorized(Error):
        """The submitted code is not authorized."""
