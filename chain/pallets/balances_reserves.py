"""BSX that is set aside: reserves and locks. Source: spec/money.md §5.2.

A reserve takes money out of the free balance; a lock only says how much must stay, and locks overlap.
"""

from collections.abc import Iterable
from contextlib import suppress

from chain.pallets.balances_ledger import BalancesLedger
from chain.pallets.balances_types import MAX_BALANCE, BalanceLock, BalanceStatus, ReserveData
from chain.primitives.account import AccountData
from chain.primitives.errors import OVERFLOW, Failure


class BalancesReserves(BalancesLedger, name="Balances"):
    """Reserved and locked BSX."""

    # -- reserves ------------------------------------------------------------------------------------------

    def reserved_balance(self, who: bytes) -> int:
        return self.needs.accounts.account.get(who).data.reserved

    def can_reserve(self, who: bytes, amount: int) -> bool:
        data = self.needs.accounts.account.get(who).data
        left = data.free - amount
        return not amount or (left >= self.existential_deposit and left >= data.frozen)

    def reserve(self, who: bytes, amount: int) -> None:
        """Set `amount` of the free balance aside.

        Raises `InsufficientBalance`, `Arithmetic.Overflow`, `LiquidityRestrictions`; `ConsumerRemaining` if
        nothing but the free balance provides for the account and it falls below the deposit.
        """
        if not amount:
            return
        info = self.needs.accounts.account.get(who)
        data = info.data
        left, reserved = data.free - amount, data.reserved + amount
        if left < 0:
            raise self.InsufficientBalance
        if reserved > MAX_BALANCE:
            raise Failure(OVERFLOW)
        if left < data.frozen:
            raise self.LiquidityRestrictions
        self._settle(who, info, AccountData(left, reserved, data.frozen, data.flags))
        self.deposit(self.Reserved(who, amount))

    def unreserve(self, who: bytes, amount: int) -> int:
        """Give up to `amount` of the reserve back; what could not be given is answered."""
        info = self.needs.accounts.account.get(who)
        data = info.data
        if not amount or not (data.free or data.reserved):
            return amount
        moved = min(amount, data.reserved)
        data = AccountData(data.free + moved, data.reserved - moved, data.frozen, data.flags)
        self._settle(who, info, data)
        self.deposit(self.Unreserved(who, moved))
        return amount - moved

    def slash_reserved(self, who: bytes, amount: int) -> int:
        """Burn up to `amount` of the reserve; what could not be taken is answered."""
        info = self.needs.accounts.account.get(who)
        data = info.data
        if not amount or not (data.free or data.reserved):
            return amount
        taken = min(amount, data.reserved)
        self._settle(who, info, AccountData(data.free, data.reserved - taken, data.frozen, data.flags))
        self.deposit(self.Slashed(who, taken))
        self.rescind(taken)
        return amount - taken

    def repatriate_reserved(self, from_: bytes, to: bytes, amount: int, status: BalanceStatus) -> int:
        """Move up to `amount` from one's reserve to another's free or reserved balance; the rest is answered.

        Locks that the free balance does not cover hold part of the reserve back. Raises `DeadAccount` if `to`
        has no BSX at all, `Arithmetic.Overflow`.
        """
        if not amount:
            return 0
        account = self.needs.accounts.account
        source, target = account.get(from_), account.get(to)
        data = source.data
        moved = min(amount, max(0, data.reserved - max(0, data.frozen - data.free)))
        if from_ == to:
            if status is BalanceStatus.Free:
                self.unreserve(from_, moved)
            return amount - moved
        credited = self._credited(target.data, moved, status)
        debited = AccountData(data.free, data.reserved - moved, data.frozen, data.flags)
        for dust in (self._store(from_, source, debited), self._store(to, target, credited)):
            if dust:
                self._handle_dust(dust)
        self.deposit(self.ReserveRepatriated(from_, to, moved, status))
        return amount - moved

    def _credited(self, data: AccountData, amount: int, status: BalanceStatus) -> AccountData:
        if not (data.free or data.reserved or data.frozen):
            raise self.DeadAccount
        free, reserved = data.free, data.reserved
        if status is BalanceStatus.Free:
            free += amount
        else:
            reserved += amount
        if max(free, reserved) > MAX_BALANCE:
            raise Failure(OVERFLOW)
        return AccountData(free, reserved, data.frozen, data.flags)

    # -- named reserves: the identifier is the unit type, so there is one ----------------------------------

    def reserved_balance_named(self, who: bytes) -> int:
        named = self.reserves.get(who)
        return named[0].amount if named else 0

    def reserve_named(self, who: bytes, amount: int) -> None:
        """`reserve`, kept apart; raises what that raises, and `TooManyReserves`."""
        if not amount:
            return
        named = self.reserved_balance_named(who)
        if not named and self.max_reserves < 1:
            raise self.TooManyReserves
        if named + amount > MAX_BALANCE:
            raise Failure(OVERFLOW)
        self.reserve(who, amount)
        self.reserves.insert(who, (ReserveData((), named + amount),))

    def unreserve_named(self, who: bytes, amount: int) -> int:
        """Give up to `amount` of the named reserve back; what could not be given is answered."""
        named = self.reserved_balance_named(who)
        if not amount or not named:
            return amount
        asked = min(amount, named)
        moved = asked - self.unreserve(who, asked)
        if moved < named:
            self.reserves.insert(who, (ReserveData((), named - moved),))
        else:
            self.reserves.remove(who)
        return amount - moved

    # -- locks ---------------------------------------------------------------------------------------------

    def locked(self, id: bytes, who: bytes) -> int:
        """The amount of one lock; 0 if there is none of that name."""
        return sum(lock.amount for lock in self.locks.get(who) if lock.id == id)

    def set_lock(self, id: bytes, who: bytes, amount: int) -> None:
        """Make the lock `id` hold back `amount`, whatever it held back before; 0 removes it."""
        if not amount:
            self.remove_lock(id, who)
            return
        self._update_locks(who, _replaced(self.locks.get(who), BalanceLock(id, amount)))

    def extend_lock(self, id: bytes, who: bytes, amount: int) -> None:
        """Make the lock `id` hold back `amount` at least."""
        if amount:
            self.set_lock(id, who, max(amount, self.locked(id, who)))

    def remove_lock(self, id: bytes, who: bytes) -> None:
        self._update_locks(who, tuple(lock for lock in self.locks.get(who) if lock.id != id))

    def _update_locks(self, who: bytes, locks: tuple[BalanceLock, ...]) -> None:
        info = self.needs.accounts.account.get(who)
        data = info.data
        frozen = max((entry.amount for entry in (*locks, *self.freezes.get(who))), default=0)
        with suppress(Failure):  # with no reference to be had the lock is kept, but has no effect
            self._settle(who, info, AccountData(data.free, data.reserved, frozen, data.flags))
        if locks:
            self.locks.insert(who, locks)
        else:
            self.locks.remove(who)
        if frozen > data.frozen:
            self.deposit(self.Locked(who, frozen - data.frozen))
        elif frozen < data.frozen:
            self.deposit(self.Unlocked(who, data.frozen - frozen))


def _replaced(locks: Iterable[BalanceLock], new: BalanceLock) -> tuple[BalanceLock, ...]:
    """`locks` with `new` in the place of the one of the same name, or at the end."""
    kept = tuple(new if lock.id == new.id else lock for lock in locks)
    return kept if new in kept else (*kept, new)
