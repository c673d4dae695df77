"""Every documented key refuses values of a wrong kind, and one fault hides no other."""

from pathlib import Path

import pytest

from amm.chain_spec import load_chain_spec
from amm.genesis import Genesis
from amm.local import LocalChain
from amm.scripts import check_file
from amm.scripts.errors import Faults
from amm.scripts.shapes import fields_of
from amm.scripts.steps import STEP_MODELS, Expect, Repetition
from chain.pallets.asset_registry import AssetRegistry

ANYTHING = {"ignored"}
"""Fields that take every value."""

NESTED = "{a: {b: {c: [d]}}}"


def faults_of(folder: Path, text: str) -> list[str]:
    """What is said of a script, or nothing."""
    path = folder / "t.yaml"
    path.write_text(text)
    try:
        check_file(path)
    except Faults as found:
        return [f"{fault.mark.line}:{fault.mark.column} {fault.message}" for fault in found.faults]
    return []


def keys_of_steps() -> list[tuple[str, str]]:
    """Each verb with each of its keys."""
    return [
        (model.verb, key)
        for model in STEP_MODELS
        for key, field in fields_of(model).items()
        if field.attribute not in ANYTHING
    ]


@pytest.mark.parametrize(("verb", "key"), keys_of_steps())
def test_a_nest_is_no_value_of_any_key(tmp_path: Path, verb: str, key: str) -> None:
    values = {"call": "system.remark", "as": "alice", "args": "{remark: x}"} if verb == "call" else {}
    values |= {"advance": "1", "advance_to": "9", "advance_relay": "1"} if verb.startswith("advance") else {}
    entries = {name: value for name, value in values.items() if name == verb or verb == "call"}
    entries.setdefault(verb, "null")
    if verb == "check":
        entries["expect"] = "{issuance: {BSX: 1}}"
    entries[key] = NESTED
    text = "name: t\nsteps:\n  - " + "\n    ".join(f"{name}: {value}" for name, value in entries.items()) + "\n"
    assert any(fault for fault in faults_of(tmp_path, text)), text


@pytest.mark.parametrize("key", list(fields_of(Expect)))
@pytest.mark.parametrize("value", ["5", "text", "[[1]]", NESTED, "true"])
def test_expectations_of_a_wrong_kind(tmp_path: Path, key: str, value: str) -> None:
    if (key, value) == ("unchanged", "true"):
        return
    step = f"{{as: alice, call: system.remark, args: {{remark: x}}, expect: {{{key}: {value}}}}}"
    faults = faults_of(tmp_path, f"name: t\nsteps:\n  - {step}\n")
    assert faults, step


@pytest.mark.parametrize("key", list(fields_of(Repetition)))
@pytest.mark.parametrize("value", ["-1", "text", "true", NESTED])
def test_repetitions_of_a_wrong_kind(tmp_path: Path, key: str, value: str) -> None:
    entries = {"times": "2", "steps": "[{advance: 1}]"} | {key: value}
    text = ", ".join(f"{name}: {held}" for name, held in entries.items())
    assert faults_of(tmp_path, f"name: t\nsteps:\n  - repeat: {{{text}}}\n")


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ('{as: al ice, call: system.remark, args: {remark: x}}', "3:10 'al ice' is no account"),
        ('{as: "alice,bob", call: system.remark, args: {remark: x}}', "3:10 'alice,bob' is no account"),
        ('{as: "@treasury", call: system.remark, args: {remark: x}}', "3:10 @treasury cannot sign"),
        ('{label: "", advance: 1}', "3:13 expected text"),
        ('{label: "a\\e[31mb", advance: 1}', "3:13 the text has the control character '\\x1b'"),
        ("{check: }", "3:5 a check without `expect` checks nothing"),
        ("{advance: 1, expect: {balances: {al ice: {BSX: 1}}}}", "3:38 'al ice' is no account"),
    ],
)
def test_nothing_is_taken_silently(tmp_path: Path, step: str, said: str) -> None:
    (fault,) = faults_of(tmp_path, f"name: t\nsteps:\n  - {step}\n")
    assert fault.startswith(said)


@pytest.mark.parametrize("head", ['name: "a\\nb"', 'name: "a\\e[31mb"', 'name: ""', "name: 5", "name: [a]"])
def test_names_are_one_line_of_text(tmp_path: Path, head: str) -> None:
    assert faults_of(tmp_path, f"{head}\nsteps: []\n")
    assert not faults_of(tmp_path, 'name: t\ndescription: "one\\ntwo"\nsteps: []\n')


def test_a_wrong_signer_hides_no_other_fault(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        "name: t\nsteps:\n"
        "  - {as: al ice, call: xyk.sel, args: {remark: x}}\n"
        "  - {as: al ice, call: system.remark, args: {rmark: x}, tip: lots, expect: {error: XYK.Nope}}\n"
        "  - {advance: ten}\n",
    )
    assert faults == [
        "3:10 'al ice' is no account",
        "3:24 unknown call 'sel' in xyk",
        "4:10 'al ice' is no account",
        "4:45 system.remark needs 'remark'",
        "4:46 unknown key 'rmark' in system.remark",
        "4:62 'lots' is no amount",
        "4:84 unknown error 'XYK.Nope'",
        "5:15 expected a whole number of at least 0, found the text 'ten'",
    ]


# -- the chain's own asset -------------------------------------------------------------------------------------------

ZERO = """\
name: zero
pallets: [sudo]
assets:
  - {id: 0, symbol: BSX, name: Basilisk Coin, decimals: 10, existential_deposit: "5 BSX"}
balances: {alice: {BSX: "1_000_000 BSX"}}
"""


def test_asset_0_is_what_the_spec_says(tmp_path: Path) -> None:
    (tmp_path / "zero.yaml").write_text(ZERO)
    with LocalChain(load_chain_spec("./zero.yaml", tmp_path)) as chain:
        details = chain.state[AssetRegistry].assets.get(0)
        assert details is not None
        assert (bytes(details.name), details.existential_deposit) == (b"Basilisk Coin", 5 * 10**10)
        pay = chain.call("balances.transfer_allow_death", dest="zoe", value="4 BSX")
        assert chain.submit(pay).error == "Token.BelowMinimum"  # Balances has the same deposit


def test_asset_0_has_a_name_without_saying_so() -> None:
    with LocalChain() as chain:
        details = chain.state[AssetRegistry].assets.get(0)
        assert details is not None
        assert bytes(details.name) == b"BSX"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"5 BSX"}', '"5 BSX", location: relay}', "asset 0 is the chain's own: it has no location to choose"),
        ('"5 BSX"}', '"5 BSX", type: {PoolShare: [1, 2]}}', "asset 0 is the chain's own: it has no type to choose"),
        ("pallets: [sudo]", "runtime: {balances: {existential_deposit: 7}}", "is 50000000000 here, and 7 in runtime"),
    ],
)
def test_what_asset_0_cannot_be(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "zero.yaml").write_text(ZERO.replace(old, new))
    with pytest.raises(Faults, match=said):
        Genesis(load_chain_spec("./zero.yaml", tmp_path))
