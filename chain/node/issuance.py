"""What a block did to the total issuance of each asset, read from its proof. Sources: spec/network.md §5, xcm.md §8.

For each asset the block's accounts gain together what its issuance grows by: what one loses another has, or it is
burned. What accounts gain beyond that was written into the state by root (`System.set_storage`): a gift, in the
words of the specification. Accounts that a block does not touch are not in its proof, and do not change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chain.frame.storage import StorageItem
from chain.pallets.balances import Balances
from chain.pallets.system import System
from chain.pallets.tokens import Tokens
from chain.state import BlockState

NATIVE = 0

_account: Any = System.account
_native: Any = Balances.total_issuance
_tokens: Any = Tokens.accounts
_issuance: Any = Tokens.total_issuance
ACCOUNT: StorageItem = _account
NATIVE_ISSUANCE: StorageItem = _native
TOKEN_ACCOUNT: StorageItem = _tokens
TOKEN_ISSUANCE: StorageItem = _issuance


@dataclass(frozen=True)
class Change:
    """Of one asset in one block, in base units: issuance before and after, and what accounts gained together."""

    asset: int
    before: int
    after: int
    gained: int


def changes_of(state: BlockState) -> tuple[Change, ...]:
    """The assets whose issuance or accounts' sum a block has changed in the state that it ran in, ascending."""
    sums: dict[int, int] = {}
    issued: dict[int, tuple[int, int]] = {}
    for key, new in state.overlay.changes().items():
        if key.startswith((ACCOUNT.prefix, TOKEN_ACCOUNT.prefix)):
            item = ACCOUNT if key.startswith(ACCOUNT.prefix) else TOKEN_ACCOUNT
            asset = NATIVE if item is ACCOUNT else item.key_of(key)[1]
            sums[asset] = sums.get(asset, 0) + _total(item, new) - _total(item, state.trie.get(key))
        elif key.startswith((NATIVE_ISSUANCE.prefix, TOKEN_ISSUANCE.prefix)):
            item = NATIVE_ISSUANCE if key == NATIVE_ISSUANCE.prefix else TOKEN_ISSUANCE
            asset = NATIVE if item is NATIVE_ISSUANCE else item.key_of(key)[0]
            issued[asset] = _value(item, state.trie.get(key)), _value(item, new)
    moved = {asset for asset, (old, new) in issued.items() if old != new}
    found = []
    for asset in sorted(moved | {asset for asset, gained in sums.items() if gained}):
        before, after = issued.get(asset, (0, 0))
        found.append(Change(asset, before, after, sums.get(asset, 0)))
    return tuple(found)


def _value(item: StorageItem, data: bytes | None) -> Any:
    return item.default if data is None else item.value.decode(data)


def _total(item: StorageItem, data: bytes | None) -> int:
    """Free and reserved."""
    value = _value(item, data)
    money = value.data if item is ACCOUNT else value
    total: int = money.free + money.reserved
    return total


@dataclass(frozen=True)
class AssetRow:
    """One asset over a range of blocks, in base units.

    `first` and `last` are its issuance before and after all changes, None if it never changed; `beyond` is what
    accounts gained that was not issued.
    """

    asset: int
    first: int | None
    issued: int
    burned: int
    last: int | None
    beyond: int

    @property
    def holds(self) -> bool:
        """Whether nothing but the blocks of the range changed the issuance."""
        return (self.first or 0) + self.issued - self.burned == (self.last or 0)


def asset_table(blocks: Iterable[Iterable[Change]]) -> tuple[AssetRow, ...]:
    """The assets that these blocks, in their order, did something to; ascending."""
    rows: dict[int, AssetRow] = {}
    for changes in blocks:
        for change in changes:
            row = rows.get(change.asset) or AssetRow(change.asset, None, 0, 0, None, 0)
            moved = change.after - change.before
            first, last = row.first, row.last
            if moved:
                first, last = (change.before if first is None else first), change.after
            issued, burned = row.issued + max(0, moved), row.burned + max(0, -moved)
            rows[change.asset] = AssetRow(change.asset, first, issued, burned, last, row.beyond + change.gained - moved)
    return tuple(rows[asset] for asset in sorted(rows))
