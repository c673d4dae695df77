"""Every line of scale.jsonl: encode and decode agree, and what the runtime refuses is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from chain.scale import DecodeError
from chain.scale.notation import Notation
from chain.scale.plain import from_plain, to_plain

VECTORS = Path(__file__).parents[2] / "vectors"
NOTATION = Notation(json.loads((VECTORS / "basilisk-runtime-118.json").read_text())["types"])
LINES = [json.loads(line) for line in (VECTORS / "scale.jsonl").read_text().splitlines()]
ACCEPTED = [line for line in LINES if not line.get("err")]
REFUSED = [line for line in LINES if line.get("err")]


def test_the_file_holds_both_kinds() -> None:
    assert len(ACCEPTED) > 1700
    assert len(REFUSED) > 30


@pytest.mark.parametrize("line", ACCEPTED, ids=lambda line: f"{line['type'][:60]}-{line['hex'][:20]}")
def test_encode_and_decode_agree(line: dict[str, Any]) -> None:
    codec = NOTATION.codec(line["type"])
    data = bytes.fromhex(line["hex"][2:])
    value = from_plain(codec, line["value"])
    assert codec.encode(value) == data
    assert codec.decode(data) == value
    assert to_plain(codec, value) == line["value"]


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: f"{line['type']}-{line['note']}")
def test_refused_by_the_runtime(line: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        NOTATION.codec(line["type"]).decode(bytes.fromhex(line["hex"][2:]))


@pytest.mark.parametrize("line", ACCEPTED, ids=lambda line: f"{line['type'][:60]}-{line['hex'][:20]}")
def test_every_proper_prefix_is_refused(line: dict[str, Any]) -> None:
    codec = NOTATION.codec(line["type"])
    data = bytes.fromhex(line["hex"][2:])
    for size in {0, 1, len(data) // 2, len(data) - 1} & set(range(len(data))):
        with pytest.raises(DecodeError):
            codec.decode(data[:size])
    with pytest.raises(DecodeError):
        codec.decode(data + b"\x00")
