"""Where something is, seen from a chain: locations of XCM version 3. Version 4 has the same bytes.

Source: spec/xcm.md §5.1, spec/basilisk-runtime-118.json. A location goes `parents` levels up and from there
down along the junctions of its `interior`: `MultiLocation(1, Here())` is the relay chain, `MultiLocation(1,
X1(Parachain(2000)))` the parachain 2000 beside this one.
"""

from typing import ClassVar

import msgspec

from chain.primitives.junction import Junction
from chain.scale import Enum, Struct
from chain.scale.types import u8


class Junctions(Enum):
    """The way down: nothing, or one to eight junctions."""

    notation: ClassVar[str] = "xcm::v3::junctions::Junctions"
    path: ClassVar[str] = "xcm::v3::junctions::Junctions"


class Here(Junctions):
    index: ClassVar[int] = 0


class X1(Junctions):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    j1: Junction


class X2(Junctions):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    j1: Junction
    j2: Junction


class X3(Junctions):
    index: ClassVar[int] = 3
    positional: ClassVar[bool] = True
    j1: Junction
    j2: Junction
    j3: Junction


class X4(Junctions):
    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    j1: Junction
    j2: Junction
    j3: Junction
    j4: Junction


class X5(Junctions):
    index: ClassVar[int] = 5
    positional: ClassVar[bool] = True
    j1: Junction
    j2: Junction
    j3: Junction
    j4: Junction
    j5: Junction


class X6(Junctions):
    index: ClassVar[int] = 6
    positional: ClassVar[bool] = True
    j1: Junction
    j2: Junction
    j3: Junction
    j4: Junction
    j5: Junction
    j6: Junction


class X7(Junctions):
    index: ClassVar[int] = 7
    positional: ClassVar[bool] = True
    j1: Junction
    j2: Junction
    j3: Junction
    j4: Junction
    j5: Junction
    j6: Junction
    j7: Junction


class X8(Junctions):
    index: ClassVar[int] = 8
    positional: ClassVar[bool] = True
    j1: Junction
    j2: Junction
    j3: Junction
    j4: Junction
    j5: Junction
    j6: Junction
    j7: Junction
    j8: Junction


class MultiLocation(Struct):
    """`parents` levels up, then down along `interior`."""

    notation: ClassVar[str] = "staging_xcm::v3::multilocation::MultiLocation"
    path: ClassVar[str] = "staging_xcm::v3::multilocation::MultiLocation"
    parents: u8
    interior: Junctions


RELAY = MultiLocation(1, Here())
"""The relay chain as a parachain sees it; as the location of an asset, the relay chain's own: KSM."""

_BY_LENGTH: tuple[type[Junctions], ...] = (Here, X1, X2, X3, X4, X5, X6, X7, X8)


def interior_of(*junctions: Junction) -> Junctions:
    """The way down along `junctions`; raises ValueError for more than eight."""
    if len(junctions) >= len(_BY_LENGTH):
        raise ValueError(f"a location has at most 8 junctions, not {len(junctions)}")
    return _BY_LENGTH[len(junctions)](*junctions)


def junctions_of(interior: Junctions) -> tuple[Junction, ...]:
    """The junctions of a way down, in order."""
    return msgspec.structs.astuple(interior)
