"""YAML as nodes: scalars, places, and every way in which a file is refused."""

from pathlib import Path

import pytest
import yaml

from amm.scripts import source
from amm.scripts.errors import Faults, Mark
from amm.scripts.source import Flag, Integer, Items, Mapping, Node, Nothing, Text, compose, read_text


def only(text: str) -> Node:
    """The value of `v: …`."""
    root, faults = compose(f"v: {text}", "f")
    assert not faults, [str(fault) for fault in faults]
    assert isinstance(root, Mapping)
    value = root.get("v")
    assert value is not None
    return value


def complaint(text: str) -> list[str]:
    return [str(fault) for fault in compose(text, "f")[1]]


SCENARIOS = Path(__file__).parents[2] / "vectors" / "scenarios"
MARK = Mark("f", 1, 4)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("+5", 5),
        ("-12_000", -12000),
        ("1_0__", 10),
        ("340_282_366_920_938_463_463_374_607_431_768_211_455", 2**128 - 1),
        ("9" * 1000, int("9" * 1000)),
    ],
)
def test_plain_digits_are_an_integer(written: str, value: int) -> None:
    assert only(written) == Integer(MARK, value)


@pytest.mark.parametrize(
    "written",
    [
        "0x1f",
        "0o17",
        "1.5",
        "1e3",
        "on",
        "yes",
        "No",
        "True",
        "NULL",
        "2020-01-01",
        "12:30",
        "-_1",
        "_1",
        "٣",
    ],
)
def test_everything_else_is_text(written: str) -> None:
    assert only(written) == Text(MARK, written)


@pytest.mark.parametrize("written", ["'5'", '"5"', "'true'", '"null"', "''"])
def test_quoted_is_text(written: str) -> None:
    assert only(written) == Text(MARK, written[1:-1])


def test_flags_and_nothing() -> None:
    assert only("true") == Flag(MARK, True)
    assert only("false") == Flag(MARK, False)
    assert [only(written) for written in ("null", "~")] == [Nothing(MARK)] * 2
    assert isinstance(only(""), Nothing)


def test_block_scalars_are_text() -> None:
    assert only("|\n  5\n") == Text(MARK, "5\n")


def test_places_of_nested_values() -> None:
    root, _ = compose("a:\n  - {é: [1, two]}\n", "f")
    assert isinstance(root, Mapping)
    items = root.get("a")
    assert isinstance(items, Items)
    inner = items.items[0]
    assert isinstance(inner, Mapping)
    (key, numbers), *_ = inner.entries
    assert isinstance(numbers, Items)
    places = [node.mark for node in (items, inner, key, numbers, *numbers.items)]
    assert places == [Mark("f", 2, column) for column in (3, 5, 6, 9, 10, 13)]


def test_an_alias_is_the_value_at_its_own_place() -> None:
    root, faults = compose("a: &x [1]\nb: *x\n", "f")
    assert not faults
    assert isinstance(root, Mapping)
    assert root.get("b") == Items(Mark("f", 2, 4), (Integer(Mark("f", 1, 8), 1),))


def test_byte_order_mark_and_empty_files() -> None:
    assert compose("\ufeffa: 1", "f")[1] == []
    assert compose("", "f") == (None, [])
    assert compose("# nothing\n", "f") == (None, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: 1\na: 2\n",
            "f:2:1: the key 'a' is given twice\n    it is first given in line 1; keep one of them",
        ),
        (
            "1: a\n01: b\n",
            "f:2:1: the key '1' is given twice\n    it is first given in line 1; keep one of them",
        ),
        ("a: !!str 3\n", "f:1:4: tags are not used here: 'tag:yaml.org,2002:str'\n    take the tag out"),
        ("a: !point {x: 1}\n", "f:1:4: tags are not used here: '!point'\n    take the tag out"),
        (
            "<<: {a: 1}\n",
            "f:1:1: merge keys are not used here\n    write the keys out, or use an alias for a whole value",
        ),
        (
            "a: 1\n--- \nb: 2\n",
            "f:2:1: a second document begins here\n    keep one document a file; take out this ---",
        ),
        ("? [1]\n: 2\n", "f:1:3: a key is text or a number, not a list\n    quote it if it is meant as text"),
        ("true: 2\n", "f:1:1: a key is text or a number, not true\n    quote it if it is meant as text"),
        ("&a [*a]\n", "f:1:5: *a stands inside what it names\n    a value cannot contain itself"),
        ("x: &apple 1\ny: *aple\n", "f:2:4: unknown alias *aple\n    did you mean apple?"),
        ("y: *aple\n", "f:1:4: unknown alias *aple\n    name a value before it, as in &aple"),
        (
            "a: @treasury\n",
            "f:1:4: not YAML: found character that cannot start any token\n"
            '    quote text that begins with @, as in "@xyk:BSX/KSM"',
        ),
        (
            "a:\n\tb: 1\n",
            "f:2:1: not YAML: found character that cannot start any token\n    indent with spaces, not with tabs",
        ),
        (
            "a: b: c\n",
            "f:1:5: not YAML: mapping values are not allowed in this context\n"
            "    quote text that has ': ' in it; check the indentation of this line",
        ),
        (
            "a: {b: 1\nc: 2\n",
            "f:2:2: not YAML: did not find expected ',' or '}', while parsing a flow mapping from line 1 on\n"
            "    close the mapping with '}', put ', ' between its entries",
        ),
        (
            "a: 'b\n",
            "f:2:1: not YAML: found unexpected end of stream, while scanning a quoted scalar from line 1 on\n"
            "    close the quotes",
        ),
        ("a: b\nc: \x07\n", 'f:2:4: the character U+0007 is not allowed\n    write it as "\\u…" in quotes'),
        ("a: " + "9" * 1001, "f:1:4: a number of 1001 digits\n    numbers have at most 1000 digits"),
        ("[" * 300, "f:1:257: nested deeper than 256 levels\n    nest less"),
    ],
)
def test_what_is_refused(text: str, expected: str) -> None:
    assert complaint(text) == [expected]


def test_all_faults_of_a_file_come_at_once() -> None:
    text = "a: !x 1\na: *y\nb: <<\n? {}\n: 1\n"
    places = [fault.mark for fault in compose(text, "f")[1]]
    assert places == [Mark("f", 1, 4), Mark("f", 2, 4), Mark("f", 2, 1), Mark("f", 4, 3)]


def test_aliases_are_bounded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 10):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]")
    (fault,) = compose("\n".join(lines), "f")[1]
    assert str(fault) == "f:5:45: aliases stand for more than 100_000 values\n    alias less, or smaller values"


def test_the_python_parser_gives_the_same_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (SCENARIOS / "xyk-work-flow.yaml").read_text(encoding="utf-8")
    by_c = compose(text, "f")
    monkeypatch.setattr(source, "_LOADER", yaml.SafeLoader)
    assert compose(text, "f") == by_c


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    def why(path: Path) -> str:
        with pytest.raises(Faults) as caught:
            read_text(path)
        return str(caught.value)

    (tmp_path / "swap.yaml").write_text("a: 1")
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nb: caf\xe9\n")
    assert why(tmp_path / "swop.yaml") == (
        f"{tmp_path}/swop.yaml: there is no file {tmp_path}/swop.yaml\n    did you mean swap.yaml?"
    )
    assert why(tmp_path / "no" / "a.yaml").endswith(f"there is no folder {tmp_path}/no either")
    assert why(tmp_path) == f"{tmp_path}: {tmp_path} is a folder\n    name a file in it"
    assert why(tmp_path / "latin.yaml") == (
        f"{tmp_path}/latin.yaml:2:7: byte 0xe9 is not UTF-8\n    save the file as UTF-8"
    )
    assert "cannot be read" in why(Path("a\0b"))


def test_a_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 2**20)
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (2**20 + 1))
    with pytest.raises(Faults, match="has more than 1 MiB"):
        read_text(path)
    path.write_bytes(b"#" * 2**20)
    assert len(read_text(path)) == 2**20
