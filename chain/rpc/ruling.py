"""Extrinsics that the node signs itself, with the chain's sudo key, so that every block stays provable."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from chain.blocks.execution import Applied
from chain.crypto.keys import Keypair
from chain.frame import Call
from chain.node.service import Sealed
from chain.pallets.sudo import Sudo
from chain.pallets.system import System
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic, SignedBy, SigningContext, extra_bytes
from chain.rpc.errors import dev_error, refused
from chain.rpc.sealing import Sealer
from chain.rpc.view import View
from chain.scale import IMMORTAL, Err

RAW_CODE = b":code"
EVERY_KEY = (1 << 32) - 1


@dataclass(frozen=True)
class Removal:
    """All keys that begin with a prefix are to be removed."""

    prefix: bytes


Write = tuple[bytes, bytes | None] | Removal
"""A key and its value, `None` to remove it; or a whole prefix to remove."""


class Ruler:
    """Acts as root, or as anybody, through the sudo pallet."""

    def __init__(self, view: View, sealer: Sealer) -> None:
        self._view, self._sealer = view, sealer

    def write(self, values: Sequence[Write]) -> Sealed:
        """Seal a block that writes raw storage, in this order. Raises `RpcError`."""
        if any(_touches_code(each) for each in values):
            raise dev_error("the runtime of a chain cannot be replaced", "make another chain")
        calls = [self._writing(kind, list(group)) for kind, group in groupby(values, _kind)]
        if not calls:
            return self._sealer.seal(())
        inner = calls[0] if len(calls) == 1 else self._view.runtime.make_call("utility.batch_all", tuple(calls))
        return self._seal("sudo.sudo", inner)

    def _writing(self, kind: str, values: Sequence[Any]) -> Call:
        make = self._view.runtime.make_call
        if kind == "system.set_storage":
            return make(kind, tuple(values))
        if kind == "system.kill_storage":
            return make(kind, tuple(key for key, _ in values))
        prefixes = [make(kind, removal.prefix, EVERY_KEY) for removal in values]
        return prefixes[0] if len(prefixes) == 1 else make("utility.batch_all", tuple(prefixes))

    def act_as(self, who: bytes, call: Call) -> Sealed:
        """Seal a block in which `who` makes a call. Raises `RpcError` if the chain refuses or the call fails."""
        return self._seal("sudo.sudo_as", who, call)

    def _seal(self, path: str, *args: object) -> Sealed:
        key = self._key()
        if any(each.signed and each.signed.account == key.account for each in self._view.node.pool.pending()):
            self._sealer.seal()
        extrinsic = self._signed(self._view.runtime.make_call(path, *args), key)
        try:
            sealed = self._sealer.seal([extrinsic])
        except Refused as refusal:
            raise refused(refusal) from None
        self._check(sealed.applied[-1])
        return sealed

    def _key(self) -> Keypair:
        key = self._view.facts.sudo
        if key is None or "sudo.sudo" not in self._view.runtime.calls:
            raise dev_error("this chain has no sudo key to write with", "its spec lists no sudo pallet")
        return key

    def _signed(self, call: Call, key: Keypair) -> Extrinsic:
        runtime, node = self._view.runtime, self._view.node
        nonce = node.read()[System].account.get(key.account).nonce
        context = SigningContext(runtime.spec_version, runtime.transaction_version, node.genesis_hash)
        encoded, extra = runtime.call.encode(call), extra_bytes(IMMORTAL, nonce, 0)
        signature = key.sign(context.message(encoded, extra, node.genesis_hash))
        by = SignedBy(key.account, key.scheme_index, signature, IMMORTAL, nonce, 0, extra)
        return Extrinsic.sign(encoded, by)

    def _check(self, applied: Applied) -> None:
        """Raises `RpcError` if the extrinsic, or what it did as somebody else, failed."""
        error = applied.error
        for event in applied.events:
            if isinstance(event, Sudo.Sudid | Sudo.SudoAsDone) and isinstance(event.sudo_result, Err):
                error = event.sudo_result.value
        if error is not None:
            raise dev_error(f"the call failed: {self._view.runtime.error_name(error)}")


def _kind(write: Write) -> str:
    """The call that does it."""
    if isinstance(write, Removal):
        return "system.kill_prefix"
    return "system.kill_storage" if write[1] is None else "system.set_storage"


def _touches_code(write: Write) -> bool:
    return RAW_CODE.startswith(write.prefix) if isinstance(write, Removal) else write[0] == RAW_CODE
