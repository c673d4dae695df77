"""`system_*`, `rpc_methods`, `chainSpec_v1_*`: what the node says of itself."""

from collections.abc import Callable, Mapping
from typing import Any

from chain.rpc.errors import execution_failed
from chain.rpc.forms import hex_of
from chain.rpc.methods import Group, method
from chain.rpc.params import Account, Hash, Hex
from chain.rpc.runtime_calls import CallFailed, call_runtime
from chain.rpc.view import View


class System(Group):
    def __init__(self, view: View, names: Callable[[], list[str]]) -> None:
        self._view, self._names = view, names

    @method("rpc_methods")
    def methods(self) -> dict[str, Any]:
        """The names of all methods: clients use only what is listed."""
        return {"version": 1, "methods": self._names()}

    @method("system_chain", "chainSpec_v1_chainName")
    def chain(self) -> str:
        return self._view.facts.chain

    @method("system_name")
    def name(self) -> str:
        return self._view.facts.name

    @method("system_version")
    def version(self) -> str:
        return self._view.facts.version

    @method("system_chainType")
    def chain_type(self) -> str:
        return self._view.facts.chain_type

    @method("system_properties", "chainSpec_v1_properties")
    def properties(self) -> Mapping[str, Any]:
        return self._view.facts.properties

    @method("chainSpec_v1_genesisHash", "archive_v1_genesisHash")
    def genesis_hash(self) -> str:
        return hex_of(self._view.node.genesis_hash)

    @method("system_health")
    def health(self) -> dict[str, Any]:
        return {"peers": 0, "isSyncing": False, "shouldHavePeers": False}

    @method("system_syncState")
    def sync_state(self) -> dict[str, int]:
        best = self._view.best.number
        return {"startingBlock": 0, "currentBlock": best, "highestBlock": best}

    @method("system_peers")
    def peers(self) -> list[Any]:
        return []

    @method("system_nodeRoles")
    def roles(self) -> list[str]:
        return ["Authority"]

    @method("system_localPeerId")
    def peer_id(self) -> str:
        """No network stands behind this node; the id is made of its genesis hash."""
        return f"12D3KooW{self._view.node.genesis_hash.hex()[:44]}"

    @method("system_localListenAddresses")
    def addresses(self) -> list[str]:
        return []

    @method("system_accountNextIndex", "account_nextIndex")
    def next_index(self, account: Account) -> int:
        """The nonce of the account's next extrinsic, those in the pool counted."""
        return self._view.node.next_nonce(account)

    @method("system_dryRun", "system_dryRunAt")
    def dry_run(self, extrinsic: Hex, at: Hash | None = None) -> str:
        """What would become of an extrinsic in the next block: ApplyExtrinsicResult."""
        try:
            return hex_of(call_runtime(self._view, at, "BlockBuilder_apply_extrinsic", extrinsic))
        except CallFailed as error:
            raise execution_failed(str(error)) from None
