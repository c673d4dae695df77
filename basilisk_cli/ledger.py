"""What accounts hold."""

from dataclasses import dataclass
from typing import Any

from amm.chain_spec import NATIVE
from basilisk_cli.names import Names
from chain.crypto import ss58
from chain.frame import Environment
from chain.pallets.system import System
from chain.pallets.tokens import Tokens


@dataclass(frozen=True)
class Held:
    """An asset on an account, in base units."""

    asset: int
    free: int
    reserved: int


def holdings(environment: Environment, who: bytes) -> list[Held]:
    """Everything that an account holds, by asset id; BSX is always there."""
    native = environment[System].account.get(who).data
    tokens = [Held(asset, entry.free, entry.reserved) for _, asset, entry in environment[Tokens].accounts.items(who)]
    return [Held(NATIVE, native.free, native.reserved), *sorted(tokens, key=lambda held: held.asset)]


def account_document(environment: Environment, who: bytes, names: Names) -> dict[str, Any]:
    """An account in JSON."""
    return {
        "address": ss58.encode(who),
        "name": names.name(who),
        "nonce": environment[System].account.get(who).nonce,
        "balances": [
            {"asset": held.asset, "symbol": names.symbol(held.asset), "free": held.free, "reserved": held.reserved}
            for held in holdings(environment, who)
        ],
    }
