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
from chain.relay.types import PoV, decode_block_data
from chain.relay.validate import STATE_VERSION, Validated
from chain.trie import MemoryStore, OverlayStore, Trie, decode_compact, differing_keys

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


def changes_of(pov: PoV, validated: Validated) -> tuple[Change, ...]:
    """The assets whose issuance or accounts' sum the block of a good candidate changed, ascending."""
    data = decode_block_data(pov.block_data)
    root, nodes = decode_compact(data.proof)
    store = MemoryStore(nodes)
    before = Trie(store, root, STATE_VERSION)
    after = Trie(OverlayStore(validated.nodes, store), data.header.state_root, STATE_VERSION)
    sums: dict[int, int] = {}
    issued: dict[int, tuple[int, int]] = {}
    for key in differing_keys(before, after):
        for item, native in ((ACCOUNT, True), (TOKEN_ACCOUNT, False)):
            if key.startswith(item.prefix):
                asset = NATIVE if native else item.key_of(key)[1]
                sums[asset] = sums.get(asset, 0) + _total(item, after, key) - _total(item, before, key)
        if key == NATIVE_ISSUANCE.prefix:
            issued[NATIVE] = _amount(NATIVE_ISSUANCE, before, key), _amount(NATIVE_ISSUANCE, after, key)
        elif key.startswith(TOKEN_ISSUANCE.prefix):
            asset = TOKEN_ISSUANCE.key_of(key)[0]
            issued[asset] = _amount(TOKEN_ISSUANCE, before, key), _amount(TOKEN_ISSUANCE, after, key)
    found = []
    for asset in sorted({*issued, *(asset for asset, sum_ in sums.items() if sum_)}):
        old, new = issued.get(asset) or (0, 0)
        found.append(Change(asset, old, new, sums.get(asset, 0)))
    return tuple(found)


def _amount(item: StorageItem, state: Trie, key: bytes) -> int:
    data = state.get(key)
    found: int = item.default if data is None else item.value.decode(data)
    return found


def _total(item: StorageItem, state: Trie, key: bytes) -> int:
    """Free and reserved."""
    data = state.get(key)
    value = item.default if data is None else item.value.decode(data)
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
