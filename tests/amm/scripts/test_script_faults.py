"""Every fault of a script with its place, its message and its hint."""

from pathlib import Path

import pytest

from amm.scripts.errors import Faults, UnknownKey
from amm.scripts.script import Script, load_script, read_script
from amm.scripts.steps import CallStep

FILE = Path("s.yaml")


def script(text: str, file: Path = FILE) -> Script:
    return load_script(file, text=text)


def complaint(text: str, file: Path = FILE) -> str:
    with pytest.raises(Faults) as caught:
        script(text, file)
    return str(caught.value)


def step_complaint(text: str) -> str:
    """What is wrong with a step that begins in line 3, column 5."""
    return complaint(f"name: a\nsteps:\n  - {text}\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "s.yaml: the file is empty\n    see `basilisk script new`"),
        (
            "- a\n",
            "s.yaml:1:1: expected a script (a mapping), found a list\n"
            "    its keys are name, description, chain, setup, steps",
        ),
        ("name: a\n", "s.yaml:1:1: a script needs the key 'steps'\n    steps: a list of steps"),
        ("steps: []\n", "s.yaml:1:1: a script needs the key 'name'\n    name: text"),
        ("name: 5\nsteps: []\n", "s.yaml:1:7: expected text, found the number 5\n    put quotes around it"),
        ("name: ' '\nsteps: []\n", "s.yaml:1:7: expected text, found the text ' '\n    write text"),
        ("name: a\nsteps: {}\n", "s.yaml:2:8: expected a list of steps, found a mapping\n    write a list of steps"),
        (
            "name: a\nsteps: []\nsetpu: {}\n",
            "s.yaml:3:1: unknown key 'setpu' in a script\n    did you mean setup?",
        ),
        (
            "name: a\nsteps: []\nqqq: {}\n",
            "s.yaml:3:1: unknown key 'qqq' in a script\n    known: name, description, chain, setup, steps",
        ),
        (
            "name: a\nname: b\nsteps: []\n",
            "s.yaml:2:1: the key 'name' is given twice\n    it is first given in line 1; keep one of them",
        ),
    ],
)
def test_the_file_itself(text: str, expected: str) -> None:
    assert complaint(text) == expected


VERBS = "call, block, advance, advance_to, advance_relay, repeat, trades, check, include"
OUT_OF_RANGE = "the number is out of range\n    write a number from 0 to 4294967295"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", f"3:5: expected a step (a mapping with one verb), found the number 5\n    its verb is one of {VERBS}"),
        ("{as: alice}", f"3:5: a step needs a verb\n    its verb is one of {VERBS}"),
        ("{as: alice, cal: a.b}", "3:17: unknown key 'cal' in a step\n    did you mean call?"),
        (
            "{as: alice, call: a.b, check: }",
            "3:28: a step has one verb, and here are call and check\n    make two steps of it",
        ),
        ("{call: a.b}", "3:5: a step with `call` needs the key 'as'\n    as: the name of an account, or root"),
        ("{as: alice, call: a.b, arg: {}}", "3:28: unknown key 'arg' in a step with `call`\n    did you mean args?"),
        ("{advance: 1, tip: 5}", "3:18: 'tip' does not belong in a step with `advance`\n    it belongs to `call`"),
        (
            "{as: alice, call: XYK.sell}",
            "3:23: expected pallet.call, as in xyk.sell, found the text 'XYK.sell'\n    write both names in lower "
            "case with _ between words, as in transaction_pause.pause_transaction",
        ),
        (
            "{as: 5, call: a.b}",
            "3:10: expected the name of an account, or root, found the number 5\n    put quotes around it",
        ),
        (
            "{as: '@treasury', call: a.b}",
            "3:10: @treasury cannot sign: its key is not known\n    write a name, as in alice",
        ),
        (
            "{as: bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAak, call: a.b}",
            "3:10: bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAak cannot sign: its key is not known\n"
            "    write a name, as in alice",
        ),
        (
            "{as: alice, call: a.b, args: [1]}",
            "3:34: expected a mapping of argument names to values, found a list\n"
            "    write a mapping of argument names to values",
        ),
        ("{as: alice, call: a.b, tip: -1}", f"3:33: the amount is out of range\n    from 0 to {2**128 - 1} base units"),
        (
            "{as: alice, call: a.b, tip: 1.5}",
            '3:33: 1.5 has no symbol\n    name the asset, as in "1.5 KSM"',
        ),
        (
            "{as: alice, call: a.b, fee_asset: [KSM]}",
            "3:39: expected an asset: its symbol or its id, found a list\n    write an asset: its symbol or its id",
        ),
        ("{advance: -1}", f"3:15: {OUT_OF_RANGE}"),
        (
            "{advance: '3'}",
            "3:15: expected a whole number of at least 0, found the text '3'\n    take the quotes off",
        ),
        (
            "{advance: 1.5}",
            "3:15: expected a whole number of at least 0, found the text '1.5'\n    write a whole number of at least 0",
        ),
        ("{advance_to: 4294967296}", f"3:18: {OUT_OF_RANGE}"),
        ("{advance_relay: -5}", f"3:21: {OUT_OF_RANGE}"),
        ("{advance: 1, at: 0}", "3:22: the number is out of range\n    write a number from 1 to 4294967295"),
        ("{repeat: 20}", "3:14: expected repeat (a mapping), found the number 20\n    its keys are times, steps"),
        ("{repeat: {steps: []}}", "3:14: repeat needs the key 'times'\n    times: a whole number of at least 0"),
        ("{repeat: {times: -2, steps: []}}", f"3:22: {OUT_OF_RANGE}"),
        ("{check: }", "3:5: a check without `expect` checks nothing\n    put an `expect` beside it"),
        (
            "{check: , expect: {error: A.B}}",
            "3:24: 'error' does not belong in the expect of a step that is no call\n"
            "    only a `call` fails; put it there",
        ),
        ("{include: 5}", "3:15: expected the path of a script, found the number 5\n    write the path of a script"),
        ('{include: "a\\0"}', "3:15: the text 'a\\x00' is no path\n    write the path of a file"),
        ("{include: s.yaml}", "3:15: a circle of includes: s.yaml → s.yaml\n    take one of them out"),
    ],
)
def test_steps(text: str, expected: str) -> None:
    assert step_complaint(text) == f"s.yaml:{expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{as: a, call: a.b, at: 3}",
            "4:28: 'at' does not belong in a call in a block\n    put it beside the `block:` itself",
        ),
        ("{advance: 3}", "4:9: 'advance' cannot stand in a block\n    a block holds `call` steps only"),
        (
            "{as: a, call: a.b, expect: {unchanged: true}}",
            "4:37: 'unchanged' does not belong in the expect of a "
            "call in a block\n    put it into the `expect` of the `block:` itself",
        ),
        ("{as: a}", f"4:9: a step needs a verb\n    its verb is one of {VERBS}"),
    ],
)
def test_calls_in_a_block(text: str, expected: str) -> None:
    assert step_complaint(f"block:\n      - {text}") == f"s.yaml:{expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eror: A.B", "3:34: unknown key 'eror' in expect\n    did you mean error?"),
        (
            "error: a.b",
            "3:41: expected an error, as in XYK.TokenPoolNotFound or BadOrigin, found the text 'a.b'\n"
            "    write an error, as in XYK.TokenPoolNotFound or BadOrigin",
        ),
        (
            "unchanged: false",
            "3:45: expected true, or leave the key out, found false\n    write true, or leave the key out",
        ),
        ("events: {A.B: {}}", "3:42: expected a list of events, found a mapping\n    write a list of events"),
        (
            "events: [{A.B: {}, C.D: {}}]",
            "3:43: expected Pallet.Event: {field: value}, found a mapping\n"
            "    write one event an item, its fields in braces or indented below its name",
        ),
        ("events: [xyk.sell: {}]", "3:43: 'xyk.sell' is no event\n    write Pallet.Event, as in XYK.PoolCreated"),
        ("events: [A.B: 5]", "3:48: the fields of an event are a mapping\n    write {field: value}, or {}"),
        ("balances: {alice: 5}", "3:52: expected {asset: amount}, found the number 5\n    write {asset: amount}"),
        ("balances: {'@xky:A/B': {}}", "3:45: '@xky:A/B' is no account\n    write @xyk:A/B"),
        (
            "balances: {alice: {BSX: '1,5 BSX'}}",
            "3:58: '1,5 BSX' is no amount\n    a number, a space and a symbol, as in \"1.5 KSM\"; no exponents",
        ),
        (
            "reserved: {alice: {BSX: true}}",
            '3:58: expected an amount: base units, or as in "1.5 KSM", found true\n'
            '    write an amount: base units, or as in "1.5 KSM"',
        ),
        ("issuance: {-1: 5}", "3:45: the asset id is out of range\n    ids go from 0 to 4294967295"),
        ("storage: [{item: A.B}]", "3:44: a storage item needs the key 'value'\n    value: a value"),
        (
            "storage: [{item: a.b, value: 1}]",
            "3:51: expected a storage item, as in XYK.ShareToken, found the text "
            "'a.b'\n    write a storage item, as in XYK.ShareToken",
        ),
    ],
)
def test_expectations_that_are_none(text: str, expected: str) -> None:
    assert step_complaint(f"{{as: a, call: a.b, expect: {{ {text}}}}}") == f"s.yaml:{expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{i: A.B.c}",
            "3:31: 'i' cannot be the name of a variable\n"
            "    use letters, digits and _; i, block and relay_block are taken",
        ),
        (
            "{a-b: A.B.c}",
            "3:31: 'a-b' cannot be the name of a variable\n"
            "    use letters, digits and _; i, block and relay_block are taken",
        ),
        ("{a: A.B}", "3:34: expected a field of an event\n    write Pallet.Event.field, as in XYK.PoolCreated.pool"),
        ("[a]", "3:30: expected {name: Pallet.Event.field}, found a list\n    write {name: Pallet.Event.field}"),
    ],
)
def test_saves_that_are_none(text: str, expected: str) -> None:
    assert step_complaint(f"{{as: a, call: a.b, save: {text}}}") == f"s.yaml:{expected}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("balance: {}", "3:3: unknown key 'balance' in setup\n    did you mean balances?"),
        (
            "runtime: {XYK: {}}",
            "3:13: expected a name in lower case with _ between words, as in ema_oracle, found "
            "the text 'XYK'\n    write a name in lower case with _ between words, as in ema_oracle",
        ),
        ("runtime: {xyk: 5}", "3:18: expected {constant: value}, found the number 5\n    write {constant: value}"),
        (
            "assets: [{id: 1, symbol: KSM, decimals: 12}]",
            "3:12: an asset needs the key 'existential_deposit'\n"
            '    existential_deposit: an amount: base units, or as in "1.5 KSM"',
        ),
        (
            "assets: [{id: 1, symbol: KSM, decimals: 256, existential_deposit: 1}]",
            "3:43: the number 256 is out of range\n    write a number from 0 to 255",
        ),
        (
            "assets: [{id: 1, symbol: 77, decimals: 2, existential_deposit: 1}]",
            "3:28: expected a symbol: up to 32 "
            "characters without spaces and slashes, not all digits, found the number 77\n    put quotes around it",
        ),
        (
            "assets: [&a {id: 1, symbol: K, decimals: 2, existential_deposit: 1}, *a]",
            "3:72: the asset 1 is given "
            "twice\n    it is first given in line 3; give it another\ns.yaml:3:72: the asset name 'K' is given twice\n"
            "    it is first given in line 3; give it another",
        ),
        (
            "nfts: [{collection: 1, owner: a, items: [{id: 1, owner: a}, {id: 1, owner: b}]}]",
            "3:63: the item 1 is given twice\n    it is first given in line 3; give it another",
        ),
        ("nfts: [{collection: 1}]", "3:10: a collection needs the key 'owner'\n    owner: an account, as in alice"),
        (
            "storage: [{item: A.B, valeu: 5, value: 1}]",
            "3:25: unknown key 'valeu' in a storage item\n    did you mean value?",
        ),
        ("faults: [{id: F41, at: 1}]", "3:17: expected F01 to F40, found the text 'F41'\n    write F01 to F40"),
    ],
)
def test_setups(text: str, expected: str) -> None:
    assert complaint(f"name: a\nsetup:\n  {text}\nsteps: []\n") == f"s.yaml:{expected}"


def test_what_can_be_read_is_read_all_the_same() -> None:
    """So that the rest of a file with faults can be checked against the runtime, and all be reported at once."""
    read, faults = read_script(
        FILE, text="name: a\nsteps:\n  - {as: alice, call: a.b, oops: 1}\n  - {advance: x}\n  - {as: bob, call: c.d}\n"
    )
    assert read is not None
    assert [str(one.call) for one in read.steps if isinstance(one, CallStep)] == ["a.b", "c.d"]
    assert [fault.mark.line for fault in faults] == [3, 4]
    assert isinstance(faults[0], UnknownKey) and faults[0].name == "oops"
