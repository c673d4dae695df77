"""What is wrong with a script is found before it runs, all of it at once, each with its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from amm.scripts import check_file
from amm.scripts.errors import Faults, UnknownCall, UnknownPallet

Wrong = Callable[..., list[str]]
Write = Callable[..., Path]

GOOD = "{asset_in: BSX, asset_out: KSM, amount: 5, max_limit: 0, discount: false}"


@pytest.mark.parametrize(
    ("step", "faults"),
    [
        ("{as: a, call: xky.sell}", ["unknown pallet 'xky'"]),
        ("{as: a, call: xyk.sel}", ["unknown call 'sel' in xyk"]),
        (
            "{as: a, call: xyk.sell, args: {asset_in: XXX, asset_out: KSM, amount: 5, max_limit: '1.5', discont: no}}",
            [
                "xyk.sell needs 'discount'",
                "unknown asset 'XXX'",
                "1.5 has no symbol",
                "unknown key 'discont' in xyk.sell",
            ],
        ),
        ("{as: a, call: system.remark}", ["system.remark needs 'remark'"]),
        ("{as: a, call: system.remark, args: {remark: [1]}}", ["a list where bytes are needed"]),
        ("{as: a, call: system.remark, args: {remark: a}, tip: '1 KSM'}", ["1 KSM is not an amount of BSX"]),
        ("{as: a, call: system.remark, args: {remark: a}, fee_asset: KSN}", ["unknown asset 'KSN'"]),
        (
            "{as: a, call: utility.batch, args: {calls: [{call: xyk.sel}, {call: xyk.sell}]}}",
            [
                "unknown call 'sel' in xyk",
                *(f"xyk.sell needs {name!r}" for name in ("asset_in", "asset_out", "amount", "max_limit", "discount")),
            ],
        ),
        ("{check: , expect: {events: [XYK.PoolMade]}}", ["unknown event 'PoolMade' in XYK"]),
        ("{check: , expect: {events: [XKY.PoolMade]}}", ["unknown pallet 'XKY'"]),
        (
            "{check: , expect: {events: [XYK.PoolCreated: {whom: alice, pool: 5, share_token: XXX}]}}",
            ["unknown key 'whom' in XYK.PoolCreated", "the number 5 is no account", "unknown asset 'XXX'"],
        ),
        ("{advance: 1, save: {a: XYK.PoolCreated.whom}}", ["unknown key 'whom' in XYK.PoolCreated"]),
        (
            "{as: a, call: system.remark, args: {remark: a}, expect: {error: XYK.NoError}}",
            ["unknown error 'XYK.NoError'"],
        ),
        ("{as: a, call: system.remark, args: {remark: a}, expect: {error: XKY.NoError}}", ["unknown pallet 'XKY'"]),
        (
            "{as: a, call: system.remark, args: {remark: a}, expect: {error: Invalid.No}}",
            ["unknown error 'Invalid.No'"],
        ),
        ("{as: a, call: system.remark, args: {remark: a}, expect: {error: Token.No}}", ["unknown error 'Token.No'"]),
        ("{as: a, call: system.remark, args: {remark: a}, expect: {error: NoOrigin}}", ["unknown error 'NoOrigin'"]),
        (
            "{check: , expect: {storage: [{item: XYK.Pools, value: 1}, {item: XYK.PoolAssets, value: null}]}}",
            ["unknown storage item 'Pools' in XYK", "XYK.PoolAssets has 1 keys, 0 are given"],
        ),
        (
            "{check: , expect: {storage: [{item: XYK.PoolAssets, keys: ['@xyk:BSX/XXX'], value: [1]}]}}",
            ["unknown asset 'XXX'"],
        ),
        ("{check: , expect: {balances: {'@xyk:A/KSM': {XXX: 1}}}}", ["unknown asset 'A'", "unknown asset 'XXX'"]),
        ("{check: , expect: {reserved: {alice: {BSX: '1 KSM'}}}}", ["1 KSM is not an amount of BSX"]),
        ("{check: , expect: {issuance: {YYY: 1}}}", ["unknown asset 'YYY'"]),
        ("{block: [{as: a, call: xyk.sel}]}", ["unknown call 'sel' in xyk"]),
        ("{repeat: {times: 2, steps: [{as: a, call: xyk.sel}]}}", ["unknown call 'sel' in xyk"]),
    ],
)
def test_a_step(wrong: Wrong, step: str, faults: list[str]) -> None:
    assert wrong(f"  - {step}\n") == [f"1 {fault}" for fault in faults]


def test_everything_at_once(wrong: Wrong) -> None:
    """The setup, the steps, what they name; and what has no form hides nothing of the rest."""
    setup = "setup:\n  runtime: {xyk: {exchange_fe: [1, 2]}, nothing: {a: 1}}\n  balances: {alice: {XXX: 1}}\n"
    steps = "  - {as: a, call: xyk.sel}\n  - {advanc: 1}\n  - {check: , expect: {issuance: {KSM: x}}}\n"
    assert wrong(steps, setup) == [
        "-2 unknown key 'exchange_fe' in xyk",
        "-2 unknown pallet 'nothing'",
        "-1 unknown asset 'XXX'",
        "1 unknown call 'sel' in xyk",
        "2 unknown key 'advanc' in a step",
        "3 'x' is no amount",
    ]


def test_places(write: Write) -> None:
    path = write("  - as: a\n    call: xyk.sell\n    args: {asset_in: XXX}\n")
    with pytest.raises(Faults) as caught:
        check_file(path)
    marks = {fault.message: str(fault.mark) for fault in caught.value.faults}
    assert marks["unknown asset 'XXX'"] == f"{path}:7:22"


def test_what_a_later_version_has(write: Write) -> None:
    for step, kind in (("staking.bond", UnknownPallet), ("balances.burn", UnknownCall)):
        with pytest.raises(Faults) as caught:
            check_file(write(f"  - {{as: a, call: {step}}}\n"))
        assert [type(fault) for fault in caught.value.faults] == [kind]


def test_a_clock_may_be_set_for_a_pallet_that_is_absent(write: Write) -> None:
    clocks = ", ".join(f"{name}: {{block_number_provider: system}}" for name in ("lbp", "vesting", "xyk_warehouse_lm"))
    check_file(write("  - {advance: 1}\n", f"setup: {{runtime: {{{clocks}}}}}\n"))


def test_what_can_only_be_known_while_it_runs(write: Write) -> None:
    """Variables, share tokens of pools to come, and the symbols that a script gives itself."""
    check_file(
        write(
            """\
  - as: root
    call: asset_registry.set_metadata
    args: {asset_id: 7, symbol: GOLD, decimals: 3}
  - {as: root, call: utility.batch_all, args: {calls: [
      {call: asset_registry.set_metadata, args: {asset_id: 8, symbol: "0x545241", decimals: 3}}]}}
  - {check: , expect: {balances: {alice: {GOLD: "1.5 GOLD", TRA: 1, "shares:GOLD/TRA": 1}, "@xyk:GOLD/BSX": {BSX: 1}},
                       issuance: {"shares:BSX/KSM": "$block"}}}
  - as: "u${block}"
    call: currencies.transfer
    args: {dest: "u${block}", currency_id: "$block", amount: "${block} BSX"}
"""
        )
    )


def test_a_symbol_that_is_made_of_a_variable(write: Write, wrong: Wrong) -> None:
    made = "  - {as: root, call: asset_registry.set_metadata, args: {asset_id: 7, symbol: 'S${block}', decimals: 3}}\n"
    used = "  - {check: , expect: {issuance: {S1: 1}}}\n"
    check_file(write(made + used))
    assert wrong(used) == ["1 unknown asset 'S1'"]


def test_bulk_trades(wrong: Wrong) -> None:
    header = "block,who,side,asset_in,asset_out,amount,limit,pool,error\n"
    rows = "1,a,sell,XXX,KSM,1,,xyk,\n,a,buy,BSX,KSM,1 BSX,,lbp,XYK.No\n,a,sell,BSX,KSM,1 BSX,1 KSM,xyk,BadOrigin\n"
    assert wrong("  - trades: t.csv\n", t_csv=header + rows) == [
        f"{line - 4} {message}"
        for line, message in (
            (2, "unknown asset 'XXX'"),
            (3, "1 BSX is not an amount of KSM"),
            (3, "unknown error 'XYK.No'"),
        )
    ]


def test_included_steps(wrong: Wrong) -> None:
    assert wrong("  - include: b.yaml\n", b_yaml="steps: [{as: a, call: xyk.sel}]") == ["-3 unknown call 'sel' in xyk"]


def test_root_without_a_sudo_key(write: Write) -> None:
    (write("").parent / "c.yaml").write_text("name: c\nbalances: {alice: {BSX: '9 BSX'}}\n")
    path = write("  - {as: root, call: system.remark, args: {remark: a}}\n", "chain: ./c.yaml\n")
    with pytest.raises(Faults, match="no sudo key"):
        check_file(path)


def test_a_chain_that_does_not_exist(wrong: Wrong) -> None:
    """Which assets it would have is not known: nothing is said of them."""
    faults = wrong("  - {check: , expect: {issuance: {XXX: 1}}}\n  - {as: a, call: xyk.sel}\n", "chain: locl\n")
    assert faults == ["-1 unknown chain spec 'locl'", "2 unknown call 'sel' in xyk"]
