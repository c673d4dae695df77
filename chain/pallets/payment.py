"""TransactionPayment: what an extrinsic costs. Source: spec/fees-and-origins.md §2.

A fee has a part for the extrinsic as such, one for its length and one for its weight. The price of weight
follows demand: the multiplier rises after full blocks and falls after empty ones.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple, Protocol

from chain.frame import Call, Constant, Event, Pallet, StorageValue
from chain.frame.storage_handles import ValueHandle
from chain.pallets.actual import actual
from chain.pallets.system_declared import BlockWeight
from chain.primitives.fees import FeeDetails, InclusionFee
from chain.primitives.weight import DispatchInfo, Pays, PostInfo, Weight
from chain.scale.types import BALANCE, BOOL, FIXED_U128, PERQUINTILL, U8, U64, AccountId, Balance
from chain.scale.units import unit_enum

ONE = 10**18
"""1 as a fixed-point number (FixedU128, Perquintill)."""

_BILLION = 10**9
_MAX = (1 << 128) - 1
NORMAL_PERCENT = 75
"""The part of a block that Normal calls may fill."""


class Rates(NamedTuple):
    """What a unit of ref_time and a byte cost, and two ref_times; the defaults are the live ones."""

    weight: int = 55_000
    byte: int = 10_000_000_000
    base_ref_time: int = 200_000_000
    most_ref_time: int = 500_000_000_000

    def weight_fee(self, ref_time: int) -> int:
        """The unscaled fee for weight; proof size costs nothing."""
        return self.weight * min(ref_time, self.most_ref_time)


class Feedback(NamedTuple):
    """How the multiplier follows the load of Normal calls: a block's limits, the part aimed at, the speed."""

    ref_time_limit: int = 375_000_000_000
    proof_size_limit: int = 3_932_160
    target: int = ONE // 4
    speed: int = 60_000_000_000_000
    minimum: int = 10**12
    maximum: int = 4 * ONE


LIVE_RATES = Rates()
LIVE_FEEDBACK = Feedback()


def compute_fee(
    call: str, ref_time: int, len: int, multiplier: int, tip: int, rates: Rates = LIVE_RATES
) -> int:
    """The fee of an extrinsic of `len` bytes whose call weighs `ref_time`; `call` only names the case."""
    scaled = rates.weight_fee(ref_time) * multiplier // ONE
    return rates.weight_fee(rates.base_ref_time) + rates.byte * len + scaled + tip


def convert_fee(fee: int, price: int) -> int:
    """A fee in a currency of which `price` (fixed point) units are worth one unit of BSX; never nothing."""
    return max(1, fee * price // ONE)


def next_multiplier(
    multiplier: int, normal_ref_time: int, normal_proof_size: int, feedback: Feedback = LIVE_FEEDBACK
) -> int:
    """The multiplier after a block in which Normal calls used this much, base weights included.

    The fuller of the two dimensions counts.
    """
    ref_time = min(normal_ref_time, feedback.ref_time_limit), feedback.ref_time_limit
    proof_size = min(normal_proof_size, feedback.proof_size_limit), feedback.proof_size_limit
    used, limit = proof_size if _fullness(*ref_time) < _fullness(*proof_size) else ref_time
    target = _part_of(feedback.target, limit)
    distance = ONE * abs(used - target) // limit if limit else 0
    speed = feedback.speed
    first = speed * distance // ONE
    second = (speed * speed // ONE // 2) * (distance * distance // ONE) // ONE
    if used >= target:
        following = multiplier + (first + second) * multiplier // ONE
    else:
        following = multiplier - min(multiplier, max(0, first - second) * multiplier // ONE)
    return min(max(following, feedback.minimum), feedback.maximum)


def _fullness(used: int, limit: int) -> int:
    return _BILLION * used // limit if limit else _BILLION


def _part_of(part: int, whole: int) -> int:
    """`part` (Perquintill) of `whole`, to the nearest, halves down."""
    return -((ONE - 2 * part * whole) // (2 * ONE))


@unit_enum(path="pallet_transaction_payment::Releases")
class Releases(IntEnum):
    """The layouts that this pallet's storage has had."""

    V1Ancient = 0
    V2 = 1


class Paid(NamedTuple):
    """What a payer gave before the call: how much, of which currency, at which price."""

    currency: int
    amount: int
    price: int


class Cashier(Protocol):
    """Who takes fees and pays them out, in whatever currency the payer has (MultiTransactionPayment)."""

    def withdraw(self, who: bytes, call: Call, fee: int) -> Paid | None: ...

    def pay_out(self, who: bytes, paid: Paid, fee: int) -> None: ...


class BlockResources(Protocol):
    """What a block may use, and what it has used (System)."""

    @property
    def base_extrinsic_weight(self) -> int: ...

    @property
    def max_block_weight(self) -> Weight: ...

    @property
    def block_weight(self) -> ValueHandle[BlockWeight, BlockWeight]: ...


@dataclass
class Needs:
    system: BlockResources
    cashier: Cashier


class TransactionPayment(Pallet):
    """Fees by weight and length. The order in a block: `withdraw_fee`, the call, `correct_and_deposit`."""

    needs: Needs

    fees = Constant(BOOL, True, doc="Whether anything but the tip is taken.")
    transaction_byte_fee = Constant(BALANCE, 10_000_000_000, doc="Fee for a byte of an extrinsic.")
    weight_to_fee_coefficient = Constant(U64, 55_000, doc="Fee for a unit of ref_time.")
    target_block_fullness = Constant(PERQUINTILL, ONE // 4, doc="The load at which the multiplier rests.")
    adjustment_variable = Constant(FIXED_U128, 60_000_000_000_000, doc="The multiplier's speed; 0 holds it.")
    minimum_multiplier = Constant(FIXED_U128, 10**12, doc="The multiplier's lower bound.")
    maximum_multiplier = Constant(FIXED_U128, 4 * ONE, doc="The multiplier's upper bound.")
    operational_fee_multiplier = Constant(
        U8, 0, metadata="OperationalFeeMultiplier", doc="Priority of operational calls, by their fee."
    )

    next_fee_multiplier = StorageValue(FIXED_U128, default=ONE, doc="What the fee for weight is multiplied with.")
    storage_version = StorageValue(Releases, default=Releases.V1Ancient, doc="The layout of this storage.")

    class TransactionFeePaid(Event):
        """A fee in BSX was paid, `tip` included."""

        who: AccountId
        actual_fee: Balance
        tip: Balance

    def build_genesis(self, config: object) -> None:
        self.storage_version.put(Releases.V2)
        self.next_fee_multiplier.put(ONE)

    # -- for the execution of blocks -------------------------------------------------------------------------

    def withdraw_fee(self, who: bytes, call: Call, info: DispatchInfo, length: int, tip: int) -> Paid | None:
        """Take the fee of an extrinsic before it runs. Raises `Invalid.Payment` if `who` cannot pay it."""
        return self.needs.cashier.withdraw(who, call, self.fee(info, length, tip))

    def correct_and_deposit(
        self, who: bytes, paid: Paid | None, info: DispatchInfo, post: PostInfo, length: int, tip: int
    ) -> None:
        """Settle after the call: the difference goes back, the fee to the treasury.

        Raises `Invalid.Payment` if it cannot be given back: then the whole extrinsic is undone.
        """
        fee = self.fee(actual(info, post), length, tip)
        if paid is not None:
            self.needs.cashier.pay_out(who, paid, fee)
        self.deposit(self.TransactionFeePaid(who, fee, tip))

    # -- for queries -----------------------------------------------------------------------------------------

    def fee(self, info: DispatchInfo, length: int, tip: int) -> int:
        """The fee of an extrinsic of `length` bytes, at this block's multiplier."""
        if info.pays_fee is Pays.No:
            return tip
        fee = compute_fee(
            "", info.weight.ref_time, length, self.next_fee_multiplier.get(), tip, self._rates
        )
        return fee if fee <= _MAX else _MAX

    def details(self, info: DispatchInfo, length: int, tip: int) -> FeeDetails:
        """The parts that `fee` adds up."""
        if info.pays_fee is Pays.No:
            return FeeDetails(None, tip)
        adjusted = self.weight_to_fee(info.weight) * self.next_fee_multiplier.get() // ONE
        base = self._rates.weight_fee(self._rates.base_ref_time)
        return FeeDetails(InclusionFee(base, self.length_to_fee(length), adjusted), tip)

    def weight_to_fee(self, weight: Weight) -> int:
        """The fee for weight before the multiplier."""
        return self._rates.weight_fee(weight.ref_time)

    def length_to_fee(self, length: int) -> int:
        return self._rates.byte * length

    @cached_property
    def _rates(self) -> Rates:
        system = self.needs.system
        weight = self.weight_to_fee_coefficient if self.fees else 0
        byte = self.transaction_byte_fee if self.fees else 0
        return Rates(weight, byte, system.base_extrinsic_weight, system.max_block_weight.ref_time)

    # -- hooks -----------------------------------------------------------------------------------------------

    def on_finalize(self, number: int) -> None:
        """Let the multiplier follow the block's load."""
        limit = self.needs.system.max_block_weight
        feedback = Feedback(
            limit.ref_time * NORMAL_PERCENT // 100,
            limit.proof_size * NORMAL_PERCENT // 100,
            self.target_block_fullness,
            self.adjustment_variable,
            self.minimum_multiplier,
            self.maximum_multiplier,
        )
        used = self.needs.system.block_weight.get().normal
        now = self.next_fee_multiplier.get()
        self.next_fee_multiplier.put(next_multiplier(now, used.ref_time, used.proof_size, feedback))
