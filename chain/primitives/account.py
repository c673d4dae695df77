"""What an account is in the state. Source: spec/money.md §1.2."""

from typing import Annotated, ClassVar

from chain.scale import NewtypeOf, Struct
from chain.scale.types import U128, u32, u128

EXTRA_FLAGS = NewtypeOf(U128, "ExtraFlags", "pallet_balances::types::ExtraFlags")
ExtraFlags = Annotated[int, EXTRA_FLAGS]

NEW_LOGIC = 1 << 127
"""The flag that every BSX balance carries."""


class AccountData(Struct):
    """BSX of an account: `free` and `reserved` are money, `frozen` is how much of them is held back."""

    path: ClassVar[str] = "pallet_balances::types::AccountData"
    free: u128 = 0
    reserved: u128 = 0
    frozen: u128 = 0
    flags: ExtraFlags = NEW_LOGIC


class AccountInfo(Struct):
    """Nonce, reference counts and BSX of an account."""

    path: ClassVar[str] = "frame_system::AccountInfo"
    nonce: u32 = 0
    consumers: u32 = 0
    providers: u32 = 0
    sufficients: u32 = 0
    data: AccountData = AccountData()


NO_DATA = AccountData()
NO_ACCOUNT = AccountInfo()
