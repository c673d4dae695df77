"""Whatever a file holds, reading it gives a script or Faults with places and hints, and nothing else."""

from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from amm.chain_spec import CHAIN_SPEC, ChainSpec
from amm.scripts.errors import Fault, Faults
from amm.scripts.rows import COLUMNS, read_rows
from amm.scripts.script import load_script
from amm.scripts.shapes import Reader, UnreadableError
from amm.scripts.source import compose
from amm.scripts.steps import KEYS

WORDS = sorted(
    {*KEYS, "name", "steps", "setup", "times", "error", "events", "balances", "assets", "runtime", "storage"}
)
SCALARS = st.one_of(
    st.sampled_from(["alice", "a.b", "A.B", "A.B.c", "$i", "${x}", "1.5 KSM", "@xyk:A/B", "x.yaml", "0x1", "", "null"]),
    st.integers(-(2**130), 2**130),
    st.booleans(),
    st.none(),
    st.text(max_size=5),
)


def mappings(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.one_of(st.sampled_from(WORDS), st.integers(0, 3), st.text(max_size=3))
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=5))


TREES = st.recursive(SCALARS, mappings, max_leaves=30)


def load(text: str) -> None:
    try:
        load_script(Path("nowhere/s.yaml"), text=text)
    except Faults as faults:
        assert faults.faults
        for fault in faults.faults:
            assert fault.message and fault.hint and fault.mark.file
            assert fault.mark.line >= 1 or "empty" in fault.message
        assert str(faults)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    load(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                ":",
                " ",
                "\n",
                "- ",
                "{",
                "}",
                "[",
                "]",
                "*a",
                "&a ",
                "!",
                "'",
                '"',
                ",",
                "|",
                "\t",
                "---",
                "#",
                "<<",
                "?",
                "name: ",
                "steps:",
                "  ",
                "5",
                "@",
                "%",
                "\\",
            ]
        ),
        max_size=25,
    )
)
@settings(max_examples=400, deadline=None)
def test_any_punctuation(parts: list[str]) -> None:
    load("".join(parts))


@given(TREES)
@settings(max_examples=300, deadline=None)
def test_any_tree(tree: Any) -> None:
    load(yaml.safe_dump(tree, allow_unicode=True))


@given(st.lists(TREES, max_size=4), TREES)
@settings(max_examples=200, deadline=None)
def test_any_steps(steps: list[Any], setup: Any) -> None:
    load(yaml.safe_dump({"name": "a", "setup": setup, "steps": steps}, allow_unicode=True))


@given(st.dictionaries(st.sampled_from(sorted(CHAIN_SPEC.fields)), TREES, max_size=5))
@settings(max_examples=200, deadline=None)
def test_any_chain_spec_reads_back_from_its_json(tree: dict[str, Any]) -> None:
    root, faults = compose(yaml.safe_dump({"name": "a", **tree}, allow_unicode=True), "f")
    assert root is not None
    try:
        spec = CHAIN_SPEC.read(root, Reader(Path("f"), faults))
    except UnreadableError:
        assert faults
        return
    if not faults:
        text = spec.to_json()
        again = ChainSpec.from_json(text)
        assert again.to_json() == text
        assert spec.differences(again) == []


@given(st.text(max_size=200), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_csv(tmp_path_factory: Any, text: str, header: bool) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_text((",".join(COLUMNS) + "\n" if header else "") + text, encoding="utf-8")
    faults: list[Fault] = []
    for row in read_rows(path, faults):
        assert row.who and row.side in ("sell", "buy")
