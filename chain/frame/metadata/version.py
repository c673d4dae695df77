"""The runtime's version, which clients choose their own knowledge of it by. Source: spec/metadata.md, "Runtime version"."""

from typing import Annotated, Any, ClassVar

from chain.crypto.hashing import blake2_256
from chain.frame.metadata.apis import APIS
from chain.frame.runtime import Runtime
from chain.scale import FixedBytes, NewtypeOf, Struct, codec_of
from chain.scale.types import Text, Vec, u8, u32
