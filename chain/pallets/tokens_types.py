"""What Tokens keeps of an account in one asset. Source: spec/money.md §6."""

from typing import ClassVar

from chain.pallets.balances_types import NO_BOUND, LockId, Unit
from chain.scale import Struct, VecOf, codec_of
from chain.scale.types import Balance


class TokenAccount(Struct):
    """An account's money in one asset: `frozen` is no money, only how much of the free part is held back."""

    notation: ClassVar[str] = "orml_tokens::AccountData<u128>"
    path: ClassVar[str] = "orml_tokens::AccountData"
    free: Balance = 0
    reserved: Balance = 0
    frozen: Balance = 0

    @property
    def total(self) -> int:
        return self.free + self.reserved


class TokenLock(Struct):
    """`amount` of the free money is held back under the name `id`; locks overlap."""

    notation: ClassVar[str] = "orml_tokens::BalanceLock<u128>"
    path: ClassVar[str] = "orml_tokens::BalanceLock"
    id: LockId
    amount: Balance


class TokenReserve(Struct):
    """The part of the reserve that was made by `reserve_named`."""

    notation: ClassVar[str] = "orml_tokens::ReserveData<(), u128>"
    path: ClassVar[str] = "orml_tokens::ReserveData"
    id: Unit
    amount: Balance


NO_ENTRY = TokenAccount()
"""What `Tokens.accounts` answers where nothing is stored: this very object, which is never stored itself."""

TOKEN_LOCKS = VecOf(codec_of(TokenLock), NO_BOUND)
TOKEN_RESERVES = VecOf(codec_of(TokenReserve), NO_BOUND)
