"""System: accounts and their reference counts, the block's own facts, events. Source: spec/money.md §1–§2.

The declaration is in `system_declared`; here is what it does, and the calls.
"""


from chain.crypto.hashing import blake2_256
from chain.frame import EventRecord, Origin, Phase, call
from chain.frame.call import Weigher, WeightRule
from chain.frame.event import FINALIZATION, INITIALIZATION, Stage
from chain.pallets.system_declared import SystemDeclared
from chain.primitives.account import AccountData, AccountInfo
from chain.primitives.errors import ConsumerRemaining, Failure, NoProviders, TooManyConsumers
from chain.primitives.header import Digest
from chain.primitives.weight import DispatchClass, DispatchInfo, Pays, Weight
from chain.scale import STR, Codec
from chain.scale.types import H256_CODEC, Bytes, Vec, u32
from chain.state import RAW

FIRST_PARENT = b"\x45" * 32
"""The hash that stands for the parent of the genesis block."""

EXTRINSIC_INDEX = b":extrinsic_index"
INTRABLOCK_ENTROPY = b":intrablock_entropy"


def _by_length(fixed: int, per_byte: int) -> WeightRule:
    """The weight of a remark (fees-and-origins.md §3)."""

    def weigh(_: Weigher, remark: bytes) -> DispatchInfo:
        return DispatchInfo(Weight(fixed + per_byte * len(remark), 0), DispatchClass.Normal, Pays.Yes)

    return weigh


class System(SystemDeclared, name="System"):
    """The chain's own bookkeeping. Every account that exists has an entry here."""

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
