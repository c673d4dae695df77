"""Moving BSX: the one step that changes an account, and transfer, withdraw, deposit and slash upon it.

Source: spec/money.md §5.1, §5.2, §5.4. What fails half-way leaves the undoing to the caller's storage layer.
"""

from chain.pallets.balances_declared import BalancesDeclared
from chain.pallets.balances_types import MAX_BALANCE
from chain.primitives.account import NO_DATA, AccountData, AccountInfo
from chain.primitives.errors import OVERFLOW, UNDERFLOW, Failure, Token, TokenError


class BalancesLedger(BalancesDeclared, name="Balances"):
    """Free BSX and the total issuance."""

    # -- looking -------------------------------------------------------------------------------------------

    def free_balance(self, who: bytes) -> int:
        return self.needs.accounts.account.get(who).data.free

    def total_balance(self, who: bytes) -> int:
        data = self.needs.accounts.account.get(who).data
        return data.free + data.reserved

    def reducible_balance(self, who: bytes, keep_alive: bool) -> int:
        """How much of the free balance can be transferred away; with `keep_alive` the account outlives it."""
        return self._reducible(self.needs.accounts.account.get(who), keep_alive)

    def ensure_can_withdraw(self, who: bytes, amount: int, left: int) -> None:
        """Raises `LiquidityRestrictions` if taking `amount` and leaving `left` free breaks a lock."""
        if amount and left < self.needs.accounts.account.get(who).data.frozen:
            raise self.LiquidityRestrictions

    def _reducible(self, info: AccountInfo, keep_alive: bool) -> int:
        """Locks hold back free and reserved together; the deposit stays where the account must not die."""
        data = info.data
        held = max(0, data.frozen - data.reserved)
        needed_to_live = info.consumers > 0 and info.providers <= 1
        if keep_alive or (data.free and needed_to_live):
            held = max(held, self.existential_deposit)
        return max(0, data.free - held)

    # -- the issuance --------------------------------------------------------------------------------------

    def issue(self, amount: int) -> None:
        """Let `amount` into existence: a positive imbalance is dropped. No event in runtime 118 (§14)."""
        self.total_issuance.put(min(MAX_BALANCE, self.total_issuance.get() + amount))

    def rescind(self, amount: int) -> None:
        """Take `amount` out of existence: a negative imbalance is dropped."""
        self.total_issuance.put(max(0, self.total_issuance.get() - amount))

    def deactivate(self, amount: int) -> None:
        """`amount` more of the issuance is inactive, though never more than there is."""
        inactive = self.inactive_issuance.get() + amount
        self.inactive_issuance.put(min(inactive, self.total_issuance.get()))

    def reactivate(self, amount: int) -> None:
        """`amount` of the inactive issuance is active again."""
        self.inactive_issuance.put(max(0, self.inactive_issuance.get() - amount))

    # -- changing an account (§5.1) ------------------------------------------------------------------------

    def _settle(self, who: bytes, info: AccountInfo, data: AccountData) -> None:
        """Put `data` in the place of `info.data`, `info` being the account as stored, with all that follows.

        Raises `ConsumerRemaining`, `NoProviders` or `TooManyConsumers`.
        """
        dust = self._store(who, info, data)
        if dust:
            self._handle_dust(dust)

    def _store(self, who: bytes, info: AccountInfo, data: AccountData) -> int:
        """`_settle` but for the dust: what is returned belongs to nobody yet."""
        old, deposit = info.data, self.existential_deposit
        provided, provides = old.free >= deposit, data.free >= deposit
        consumed, consumes = bool(old.reserved or old.frozen), bool(data.reserved or data.frozen)
        if provided and provides and consumed == consumes:
            # nothing begins or ends: by far the most frequent case
            info = AccountInfo(info.nonce, info.consumers, info.providers, info.sufficients, data)
            self.needs.accounts.account.insert(who, info)
            return 0
        self._refer(who, provides - provided, consumes - consumed)
        wiped = not provides and not data.reserved
        self.needs.accounts.set_data(who, NO_DATA if wiped else data)
        if not (old.free or consumed):
            self.deposit(self.Endowed(who, data.free))
        if not (wiped and data.free):
            return 0
        self.deposit(self.DustLost(who, data.free))
        return data.free

    def _refer(self, who: bytes, provides: int, consumes: int) -> None:
        """Balances provides for `who`, or leans on it, once more (1), once less (-1) or as before (0)."""
        accounts = self.needs.accounts
        if provides > 0:
            accounts.inc_providers(who)
        if consumes < 0:
            accounts.dec_consumers(who)
        if consumes > 0:
            accounts.inc_consumers(who)
        if provides < 0:
            try:
                accounts.dec_providers(who)
            except Failure:
                # some carry on after this failure, so the change above must not stay
                if consumes < 0:
                    accounts.inc_consumers(who)
                if consumes > 0:
                    accounts.dec_consumers(who)
                raise

    def _handle_dust(self, dust: int) -> None:
        """Dust goes to the treasury; the issuance falls all the same, as the loss is dropped too (§5.4)."""
        self.needs.dust.on_unbalanced(dust)
        self.rescind(dust)

    # -- moving (§5.2) -------------------------------------------------------------------------------------

    def transfer(self, from_: bytes, to: bytes, amount: int, keep_alive: bool = False) -> None:
        """Transfer as pallets do it: of nothing, or to oneself, it is neither checked nor reported."""
        if amount and from_ != to:
            self.transfer_checked(from_, to, amount, keep_alive)

    def transfer_checked(self, from_: bytes, to: bytes, amount: int, keep_alive: bool) -> None:
        """Transfer as the calls of this pallet do: an amount of 0 has its event, a transfer to oneself none.

        Raises `Arithmetic.Underflow`, `Token.FundsUnavailable`, `Token.Frozen`, `Token.NotExpendable`,
        `Arithmetic.Overflow` or `Token.BelowMinimum`, in this order.
        """
        account = self.needs.accounts.account
        source, target = account.get(from_), account.get(to)
        if amount:
            self._check_transfer(source, target.data, amount, keep_alive)
        if from_ == to:
            return
        old = source.data
        left = AccountData(old.free - amount, old.reserved, old.frozen, old.flags)
        dust = self._store(from_, source, left)
        if dust:
            self._handle_dust(dust)
            target = account.get(to)  # may be who got the dust
        old = target.data
        free = min(MAX_BALANCE, old.free + amount)
        if amount and free >= self.existential_deposit:
            self._settle(to, target, AccountData(free, old.reserved, old.frozen, old.flags))
        self.deposit(self.Transfer(from_, to, amount))

    def _check_transfer(self, source: AccountInfo, target: AccountData, amount: int, keep_alive: bool) -> None:
        free = source.data.free
        if amount > self.total_issuance.get():
            raise Failure(UNDERFLOW)
        if amount > free:
            raise Failure(Token(TokenError.FundsUnavailable))
        if amount > self._reducible(source, keep_alive=False):
            raise Failure(Token(TokenError.Frozen))
        if keep_alive and free - amount < self.existential_deposit:
            raise Failure(Token(TokenError.NotExpendable))
        credited = target.free + amount
        if credited > MAX_BALANCE:
            raise Failure(OVERFLOW)
        if credited < self.existential_deposit:
            raise Failure(Token(TokenError.BelowMinimum))
        if credited + target.reserved > MAX_BALANCE:
            raise Failure(OVERFLOW)

    def withdraw(self, who: bytes, amount: int, keep_alive: bool = False) -> None:
        """Burn `amount` of the free balance.

        Raises `InsufficientBalance`, `Expendability`, `LiquidityRestrictions`; `ConsumerRemaining` if the
        account would die and cannot.
        """
        if not amount:
            return
        info = self.needs.accounts.account.get(who)
        data, deposit = info.data, self.existential_deposit
        left = data.free - amount
        if left < 0:
            raise self.InsufficientBalance
        if keep_alive and left < deposit <= data.free:
            raise self.Expendability
        if left < data.frozen:
            raise self.LiquidityRestrictions
        self.deposit(self.Withdraw(who, amount))
        self._settle(who, info, AccountData(left, data.reserved, data.frozen, data.flags))
        self.rescind(amount)

    def deposit_creating(self, who: bytes, amount: int) -> int:
        """Mint `amount` and answer it; or 0, nothing done, if it cannot start the account or overflows."""
        if not amount:
            return 0
        info = self.needs.accounts.account.get(who)
        data = info.data
        free = data.free + amount
        is_new = not (data.free or data.reserved or data.frozen)
        if free > MAX_BALANCE or (is_new and amount < self.existential_deposit):
            return 0
        self.deposit(self.Deposit(who, amount))
        self._settle(who, info, AccountData(free, data.reserved, data.frozen, data.flags))
        self.issue(amount)
        return amount

    def slash(self, who: bytes, amount: int) -> int:
        """Burn up to `amount` of the free balance as a punishment; what could not be taken is answered.

        The reserve is never touched, and an account that cannot die keeps the deposit.
        """
        info = self.needs.accounts.account.get(who)
        data = info.data
        if not amount or not (data.free or data.reserved):
            return amount
        can_die = info.consumers == 0 or info.providers > 1
        taken = min(amount, data.free if can_die else max(0, data.free - self.existential_deposit))
        self._settle(who, info, AccountData(data.free - taken, data.reserved, data.frozen, data.flags))
        self.deposit(self.Slashed(who, taken))
        self.rescind(taken)
        return amount - taken

    def make_free_balance_be(self, who: bytes, amount: int) -> None:
        """Set the free balance, and move the issuance with it; less than the deposit starts no account."""
        info = self.needs.accounts.account.get(who)
        old = info.data
        is_new = not (old.free or old.reserved or old.frozen)
        if is_new and amount < self.existential_deposit:
            return
        self.deposit(self.BalanceSet(who, amount))
        self._settle(who, info, AccountData(amount, old.reserved, old.frozen, old.flags))
        self._issue_difference(old.free, amount)

    def _issue_difference(self, old: int, new: int) -> None:
        if new > old:
            self.issue(new - old)
        elif new < old:
            self.rescind(old - new)
