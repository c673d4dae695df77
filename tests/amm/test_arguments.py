"""From what people write to the runtime's values: every shape, and every way to be wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm.arguments import NotYetKnown, Plain, Value, read_amount, read_call, read_value, resolve, to_node
from amm.chain_spec import load_chain_spec
from amm.facts import call_fact, event_fact, fact
from amm.genesis import Genesis
from amm.genesis_values import GenesisBook
from amm.pallets.lbp import Lbp
from amm.pallets.xyk import Xyk
from amm.scripts.errors import Faults
from amm.scripts.source import Items, Mapping, Node, Text, compose
from chain.crypto import accounts, ss58
from chain.crypto.keys import dev
from chain.frame.origin import OriginCaller
from chain.pallets.asset_types import AssetType
from chain.primitives.errors import DispatchError, DispatchResult
from chain.primitives.location import RELAY, MultiLocation
from chain.scale import (
    ACCOUNT_ID,
    ASSET_ID,
    BALANCE,
    BOOL,
    BYTES,
    FIXED_U128,
    H256_CODEC,
    I128,
    STR,
    U8,
    U32,
    AnyCodec,
    MapOf,
    OptionOf,
    Some,
    codec_of,
    vec_of,
)
from chain.scale.types import AccountId, AssetId, Balance, BTreeSet, Compact, u8, u32

SPEC = load_chain_spec("local")
RUNTIME = Genesis(SPEC).runtime
ALICE = dev("alice").account


class Saved(Plain):
    """A scope with values that were kept."""

    def __init__(self, **values: Any) -> None:
        super().__init__(RUNTIME, GenesisBook(SPEC.registered))
        self._values = values

    def variable(self, name: str) -> Any:
        return self._values[name]


SCOPE = Saved(pool=ALICE, many=7, yes=True, none=None, name="bob", call=RUNTIME.make_call("system.remark", b"x"))


def node(yaml: str) -> Node:
    root, faults = compose(yaml, "s.yaml")
    assert root is not None and not faults
    return root


def read(yaml: str, kind: Any) -> Any:
    return read_value(node(yaml), codec_of(kind), SCOPE)


def faults(yaml: str, kind: Any) -> list[str]:
    with pytest.raises(Faults) as caught:
        read(yaml, kind)
    return [f"{fault.mark.line}:{fault.mark.column} {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("yaml", "kind", "value"),
    [
        ("alice", ACCOUNT_ID, ALICE),
        (ss58.encode(ALICE), ACCOUNT_ID, ALICE),
        ("0x" + ALICE.hex(), ACCOUNT_ID, ALICE),
        ('"@xyk:KSM/BSX"', ACCOUNT_ID, accounts.pool("xyk", 0, 1)),
        ("KSM", ASSET_ID, 1),
        ("7", ASSET_ID, 7),
        ('"1.5 KSM"', BALANCE, 1_500_000_000_000),
        ("1_000", BALANCE, 1_000),
        ('"2 BSX"', Compact[Balance], 2_000_000_000_000),
        ('"-2 BSX"', I128, -2_000_000_000_000),
        ("-5", I128, -5),
        ("1500000000000000000", FIXED_U128, 1_500_000_000_000_000_000),
        ("true", BOOL, True),
        ("text", BYTES, b"text"),
        ("0x00ff", BYTES, b"\x00\xff"),
        ('""', BYTES, b""),
        ("text", STR, "text"),
        ("0x" + "11" * 32, H256_CODEC, b"\x11" * 32),
        ("null", OptionOf(U32), None),
        ("4", OptionOf(U32), 4),
        ("null", OptionOf(OptionOf(U32)), None),
        ("4", OptionOf(OptionOf(U32)), Some(4)),
        ("[BSX, 7]", vec_of(ASSET_ID), (0, 7)),
        ("[3, 1, 3]", BTreeSet[u8], (1, 3)),
        ("[KSM, [1, 2]]", tuple[AssetId, tuple[u32, u32]], (1, (1, 2))),
        ("{KSM: 5, 0: 6}", MapOf(ASSET_ID, U32), {0: 6, 1: 5}),
        ("[[KSM, 5], [0, 6]]", MapOf(ASSET_ID, U32), {0: 6, 1: 5}),
        ("relay", MultiLocation, RELAY),
        ("$pool", ACCOUNT_ID, ALICE),
        ("${many}", U32, 7),
        ("'1${many}0'", STR, "170"),
        ("'${pool}'", ACCOUNT_ID, ALICE),
        ("$yes", BOOL, True),
        ("$none", OptionOf(U32), None),
    ],
)
def test_values(yaml: str, kind: Any, value: Any) -> None:
    assert read(yaml, kind) == value


def test_a_map_is_in_the_order_of_its_keys() -> None:
    assert list(read("{300: 1, 2: 2}", MapOf(ASSET_ID, U32))) == [2, 300]


@pytest.mark.parametrize(
    ("yaml", "kind", "variant"),
    [
        ("Token", AssetType, "Token"),
        ("{PoolShare: [1, 2]}", AssetType, {"PoolShare": [1, 2]}),
        ("{system: Root}", OriginCaller, {"system": "Root"}),
        ("{system: {Signed: alice}}", OriginCaller, {"system": {"Signed": ss58.encode(ALICE)}}),
        ("XYK.TokenPoolNotFound", DispatchError, "XYK.TokenPoolNotFound"),
        ("Token.Frozen", DispatchError, "Token.Frozen"),
        ("BadOrigin", DispatchError, "BadOrigin"),
        ("Ok", DispatchResult, "Ok"),
        ("{Err: Tokens.BalanceTooLow}", DispatchResult, {"Err": "Tokens.BalanceTooLow"}),
    ],
)
def test_variants(yaml: str, kind: Any, variant: Any) -> None:
    codec = codec_of(kind)
    value = read(yaml, kind)
    assert codec.decode(codec.encode(value)) == value
    assert fact(value, codec, RUNTIME) == variant


@pytest.mark.parametrize(
    ("yaml", "kind", "fault"),
    [
        ("7", ACCOUNT_ID, "1:1 the number 7 is no account"),
        ("'@xyk:BSX/XXX'", ACCOUNT_ID, "1:1 unknown asset 'XXX'"),
        ("XXX", ASSET_ID, "1:1 unknown asset 'XXX'"),
        ("shares:BSX/KSM", ASSET_ID, "1:1 shares:BSX/KSM: there is no XYK pool of this pair, nor was one"),
        ("-1", BALANCE, "1:1 -1 is negative"),
        ("1.5", BALANCE, "1:1 1.5 has no symbol"),
        ("'1.5 BSX'", FIXED_U128, "1:1 the text '1.5 BSX' where an integer is needed"),
        ("256", U8, "1:1 256 is no u8"),
        ("[1, 2, 3]", tuple[u8, u8], "1:1 3 values where 2 are needed"),
        ("yes", BOOL, "1:1 the text 'yes' where true or false is needed"),
        ("0xabc", BYTES, "1:1 '0xabc' is not hex"),
        ("0xab", H256_CODEC, "1:1 1 bytes where 32 are needed"),
        ("{Token: 1}", AssetType, "1:9 the number 1 where a list is needed"),
        ("Tokn", AssetType, "1:1 unknown name 'Tokn' in AssetType"),
        ("{Token: {}, XYK: {}}", AssetType, "1:1 a mapping is no variant of AssetType"),
        ("XYK.NoSuch", DispatchError, "1:1 unknown error 'XYK.NoSuch'"),
        ("{1: 2, KSM: 3}", MapOf(ASSET_ID, U32), "1:8 this key is given twice"),
        ("$other", U32, "1:1 $other is not known here"),
        ("$pool", U32, "1:1 the value is no u32"),
        ("$yes", U32, "1:1 the value is no u32"),
        ("$name", ACCOUNT_ID, "1:1 the value is no AccountId"),
    ],
)
def test_what_is_wrong(yaml: str, kind: Any, fault: str) -> None:
    (found,) = faults(yaml, kind)
    assert found.startswith(fault)


def test_all_that_is_wrong_is_found_at_once() -> None:
    assert faults("[BSX, XXX, 1, YYY]", vec_of(ASSET_ID)) == ["1:7 unknown asset 'XXX'", "1:15 unknown asset 'YYY'"]
    with pytest.raises(Faults) as caught:
        read_call(node("xyk.sell"), node("{asset_in: XXX, asset_ot: BSX, amount: '1.5'}"), SCOPE)
    messages = [f"{fault.mark.column} {fault.message}" for fault in caught.value.faults]
    assert messages == [
        "1 xyk.sell needs 'asset_out'",
        "1 xyk.sell needs 'max_limit'",
        "1 xyk.sell needs 'discount'",
        "12 unknown asset 'XXX'",
        "17 unknown key 'asset_ot' in xyk.sell",
        "40 1.5 has no symbol",
    ]


def test_a_call_in_a_call() -> None:
    args = node("{calls: [{call: system.remark, args: {remark: a}}, {call: utility.batch, args: {calls: [$call]}}]}")
    call = read_call(node("utility.batch_all"), args, SCOPE)
    assert RUNTIME.decode_call(RUNTIME.call.encode(call)) == call
    assert call_fact(call, RUNTIME)["args"]["calls"] == [
        {"call": "system.remark", "args": {"remark": "0x61"}},
        {"call": "utility.batch", "args": {"calls": [{"call": "system.remark", "args": {"remark": "0x78"}}]}},
    ]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("xyk.sel", "unknown call 'sel' in xyk"),
        ("xky.sell", "unknown pallet 'xky'"),
        ("sell", "the text 'sell' is no call"),
    ],
)
def test_calls_that_do_not_exist(path: str, fault: str) -> None:
    with pytest.raises(Faults) as caught:
        read_call(node(path), node("{}"), SCOPE)
    assert caught.value.faults[0].message == fault


def test_an_amount_of_one_asset() -> None:
    assert read_amount(node("'1 KSM'"), 1, SCOPE) == 10**12
    with pytest.raises(Faults, match="1 KSM is not an amount of BSX"):
        read_amount(node("'1 KSM'"), 0, SCOPE)


def test_looking_ahead_does_not_hide_faults() -> None:
    class Ahead(Saved):
        def variable(self, name: str) -> Any:
            raise NotYetKnown

    with pytest.raises(Faults, match="unknown asset 'XXX'"):
        read_value(node("[$later, XXX]"), vec_of(ASSET_ID), Ahead())
    with pytest.raises(NotYetKnown):
        read_value(node("[$later, BSX]"), vec_of(ASSET_ID), Ahead())


def test_python_values_become_nodes() -> None:
    made = to_node({"a": [1, True, None, "x", b"y"], "b": {"c": (2,)}})
    assert isinstance(made, Mapping)
    inner = made.get("a")
    assert isinstance(inner, Items)
    assert [type(item).__name__ for item in inner.items] == ["Integer", "Flag", "Nothing", "Text", "Value"]
    assert to_node(made) is made
    assert read_value(to_node(b"\x01" * 32), ACCOUNT_ID, SCOPE) == b"\x01" * 32


def test_a_variable_keeps_its_type() -> None:
    assert isinstance(resolve(node("$pool"), SCOPE), Value)
    assert isinstance(resolve(node("x${pool}"), SCOPE), Text)
    assert resolve(node("plain"), SCOPE) == node("plain")


def shown_and_read_again(value: Any, codec: AnyCodec) -> Any:
    return read_value(to_node(fact(value, codec, RUNTIME)), codec, SCOPE)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**128 - 1), st.integers(0, 2**32 - 1))
def test_what_a_report_says_reads_back(account: bytes, amount: int, asset: int) -> None:
    for value, codec in (
        ((account, amount), codec_of(tuple[AccountId, Balance])),
        ({asset: account}, MapOf(ASSET_ID, ACCOUNT_ID)),
        (Some(amount), OptionOf(OptionOf(BALANCE))),
        (account, BYTES),
    ):
        assert shown_and_read_again(value, codec) == value


def test_the_facts_of_an_event() -> None:
    event = Xyk.SellExecuted(ALICE, 0, 1, 10, 9, 1, 1, accounts.pool("xyk", 0, 1))
    shown = event_fact(event, RUNTIME)
    assert (shown.pallet, shown.event) == ("XYK", "SellExecuted")
    assert shown.fields["who"] == "bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAak"
    assert list(shown.fields) == [
        "who", "asset_in", "asset_out", "amount", "sale_price", "fee_asset", "fee_amount", "pool"
    ]  # fmt: skip
    codec = codec_of(Lbp.PoolCreated)
    assert list(event_fact(codec.decode(codec.encode(event_of_lbp())), RUNTIME).fields["data"])[:3] == [
        "owner", "start", "end"
    ]  # fmt: skip


def event_of_lbp() -> Lbp.PoolCreated:
    data = read(
        "{owner: alice, start: null, end: 9, assets: [BSX, KSM], initial_weight: 1, final_weight: 2,"
        " weight_curve: Linear, fee: [1, 2], fee_collector: bob, repay_target: 0}",
        Lbp.declaration.storage["pool_data"].value,
    )
    return Lbp.PoolCreated(ALICE, data)
