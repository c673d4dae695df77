"""Scripts: what is read from them, and every fault with its place, its message and its hint."""

from pathlib import Path

import pytest

from amm.scripts.errors import Faults
from amm.scripts.script import Script, load_script
from amm.scripts.source import Integer, Text
from amm.scripts.steps import (
    AdvanceRelayStep,
    AdvanceStep,
    AdvanceToStep,
    BlockStep,
    CallStep,
    CheckStep,
    IncludeStep,
    RepeatStep,
    Step,
)

FILE = Path("s.yaml")


def script(text: str, file: Path = FILE) -> Script:
    return load_script(file, text=text)


def step(text: str) -> Step:
    """The only step of a script."""
    (only,) = script(f"name: a\nsteps:\n  - {text}\n").steps
    return only


def complaint(text: str, file: Path = FILE) -> str:
    with pytest.raises(Faults) as caught:
        script(text, file)
    return str(caught.value)


def values(*nodes: Text | Integer | None) -> list[str | int | None]:
    return [node.value if node else None for node in nodes]


def test_a_script() -> None:
    read = script(
        "name: basics\ndescription: d\nchain: other.yaml\nsetup:\n  runtime: {xyk: {exchange_fee: [2, 1000]}}\n"
        "steps:\n  - {advance: 1}\n"
    )
    assert (read.name, read.description, read.file) == ("basics", "d", FILE)
    assert read.chain is not None and read.chain.value == "other.yaml"
    assert read.setup is not None and read.setup.assets is None
    ((pallet, ((constant, value),)),) = read.setup.runtime
    assert (pallet.value, constant.value, value.mark.line, value.mark.column) == ("xyk", "exchange_fee", 5, 33)


def test_left_out_and_empty_mean_the_same() -> None:
    read = script("name: a\ndescription:\nchain: ~\nsetup: null\nsteps: []\n")
    assert (read.description, read.chain, read.setup, read.steps) == (None, None, None, ())


def test_a_call() -> None:
    call = step(
        "{as: alice, call: xyk.sell, args: {asset_in: BSX, amount: 5}, tip: 1.5 BSX, fee_asset: 1, label: x,"
        " at: 7, save: {pool: XYK.PoolCreated.pool}}"
    )
    assert isinstance(call, CallStep)
    assert str(call.call) == "xyk.sell"
    assert values(call.signer, call.tip, call.fee_asset, call.label, call.at) == ["alice", "1.5 BSX", 1, "x", 7]
    assert [name.value for name, _ in call.arguments] == ["asset_in", "amount"]
    (save,) = call.save
    assert (save.name, save.pallet, save.event, save.field) == ("pool", "XYK", "PoolCreated", "pool")


def test_arguments_may_be_left_out() -> None:
    call = step("{as: root, call: duster.dust}")
    assert isinstance(call, CallStep) and call.arguments == ()


def test_expectations() -> None:
    expect = step(
        "{as: root, call: a.b, expect: {error: XYK.NotFound, events: [System.X, Y.Z: {who: bob, 0: 5}],"
        ' balances: {"@xyk:BSX/KSM": {BSX: 5, 1: "2 KSM"}}, reserved: {bob: {BSX: 0}}, issuance: {KSM: 9},'
        " storage: [{item: XYK.ShareToken, keys: [a, 1], value: null}, {item: A.B, value: [1]}], unchanged: true}}"
    ).expect
    assert expect is not None and expect.error is not None and expect.unchanged
    assert expect.error.value == "XYK.NotFound"
    assert [(event.pallet, event.event, len(event.fields)) for event in expect.events] == [
        ("System", "X", 0),
        ("Y", "Z", 2),
    ]
    ((account, held),) = expect.balances
    assert account.value == "@xyk:BSX/KSM"
    assert [(asset.value, amount.value) for asset, amount in held] == [("BSX", 5), (1, "2 KSM")]
    assert [(item.item.value, len(item.keys)) for item in expect.storage] == [("XYK.ShareToken", 2), ("A.B", 0)]
    assert [(asset.value, amount.value) for asset, amount in expect.issuance] == [("KSM", 9)]


def test_the_other_verbs() -> None:
    read = script(
        "name: a\nsteps:\n  - advance: 10\n  - advance_to: 100\n  - advance_relay: 3_000\n"
        "  - repeat: {times: $n, steps: [{block: [{as: alice, call: a.b, expect: {events: [A.B]}}]}]}\n"
        "    save: {k: A.B.c}\n  - check:\n    expect: {unchanged: true}\n".replace("$n", "20")
    )
    advance, to, relay, repeat, check = read.steps
    assert isinstance(advance, AdvanceStep) and values(advance.advance) == [10]
    assert isinstance(to, AdvanceToStep) and values(to.advance_to) == [100]
    assert isinstance(relay, AdvanceRelayStep) and values(relay.advance_relay) == [3000]
    assert isinstance(repeat, RepeatStep) and values(repeat.repeat.times) == [20]
    (block,) = repeat.repeat.steps
    assert isinstance(block, BlockStep) and [str(call.call) for call in block.block] == ["a.b"]
    assert isinstance(check, CheckStep) and check.expect is not None


def test_includes_start_from_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "one.yaml").write_text("setup: {x: ignored}\nsteps: [{include: two.yaml}, {advance: 1}]\n")
    (tmp_path / "lib" / "two.yaml").write_text("name: two\nsteps: [{advance: 2}]\n")
    read = script("name: a\nsteps: [{include: lib/one.yaml}, {include: lib/two.yaml}]\n", tmp_path / "s.yaml")
    one, two = read.steps
    assert isinstance(one, IncludeStep) and isinstance(two, IncludeStep)
    inner = one.include.steps[0]
    assert isinstance(inner, IncludeStep)
    assert inner.include.steps == two.include.steps
    assert inner.include.steps[0].mark.file == f"{tmp_path}/lib/two.yaml"


def test_a_circle_of_includes(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\nsteps: [{include: b.yaml}]\n")
    (tmp_path / "b.yaml").write_text("steps: [{include: ./a.yaml}]\n")
    with pytest.raises(Faults) as caught:
        load_script(tmp_path / "a.yaml")
    assert str(caught.value).replace(f"{tmp_path}/", "") == (
        "b.yaml:1:19: a circle of includes: a.yaml → b.yaml → a.yaml\n    take one of them out"
    )


def test_faults_of_all_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("steps: [{advance: -1}]\nchian: x\n")
    text = "name: a\nsteps:\n  - {advence: 1}\n  - {include: b.yaml}\n  - {include: b.yaml}\n  - {include: c.yaml}\n"
    assert complaint(text, tmp_path / "a.yaml").replace(f"{tmp_path}/", "") == (
        "a.yaml:3:6: unknown key 'advence' in a step\n    did you mean advance?\n"
        "a.yaml:6:15: there is no file c.yaml\n    did you mean b.yaml?\n"
        "b.yaml:1:19: the number is out of range\n    write a number from 0 to 4294967295\n"
        "b.yaml:2:1: unknown key 'chian' in an included file\n    did you mean chain?"
    )
