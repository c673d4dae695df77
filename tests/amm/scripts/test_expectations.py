"""What does not hold is found, said with place, expectation and finding, and stops the run."""

from collections.abc import Callable

import pytest

from amm.scripts import FailedExpectation, Report

Play = Callable[..., Report]

POOL = """\
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: 100_000_000_000_000, asset_b: KSM, amount_b: 1_000_000_000_000}
"""
ALICE = "bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAak"
FIRST = 5
"""The line of the first step."""


def failures(report: Report) -> list[FailedExpectation]:
    assert report.ok is (not report.failed_expectations)
    return report.failed_expectations


def failure(play: Play, expect: str, steps: str = POOL) -> FailedExpectation:
    """The one thing that fails of an expectation after `steps`."""
    (found,) = failures(play(f"{steps}    expect: {expect}\n  - advance: 1\n"))
    return found


def test_a_call_that_fails_unexpectedly(play: Play) -> None:
    report = play(POOL + POOL + "  - advance: 1\n")
    (found,) = failures(report)
    assert (found.step, found.label, found.kind) == (1, None, "error")
    assert (found.expected, found.found) == (None, "XYK.TokenPoolAlreadyExists")
    assert found.line == FIRST + 3 and found.file.endswith("s.yaml")
    assert str(found).endswith("s.yaml:8: step 1: error: expected None, found 'XYK.TokenPoolAlreadyExists'")
    assert [(step.ok, step.held, step.error) for step in report.steps] == [
        (True, True, None),
        (False, False, "XYK.TokenPoolAlreadyExists"),
    ]
    assert report.blocks == 2


def test_a_call_that_succeeds_or_fails_otherwise(play: Play) -> None:
    found = failure(play, "{error: XYK.TokenPoolNotFound}")
    assert (found.kind, found.expected, found.found) == ("error", "XYK.TokenPoolNotFound", None)
    assert failure(play, "{error: BadOrigin}", POOL + POOL).found == "XYK.TokenPoolAlreadyExists"
    assert not failures(play(POOL + POOL + "    expect: {error: XYK.TokenPoolAlreadyExists}\n"))


@pytest.mark.parametrize(
    "events",
    [
        "[XYK.PoolCreated]",
        "[XYK.PoolCreated: {who: alice, asset_b: KSM}]",
        "[AssetRegistry.Registered: {asset_type: XYK}, XYK.PoolCreated: {share_token: 'shares:KSM/BSX'}]",
        "[Currencies.Transferred: {currency_id: KSM}, System.ExtrinsicSuccess: {}]",
        "[]",
    ],
)
def test_events_that_occur(play: Play, events: str) -> None:
    assert not failures(play(f"{POOL}    expect: {{events: {events}}}\n"))


def test_an_event_with_another_field(play: Play) -> None:
    found = failure(play, "{events: [XYK.PoolCreated: {who: alice}, XYK.PoolCreated: {who: alice}]}")
    assert (found.kind, found.expected) == ("events", {"XYK.PoolCreated": {"who": "alice"}})
    assert found.found[0]["XYK.PoolCreated"]["who"] == ALICE
    found = failure(play, "{events: [XYK.PoolCreated: {who: bob}]}")
    assert found.found[0]["XYK.PoolCreated"]["who"] == ALICE


def test_events_in_another_order(play: Play) -> None:
    found = failure(play, "{events: [XYK.PoolCreated, AssetRegistry.Registered]}")
    assert found.expected == {"AssetRegistry.Registered": {}}


def test_an_event_that_does_not_occur(play: Play) -> None:
    found = failure(play, "{events: [LBP.PoolCreated]}")
    assert found.found[:2] == ["AssetRegistry.Registered", "XYK.PoolCreated"]


def test_structs_in_events_are_matched_whole(play: Play) -> None:
    step = (
        "  - {as: alice, call: system.remark, args: {remark: abc}, expect: {events: [System.ExtrinsicSuccess: %s]}}\n"
    )
    info = "{dispatch_info: {weight: {ref_time: 203_242_230, proof_size: %d}, class: Normal, pays_fee: Yes}}"
    assert play(step % (info % 0)).ok
    (found,) = failures(play(step % (info % 1)))
    weight = found.found[0]["System.ExtrinsicSuccess"]["dispatch_info"]["weight"]
    assert weight == {"ref_time": 203_242_230, "proof_size": 0}


def test_balances(play: Play) -> None:
    assert not failures(
        play(
            POOL + "    expect:\n      balances: {'@xyk:KSM/BSX': {BSX: '100 BSX', 1: '1 KSM'}, zoe: {KSM: 0}}\n"
            "      reserved: {alice: {BSX: 0}}\n      issuance: {'shares:BSX/KSM': 100_000_000_000_000}\n"
        )
    )
    found = failure(play, "{balances: {'@xyk:KSM/BSX': {BSX: '100 BSX', KSM: '2 KSM'}}}")
    assert (found.kind, found.expected, found.found) == (
        "balances",
        {"@xyk:KSM/BSX": {"KSM": 2_000_000_000_000}},
        {"@xyk:KSM/BSX": {"KSM": 1_000_000_000_000}},
    )
    assert failure(play, "{reserved: {alice: {BSX: 1}}}").found == {"alice": {"BSX": 0}}
    found = failure(play, "{issuance: {'shares:BSX/KSM': 1}}")
    assert (found.kind, found.found) == ("issuance", {"shares:BSX/KSM": 100_000_000_000_000})


def test_storage(play: Play) -> None:
    good = "{storage: [{item: XYK.PoolAssets, keys: ['@xyk:BSX/KSM'], value: [BSX, KSM]}]}"
    assert not failures(play(f"{POOL}    expect: {good}\n"))
    found = failure(play, good.replace("[BSX, KSM]", "[KSM, BSX]"))
    place = {"item": "XYK.PoolAssets", "keys": ["@xyk:BSX/KSM"]}
    assert (found.kind, found.expected, found.found) == (
        "storage",
        {**place, "value": [1, 0]},
        {**place, "value": [0, 1]},
    )
    assert failure(play, good.replace("[BSX, KSM]", "null")).found == {**place, "value": [0, 1]}
    assert failure(play, good.replace("@xyk:BSX/KSM", "@xyk:BSX/TKN")).found["value"] is None


def test_null_is_absent_also_for_an_item_with_a_default(play: Play) -> None:
    assert not failures(play("  - {check: , expect: {storage: [{item: XYK.ShareToken, keys: [zoe], value: null}]}}\n"))
    (found,) = failures(play("  - {check: , expect: {storage: [{item: XYK.ShareToken, keys: [zoe], value: 0}]}}\n"))
    assert found.found["value"] is None


def test_an_item_that_holds_nothing_but_its_key(play: Play) -> None:
    """`null` is its value as well as its absence, as the recordings write it; `[]` is its presence."""
    step = "  - {as: root, call: duster.add_nondustable_account, args: {account: zoe}, expect: {storage: [%s]}}\n"
    item = "{item: Duster.AccountBlacklist, keys: [%s], value: %s}"
    for account, value, held in (
        ("zoe", "null", True),
        ("zoe", "[]", True),
        ("bob", "null", True),
        ("bob", "[]", False),
    ):
        assert play(step % (item % (account, value))).ok is held


def test_what_means_nothing_in_the_end(play: Play) -> None:
    found = failure(play, "{balances: {alice: {'shares:BSX/TKN': 0}}}")
    assert found.kind == "value" and found.found.startswith("shares:BSX/TKN: there is no XYK pool")
    report = play(
        "  - {as: alice, call: currencies.transfer, args: {dest: bob, currency_id: 'shares:0/1', amount: 1}}\n"
    )
    assert failures(report)[0].kind == "value" and report.blocks == report.calls == 0 and not report.steps[0].ok


def test_nothing_to_keep(play: Play) -> None:
    (found,) = failures(play(POOL + "    save: {token: XYK.PoolDestroyed.share_token}\n"))
    assert (found.kind, found.expected) == ("save", "XYK.PoolDestroyed")
    assert "XYK.PoolCreated" in found.found


def test_all_that_fails_of_a_step_is_reported(play: Play) -> None:
    report = play(
        POOL + "    expect: {balances: {alice: {BSX: 1, KSM: 2}}, events: [LBP.PoolCreated]}\n  - advance: 1\n"
    )
    assert [found.kind for found in failures(report)] == ["events", "balances", "balances"]
    assert report.blocks == 1


def test_what_is_inside_others(play: Play) -> None:
    """A failure inside stops all; the steps around it did not hold either."""
    bad = "{as: bob, call: xyk.remove_liquidity, args: {asset_a: 0, asset_b: 1, liquidity_amount: 1}}"
    good = "{as: bob, call: system.remark, args: {remark: a}}"
    steps = f"  - repeat: {{times: 3, steps: [{{block: [{good}, {bad}, {good}]}}]}}\n    label: r\n  - advance: 1\n"
    report = play(steps)
    assert [(step.verb, step.held, step.block) for step in report.steps] == [
        ("repeat", False, 1), ("block", False, 1), ("call", True, 1), ("call", False, 1), ("call", True, 1)
    ]  # fmt: skip
    (found,) = failures(report)
    assert (found.step, found.found, report.calls) == (3, "XYK.TokenPoolNotFound", 3)


def test_a_call_in_a_block_has_its_own_events(play: Play) -> None:
    args = "{dest: zoe, currency_id: BSX, amount: '%s BSX'}"
    call = f"{{as: bob, call: currencies.transfer, args: {args}, expect: {{events: [%s]}}}}"
    event = "Currencies.Transferred: {amount: '%s BSX'}"
    block = "  - block: [" + call % (2, event % 2) + ", " + call % (3, event % "%s") + "]\n"
    assert play(block % 3).ok
    (found,) = failures(play(block % 2))
    assert (found.step, found.kind) == (2, "events")


def test_keeping_going(play: Play) -> None:
    steps = POOL + POOL + "  - {advance: 1}\n  - {check: , expect: {balances: {alice: {BSX: 0}}}}\n" + POOL
    report = play(steps, keep_going=True)
    assert [(found.step, found.kind) for found in failures(report)] == [(1, "error"), (3, "balances"), (4, "error")]
    assert (report.blocks, len(report.steps)) == (4, 5)
