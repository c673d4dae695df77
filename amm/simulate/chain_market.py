"""The sale on a whole chain: signed extrinsics in blocks, proofs, the relay chain's validators, a store on disk."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from amm.chain_spec import NATIVE, ChainSpec
from amm.local import ROOT, LocalChain
from amm.pallets.lbp import Lbp, pool_account
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.source import Integer, Text
from amm.simulate.calls import call_of, creation, dating, fill_of
from amm.simulate.crowd import Fill, Order, Purse
from amm.simulate.launch import Launch
from amm.simulate.market import Reserves
from chain.crypto.keys import dev
from chain.frame import Call
from chain.primitives.errors import Refused

OWNER, COLLECTOR = "launch-owner", "launch-collector"
FEES = 1_000_000 * 10**12
"""BSX for each account, out of which it pays for its extrinsics."""

_HERE = Mark("the traders of a design")


class ChainMarket:
    """A chain made for this sale, in a folder that goes with it."""

    def __init__(self, launch: Launch, purses: Mapping[str, Purse]) -> None:
        if launch.spec.sudo_key is None:
            raise Faults([Fault(launch.spec.mark, "only root creates LBP pools", "add sudo to the chain's `pallets`")])
        self._assets, self._pool = launch.terms.assets, pool_account(*launch.terms.assets)
        actors = {
            **purses,
            OWNER: Purse(launch.terms.collateral, launch.terms.tokens),
            COLLECTOR: Purse(_least(launch)),
        }
        self._folder = TemporaryDirectory(prefix="basilisk-design-")
        self._chain = LocalChain.create(Path(self._folder.name) / "chain", _with_balances(launch, actors))
        self._runtime, self.executions = self._chain.runtime, 0
        self._submit(creation(self._runtime, launch, dev(OWNER).account, dev(COLLECTOR).account), ROOT)
        self._submit(dating(self._runtime, launch, self._pool), OWNER)

    @property
    def reserves(self) -> Reserves:
        return Reserves(*self._chain.state[Lbp].reserves(*self._assets))

    @property
    def collected(self) -> int:
        lbp = self._chain.state[Lbp]
        return lbp.collected(lbp.data(self._pool))

    def move_to(self, block: int) -> None:
        head = self._chain.node.relay.head.number
        if block < head:
            raise ValueError(f"relay block {block} is past: the head is {head}")
        self._chain.advance_relay(block - head)

    def execute(self, orders: Sequence[Order]) -> list[Fill]:
        node = self._chain.node
        block, outcomes = node.open_block(), []
        for order in orders:
            call = call_of(self._runtime, order, self._assets)
            prepared = self._chain.prepare(call, order.who, environment=block.environment)
            try:
                applied = block.push(prepared.extrinsic)
            except Refused as refused:
                outcomes.append(Fill(0, 0, 0, refused.name))
                continue
            if applied.error is None:
                outcomes.append(fill_of(order, applied.events))
            else:
                outcomes.append(Fill(0, 0, 0, self._runtime.error_name(applied.error)))
        self.executions += block.finish().record.executions
        return outcomes

    def close(self) -> None:
        self._chain.close()
        self._folder.cleanup()

    def _submit(self, call: Call, signer: str) -> None:
        outcome = self._chain.submit(call, signer)
        if not outcome.ok:
            raise ValueError(f"{outcome.call} failed: {outcome.error}")
        assert outcome.candidate is not None
        self.executions += outcome.candidate.executions


def _least(launch: Launch) -> int:
    """What an account must hold of the accumulated asset to exist, so that the collector can get the smallest fee."""
    assets = launch.spec.genesis_assets()
    return next(asset.existential_deposit for asset in assets if asset.id == launch.accumulated.id)


def _with_balances(launch: Launch, actors: Mapping[str, Purse]) -> ChainSpec:
    """The spec with everybody's purse, and BSX for fees."""
    entries = []
    for who, purse in actors.items():
        held = {NATIVE: FEES}
        for asset, amount in zip(launch.terms.assets, purse, strict=True):
            held[asset] = held.get(asset, 0) + amount
        amounts = tuple((Integer(_HERE, asset), Integer(_HERE, amount)) for asset, amount in held.items())
        entries.append((Text(_HERE, who), amounts))
    return msgspec.structs.replace(launch.spec, balances=(*(launch.spec.balances or ()), *entries))
