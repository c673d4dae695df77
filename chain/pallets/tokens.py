"""Tokens: every asset but BSX. Source: spec/money.md §6.

The declaration is in `tokens_declared`, moving tokens in `tokens_ledger`, reserves and locks in
`tokens_reserves`; here are the first state and the calls.
"""

from chain.frame import Origin, call
from chain.frame.constant import Settings
from chain.pallets.balances_types import MAX_BALANCE
from chain.pallets.genesis import GenesisError, silently
from chain.pallets.tokens_declared import Needs
from chain.pallets.tokens_reserves import TokensReserves
from chain.pallets.tokens_types import NO_ENTRY, TokenAccount
from chain.scale.types import AccountId, AssetId, Balance, Compact

__all__ = ["Needs", "Tokens"]


class Tokens(TokensReserves, name="Tokens"):
    """Transfers, reserves and locks of tokens; an account lives by each of them that it holds."""

    def build_genesis(self, config: Settings) -> None:
        """Give the listed accounts their tokens; hooks run. Assets and BSX must be there before.

        Raises GenesisError for an amount below the existential deposit, an entry listed twice, or too much
        in all.
        """
        with silently(self.context):
            for who, asset, amount in config["balances"]:
                self._endow(asset, who, amount)

    def _endow(self, asset: int, who: bytes, amount: int) -> None:
        place = f"tokens: 0x{who.hex()}, asset {asset}"
        deposit = self.minimum_balance(asset)
        if amount < deposit:
            known = "not registered" if deposit == MAX_BALANCE else f"less than the deposit {deposit}"
            raise GenesisError(f"{place}: {amount} is refused, {known}")
        if self.accounts.get(who, asset) is not NO_ENTRY:
            raise GenesisError(f"{place} is listed twice")
        issued = self.total_issuance.get(asset) + amount
        if issued > MAX_BALANCE:
            raise GenesisError(f"{place}: the sum does not fit 128 bits")
        self._settle(asset, who, NO_ENTRY, TokenAccount(amount, 0, 0))
        self.total_issuance.insert(asset, issued)

    @call(index=0)
    def transfer_(self, origin: Origin, dest: AccountId, currency_id: AssetId, amount: Compact[Balance]) -> None:
        """Transfer some liquid free balance to another account; the sender's account may end by it."""
        self.transfer(currency_id, origin.signed(), dest, amount)

    @call(index=1)
    def transfer_all(self, origin: Origin, dest: AccountId, currency_id: AssetId, keep_alive: bool) -> None:
        """Transfer all that can be transferred, which may be nothing."""
        who = origin.signed()
        amount = self.reducible_balance(currency_id, who, keep_alive)
        self.transfer(currency_id, who, dest, amount, keep_alive)

    @call(index=2)
    def transfer_keep_alive(
        self, origin: Origin, dest: AccountId, currency_id: AssetId, amount: Compact[Balance]
    ) -> None:
        """Transfer some liquid free balance; refused if it would end the sender's account."""
        self.transfer(currency_id, origin.signed(), dest, amount, keep_alive=True)

    @call(index=3)
    def force_transfer(
        self,
        origin: Origin,
        source: AccountId,
        dest: AccountId,
        currency_id: AssetId,
        amount: Compact[Balance],
    ) -> None:
        """Exactly as `transfer`, except the origin must be root and the source may be any."""
        origin.ensure_root()
        self.transfer(currency_id, source, dest, amount)

    @call(index=4)
    def set_balance(
        self,
        origin: Origin,
        who: AccountId,
        currency_id: AssetId,
        new_free: Compact[Balance],
        new_reserved: Compact[Balance],
    ) -> None:
        """Set the balances of an account; less than the existential deposit becomes 0. Root only."""
        origin.ensure_root()
        self.force_balance(currency_id, who, new_free, new_reserved)
