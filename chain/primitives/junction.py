"""One step from a chain to what it holds: the junctions of XCM version 3. Version 4 has the same bytes.

Source: spec/xcm.md §5.1, spec/basilisk-runtime-118.json. Locations, which go along junctions, are in `location`.
"""

from typing import Annotated, ClassVar

from chain.scale import Enum, FixedBytes
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
