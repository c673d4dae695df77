"""What Balances keeps besides an account's four figures: locks, reserves, holds. Source: spec/money.md §5."""

from enum import IntEnum
from typing import Annotated, ClassVar

from chain.primitives.account import AccountData
from chain.scale import UNIT, Enum, FixedBytes, NewtypeOf, Struct, StructOf, VecOf, codec_of
from chain.scale.types import Balance
from chain.scale.units import unit_enum

MAX_BALANCE = (1 << 128) - 1
NO_BOUND = (1 << 32) - 1
"""Bound of the bounded lists in storage; their real limits are constants, which the pallets check."""

LOCK_ID = FixedBytes(8)
LockId = Annotated[bytes, LOCK_ID]
Unit = Annotated[tuple[()], UNIT]
"""Named reserves have no names on this chain: the identifier is the unit type, so there is one at most."""


@unit_enum(path="frame_support::traits::tokens::misc::BalanceStatus")
class BalanceStatus(IntEnum):
    """What repatriated money becomes on the account that gets it."""

    Free = 0
    Reserved = 1


@unit_enum(path="pallet_balances::types::AdjustmentDirection")
class AdjustmentDirection(IntEnum):
    """Which way root moves the total issuance."""

    Increase = 0
    Decrease = 1


@unit_enum(path="pallet_balances::types::Reasons")
class Reasons(IntEnum):
    """What a lock holds money back from."""

    Fee = 0
    Misc = 1
    All = 2


class BalanceLock(Struct):
    """`amount` of an account's BSX is held back under the name `id`; locks overlap."""

    notation: ClassVar[str] = "pallet_balances::types::BalanceLock<u128>"
    path: ClassVar[str] = "pallet_balances::types::BalanceLock"
    id: LockId
    amount: Balance
    reasons: Reasons = Reasons.All


class ReserveData(Struct):
    """The part of an account's reserve that was made by `reserve_named`."""

    notation: ClassVar[str] = "pallet_balances::types::ReserveData<(), u128>"
    path: ClassVar[str] = "pallet_balances::types::ReserveData"
    id: Unit
    amount: Balance


@unit_enum(path="pallet_preimage::pallet::HoldReason")
class PreimageHold(IntEnum):
    """Why the preimage pallet holds money."""

    Preimage = 0


@unit_enum(path="pallet_state_trie_migration::pallet::HoldReason")
class MigrationHold(IntEnum):
    """Why the state migration pallet holds money."""

    SlashForMigrate = 0


class RuntimeHoldReason(Enum):
    """Why money may be on hold. Neither pallet exists here; clients read the type."""

    path: ClassVar[str] = "basilisk_runtime::RuntimeHoldReason"


class Preimage(RuntimeHoldReason):
    index: ClassVar[int] = 19
    positional: ClassVar[bool] = True
    reason: PreimageHold


class StateTrieMigration(RuntimeHoldReason):
    index: ClassVar[int] = 23
    positional: ClassVar[bool] = True
    reason: MigrationHold


class Hold(Struct):
    """Money on hold for a reason."""

    notation: ClassVar[str] = "IdAmount<RuntimeHoldReason, u128>"
    path: ClassVar[str] = "pallet_balances::types::IdAmount"
    id: RuntimeHoldReason
    amount: Balance


class Freeze(Struct):
    """Money frozen under an identifier; the chain has none."""

    notation: ClassVar[str] = "IdAmount<(), u128>"
    path: ClassVar[str] = "pallet_balances::types::IdAmount"
    id: Unit
    amount: Balance


ACCOUNT_DATA: StructOf[AccountData] = StructOf(
    AccountData,
    [(field.attribute, field.codec) for field in codec_of(AccountData).fields],  # type: ignore[attr-defined]
    "pallet_balances::types::AccountData<u128>",
    AccountData.path,
)

LOCKS = NewtypeOf(
    VecOf(codec_of(BalanceLock)),
    "WeakBoundedVec<pallet_balances::types::BalanceLock<u128>>",
    "bounded_collections::weak_bounded_vec::WeakBoundedVec",
)
"""Weakly bounded: more than `MaxLocks` locks are kept too."""

RESERVES = VecOf(codec_of(ReserveData), NO_BOUND)
HOLDS = VecOf(codec_of(Hold), NO_BOUND)
FREEZES = VecOf(codec_of(Freeze), NO_BOUND)
