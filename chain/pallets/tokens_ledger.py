"""Moving tokens: the step that changes an account, and transfer, withdraw, deposit and slash upon it.

Source: spec/money.md §6.1, §6.2. What fails half-way leaves the undoing to the caller's storage layer.
"""

from contextlib import suppress

from chain.pallets.balances_types import MAX_BALANCE
from chain.pallets.tokens_declared import TokensDeclared
from chain.pallets.tokens_types import NO_ENTRY, TokenAccount
from chain.primitives.errors import OVERFLOW, UNDERFLOW, Failure


class TokensLedger(TokensDeclared, name="Tokens"):
    """Free tokens and their issuance."""

    # -- looking -------------------------------------------------------------------------------------------

    def minimum_balance(self, asset: int) -> int:
        """The existential deposit; 2^128 − 1 for an asset that is not registered."""
        return self.needs.deposits.existential_deposit(asset)

    def free_balance(self, asset: int, who: bytes) -> int:
        return self.accounts.get(who, asset).free

    def total_balance(self, asset: int, who: bytes) -> int:
        return self.accounts.get(who, asset).total

    def ensure_can_withdraw(self, asset: int, who: bytes, amount: int) -> None:
        """Raises `BalanceTooLow`, or `LiquidityRestrictions` if a lock is in the way."""
        if amount:
            self._debited(self.accounts.get(who, asset), amount)

    def reducible_balance(self, asset: int, who: bytes, keep_alive: bool) -> int:
        """How much can be transferred away; with `keep_alive` the account outlives it."""
        account = self.accounts.get(who, asset)
        liquid = max(0, account.free - account.frozen)
        if not keep_alive and self.needs.accounts.can_dec_provider(who):
            return liquid
        kept = max(0, self.minimum_balance(asset) - (account.total - liquid))
        return max(0, liquid - kept)

    def _debited(self, account: TokenAccount, amount: int) -> int:
        """What is left free; raises `BalanceTooLow` or `LiquidityRestrictions`."""
        left = account.free - amount
        if left < 0:
            raise self.BalanceTooLow
        if left < account.frozen:
            raise self.LiquidityRestrictions
        return left

    # -- changing an account (§6.1) ------------------------------------------------------------------------

    def _settle(self, asset: int, who: bytes, old: TokenAccount, new: TokenAccount) -> None:
        """Put `new` in the place of `old`, the entry as it was read, with all that follows. Never fails."""
        deposit = self.needs.deposits.existential_deposit(asset)
        if old is not NO_ENTRY and new.free + new.reserved >= deposit:
            self.accounts.insert(who, asset, new)
        else:
            self._settle_ends(asset, who, old is not NO_ENTRY, new, deposit)

    def _settle_ends(self, asset: int, who: bytes, existed: bool, new: TokenAccount, deposit: int) -> None:
        """`_settle` where the entry begins, ends or falls below the deposit."""
        total = new.free + new.reserved
        exists = total > 0 or deposit == 0
        if exists:
            self.accounts.insert(who, asset, new)
        else:
            self.accounts.remove(who, asset)
        hooks = self.needs.hooks
        if existed and not exists:
            with suppress(Failure):  # something leans on the account: its entry in System stays
                self.needs.accounts.dec_providers(who)
            if hooks:
                hooks.on_killed_token_account(who, asset)
        elif exists and not existed:
            self.needs.accounts.inc_providers(who)
            if hooks:
                hooks.on_new_token_account(who, asset)
        if not existed:
            self.deposit(self.Endowed(asset, who, new.free))
        if 0 < total < deposit and not self.needs.whitelist.is_whitelisted(who):
            self.needs.dust.on_dust(who, asset, total)
            self.deposit(self.DustLost(asset, who, total))

    # -- moving (§6.2) -------------------------------------------------------------------------------------

    def transfer(self, asset: int, from_: bytes, to: bytes, amount: int, keep_alive: bool = False) -> None:
        """Move free tokens; of nothing, or to oneself, this is neither checked nor reported.

        Raises `BalanceTooLow`, `Arithmetic.Overflow`, `ExistentialDeposit`, `LiquidityRestrictions` or
        `KeepAlive`, in this order.
        """
        if not amount or from_ == to:
            return
        needs, accounts = self.needs, self.accounts
        source, target = accounts.get(from_, asset), accounts.get(to, asset)
        deposit = needs.deposits.existential_deposit(asset)
        left, free = source.free - amount, target.free + amount
        if left < 0:
            raise self.BalanceTooLow
        if free > MAX_BALANCE:
            raise Failure(OVERFLOW)
        reaches = free + target.reserved >= deposit
        if not reaches and not needs.whitelist.is_whitelisted(to):
            raise self.ExistentialDeposit
        if left < source.frozen:
            raise self.LiquidityRestrictions
        lives = left + source.reserved >= deposit
        if not lives and self._ends(from_, left + source.reserved):
            self._ensure_may_end(from_, keep_alive)
        debited = TokenAccount(left, source.reserved, source.frozen)
        credited = TokenAccount(free, target.reserved, target.frozen)
        if lives:
            accounts.insert(from_, asset, debited)
        else:
            self._settle_ends(asset, from_, True, debited, deposit)
        # The receiver is written as it was read, even if the sender's dust has reached it since (a quirk).
        if reaches and target is not NO_ENTRY:
            accounts.insert(to, asset, credited)
        else:
            self._settle_ends(asset, to, target is not NO_ENTRY, credited, deposit)
        self.deposit(self.Transfer(asset, from_, to, amount))

    def _ends(self, who: bytes, total: int) -> bool:
        """Whether an account ends that is left with `total`, less than the deposit."""
        return total == 0 or not self.needs.whitelist.is_whitelisted(who)

    def _ensure_may_end(self, who: bytes, keep_alive: bool) -> None:
        if keep_alive or not self.needs.accounts.can_dec_provider(who):
            raise self.KeepAlive

    def withdraw(self, asset: int, who: bytes, amount: int, keep_alive: bool = False) -> None:
        """Burn free tokens; raises `BalanceTooLow`, `LiquidityRestrictions` or `KeepAlive`."""
        if not amount:
            return
        old = self.accounts.get(who, asset)
        left = self._debited(old, amount)
        total = left + old.reserved
        if keep_alive and total < self.minimum_balance(asset) and self._ends(who, total):
            raise self.KeepAlive
        self._burn_issuance(asset, amount)
        self.deposit(self.Withdrawn(asset, who, amount))
        self._settle(asset, who, old, TokenAccount(left, old.reserved, old.frozen))

    def deposit_into(self, asset: int, who: bytes, amount: int) -> None:
        """Mint tokens; raises `ExistentialDeposit` if that starts no account, `Arithmetic.Overflow`."""
        if not amount:
            return
        old = self.accounts.get(who, asset)
        starts = old is NO_ENTRY
        if starts and amount < self.minimum_balance(asset) and not self.needs.whitelist.is_whitelisted(who):
            raise self.ExistentialDeposit
        issued = self.total_issuance.get(asset) + amount
        if issued > MAX_BALANCE:
            raise Failure(OVERFLOW)
        self.total_issuance.insert(asset, issued)
        free = min(MAX_BALANCE, old.free + amount)
        self._settle(asset, who, old, TokenAccount(free, old.reserved, old.frozen))
        self.deposit(self.Deposited(asset, who, amount))

    def slash(self, asset: int, who: bytes, amount: int) -> int:
        """Burn up to `amount`, free tokens before reserved ones; what could not be taken is answered."""
        if not amount:
            return 0
        old = self.accounts.get(who, asset)
        free = min(amount, old.free)
        reserved = min(amount - free, old.reserved)
        if free:
            self._set_balance(asset, who, free=old.free - free)
        if reserved:
            self._set_balance(asset, who, reserved=old.reserved - reserved)
        self._burn_issuance(asset, free + reserved)
        self.deposit(self.Slashed(asset, who, free, reserved))
        return amount - free - reserved

    def _set_balance(self, asset: int, who: bytes, *, free: int | None = None, reserved: int | None = None) -> None:
        """Set one part of a balance, with its event; the issuance is the caller's."""
        old = self.accounts.get(who, asset)
        free = old.free if free is None else free
        reserved = old.reserved if reserved is None else reserved
        self.deposit(self.BalanceSet(asset, who, free, reserved))
        self._settle(asset, who, old, TokenAccount(free, reserved, old.frozen))

    def _burn_issuance(self, asset: int, amount: int) -> None:
        self.total_issuance.insert(asset, max(0, self.total_issuance.get(asset) - amount))

    def force_balance(self, asset: int, who: bytes, free: int, reserved: int) -> None:
        """Set an account's balance, nothing where it is below the deposit, and move the issuance with it.

        Raises `Arithmetic.Overflow` or `Arithmetic.Underflow`.
        """
        if free + reserved > MAX_BALANCE:
            raise Failure(OVERFLOW)
        if free + reserved < self.minimum_balance(asset):
            free = reserved = 0
        old = self.accounts.get(who, asset)
        issued = self.total_issuance.get(asset) + free + reserved - old.total
        if issued > MAX_BALANCE:
            raise Failure(OVERFLOW)
        if issued < 0:
            raise Failure(UNDERFLOW)
        if free + reserved != old.total:
            self.total_issuance.insert(asset, issued)
        self.deposit(self.BalanceSet(asset, who, free, reserved))
        self._settle(asset, who, old, TokenAccount(free, reserved, old.frozen))
