"""Eras against the measured ones of extrinsics.jsonl."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.scale import EncodeError, codec_of
from chain.scale.errors import BadEra, DecodeError
from chain.scale.types import ERA, IMMORTAL, Era

VECTORS = Path(__file__).parents[2] / "vectors" / "extrinsics.jsonl"
LINES = [json.loads(line) for line in VECTORS.read_text().splitlines()]
ERAS = [line for line in LINES if line.get("era_only")]
SIGNED = [line for line in LINES if "period" in (line.get("era_info") or {})]


@pytest.mark.parametrize("line", ERAS, ids=lambda line: f"{line['period_asked']}-{line['current']}")
def test_measured_eras(line: dict[str, Any]) -> None:
    era = Era.mortal(line["period_asked"], line["current"])
    assert (era.period, era.phase) == (line["period"], line["phase"])
    assert "0x" + ERA.encode(era).hex() == line["encoded"]
    assert ERA.decode(bytes.fromhex(line["encoded"][2:])) == era
    assert (era.birth(line["current"]), era.death(line["current"])) == (line["birth"], line["death"])


@pytest.mark.parametrize("line", SIGNED, ids=lambda line: line["extrinsic_hash"][:12])
def test_eras_of_signed_extrinsics(line: dict[str, Any]) -> None:
    info = line["era_info"]
    era = ERA.decode(bytes.fromhex(line["era"][2:]))
    assert era.birth(info["current"]) == info["birth"]
    assert era.death(info["current"]) == info["death"]


def test_there_are_measured_eras() -> None:
    assert len(ERAS) > 100
    assert SIGNED


def test_immortal() -> None:
    assert ERA.encode(IMMORTAL) == b"\x00"
    assert ERA.decode(b"\x00") == IMMORTAL
    assert (IMMORTAL.immortal, IMMORTAL.birth(1000), IMMORTAL.death(1000)) == (True, 0, None)
    assert codec_of(Era) is ERA


@given(st.binary(min_size=1, max_size=3))
def test_what_decodes_is_what_encodes(data: bytes) -> None:
    try:
        era = ERA.decode(data)
    except DecodeError:
        return
    assert ERA.encode(era) == data


@given(st.integers(1, 1 << 20), st.integers(0, 1 << 32))
def test_the_current_block_lies_within(period: int, current: int) -> None:
    era = Era.mortal(period, current)
    death = era.death(current)
    assert death is not None
    assert era.birth(current) <= current < death
    assert ERA.decode(ERA.encode(era)) == era


@pytest.mark.parametrize("data", ["1000", "4100", "f100", "0504"])
def test_impossible_eras(data: str) -> None:
    with pytest.raises(BadEra):
        ERA.decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    "era", [Era(3, 0), Era(2, 0), Era(4, 4), Era(65_536, 1), Era(1 << 17, 0), Era(0, 1), Era(4, -1)]
)
def test_eras_without_an_encoding(era: Era) -> None:
    with pytest.raises(EncodeError):
        ERA.encode(era)
