"""Locations in the bytes of XCM version 3. Source: spec/xcm.md §5.1, basilisk-runtime-118.json."""

import json
from pathlib import Path

import pytest

from chain.primitives.junction import (
    AccountId32,
    AccountIndex64,
    AccountKey20,
    AtLeastProportion,
    ByFork,
    ByGenesis,
    Ethereum,
    Executive,
    GeneralIndex,
    GeneralKey,
    GlobalConsensus,
    IndexedBody,
    Junction,
    Kusama,
    Members,
    Moniker,
    OnlyChild,
    PalletInstance,
    Parachain,
    Plurality,
    Voice,
)
from chain.primitives.location import RELAY, X2, Here, MultiLocation, interior_of, junctions_of
from chain.scale import codec_of
from chain.scale.notation import Notation

LOCATION = codec_of(MultiLocation)
TYPES = json.loads((Path(__file__).parents[2] / "vectors" / "basilisk-runtime-118.json").read_text())["types"]
LIVE = Notation(TYPES).codec(LOCATION.notation)

JUNCTIONS: tuple[Junction, ...] = (
    Parachain(2000),
    AccountId32(None, b"a" * 32),
    AccountId32(Kusama(), b"a" * 32),
    AccountIndex64(ByGenesis(b"g" * 32), 2**40),
    AccountKey20(ByFork(7, b"f" * 32), b"k" * 20),
    PalletInstance(50),
    GeneralIndex(2**100),
    GeneralKey(2, b"ab" + bytes(30)),
    OnlyChild(),
    Plurality(Moniker(b"name"), Voice()),
    Plurality(IndexedBody(3), Members(4)),
    Plurality(Executive(), AtLeastProportion(2, 3)),
    GlobalConsensus(Ethereum(1)),
)


def test_known_bytes() -> None:
    assert LOCATION.encode(RELAY).hex() == "0100"
    bsx = MultiLocation(1, X2(Parachain(2090), GeneralIndex(0)))
    assert LOCATION.encode(bsx).hex() == "010200a9200500"  # spec/xcm.md §10


@pytest.mark.parametrize("junction", JUNCTIONS, ids=repr)
def test_every_junction_reads_as_the_live_runtime_reads_it(junction: Junction) -> None:
    data = LOCATION.encode(MultiLocation(2, interior_of(junction)))
    assert LIVE.encode(LIVE.decode(data)) == data
    assert repr(LIVE.decode(data)).count(type(junction).__name__) == 1
    assert LOCATION.decode(data) == MultiLocation(2, interior_of(junction))


@pytest.mark.parametrize("length", range(9))
def test_every_length(length: int) -> None:
    junctions = JUNCTIONS[:length]
    location = MultiLocation(0, interior_of(*junctions))
    data = LOCATION.encode(location)
    assert data[1] == length
    assert LIVE.encode(LIVE.decode(data)) == data
    assert junctions_of(LOCATION.decode(data).interior) == junctions


def test_nine_are_too_many() -> None:
    with pytest.raises(ValueError, match="at most 8"):
        interior_of(*JUNCTIONS[:9])
    assert interior_of() == Here()
