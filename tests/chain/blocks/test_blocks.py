"""Building and executing blocks: author and importer agree, and every disagreement has its name."""

from collections.abc import Callable

import pytest

from amm.local import LocalChain
from amm.signing import sign_call
from chain.blocks.block import Block
from chain.blocks.errors import BadExtrinsic, DigestMismatch, ExtrinsicsRootMismatch, StateRootMismatch
from chain.blocks.execute import execute_block
from chain.blocks.validity import validate_extrinsic
from chain.crypto.keys import dev
from chain.node.service import Sealed
from chain.pallets.system import System
from chain.primitives.errors import Invalid, InvalidBlock, Unknown
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Header
from chain.scale import Era
from chain.state import BlockState


@pytest.fixture(scope="module")
def chain() -> LocalChain:
    return LocalChain()


def transfer(
    chain: LocalChain, nonce: int = 0, value: str = "1 BSX", who: str = "alice", **options: object
) -> Extrinsic:
    call = chain.call("balances.transfer_allow_death", dest="bob", value=value)
    return sign_call(chain.runtime, call, dev(who), nonce, chain.node.genesis_hash, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sealed(chain: LocalChain) -> Sealed:
    return chain.node.seal([transfer(chain), transfer(chain, 1)])


def execute(chain: LocalChain, block: Block) -> None:
    parent = chain.node.header(block.header.number - 1)
    execute_block(chain.runtime, BlockState(chain.node.nodes, parent.state_root, 1), block)


def with_header(block: Block, **changes: object) -> Block:
    fields = {name: getattr(block.header, name) for name in block.header.__struct_fields__}
    return Block(Header(**{**fields, **changes}), block.extrinsics)


def test_an_importer_computes_what_the_author_did(chain: LocalChain, sealed: Sealed) -> None:
    execute(chain, sealed.record.block)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda block: with_header(block, state_root=bytes(32)), StateRootMismatch),
        (lambda block: with_header(block, extrinsics_root=bytes(32)), ExtrinsicsRootMismatch),
        (lambda block: Block(block.header, block.extrinsics[:-1]), StateRootMismatch),
        (lambda block: Block(block.header.with_logs(()), block.extrinsics), InvalidBlock),
        (
            lambda block: Block(block.header.with_logs(block.header.digest.logs[:1]), block.extrinsics),
            DigestMismatch,
        ),
        (lambda block: Block(block.header, (*block.extrinsics, b"\x07")), BadExtrinsic),
        (lambda block: Block(block.header, (block.extrinsics[1], block.extrinsics[0])), BadExtrinsic),
    ],
    ids=["state root", "extrinsics root", "cut body", "no slot", "no log", "undecodable", "inherents swapped"],
)
def test_a_changed_block_is_refused(
    chain: LocalChain, sealed: Sealed, change: Callable[[Block], Block], error: type[Exception]
) -> None:
    with pytest.raises(error):
        execute(chain, change(sealed.record.block))


def test_a_changed_amount_breaks_the_signature(chain: LocalChain, sealed: Sealed) -> None:
    block = sealed.record.block
    body = bytearray(block.extrinsics[2])
    body[-1] ^= 1
    changed = Block(block.header, (*block.extrinsics[:2], bytes(body), *block.extrinsics[3:]))
    with pytest.raises(BadExtrinsic) as caught:
        execute(chain, changed)
    assert (caught.value.index, caught.value.reason) == (2, "BadProof")


def test_a_refused_extrinsic_leaves_nothing_behind(chain: LocalChain) -> None:
    """A block with refused ones in between has the same state root as one without."""
    nonce = chain.node.read()[System].account.get(dev("alice").account).nonce
    first, second = transfer(chain, nonce), transfer(chain, nonce + 1)
    fork, other = chain.fork(), chain.fork()
    block = fork.node.open_block()
    block.push(first)
    for bad, name in (
        (transfer(chain, nonce), "Invalid.Stale"),
        (transfer(chain, nonce + 5), "Invalid.Future"),
        (transfer(chain, 0, who="nobody"), "Invalid.Payment"),
        (transfer(chain, nonce + 1, tip=10**30), "Invalid.Payment"),
    ):
        with pytest.raises(Invalid) as caught:
            block.push(bad)
        assert caught.value.name == name
    block.push(second)
    assert block.finish().hash == other.node.seal([first, second]).hash


def test_deeply_nested_batches_run_and_are_verified(chain: LocalChain) -> None:
    call = chain.call("system.remark", remark="x")
    for _ in range(250):
        call = chain.runtime.make_call("utility.batch", (call,))
    outcome = chain.submit(call)
    assert (outcome.ok, [event.event for event in outcome.events].count("BatchCompleted")) == (True, 250)


def test_fees_and_order_of_events(chain: LocalChain) -> None:
    nonce = chain.node.read()[System].account.get(dev("alice").account).nonce
    sealed = chain.node.seal([transfer(chain, nonce)])
    names = [f"{event.pallet}.{type(event).__name__}" for event in sealed.applied[2].events]
    assert names == [
        "Balances.Withdraw",
        "Currencies.Withdrawn",
        "Balances.Transfer",
        "Balances.Deposit",
        "Currencies.Deposited",
        "TransactionPayment.TransactionFeePaid",
        "System.ExtrinsicSuccess",
    ]


def test_a_failing_call_is_in_the_block_and_paid_for(chain: LocalChain) -> None:
    before = chain.balance("alice", "BSX")
    outcome = chain.submit(chain.call("balances.transfer_allow_death", dest="bob", value=2**127))
    assert (outcome.ok, outcome.error, outcome.refused) == (False, "Arithmetic.Underflow", False)
    assert chain.balance("alice", "BSX") < before
    assert outcome.events[-1].event == "ExtrinsicFailed"


def test_118_trades_fit_into_a_block_by_proof_size() -> None:
    """3,932,160 bytes of proof for normal calls, 33,091 a trade (spec/fees-and-origins.md §2.3)."""
    chain = LocalChain()
    pool = chain.call("xyk.create_pool", asset_a="BSX", amount_a="100_000 BSX", asset_b="KSM", amount_b="250 KSM")
    assert chain.submit(pool).ok
    sell = chain.call("xyk.sell", asset_in="BSX", asset_out="KSM", amount="1 BSX", max_limit=0, discount=False)
    block = chain.node.open_block()
    for nonce in range(118):
        block.push(sign_call(chain.runtime, sell, dev("bob"), nonce, chain.node.genesis_hash))
    with pytest.raises(Invalid) as caught:
        block.push(sign_call(chain.runtime, sell, dev("bob"), 118, chain.node.genesis_hash))
    assert caught.value.name == "Invalid.ExhaustsResources"
    assert block.finish().number == 2


class TestValidity:
    """The pool's question (spec/substrate.md §5, §6)."""

    def test_ready(self, chain: LocalChain) -> None:
        nonce = chain.node.read()[System].account.get(dev("eve").account).nonce
        valid = validate_extrinsic(chain.node.trial(), transfer(chain, nonce, who="eve"))
        tag = dev("eve").account + nonce.to_bytes(4, "little")
        assert (valid.requires, valid.provides, valid.longevity) == ((), (tag,), 2**64 - 1)

    def test_a_nonce_ahead_requires_the_one_before(self, chain: LocalChain) -> None:
        valid = validate_extrinsic(chain.node.trial(), transfer(chain, 3, who="eve"))
        assert valid.requires == (dev("eve").account + (2).to_bytes(4, "little"),)

    def test_mortal(self, chain: LocalChain) -> None:
        best = chain.node.best
        era = Era.mortal(64, best.number)
        mortal = transfer(chain, 0, who="eve", era=era, birth_hash=best.hash)
        assert validate_extrinsic(chain.node.trial(), mortal).longevity == 63
        wrong = transfer(chain, 0, who="eve", era=era, birth_hash=bytes(32))
        with pytest.raises(Invalid, match="BadProof"):
            validate_extrinsic(chain.node.trial(), wrong)

    @pytest.mark.parametrize(
        ("call", "expected"),
        [("system.remark", b"\x01\x00\x00"), ("utility.batch", b"\x01\x01\x01")],
    )
    def test_bare(self, chain: LocalChain, call: str, expected: bytes) -> None:
        """Measured: a System call gives Invalid.Call, any other NoUnsignedValidator."""
        args = {"remark": "x"} if call == "system.remark" else {"calls": []}
        bare = Extrinsic.bare(chain.runtime.call.encode(chain.call(call, **args)))
        with pytest.raises((Invalid, Unknown)) as caught:
            validate_extrinsic(chain.node.trial(), bare)
        assert b"\x01" + caught.value.encode() == expected


def test_extrinsics_decode_to_what_was_signed(chain: LocalChain) -> None:
    extrinsic = transfer(chain, 7, tip=12)
    decoded = Extrinsic.decode(extrinsic.raw)
    assert decoded.signed == extrinsic.signed
    assert decoded == extrinsic
    assert decoded.hash == extrinsic.hash
