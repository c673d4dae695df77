"""The SCALE types of metadata: what `meta` and the version byte are followed by. Source: spec/metadata.md, "Body"."""

from enum import IntEnum
from typing import Annotated, ClassVar

from chain.frame.metadata.portable import Docs, PortableType, TypeId
from chain.scale import Codec, Enum, Struct, codec_of
from chain.scale.types import Bytes, Text, Vec, u8
from chain.scale.units import UnitsOf

MAGIC = b"meta"


# -- pallets -------------------------------------------------------------------------------------------------


class StorageModifier(IntEnum):
    """What an entry answers that is absent: nothing, or its default. `Required` is used by nobody."""

    Optional = 0
    Default = 1
    Required = 2


class StorageHasher(IntEnum):
    """How a key becomes part of a storage key (substrate.md §2)."""

    Blake2_128 = 0
    Blake2_256 = 1
    Blake2_128Concat = 2
    Twox128 = 3
    Twox256 = 4
    Twox64Concat = 5
    Identity = 6


class StorageKind(Enum):
    """A single value, or a map."""


class Plain(StorageKind):
    """A single value."""

    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    value: TypeId


class Map(StorageKind):
    """One value for each key; the key of several hashers is a tuple."""

    index: ClassVar[int] = 1
    hashers: Vec[Annotated[StorageHasher, UnitsOf(StorageHasher)]]
    key: TypeId
    value: TypeId


class StorageEntry(Struct):
    """A storage item; `default` is the encoded value that stands for an absent one."""

    name: Text
    modifier: Annotated[StorageModifier, UnitsOf(StorageModifier)]
    kind: StorageKind
    default: Bytes
    docs: Docs


class PalletStorage(Struct):
    """The storage of a pallet; `prefix` is the name whose hash its keys begin with."""

    prefix: Text
    entries: Vec[StorageEntry]


class PalletConstant(Struct):
    """A constant of the runtime with its encoded value."""

    name: Text
    type: TypeId
    value: Bytes
    docs: Docs


class PalletV14(Struct):
    """A pallet; `calls`, `events` and `errors` are enums."""

    name: Text
    storage: PalletStorage | None
    calls: TypeId | None
    events: TypeId | None
    constants: Vec[PalletConstant]
    errors: TypeId | None
    index: u8


class PalletV15(PalletV14):
    """A pallet with its description."""

    docs: Docs


# -- the whole -----------------------------------------------------------------------------------------------


class SignedExtension(Struct):
    """A part of every signed extrinsic: what it adds to the bytes, and what else is signed for it."""

    identifier: Text
    type: TypeId
    additional_signed: TypeId


class ExtrinsicV14(Struct):
    """The form of extrinsics; `type` has address, call, signature and extra as its parameters."""

    type: TypeId
    version: u8
    signed_extensions: Vec[SignedExtension]


class ExtrinsicV15(Struct):
    """The form of extrinsics."""

    version: u8
    address: TypeId
    call: TypeId
    signature: TypeId
    extra: TypeId
    signed_extensions: Vec[SignedExtension]


class MethodParameter(Struct):
    """An argument of a runtime API's method."""

    name: Text
    type: TypeId


class ApiMethod(Struct):
    """A function that clients call as `Api_method`."""

    name: Text
    inputs: Vec[MethodParameter]
    output: TypeId
    docs: Docs


class RuntimeApi(Struct):
    """Functions of the runtime for clients."""

    name: Text
    methods: Vec[ApiMethod]
    docs: Docs


class OuterEnums(Struct):
    """The enums that hold all pallets' calls, events and errors."""

    call: TypeId
    event: TypeId
    error: TypeId


class MetadataV14(Struct):
    """Version 14: what `state_getMetadata` gives."""

    types: Vec[PortableType]
    pallets: Vec[PalletV14]
    extrinsic: ExtrinsicV14
    runtime: TypeId


class MetadataV15(Struct):
    """Version 15: the runtime APIs too. `custom` holds named values that no client here asks for."""

    types: Vec[PortableType]
    pallets: Vec[PalletV15]
    extrinsic: ExtrinsicV15
    runtime: TypeId
    apis: Vec[RuntimeApi]
    outer_enums: OuterEnums
    custom: Vec[tuple[Text, TypeId, Bytes]]


METADATA_V14: Codec[MetadataV14] = codec_of(MetadataV14)
METADATA_V15: Codec[MetadataV15] = codec_of(MetadataV15)
