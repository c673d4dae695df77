"""Where something is, seen from a chain: locations of XCM version 3. Version 4 has the same bytes.

Source: spec/xcm.md §5.1, spec/basilisk-runtime-118.json. A location goes `parents` levels up and from there
down along the junctions of its `interior`: `MultiLocation(1, Here())` is the relay chain, `MultiLocation(1,
X1(Parachain(2000)))` the parachain 2000 beside this one.
"""

from typing import Annotated, ClassVar

import msgspec

from chain.scale import Enum, FixedBytes, Struct
from chain.scale.types import Compact, u8, u32, u64, u128

Bytes4 = Annotated[bytes, FixedBytes(4)]
Bytes20 = Annotated[bytes, FixedBytes(20)]
Bytes32 = Annotated[bytes, FixedBytes(32)]


class NetworkId(Enum):
    """A consensus system by itself."""

    notation: ClassVar[str] = "xcm::v3::junction::NetworkId"
    path: ClassVar[str] = "xcm::v3::junction::NetworkId"


class ByGenesis(NetworkId):
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    hash: Bytes32


class ByFork(NetworkId):
    index: ClassVar[int] = 1
    block_number: u64
    block_hash: Bytes32


class Polkadot(NetworkId):
    index: ClassVar[int] = 2


class Kusama(NetworkId):
    index: ClassVar[int] = 3


class Westend(NetworkId):
    index: ClassVar[int] = 4


class Rococo(NetworkId):
    index: ClassVar[int] = 5


class Wococo(NetworkId):
    index: ClassVar[int] = 6


class Ethereum(NetworkId):
    index: ClassVar[int] = 7
    chain_id: Compact[u64]


class BitcoinCore(NetworkId):
    index: ClassVar[int] = 8


class BitcoinCash(NetworkId):
    index: ClassVar[int] = 9


class PolkadotBulletin(NetworkId):
    index: ClassVar[int] = 10


class BodyId(Enum):
    """A body of people that a chain knows: its council, its treasury."""

    notation: ClassVar[str] = "xcm::v3::junction::BodyId"
    path: ClassVar[str] = "xcm::v3::junction::BodyId"


class UnitBody(BodyId):
    variant: ClassVar[str] = "Unit"
    index: ClassVar[int] = 0


class Moniker(BodyId):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    name: Bytes4


class IndexedBody(BodyId):
    variant: ClassVar[str] = "Index"
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    number: Compact[u32]


class Executive(BodyId):
    index: ClassVar[int] = 3


class Technical(BodyId):
    index: ClassVar[int] = 4


class Legislative(BodyId):
    index: ClassVar[int] = 5


class Judicial(BodyId):
    index: ClassVar[int] = 6


class Defense(BodyId):
    index: ClassVar[int] = 7


class Administration(BodyId):
    index: ClassVar[int] = 8


class TreasuryBody(BodyId):
    variant: ClassVar[str] = "Treasury"
    index: ClassVar[int] = 9


class BodyPart(Enum):
    """How much of a body speaks."""

    notation: ClassVar[str] = "xcm::v3::junction::BodyPart"
    path: ClassVar[str] = "xcm::v3::junction::BodyPart"


class Voice(BodyPart):
    index: ClassVar[int] = 0


class Members(BodyPart):
    index: ClassVar[int] = 1
    count: Compact[u32]


class Fraction(BodyPart):
    index: ClassVar[int] = 2
    nom: Compact[u32]
    denom: Compact[u32]


class AtLeastProportion(BodyPart):
    index: ClassVar[int] = 3
    nom: Compact[u32]
    denom: Compact[u32]


class MoreThanProportion(BodyPart):
    index: ClassVar[int] = 4
    nom: Compact[u32]
    denom: Compact[u32]


class Junction(Enum):
    """One step down."""

    notation: ClassVar[str] = "xcm::v3::junction::Junction"
    path: ClassVar[str] = "xcm::v3::junction::Junction"


class Parachain(Junction):
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    id: Compact[u32]


class AccountId32(Junction):
    index: ClassVar[int] = 1
    network: NetworkId | None
    id: Bytes32


class AccountIndex64(Junction):
    index: ClassVar[int] = 2
    network: NetworkId | None
    index_: Compact[u64]


class AccountKey20(Junction):
    index: ClassVar[int] = 3
    network: NetworkId | None
    key: Bytes20


class PalletInstance(Junction):
    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    pallet: u8


class GeneralIndex(Junction):
    index: ClassVar[int] = 5
    positional: ClassVar[bool] = True
    value: Compact[u128]


class GeneralKey(Junction):
    """`length` bytes of `data` count, the others are zero."""

    index: ClassVar[int] = 6
    length: u8
    data: Bytes32


class OnlyChild(Junction):
    index: ClassVar[int] = 7


class Plurality(Junction):
    index: ClassVar[int] = 8
    id: BodyId
    part: BodyPart


class GlobalConsensus(Junction):
    index: ClassVar[int] = 9
    positional: ClassVar[bool] = True
    network: NetworkId


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
