"""The privileged origin. Source: spec/fees-and-origins.md §5.1."""

from collections.abc import Callable
from typing import Any

import pytest

from chain.crypto.accounts import dev
from chain.frame import ROOT, Event, Origin, Pallet, call
from chain.pallets.sudo import Needs, Sudo
from chain.primitives.errors import SUCCEEDED, BadOrigin
from chain.primitives.weight import DispatchClass, DispatchInfo, Pays, PostInfo, Weight
from chain.scale import Err
from chain.scale.types import AccountId

ALICE, BOB = dev("//Alice"), dev("//Bob")
FREE = PostInfo(None, Pays.No)


class Probe(Pallet):
    """Calls for root, for accounts, and for nobody."""

    class Came(Event):
        who: AccountId

    @call(index=0)
    def rule(self, origin: Origin) -> None:
        """Root only."""
        origin.ensure_root()

    @call(index=1)
    def come(self, origin: Origin) -> None:
        """Accounts only."""
        self.deposit(self.Came(origin.signed()))


@pytest.fixture
def chain(make_chain: Any, table: Callable[..., Any]) -> Any:
    def wire(environment: Any) -> None:
        environment[Sudo].needs = Needs(environment)

    chain = make_chain(
        {200: Probe, 255: Sudo},
        wire,
        table=table(probe__rule=(1000, 7, "Operational")),
        call_filter=lambda environment: lambda each: each.path != "probe.come",
    )
    chain.genesis()
    return chain


def test_alice_rules_at_first(chain: Any) -> None:
    assert chain[Sudo].sudo_key.get() == ALICE
    assert chain[Sudo].sudo_key.item.name == "Key"


def test_sudo(chain: Any) -> None:
    assert chain.run(chain.call("sudo.sudo", chain.call("probe.rule")), chain.signed(ALICE)) == FREE
    assert chain.run(chain.call("sudo.sudo", chain.call("probe.come")), chain.signed(ALICE)) == FREE
    assert chain.events == [Sudo.Sudid(SUCCEEDED), Sudo.Sudid(Err(BadOrigin()))]


def test_only_the_key(chain: Any) -> None:
    for sudo in (
        chain.call("sudo.sudo", chain.call("probe.rule")),
        chain.call("sudo.sudo_unchecked_weight", chain.call("probe.rule"), Weight(1, 1)),
        chain.call("sudo.set_key", BOB),
        chain.call("sudo.sudo_as", ALICE, chain.call("probe.come")),
    ):
        assert chain.fails(sudo, chain.signed(BOB)) == "Sudo.RequireSudo"
        assert chain.fails(sudo, ROOT) == "BadOrigin"


def test_sudo_as_passes_the_filter(chain: Any) -> None:
    assert chain.run(chain.call("sudo.sudo_as", BOB, chain.call("probe.come")), chain.signed(ALICE)) == FREE
    assert chain.events == [Probe.Came(BOB), Sudo.SudoAsDone(SUCCEEDED)]


def test_set_key(chain: Any) -> None:
    assert chain.run(chain.call("sudo.set_key", BOB), chain.signed(ALICE)) == FREE
    assert chain.events == [Sudo.KeyChanged(ALICE)]
    assert chain[Sudo].sudo_key.get() == BOB


def test_weights(chain: Any) -> None:
    rule = chain.call("probe.rule")
    around = DispatchInfo(Weight(15_001_000, 7), DispatchClass.Operational, Pays.Yes)
    given = DispatchInfo(Weight(3, 4), DispatchClass.Operational, Pays.Yes)
    assert chain.runtime.weigh(chain.call("sudo.sudo", rule)) == around
    assert chain.runtime.weigh(chain.call("sudo.sudo_as", BOB, rule)) == around
    assert chain.runtime.weigh(chain.call("sudo.sudo_unchecked_weight", rule, Weight(3, 4))) == given


def test_events_have_an_encoding(chain: Any) -> None:
    assert chain.runtime.event.encode(Sudo.Sudid(Err(BadOrigin()))).hex() == "ff000102"
    assert chain.runtime.event.encode(Sudo.KeyChanged(None)).hex() == "ff0100"
