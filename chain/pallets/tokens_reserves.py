"""Tokens that are set aside: reserves and locks. Source: spec/money.md §6.2.

A reserve takes tokens out of the free balance; a lock only says how much must stay free, and locks overlap.
"""

from contextlib import suppress

from chain.pallets.balances_types import MAX_BALANCE, BalanceStatus
from chain.pallets.tokens_ledger import TokensLedger
from chain.pallets.tokens_types import TokenAccount, TokenLock, TokenReserve
from chain.primitives.errors import Failure


class TokensReserves(TokensLedger, name="Tokens"):
    """Reserved and locked tokens."""

    # -- reserves ------------------------------------------------------------------------------------------

    def reserved_balance(self, asset: int, who: bytes) -> int:
        return self.accounts.get(who, asset).reserved

    def can_reserve(self, asset: int, who: bytes, amount: int) -> bool:
        account = self.accounts.get(who, asset)
        left = account.free - amount
        return not amount or (left >= 0 and left >= account.frozen)

    def reserve(self, asset: int, who: bytes, amount: int) -> None:
        """Set free tokens aside; raises `BalanceTooLow` or `LiquidityRestrictions`."""
        if not amount:
            return
        old = self.accounts.get(who, asset)
        left = self._debited(old, amount)
        self.deposit(self.Reserved(asset, who, amount))
        self._settle(asset, who, old, TokenAccount(left, old.reserved + amount, old.frozen))

    def unreserve(self, asset: int, who: bytes, amount: int) -> int:
        """Give up to `amount` of the reserve back; what could not be given is answered."""
        if not amount:
            return 0
        old = self.accounts.get(who, asset)
        moved = min(amount, old.reserved)
        self.deposit(self.Unreserved(asset, who, moved))
        self._settle(asset, who, old, TokenAccount(old.free + moved, old.reserved - moved, old.frozen))
        return amount - moved

    def slash_reserved(self, asset: int, who: bytes, amount: int) -> int:
        """Burn up to `amount` of the reserve; what could not be taken is answered."""
        if not amount:
            return 0
        old = self.accounts.get(who, asset)
        taken = min(amount, old.reserved)
        self._settle(asset, who, old, TokenAccount(old.free, old.reserved - taken, old.frozen))
        self._burn_issuance(asset, taken)
        self.deposit(self.Slashed(asset, who, 0, taken))
        return amount - taken

    def repatriate_reserved(self, asset: int, from_: bytes, to: bytes, amount: int, status: BalanceStatus) -> int:
        """Move up to `amount` of one's reserve to another's free or reserved tokens; the rest is answered."""
        if not amount:
            return 0
        source, target = self.accounts.get(from_, asset), self.accounts.get(to, asset)
        if from_ == to:
            if status is BalanceStatus.Free:
                return self.unreserve(asset, from_, amount)
            return max(0, amount - source.reserved)
        moved = min(amount, source.reserved)
        if status is BalanceStatus.Free:
            self._set_balance(asset, to, free=min(MAX_BALANCE, target.free + moved))
        else:
            self._set_balance(asset, to, reserved=min(MAX_BALANCE, target.reserved + moved))
        self._set_balance(asset, from_, reserved=source.reserved - moved)
        self.deposit(self.ReserveRepatriated(asset, from_, to, moved, status))
        return amount - moved

    # -- named reserves: the identifier is the unit type, so there is one ----------------------------------

    def reserved_balance_named(self, asset: int, who: bytes) -> int:
        named = self.reserves.get(who, asset)
        return named[0].amount if named else 0

    def reserve_named(self, asset: int, who: bytes, amount: int) -> None:
        """`reserve`, kept apart; raises what that raises, and `TooManyReserves`."""
        if not amount:
            return
        named = self.reserved_balance_named(asset, who)
        if not named and self.max_reserves < 1:
            raise self.TooManyReserves
        self.reserve(asset, who, amount)
        self.reserves.insert(who, asset, (TokenReserve((), named + amount),))

    def unreserve_named(self, asset: int, who: bytes, amount: int) -> int:
        """Give up to `amount` of the named reserve back; what could not be given is answered."""
        named = self.reserved_balance_named(asset, who)
        if not amount or not named:
            return amount
        asked = min(amount, named)
        moved = asked - self.unreserve(asset, who, asked)
        if moved < named:
            self.reserves.insert(who, asset, (TokenReserve((), named - moved),))
        else:
            self.reserves.remove(who, asset)
        return amount - moved

    # -- locks ---------------------------------------------------------------------------------------------

    def locked(self, id: bytes, asset: int, who: bytes) -> int:
        """The amount of one lock; 0 if there is none of that name."""
        return sum(lock.amount for lock in self.locks.get(who, asset) if lock.id == id)

    def set_lock(self, id: bytes, asset: int, who: bytes, amount: int) -> None:
        """Make the lock `id` hold back `amount`; 0 does nothing. Raises `MaxLocksExceeded`."""
        if not amount:
            return
        self._put_lock(asset, who, TokenLock(id, amount))
        self.deposit(self.LockSet(id, asset, who, amount))

    def extend_lock(self, id: bytes, asset: int, who: bytes, amount: int) -> None:
        """Make the lock `id` hold back `amount` at least; 0 does nothing. Raises `MaxLocksExceeded`."""
        if amount:
            self._put_lock(asset, who, TokenLock(id, max(amount, self.locked(id, asset, who))))

    def remove_lock(self, id: bytes, asset: int, who: bytes) -> None:
        self._update_locks(asset, who, tuple(lock for lock in self.locks.get(who, asset) if lock.id != id))
        self.deposit(self.LockRemoved(id, asset, who))

    def _put_lock(self, asset: int, who: bytes, new: TokenLock) -> None:
        kept = tuple(new if lock.id == new.id else lock for lock in self.locks.get(who, asset))
        self._update_locks(asset, who, kept if new in kept else (*kept, new))

    def _update_locks(self, asset: int, who: bytes, locks: tuple[TokenLock, ...]) -> None:
        """Write the locks; the first leans on the account, with the last that ends."""
        if len(locks) > self.max_locks:
            raise self.MaxLocksExceeded
        old = self.accounts.get(who, asset)
        frozen = max((lock.amount for lock in locks), default=0)
        self._settle(asset, who, old, TokenAccount(old.free, old.reserved, frozen))
        existed = self.locks.contains(who, asset)
        if locks:
            self.locks.insert(who, asset, locks)
            if not existed:
                with suppress(Failure):  # nothing provides for the account: the lock stands nevertheless
                    self.needs.accounts.inc_consumers(who)
        else:
            self.locks.remove(who, asset)
            if existed:
                self.needs.accounts.dec_consumers(who)
        if frozen > old.frozen:
            self.deposit(self.Locked(asset, who, frozen - old.frozen))
        elif frozen < old.frozen:
            self.deposit(self.Unlocked(asset, who, old.frozen - frozen))
