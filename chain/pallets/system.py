"""System: accounts and their reference counts, the block's own facts, events. Source: spec/money.md §1–§2."""

from typing import ClassVar

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat
from chain.crypto.hashing import blake2_256
from chain.frame import (
    Constant,
    Error,
    Event,
    EventRecord,
    Origin,
    Pallet,
    Phase,
    StorageMap,
    StorageValue,
    call,
)
from chain.frame.call import Weigher, WeightRule
from chain.frame.event import FINALIZATION, INITIALIZATION, Stage
from chain.frame.event_codec import EVENTS
from chain.primitives.account import NO_ACCOUNT, AccountData, AccountInfo
from chain.primitives.errors import ConsumerRemaining, DispatchError, Failure, NoProviders, TooManyConsumers
from chain.primitives.header import Digest
from chain.primitives.weight import ZERO_WEIGHT, DispatchClass, DispatchInfo, Pays, Weight
from chain.scale import BOOL, STR, U16, U32, U64, Codec, Struct
from chain.scale.types import ACCOUNT_ID, H256, H256_CODEC, AccountId, Bytes, Compact, Text, Vec, u32
from chain.state import RAW

FIRST_PARENT = b"\x45" * 32
"""The hash that stands for the parent of the genesis block."""

EXTRINSIC_INDEX = b":extrinsic_index"
INTRABLOCK_ENTROPY = b":intrablock_entropy"
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


def _by_length(fixed: int, per_byte: int) -> WeightRule:
    """The weight of a remark (fees-and-origins.md §3)."""

    def weigh(_: Weigher, remark: bytes) -> DispatchInfo:
        return DispatchInfo(Weight(fixed + per_byte * len(remark), 0), DispatchClass.Normal, Pays.Yes)

    return weigh


class System(Pallet):
    """The chain's own bookkeeping. Every account that exists has an entry here."""

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

    # -- reference counts (money.md §1.2) --------------------------------------------------------------------------

    def exists(self, who: bytes) -> bool:
        return self.account.contains(who)

    def inc_providers(self, who: bytes) -> None:
        """One more reason for `who` to exist."""
        info = self.account.get(who)
        self.account.insert(who, _with(info, providers=info.providers + 1))
        if info.providers == 0 and info.sufficients == 0:
            self.deposit(self.NewAccount(who))

    def dec_providers(self, who: bytes) -> None:
        """One reason less; the last takes the account with it. Raises `ConsumerRemaining` if something leans on it."""
        info = self.account.get(who)
        if info.providers <= 1 and info.sufficients == 0:
            if info.consumers > 0 and info.providers == 1:
                raise Failure(ConsumerRemaining())
            self.account.remove(who)
            if info.providers == 1:
                self.deposit(self.KilledAccount(who))
            return
        self.account.insert(who, _with(info, providers=max(0, info.providers - 1)))

    def inc_consumers(self, who: bytes) -> None:
        """Something leans on `who`. Raises `NoProviders` or `TooManyConsumers`."""
        info = self.account.get(who)
        if info.providers == 0:
            raise Failure(NoProviders())
        if info.consumers >= self.max_consumers:
            raise Failure(TooManyConsumers())
        self.account.insert(who, _with(info, consumers=info.consumers + 1))

    def dec_consumers(self, who: bytes) -> None:
        info = self.account.get(who)
        if info.consumers > 0:
            self.account.insert(who, _with(info, consumers=info.consumers - 1))

    def can_dec_provider(self, who: bytes) -> bool:
        info = self.account.get(who)
        return info.consumers == 0 or info.providers > 1

    def set_data(self, who: bytes, data: AccountData) -> None:
        """Write the BSX of `who`; an account that nothing provides for loses its entry."""
        info = self.account.get(who)
        if info.providers == 0 and info.sufficients == 0:
            self.account.remove(who)
        else:
            self.account.insert(
                who, AccountInfo(info.nonce, info.consumers, info.providers, info.sufficients, data)
            )

    def inc_nonce(self, who: bytes) -> None:
        info = self.account.get(who)
        self.account.insert(who, _with(info, nonce=info.nonce + 1))

    # -- the block (fees-and-origins.md §8) ------------------------------------------------------------------------

    def initialize(self, number: int, parent_hash: bytes, digest: Digest) -> None:
        """Open block `number`: what the last block left for inspection is cleared, the new facts are set."""
        state = self.context.state
        self.context.phase = INITIALIZATION
        entropy = blake2_256(STR.encode("frame_system::initialize") + parent_hash)
        state.write(INTRABLOCK_ENTROPY, entropy, H256_CODEC)
        self.event_count.kill()
        self.number.put(number)
        self.digest.put(digest)
        self.parent_hash.put(parent_hash)
        self.block_hash.insert(number - 1, parent_hash)
        self.block_weight.kill()

    def begin_extrinsic(self, index: int) -> None:
        self.context.phase = Phase(Stage.ApplyExtrinsic, index)

    def begin_finalization(self) -> None:
        self.context.phase = FINALIZATION

    def finalize(self) -> None:
        """Close the block: forget what only its extrinsics needed, and the block hash that leaves the window."""
        self.all_extrinsics_len.kill()
        left = self.number.get() - self.block_hash_count - 1
        if left > 0:
            self.block_hash.remove(left)

    def write_events(self, records: tuple[EventRecord, ...], codec: Codec[tuple[EventRecord, ...]]) -> None:
        """Store what the block says it did; `codec` knows the runtime's events."""
        self.context.state.write(self.declaration.storage["events"].prefix, records, codec)
        self.event_count.put(len(records))

    def deposit_log(self, item: object) -> None:
        """Add a digest item, as the parachain system does for the relay parent."""
        self.digest.put(Digest((*self.digest.get().logs, item)))  # type: ignore[arg-type]

    # -- calls -----------------------------------------------------------------------------------------------------

    @call(index=0, weight=_by_length(3_241_000, 410))
    def remark(self, origin: Origin, remark: Bytes) -> None:
        """Make some on-chain remark."""

    @call(index=4)
    def set_storage(self, origin: Origin, items: Vec[tuple[Bytes, Bytes]]) -> None:
        """Set some items of storage."""
        origin.ensure_root()
        for key, value in items:
            self.context.state.write(key, value, RAW)

    @call(index=5)
    def kill_storage(self, origin: Origin, keys: Vec[Bytes]) -> None:
        """Kill some items from storage."""
        origin.ensure_root()
        for key in keys:
            self.context.state.erase(key)

    @call(index=6)
    def kill_prefix(self, origin: Origin, prefix: Bytes, subkeys: u32) -> None:
        """Kill all storage items with a key that starts with the given prefix."""
        origin.ensure_root()
        for key in list(self.context.state.keys(prefix)):
            self.context.state.erase(key)

    @call(index=7, weight=_by_length(7_642_000, 1_432))
    def remark_with_event(self, origin: Origin, remark: Bytes) -> None:
        """Make some on-chain remark and emit an event."""
        who = origin.signed()
        self.deposit(self.Remarked(who, blake2_256(remark)))


def _with(
    info: AccountInfo, *, nonce: int | None = None, consumers: int | None = None, providers: int | None = None
) -> AccountInfo:
    return AccountInfo(
        info.nonce if nonce is None else nonce,
        info.consumers if consumers is None else consumers,
        info.providers if providers is None else providers,
        info.sufficients,
        info.data,
    )
