"""What pallets ask of each other about accounts and money. Implemented by the pallets named at each.

Everything that moves money raises `Failure` and then relies on the caller's storage layer to undo what it has
begun; amounts are base units, never negative.
"""

from typing import Protocol

from chain.frame.storage_handles import MapHandle
from chain.pallets.balances_types import BalanceStatus
from chain.primitives.account import AccountData, AccountInfo


class Accounts(Protocol):
    """The entries of accounts and the references that keep them alive (System; money.md §1.2)."""

    @property
    def account(self) -> MapHandle[bytes, AccountInfo, AccountInfo]: ...

    def exists(self, who: bytes) -> bool: ...

    def inc_providers(self, who: bytes) -> None: ...

    def dec_providers(self, who: bytes) -> None:
        """Raises `ConsumerRemaining` if something leans on the last provider."""

    def inc_consumers(self, who: bytes) -> None:
        """Raises `NoProviders` or `TooManyConsumers`."""

    def dec_consumers(self, who: bytes) -> None: ...

    def can_dec_provider(self, who: bytes) -> bool: ...

    def set_data(self, who: bytes, data: AccountData) -> None: ...


class Unbalanced(Protocol):
    """Takes BSX that belongs to nobody any more (Treasury; money.md §5.4)."""

    def on_unbalanced(self, amount: int) -> None: ...


class ExistentialDeposits(Protocol):
    """The least that an account may hold of an asset (AssetRegistry); 2^128 − 1 if it is not registered."""

    def existential_deposit(self, asset: int) -> int: ...


class DustHandler(Protocol):
    """Puts away what is left on an account below the existential deposit (Duster). Never raises."""

    def on_dust(self, who: bytes, asset: int, amount: int) -> None: ...


class Whitelist(Protocol):
    """Accounts that may hold less than the existential deposit of a token (Duster; money.md §6)."""

    def is_whitelisted(self, who: bytes) -> bool: ...


class DustRemovalWhitelist(Protocol):
    """How pools enter and leave the whitelist, without an event (Duster)."""

    def add_account(self, who: bytes) -> None: ...

    def remove_account(self, who: bytes) -> None:
        """Raises `Duster.AccountNotBlacklisted` if it is not there."""


class TokenHooks(Protocol):
    """Told when an account gets its first, or loses its last, of an asset (MultiTransactionPayment)."""

    def on_new_token_account(self, who: bytes, asset: int) -> None: ...

    def on_killed_token_account(self, who: bytes, asset: int) -> None: ...


class NativeCurrency(Protocol):
    """The chain's own asset (Balances; money.md §5.2)."""

    @property
    def existential_deposit(self) -> int: ...

    def free_balance(self, who: bytes) -> int: ...

    def total_balance(self, who: bytes) -> int: ...

    def transfer(self, from_: bytes, to: bytes, amount: int, keep_alive: bool = False) -> None: ...

    def withdraw(self, who: bytes, amount: int, keep_alive: bool = False) -> None: ...

    def deposit_creating(self, who: bytes, amount: int) -> int:
        """What was deposited: `amount`, or 0."""


class MultiCurrency(Protocol):
    """Every asset by its id, with the events of Currencies (Currencies; money.md §7)."""

    def minimum_balance(self, asset: int) -> int: ...

    def issuance(self, asset: int) -> int: ...

    def free_balance(self, asset: int, who: bytes) -> int: ...

    def total_balance(self, asset: int, who: bytes) -> int: ...

    def transfer(self, asset: int, from_: bytes, to: bytes, amount: int) -> None: ...

    def deposit_into(self, asset: int, who: bytes, amount: int) -> None: ...

    def withdraw(self, asset: int, who: bytes, amount: int) -> None: ...


class Fungibles(Protocol):
    """Every asset by its id, without events of Currencies (Currencies)."""

    def move(self, asset: int, from_: bytes, to: bytes, amount: int, keep_alive: bool = False) -> None: ...


class MultiReservableCurrency(Protocol):
    """Reserves of every asset (Currencies)."""

    def reserved_balance(self, asset: int, who: bytes) -> int: ...

    def can_reserve(self, asset: int, who: bytes, amount: int) -> bool: ...

    def reserve(self, asset: int, who: bytes, amount: int) -> None: ...

    def unreserve(self, asset: int, who: bytes, amount: int) -> int:
        """What could not be given back."""

    def repatriate_reserved(self, asset: int, from_: bytes, to: bytes, amount: int, status: BalanceStatus) -> int:
        """What could not be moved."""

    def reserved_balance_named(self, asset: int, who: bytes) -> int: ...

    def reserve_named(self, asset: int, who: bytes, amount: int) -> None: ...

    def unreserve_named(self, asset: int, who: bytes, amount: int) -> int:
        """What could not be given back."""


class MultiLockableCurrency(Protocol):
    """Locks of every asset (Currencies); `id` has 8 bytes."""

    def set_lock(self, id: bytes, asset: int, who: bytes, amount: int) -> None: ...

    def extend_lock(self, id: bytes, asset: int, who: bytes, amount: int) -> None: ...

    def remove_lock(self, id: bytes, asset: int, who: bytes) -> None: ...

    def locked(self, id: bytes, asset: int, who: bytes) -> int: ...
