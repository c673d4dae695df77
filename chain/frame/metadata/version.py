"""The runtime's version, by which clients choose what they know of it. Source: spec/metadata.md, "Runtime version"."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Any, ClassVar

from chain.frame.runtime import Runtime
from chain.scale import U32, Codec, FixedBytes, NewtypeOf, Struct, TupleOf, VecOf, codec_of
from chain.scale.types import Text, u8, u32

AUTHORING_VERSION, IMPL_VERSION = 1, 0

API_VERSIONS: Mapping[str, int] = {
    "Core": 4,
    "Metadata": 2,
    "BlockBuilder": 6,
    "TaggedTransactionQueue": 3,
    "OffchainWorkerApi": 2,
    "SessionKeys": 1,
    "AuraApi": 1,
    "CollectCollationInfo": 2,
    "AccountNonceApi": 1,
    "TransactionPaymentApi": 4,
    "GenesisBuilder": 1,
}
"""The runtime APIs of the live runtime, in its order."""

_LIST = VecOf(TupleOf([FixedBytes(8), U32]))
API_LIST = NewtypeOf(_LIST, f"Cow<{_LIST.notation}>", "Cow")


class RuntimeVersion(Struct):
    """Names and numbers of a runtime, and the APIs that it has by id and version."""

    path: ClassVar[str] = "sp_version::RuntimeVersion"
    spec_name: Text
    impl_name: Text
    authoring_version: u32
    spec_version: u32
    impl_version: u32
    apis: Annotated[tuple[tuple[bytes, int], ...], API_LIST]
    transaction_version: u32
    state_version: u8

    def json(self) -> dict[str, Any]:
        """As `state_getRuntimeVersion` answers."""
        return {
            "specName": self.spec_name,
            "implName": self.impl_name,
            "authoringVersion": self.authoring_version,
            "specVersion": self.spec_version,
            "implVersion": self.impl_version,
            "apis": [[f"0x{id.hex()}", version] for id, version in self.apis],
            "transactionVersion": self.transaction_version,
            "stateVersion": self.state_version,
        }


RUNTIME_VERSION: Codec[RuntimeVersion] = codec_of(RuntimeVersion)


def api_id(name: str) -> bytes:
    """How a runtime API is called in versions: the 8-byte BLAKE2b of its name."""
    return blake2b(name.encode(), digest_size=8).digest()


def runtime_version(runtime: Runtime) -> RuntimeVersion:
    """The version of a runtime."""
    return RuntimeVersion(
        runtime.name,
        runtime.name,
        AUTHORING_VERSION,
        runtime.spec_version,
        IMPL_VERSION,
        tuple((api_id(name), version) for name, version in API_VERSIONS.items()),
        runtime.transaction_version,
        runtime.state_version,
    )
