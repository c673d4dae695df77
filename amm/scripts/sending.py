"""Calls into a block, in the written order. Sources: spec/trade-scripts.md, "Steps"; fees-and-origins.md §10."""

from dataclasses import dataclass

from amm.chain_spec import NATIVE
from amm.local import ROOT, LocalChain, NoSuchSigner
from amm.outcome import REFUSED_HINTS, REFUSED_MEANING, explain
from amm.scripts.errors import Fault, Faults
from amm.scripts.source import Text
from amm.signing import nonce_of, sign_call, wrap
from chain.blocks.execution import Applied
from chain.crypto.keys import Keypair
from chain.frame import Call, Event, Runtime
from chain.node.service import BlockInProgress, Sealed
from chain.pallets.multi_payment import MultiTransactionPayment
from chain.pallets.sudo import Sudo
from chain.primitives.errors import DispatchError, Invalid, InvalidReason, Refused
from chain.scale import Err


@dataclass(frozen=True)
class Sent:
    """What became of a call: the error it failed with, or was refused with. A refused one is in no block.

    `meaning` says what the error means, `hint` how to mend it.
    """

    error: str | None
    applied: Applied | None

    root: bool = False
    meaning: str = ""
    hint: str = ""

    @property
    def events(self) -> tuple[Event, ...]:
        return () if self.applied is None else self.applied.events

    def settled(self, sealed: Sealed, runtime: Runtime) -> "Sent":
        """The same call in the block as it was included: amid faults a block may have to be built anew."""
        if self.applied is None:
            return self
        extrinsic = self.applied.extrinsic.hash
        applied = next((each for each in sealed.applied if each.extrinsic.hash == extrinsic), self.applied)
        return self if applied is self.applied else sent_as(applied, self.root, runtime)


class Sender:
    """Signs calls in people's names and pushes them into blocks; remembers the keys."""

    def __init__(self, chain: LocalChain) -> None:
        self._chain, self._runtime = chain, chain.runtime
        self._genesis_hash = chain.node.genesis_hash
        self._keys: dict[str, Keypair] = {}

    @property
    def names(self) -> dict[str, bytes]:
        """The accounts of those who have signed, by name."""
        return {name: key.account for name, key in self._keys.items()}

    def send(
        self, block: BlockInProgress, call: Call, signer: str, *, tip: int = 0, fee_asset: int | None = None
    ) -> Sent:
        """Push a call into a block. Its nonce counts on from what the block holds; one without room is refused."""
        key = self._keys.get(signer) or self._keys.setdefault(signer, self._chain.signer(signer))
        root = signer == ROOT
        if root or fee_asset is not None:
            pays_in = block.environment[MultiTransactionPayment].account_currency_map.get(key.account)
            call = wrap(
                self._runtime, call, root=root, fee_asset=fee_asset, pays_in=NATIVE if pays_in is None else pays_in
            )
        nonce = nonce_of(block.environment, key.account)
        extrinsic = sign_call(self._runtime, call, key, nonce, self._genesis_hash, tip=tip)
        try:
            if block.full:
                raise Invalid(InvalidReason.ExhaustsResources)
            applied = block.push(extrinsic)
        except Refused as refused:
            return Sent(refused.name, None, root, REFUSED_MEANING, REFUSED_HINTS.get(refused.name, ""))
        return sent_as(applied, root, self._runtime)


@dataclass(frozen=True)
class Pending:
    """A call that has been read, and how it is to be sent."""

    sender: Sender
    call: Call
    signer: Text
    tip: int
    fee_asset: int | None

    def into(self, block: BlockInProgress) -> Sent:
        """Push it into a block. Raises Faults if the signer's key is not known."""
        try:
            return self.sender.send(block, self.call, self.signer.value, tip=self.tip, fee_asset=self.fee_asset)
        except NoSuchSigner as error:
            raise Faults([Fault(self.signer.mark, str(error), "write a name, as in alice")]) from None


def sent_as(applied: Applied, root: bool, runtime: Runtime) -> Sent:
    """What became of a call that is in a block; of a call of root's, its inner result."""
    error = _inner(applied) if root else applied.error
    if error is None:
        return Sent(None, applied, root)
    name, meaning, hint = explain(error, runtime)
    return Sent(name, applied, root, " ".join(meaning.split()), hint)


def _inner(applied: Applied) -> DispatchError | None:
    """What a call failed with that was sent through sudo: sudo itself succeeds whatever the result."""
    if applied.error is not None:
        return applied.error
    for event in reversed(applied.events):
        if isinstance(event, Sudo.Sudid):
            result = event.sudo_result
            return result.value if isinstance(result, Err) else None
    return None
