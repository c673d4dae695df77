"""The sale in the runtime's own pallets, over a state in memory: no blocks, no signatures, no transaction fees.

The relay parent's number is set from outside, so that blocks without orders cost nothing.
"""

from collections.abc import Mapping, Sequence

from amm.genesis import Genesis
from amm.pallets.lbp import Lbp, pool_account
from amm.simulate.calls import call_of, creation, dating, fill_of
from amm.simulate.crowd import Fill, Order, Purse
from amm.simulate.launch import Launch
from amm.simulate.market import Reserves
from chain.crypto.hashing import blake2_256
from chain.frame import ROOT, Origin, Signed
from chain.pallets.currencies import Currencies
from chain.pallets.parachain_system import ParachainSystem
from chain.primitives.errors import Failure
from chain.primitives.validation import PersistedValidationData
from chain.state import Overlay
from chain.trie import MemoryStore, Trie


def account_of(who: str) -> bytes:
    """The account of a trader, whom nobody needs to sign for."""
    return blake2_256(b"trader " + who.encode())


class PalletMarket:
    """The pallets of one runtime, opened once; each order is dispatched in a storage layer of its own."""

    executions = 0

    def __init__(self, launch: Launch, purses: Mapping[str, Purse]) -> None:
        genesis = Genesis(launch.spec)
        block = genesis.build()
        self._runtime, self._assets = genesis.runtime, launch.terms.assets
        nodes = MemoryStore(block.nodes)
        self._open = self._runtime.open(Overlay(Trie(nodes, block.header.state_root, self._runtime.state_version)))
        self._lbp, self._pool = self._open[Lbp], pool_account(*self._assets)
        owner, collector = account_of("owner"), account_of("collector")
        self._deposit(owner, Purse(launch.terms.collateral, launch.terms.tokens))
        self._deposit(collector, Purse(self._open[Currencies].minimum_balance(self._assets[0])))
        self._accounts = {who: account_of(who) for who in purses}
        for who, purse in purses.items():
            self._deposit(self._accounts[who], purse)
        self.move_to(1)
        self._open.dispatch(creation(self._runtime, launch, owner, collector), ROOT)
        self._open.dispatch(dating(self._runtime, launch, self._pool), Origin(Signed(owner)))

    @property
    def reserves(self) -> Reserves:
        return Reserves(*self._lbp.reserves(*self._assets))

    @property
    def collected(self) -> int:
        return self._lbp.collected(self._lbp.data(self._pool))

    def move_to(self, block: int) -> None:
        self._open[ParachainSystem].validation_data.put(PersistedValidationData(b"", block, bytes(32), 0))

    def execute(self, orders: Sequence[Order]) -> list[Fill]:
        return [self._execute(order) for order in orders]

    def close(self) -> None:
        pass

    def _execute(self, order: Order) -> Fill:
        records = self._open.context.events
        records.clear()
        origin = self._open.origin_of(Signed(self._accounts[order.who]))
        try:
            self._open.dispatch(call_of(self._runtime, order, self._assets), origin)
        except Failure as failure:
            return Fill(0, 0, 0, self._runtime.error_name(self._open.error(failure)))
        return fill_of(order, (record.event for record in records))

    def _deposit(self, who: bytes, purse: Purse) -> None:
        for asset, amount in zip(self._assets, purse, strict=True):
            if amount:
                self._open[Currencies].deposit_into(asset, who, amount)
