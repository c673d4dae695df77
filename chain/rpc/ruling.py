"""Extrinsics that the node signs itself, with the chain's sudo key, so that every block stays provable."""

from collections.abc import Sequence

from chain.blocks.execution import Applied
from chain.crypto.keys import Keypair
from chain.frame import Call
from chain.node.service import Sealed
from chain.pallets.sudo import Sudo
from chain.pallets.system import System
from chain.primitives.extrinsic import Extrinsic, SignedBy, SigningContext, extra_bytes
from chain.rpc.errors import dev_error
from chain.rpc.sealing import Sealer
from chain.rpc.view import View
from chain.scale import IMMORTAL, Err

RAW_CODE = b":code"


class Ruler:
    """Acts as root, or as anybody, through the sudo pallet."""

    def __init__(self, view: View, sealer: Sealer) -> None:
        self._view, self._sealer = view, sealer

    def write(self, values: Sequence[tuple[bytes, bytes | None]]) -> Sealed:
        """Seal a block that writes raw storage; `None` removes. Raises `RpcError`."""
        if any(key == RAW_CODE for key, _ in values):
            raise dev_error("the runtime of a chain cannot be replaced", "make another chain")
        make = self._view.runtime.make_call
        written = tuple((key, value) for key, value in values if value is not None)
        removed = tuple(key for key, value in values if value is None)
        calls = [make("system.set_storage", written)] if written else []
        calls += [make("system.kill_storage", removed)] if removed else []
        if not calls:
            return self._sealer.seal(())
        inner = calls[0] if len(calls) == 1 else make("utility.batch_all", tuple(calls))
        return self._seal("sudo.sudo", inner)

    def act_as(self, who: bytes, call: Call) -> Sealed:
        """Seal a block in which `who` makes a call. Raises `RpcError` if the chain refuses or the call fails."""
        return self._seal("sudo.sudo_as", who, call)

    def _seal(self, path: str, *args: object) -> Sealed:
        key = self._key()
        if any(each.signed and each.signed.account == key.account for each in self._view.node.pool.pending()):
            self._sealer.seal()
        extrinsic = self._signed(self._view.runtime.make_call(path, *args), key)
        sealed = self._sealer.seal([extrinsic])
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
