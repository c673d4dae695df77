"""Speaking for others on a LocalChain: pranks, sudo, signers that cannot sign."""

from pathlib import Path

import pytest
from trading import SELL, UNIT

from amm.local import CallFailed, LocalChain, NoSuchSigner
from amm.people import Person
from chain.crypto import accounts, ss58
from chain.crypto.keys import dev


def test_prank_says_who_signs(chain: LocalChain) -> None:
    with chain.prank("bob") as bob:
        assert bob == dev("bob").account
        assert chain.transact("xyk.sell", **SELL).event("XYK.SellExecuted")["who"] == Person("bob").address
        with chain.prank(Person("charlie")):
            assert chain.transact("xyk.sell", **SELL).event("XYK.SellExecuted")["who"] == Person("charlie").address
        assert chain.transact("xyk.sell", "dave", **SELL).event("XYK.SellExecuted")["who"] == Person("dave").address
        assert chain.transact("xyk.sell", **SELL).event("XYK.SellExecuted")["who"] == Person("bob").address
    assert chain.transact("xyk.sell", **SELL).event("XYK.SellExecuted")["who"] == Person("alice").address


POOL_ACCOUNT = accounts.pool("xyk", 0, 1)


@pytest.mark.parametrize("written", ["@xyk:BSX/KSM", ss58.encode(POOL_ACCOUNT), POOL_ACCOUNT])
def test_an_account_without_a_key_acts_through_sudo(chain: LocalChain, written: str | bytes) -> None:
    before = chain.balance("zoe", "KSM")
    with chain.prank(written):
        outcome = chain.transact("tokens.transfer", dest="zoe", currency_id="KSM", amount="3 KSM")
    assert outcome.call == "tokens.transfer"
    assert outcome.event("Sudo.SudoAsDone")
    assert chain.balance("zoe", "KSM") == before + 3 * UNIT
    assert chain.node.record(chain.block) is not None  # a block like any other, executed from its proof
    with chain.prank(written), pytest.raises(CallFailed, match=r"xyk.sell failed: XYK.MaxInRatioExceeded"):
        chain.transact("xyk.sell", **SELL | {"amount": "200 KSM"})


def test_prank_as_root(chain: LocalChain) -> None:
    with chain.prank("root"):
        assert chain.transact("system.set_storage", items=[["0x01", "0x02"]]).event("Sudo.Sudid")


def test_nobody_speaks_for_others_without_sudo(tmp_path: Path) -> None:
    spec = tmp_path / "plain.yaml"
    spec.write_text("name: plain\npallets: []\ncollators: [alice]\nbalances:\n  bob: {BSX: '1_000 BSX'}\n")
    with LocalChain(str(spec)) as chain:
        with pytest.raises(NoSuchSigner, match="no sudo key"), chain.prank("@treasury"):
            pass
        with chain.prank("bob"):
            chain.transact("system.remark", remark="0x00")


def test_a_signer_that_cannot_sign(chain: LocalChain) -> None:
    with pytest.raises(NoSuchSigner, match="@treasury cannot sign"):
        chain.transact("xyk.sell", "@treasury", **SELL)
