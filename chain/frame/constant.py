"""Constants of the code and values of the genesis, both settable in a chain spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chain.scale import Codec, codec_of

T = TypeVar("T")


class Setting(Generic[T]):
    """Something a chain spec may set under `runtime: {pallet: {key: …}}`; the key is the attribute's name."""

    def __init__(self, value: Codec[T] | type[T], default: T, *, doc: str = "") -> None:
        self.codec: Codec[T] = codec_of(value)
        self.default = default
        self.doc = doc
        self.key = ""

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.key = attribute.rstrip("_")


class Constant(Setting[T]):
    """A constant of the runtime: part of `:code`, read as an attribute. `metadata` is the name clients see, if any."""

    def __init__(
        self, value: Codec[T] | type[T], default: T, *, metadata: str | None = None, doc: str = ""
    ) -> None:
        super().__init__(value, default, doc=doc)
        self.metadata = metadata

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> T: ...


class Genesis(Setting[T]):
    """A value that only the first state is built from; `build_genesis` gets it."""


Settings = dict[str, Any]
