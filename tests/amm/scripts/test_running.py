"""Verbs and variables: what a script makes the chain do."""

from collections.abc import Callable

from amm.scripts import Report

Play = Callable[..., Report]

POOL = """\
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: 100_000_000_000_000, asset_b: KSM, amount_b: 1_000_000_000_000}
"""
FREE = "setup:\n  runtime: {transaction_payment: {fees: false}}\n"
SELL = "{asset_in: KSM, asset_out: BSX, amount: 1_000_000, max_limit: 0, discount: false}"


def good(report: Report) -> Report:
    assert report.ok, "\n".join(map(str, report.failed_expectations))
    return report


def test_calls_blocks_and_time(play: Play) -> None:
    report = good(
        play(
            POOL
            + f"""\
  - at: 4
    block:
      - {{as: bob, call: xyk.sell, args: {SELL}}}
      - {{as: bob, call: xyk.sell, args: {SELL}, label: again}}
  - advance: 2
  - advance_to: 9
  - advance_to: 9
  - advance_relay: 50
  - repeat: {{times: 2, steps: [{{as: carol, call: system.remark, args: {{remark: 'x${{i}}'}}, label: 'n${{i}}'}}]}}
  - check:
    expect: {{balances: {{bob: {{KSM: '999_999.999998 KSM'}}}}}}
""",
            FREE + "  balances:\n    alice: {BSX: '1_000 BSX', KSM: '10 KSM'}\n    carol: {BSX: '5 BSX'}\n"
            "    bob: {BSX: '5 BSX', KSM: '1_000_000 KSM'}\n",
        )
    )
    assert [(step.verb, step.block, step.label) for step in report.steps] == [
        ("call", 1, None),
        ("block", 4, None),
        ("call", 4, None),
        ("call", 4, "again"),
        ("advance", 6, None),
        ("advance_to", 9, None),
        ("advance_to", 9, None),
        ("advance_relay", 9, None),
        ("repeat", 11, None),
        ("call", 10, "n0"),
        ("call", 11, "n1"),
        ("check", 11, None),
    ]
    assert (report.blocks, report.calls, report.verified_blocks) == (11, 5, 11)
    assert report.relay.candidates == report.relay.backed == 11 and report.relay.largest_pov > 1_000
    assert report.pools_before == () and report.pools_after[0].kind == "xyk"


def test_nonces_count_on_within_a_block_and_a_refused_call_uses_none(play: Play) -> None:
    """Eve cannot pay the second call; her third has the nonce that it would have had."""
    good(
        play(
            """\
  - block:
      - {as: eve, call: system.remark, args: {remark: a}}
      - {as: eve, call: system.remark, args: {remark: b}, tip: "1_000 BSX", expect: {error: Invalid.Payment}}
      - {as: eve, call: system.remark, args: {remark: c}}
    expect:
      storage:
        - item: System.Account
          keys: [eve]
          value: {nonce: 2, consumers: 0, providers: 1, sufficients: 0, data: {free: 9_000_000_000_000, reserved: 0,
            frozen: 0, flags: 170141183460469231731687303715884105728}}
""",
            FREE + "  balances: {eve: {BSX: '9 BSX'}}\n",
        )
    )


def test_a_refused_call_leaves_its_block_empty(play: Play) -> None:
    report = good(
        play("  - {as: nobody, call: system.remark, args: {remark: a}, expect: {error: Invalid.Payment, events: []}}\n")
    )
    (step,) = report.steps
    assert (step.block, step.error, step.events, report.calls) == (1, "Invalid.Payment", (), 1)


def test_what_does_not_fit_is_refused_and_does_not_spill_over(play: Play) -> None:
    """A trade proves 33_091 bytes at most: 118 of them are the normal extrinsics' share of a block."""
    call = f"{{as: bob, call: xyk.sell, args: {SELL}, expect: {{error: Invalid.ExhaustsResources}}}}"
    good_call = f"{{as: bob, call: xyk.sell, args: {SELL}}}"
    calls = [good_call] * 118 + [call] * 5
    report = good(play(POOL + "  - block:\n" + "".join(f"      - {each}\n" for each in calls) + "  - advance: 1\n"))
    assert (report.blocks, report.calls) == (3, 124)


def test_a_full_proof_leaves_no_room_either(play: Play) -> None:
    """Else the relay chain would refuse the whole block."""
    spec = (
        "name: c\npallets: [sudo]\ncollators: [alice]\nrelay: {max_pov_size: 60_000}\n"
        "balances: {alice: {BSX: '9_000_000 BSX'}}\n"
    )
    call = "{as: alice, call: system.remark, args: {remark: '%s'}}" % ("x" * 1_000)
    report = play(
        "  - block:\n" + f"      - {call}\n" * 60 + "  - advance: 1\n",
        "chain: ./c.yaml\n",
        files={"c_yaml": spec},
        keep_going=True,
    )
    errors = [step.error for step in report.steps[1:61]]
    taken = errors.index("Invalid.ExhaustsResources")
    assert 30 < taken < 50 and set(errors[taken:]) == {"Invalid.ExhaustsResources"}
    assert report.verified_blocks == report.blocks == 2 and 51_000 < report.relay.largest_pov < 60_000


def test_root_and_its_inner_result(play: Play) -> None:
    report = good(
        play(
            """\
  - {as: root, call: currencies.update_balance, args: {who: zoe, currency_id: KSM, amount: "5 KSM"}}
  - {as: root, call: currencies.update_balance, args: {who: zoe, currency_id: KSM, amount: "-6 KSM"},
     expect: {error: Tokens.BalanceTooLow, unchanged: true}}
  - {as: alice, call: sudo.sudo, args: {call: {call: system.remark, args: {remark: a}}}}
  - {as: bob, call: sudo.sudo, args: {call: {call: system.remark, args: {remark: a}}},
     expect: {error: Sudo.RequireSudo}}
  - {check: , expect: {balances: {zoe: {KSM: "5 KSM"}}}}
"""
        )
    )
    assert [step.error for step in report.steps] == [None, "Tokens.BalanceTooLow", None, "Sudo.RequireSudo", None]


def test_fees_in_another_asset(play: Play) -> None:
    """The call goes behind `set_currency`, unless the signer pays in that asset already."""
    good(
        play(
            """\
  - {as: root, call: multi_transaction_payment.add_currency, args: {currency: KSM, price: 1_000_000_000_000_000_000}}
  - as: bob
    call: system.remark
    args: {remark: a}
    fee_asset: KSM
    expect:
      events:
        - Tokens.Withdrawn: {currency_id: KSM, who: bob}
        - MultiTransactionPayment.CurrencySet: {account_id: bob, asset_id: KSM}
        - Utility.BatchCompleted: {}
  - as: bob
    call: system.remark
    args: {remark: a}
    fee_asset: KSM
    save: {fee: TransactionPayment.TransactionFeePaid.actual_fee}
    expect:
      events: [TransactionPayment.TransactionFeePaid: {actual_fee: $fee, who: bob}, System.ExtrinsicSuccess]
""",
            "",
        )
    )


def test_variables(play: Play) -> None:
    """Saved values keep their type; the clock is the same in a step's arguments and in what it expects."""
    good(
        play(
            """\
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: 100_000_000_000_000, asset_b: KSM, amount_b: 1_000_000_000_000}
    save: {pool: XYK.PoolCreated.pool, token: XYK.PoolCreated.share_token, made: XYK.PoolCreated.initial_shares_amount}
    expect:
      balances: {$pool: {BSX: 100_000_000_000_000}, alice: {$token: $made, "shares:KSM/BSX": $made}}
  - as: bob
    call: currencies.transfer
    args: {dest: $pool, currency_id: BSX, amount: $block}
    expect: {events: [Currencies.Transferred: {amount: $block, to: "${pool}"}]}
  - check:
    expect: {balances: {$pool: {BSX: 100_000_000_000_002}}, issuance: {$token: $made}}
  - {as: "user${block}", call: system.remark, args: {remark: "x${block}"}, expect: {error: Invalid.Payment}}
  - advance: $block
  - check:
    expect: {storage: [{item: System.Number, value: 7}]}
  - repeat: {times: $token, steps: []}
"""
        )
    )


def test_the_relay_number_is_that_of_the_parent(play: Play) -> None:
    """Also where the relay chain's session ends before the block."""
    report = play(
        "  - advance_relay: 3\n  - repeat:\n      times: 60\n      steps:\n"
        + """\
        - advance: 1
          save: {sealed: RelayChainInfo.CurrentBlockNumbers.relaychain_block_number}
        - {as: bob, call: currencies.transfer, args: {dest: alice, currency_id: KSM, amount: $relay_block},
           expect: {events: [Currencies.Transferred: {amount: $relay_block}],
                    storage: [{item: ParachainSystem.LastRelayChainBlockNumber, value: $relay_block}]}}
"""
    )
    assert good(report).blocks == 120


def test_hooks_are_among_the_events_of_advance(play: Play) -> None:
    good(
        play(
            """\
  - advance: 2
    save: {number: RelayChainInfo.CurrentBlockNumbers.parachain_block_number}
    expect:
      events:
        - RelayChainInfo.CurrentBlockNumbers: {parachain_block_number: 1}
        - RelayChainInfo.CurrentBlockNumbers: {parachain_block_number: $number}
  - check: the best block
    expect: {events: [RelayChainInfo.CurrentBlockNumbers: {parachain_block_number: 2}]}
"""
        )
    )


def test_included_steps(play: Play) -> None:
    report = good(
        play(
            "  - include: b.yaml\n    at: 3\n    save: {pool: XYK.PoolCreated.pool}\n"
            "  - {check: , expect: {balances: {$pool: {KSM: 1_000_000_000_000}}}}\n",
            files={"b_yaml": "steps:\n" + POOL},
        )
    )
    assert [(step.verb, step.block) for step in report.steps] == [("include", 3), ("call", 3), ("check", 3)]
