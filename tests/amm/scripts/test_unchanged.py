"""`unchanged`: nonce and fee are let pass, everything else is found."""

from collections.abc import Callable

from amm.scripts import Report

Play = Callable[..., Report]

PAID = ""
FEE_IN_KSM = "setup:\n  runtime: {multi_transaction_payment: {currencies: {KSM: 1_000_000_000_000_000_000}}}\n"


def changes(report: Report) -> list[str]:
    """The items that changed."""
    (found,) = report.failed_expectations
    assert (found.kind, found.expected) == ("unchanged", "nothing but nonce and fee")
    return [change["item"] for change in found.found]


def test_a_call_that_fails(play: Play) -> None:
    """Whoever pays, in whatever: also the treasury has more then, and the share of the fee is no change."""
    step = "  - {as: bob, call: balances.transfer_allow_death, args: {dest: zoe, value: 1}, %s expect: %s}\n"
    expect = "{error: Token.BelowMinimum, unchanged: true}"
    assert play(step % ("tip: '3 BSX',", expect), PAID).ok
    assert play(step % ("fee_asset: KSM,", expect), FEE_IN_KSM).ok
    assert play(step % ("", expect)).ok


def test_a_refused_call(play: Play) -> None:
    assert play(
        "  - {as: zoe, call: system.remark, args: {remark: a}, expect: {error: Invalid.Payment, unchanged: true}}\n"
    ).ok


def test_a_fee_that_reaps_its_payer(play: Play) -> None:
    step = "  - {as: zoe, call: system.remark, args: {remark: a}, tip: '2.5 BSX', expect: {unchanged: true}}\n"
    report = play(step, "setup: {balances: {zoe: {BSX: '15 BSX'}}}\n")
    assert report.ok
    assert any(event.event == "KilledAccount" for event in report.steps[0].events)


def test_root(play: Play) -> None:
    step = "  - {as: root, call: %s, expect: {%s unchanged: true}}\n"
    fails = "currencies.update_balance, args: {who: zoe, currency_id: KSM, amount: -1}"
    assert play(step % (fails, "error: Tokens.BalanceTooLow,"), PAID).ok
    works = "currencies.update_balance, args: {who: zoe, currency_id: KSM, amount: 100_000}"
    assert changes(play(step % (works, ""), PAID)) == ["System.Account", "Tokens.TotalIssuance", "Tokens.Accounts"]


def test_what_changed_is_shown(play: Play) -> None:
    args = "{dest: zoe, currency_id: KSM, amount: 5_000}"
    report = play(f"  - {{as: bob, call: tokens.transfer, args: {args}, expect: {{unchanged: true}}}}\n", PAID)
    (found,) = report.failed_expectations
    token = next(change for change in found.found if change["item"] == "Tokens.Accounts" and change["was"] is None)
    assert token["keys"][1] == 1 and token["is"] == {"free": 5_000, "reserved": 0, "frozen": 0}
    assert sorted(change["item"] for change in found.found) == ["System.Account", "Tokens.Accounts", "Tokens.Accounts"]


def test_a_transfer_there_and_back(play: Play) -> None:
    there = "{as: bob, call: tokens.transfer, args: {dest: alice, currency_id: KSM, amount: 5_000}}"
    back = "{as: alice, call: tokens.transfer, args: {dest: bob, currency_id: KSM, amount: 5_000}}"
    assert play(f"  - block: [{there}, {back}]\n    expect: {{unchanged: true}}\n", PAID).ok
    assert play(f"  - repeat: {{times: 2, steps: [{there}, {back}]}}\n    expect: {{unchanged: true}}\n", PAID).ok
    assert changes(play(f"  - block: [{there}]\n    expect: {{unchanged: true}}\n", PAID)) == ["Tokens.Accounts"] * 2


def test_time_changes_nothing_by_itself(play: Play) -> None:
    """The clocks move, as they would without the step; sessions, rewards and the multiplier too."""
    steps = "  - {advance: 3, expect: {unchanged: true}}\n  - {advance_relay: 40, expect: {unchanged: true}}\n"
    assert play(steps + "  - {at: 9, advance: 1, expect: {unchanged: true}}\n", PAID).ok
    session = "setup: {runtime: {session: {period: 4}}}\n"
    assert play("  - {advance: 9, expect: {unchanged: true}}\n", session).ok


def test_inside_and_outside(play: Play) -> None:
    """The steps inside may change nothing while those around them do, and the other way round."""
    there = "{as: bob, call: tokens.transfer, args: {dest: alice, currency_id: KSM, amount: 5_000}%s}"
    fails = "{as: zoe, call: system.remark, args: {remark: a}, expect: {error: Invalid.Payment, unchanged: true}}"
    steps = f"  - repeat: {{times: 2, steps: [{there % ''}, {fails}]}}\n"
    assert play(steps, PAID).ok
    assert changes(play(steps + "    expect: {unchanged: true}\n", PAID)) == ["Tokens.Accounts"] * 2


def test_storage_that_is_set_to_something_else(play: Play) -> None:
    """A change that no pallet makes is seen too, also where no pallet keeps anything."""
    step = (
        "  - {as: root, call: system.set_storage, args: {items: [['0x3a6162', '0x01']]}, expect: {unchanged: true}}\n"
    )
    assert changes(play(step, PAID)) == ["0x3a6162"]
