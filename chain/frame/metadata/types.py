"""The SCALE types of the metadata: what `meta` and the version byte are followed by. Source: spec/metadata.md, "Body".

A type is known by its id, its place in the list of types.
"""

from enum import IntEnum
from typing import Annotated, ClassVar

from chain.scale import Codec, Enum, Struct, codec_of
from chain.scale.types import Bytes, Compact, Text, Vec, u8, u32
from chain.scale.units import UnitsOf

MAGIC = b"meta"

TypeId = Compact[u32]
Docs = Vec[Text]


# -- the registry of types -----------------------------------------------------------------------------------


class Parameter(Struct):
    """A type parameter of a type; without an id it leaves no trace in the bytes."""

    name: Text
    type: TypeId | None


class Member(Struct):
    """A field of a composite or of a variant. Either all of one thing have names or none."""

    name: Text | None
    type: TypeId
    type_name: Text | None
    docs: Docs


class VariantType(Struct):
    """A variant of an enum; `index` is its byte."""

    name: Text
    fields: Vec[Member]
    index: u8
    docs: Docs


class PrimitiveKind(IntEnum):
    """The types that are made of no others. Members are named as the clients spell them."""

    bool = 0
    char = 1
    str = 2
    u8 = 3
    u16 = 4
    u32 = 5
    u64 = 6
    u128 = 7
    u256 = 8
    i8 = 9
    i16 = 10
    i32 = 11
    i64 = 12
    i128 = 13
    i256 = 14


class Definition(Enum):
    """How the values of a type are put together."""


class Composite(Definition):
    """A struct."""

    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    fields: Vec[Member]


class Variants(Definition):
    """An enum."""

    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    variants: Vec[VariantType]


class Sequence(Definition):
    """Any number of values of one type."""

    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    type: TypeId


class Array(Definition):
    """So many values of one type."""

    index: ClassVar[int] = 3
    positional: ClassVar[bool] = True
    length: u32
    type: TypeId


class Tuple(Definition):
    """Values in a row; none of them is the unit."""

    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    types: Vec[TypeId]


class Primitive(Definition):
    """A number, a truth value or a text."""

    index: ClassVar[int] = 5
    positional: ClassVar[bool] = True
    kind: Annotated[PrimitiveKind, UnitsOf(PrimitiveKind)]


class CompactInteger(Definition):
    """The compact form of an unsigned integer."""

    index: ClassVar[int] = 6
    positional: ClassVar[bool] = True
    type: TypeId


class BitSequence(Definition):
    """Bits; nothing here has any."""

    index: ClassVar[int] = 7
    positional: ClassVar[bool] = True
    store: TypeId
    order: TypeId


class PortableType(Struct):
    """A type of the registry. `path` are the Rust modules and the name; made types (tuples, lists) have none."""

    id: TypeId
    path: Vec[Text]
    params: Vec[Parameter]
    definition: Definition
    docs: Docs


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


class PalletV15(Struct):
    """A pallet with its description."""

    name: Text
    storage: PalletStorage | None
    calls: TypeId | None
    events: TypeId | None
    constants: Vec[PalletConstant]
    errors: TypeId | None
    index: u8
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
