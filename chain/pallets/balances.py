"""Balances: BSX, the chain's own asset. Source: spec/money.md §5.

The declaration is in `balances_declared`, moving money in `balances_ledger`, reserves and locks in
`balances_reserves`; here are the first state and the calls. Left out: `upgrade_accounts`, which would have
nothing to upgrade.
"""

from chain.frame import Origin, call
from chain.frame.constant import Settings
from chain.pallets.balances_declared import Needs
from chain.pallets.balances_reserves import BalancesReserves
from chain.pallets.balances_types import MAX_BALANCE, AdjustmentDirection
from chain.pallets.genesis import GenesisError
from chain.primitives.account import AccountData, AccountInfo
from chain.scale.types import AccountId, Balance, Compact

__all__ = ["Balances", "Needs"]


class Balances(BalancesReserves, name="Balances"):
    """Transfers, reserves and locks of BSX; accounts live while they hold the existential deposit."""

    def build_genesis(self, config: Settings) -> None:
        """Give the listed accounts their BSX.

        Raises GenesisError for an amount below the existential deposit, an account listed twice, or too much
        in all.
        """
        if self.existential_deposit < 1:
            raise GenesisError("balances.existential_deposit: an account must hold something to exist")
        account = self.needs.accounts.account
        issued = 0
        for who, amount in config["balances"]:
            if amount < self.existential_deposit:
                raise GenesisError(
                    f"balances: 0x{who.hex()} has {amount}, less than the deposit {self.existential_deposit}"
                )
            if account.contains(who):
                raise GenesisError(f"balances: 0x{who.hex()} is listed twice")
            account.insert(who, AccountInfo(providers=1, data=AccountData(free=amount)))
            issued += amount
        if issued > MAX_BALANCE:
            raise GenesisError("balances: the sum does not fit 128 bits")
        self.total_issuance.put(issued)

    @call(index=0)
    def transfer_allow_death(self, origin: Origin, dest: AccountId, value: Compact[Balance]) -> None:
        """Transfer some liquid free balance to another account; the sender's account may end by it."""
        self.transfer_checked(origin.signed(), dest, value, keep_alive=False)

    @call(index=2)
    def force_transfer(self, origin: Origin, source: AccountId, dest: AccountId, value: Compact[Balance]) -> None:
        """Exactly as `transfer_allow_death`, except the origin must be root and the source may be any."""
        origin.ensure_root()
        self.transfer_checked(source, dest, value, keep_alive=False)

    @call(index=3)
    def transfer_keep_alive(self, origin: Origin, dest: AccountId, value: Compact[Balance]) -> None:
        """Transfer some liquid free balance; refused if it would end the sender's account."""
        self.transfer_checked(origin.signed(), dest, value, keep_alive=True)

    @call(index=4)
    def transfer_all(self, origin: Origin, dest: AccountId, keep_alive: bool) -> None:
        """Transfer all that can be transferred, which may be nothing."""
        who = origin.signed()
        self.transfer_checked(who, dest, self.reducible_balance(who, keep_alive), keep_alive)

    @call(index=5)
    def force_unreserve(self, origin: Origin, who: AccountId, amount: Balance) -> None:
        """Give some reserved balance back; root only."""
        origin.ensure_root()
        self.unreserve(who, amount)

    @call(index=8)
    def force_set_balance(self, origin: Origin, who: AccountId, new_free: Compact[Balance]) -> None:
        """Set the free balance of an account; less than the existential deposit becomes 0. Root only."""
        origin.ensure_root()
        info = self.needs.accounts.account.get(who)
        old = info.data
        free = 0 if new_free < self.existential_deposit else new_free
        self._settle(who, info, AccountData(free, old.reserved, old.frozen, old.flags))
        self._issue_difference(old.free, free)
        self.deposit(self.BalanceSet(who, free))

    @call(index=9)
    def force_adjust_total_issuance(
        self, origin: Origin, direction: AdjustmentDirection, delta: Compact[Balance]
    ) -> None:
        """Adjust the total issuance in a saturating way; root only."""
        origin.ensure_root()
        if not delta:
            raise self.DeltaZero
        old = self.total_issuance.get()
        moved = old + delta if direction is AdjustmentDirection.Increase else old - delta
        new = min(MAX_BALANCE, max(0, moved))
        if self.inactive_issuance.get() > new:
            raise self.IssuanceDeactivated
        self.total_issuance.put(new)
        self.deposit(self.TotalIssuanceForced(old, new))
