"""A runtime: which pallets at which index with which constants, and the codecs that follow from them.

The validation code of a chain is a manifest of just that (spec/relay.md §4.4), so that any process can rebuild
the runtime from `:code`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from chain.crypto.hashing import blake2_256
from chain.frame.call import Call, CallSpec, RuntimeCallCodec, specialise
from chain.frame.constant import Constant, Settings
from chain.frame.environment import Environment
from chain.frame.errors import ConstantError, DeclarationError, Error
from chain.frame.event_codec import EVENTS, EventsCodec, RuntimeEventCodec
from chain.frame.origin import CallFilter
from chain.frame.pallet import Pallet
from chain.frame.storage import StorageItem
from chain.frame.weights import WeightTable
from chain.primitives.errors import DispatchError, Module
from chain.primitives.weight import DispatchInfo
from chain.scale import Codec, DecodeError, Struct, codec_of
from chain.scale.types import Bytes, Text, Vec, u32
from chain.state import Overlay


class Manifest(Struct):
    """What `:code` holds: the constants themselves, by `pallet.constant`, sorted."""

    name: Text
    spec_version: u32
    transaction_version: u32
    pallets: Vec[Text]
    constants: Vec[tuple[Text, Bytes]]


MANIFEST = codec_of(Manifest)


@dataclass(frozen=True)
class Blueprint:
    """What a runtime is made of, before constants are set.

    `pallets` maps index to class, in the order in which hooks run. `wire` binds the needs of all pallets of a
    block. `call_filter` gives the filter that origins of extrinsics carry. `filtered` is the error of that filter.
    """

    name: str
    spec_version: int
    transaction_version: int
    state_version: int
    pallets: Mapping[int, type[Pallet]]
    wire: Callable[[Environment], None]
    call_filter: Callable[[Environment], CallFilter]
    filtered: type[Error]
    weights: WeightTable
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Runtime:
    """A blueprint with its constants set: decodes, weighs, opens. Equal `code` means equal behaviour."""

    def __init__(self, blueprint: Blueprint, constants: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.blueprint = blueprint
        self.name, self.pallets = blueprint.name, blueprint.pallets
        self.spec_version = blueprint.spec_version
        self.transaction_version = blueprint.transaction_version
        self.state_version = blueprint.state_version
        self.wire, self.call_filter, self.filtered = blueprint.wire, blueprint.call_filter, blueprint.filtered
        self._index = {pallet.name: index for index, pallet in self.pallets.items()}
        self._by_key = {pallet.key: pallet for pallet in self.pallets.values()}
        self.settings = _settings(self._by_key, constants or {})
        self.calls: dict[str, CallSpec] = {}
        self.call = self._call_codec()
        self.event = RuntimeEventCodec(self.pallets)
        self.events = EventsCodec(self.event)
        self.code = MANIFEST.encode(self._manifest())
        self.code_hash = blake2_256(self.code)

    def open(self, state: Overlay) -> Environment:
        """The pallets of one block over its state."""
        return Environment(self, state)

    def index_of(self, pallet: str) -> int:
        return self._index[pallet]

    def pallet(self, name: str) -> type[Pallet]:
        """A pallet by its name in either spelling; raises KeyError."""
        return self._by_key[name] if name in self._by_key else self.pallets[self._index[name]]

    def storage(self, pallet: str, item: str) -> StorageItem:
        """A storage item by the metadata's names (`XYK`, `ShareToken`); raises KeyError."""
        for found in self.pallet(pallet).declaration.storage.values():
            if found.name == item:
                return found
        raise KeyError(item)

    def codec_of_item(self, item: StorageItem) -> Codec[Any]:
        """The codec of an item's value, with this runtime's own calls and events in it."""
        return self.events if item.value is EVENTS else specialise(item.value, self.call)

    def make_call(self, path: str, *args: Any) -> Call:
        """A call by its path, as `make_call("xyk.sell", …)`; raises KeyError."""
        return Call(self.calls[path], args)

    def decode_call(self, data: bytes) -> Call:
        """The call that the whole of `data` is; raises DecodeError."""
        return self.call.decode(data)

    def weigh(self, call: Call) -> DispatchInfo:
        """The declared weight, class and payment of a call."""
        spec, args = call
        if spec.info is not None:
            return spec.info
        assert spec.declaration.weight is not None
        return spec.declaration.weight(self, *args)

    def table(self, call: str) -> DispatchInfo:
        return self.blueprint.weights.of(call)

    def error_class(self, error: DispatchError) -> type[Error] | None:
        """The declaration behind a module error, if it is one of ours."""
        if isinstance(error, Module):
            pallet = self.pallets.get(error.error.index)
            for found in pallet.declaration.errors if pallet else ():
                if found.index == error.error.error[0]:
                    return found
        return None

    def error_name(self, error: DispatchError) -> str:
        """A failure as people write it: `XYK.TokenPoolNotFound`, `Token.BelowMinimum`, `BadOrigin`."""
        found = self.error_class(error)
        if found is not None:
            return f"{found.pallet}.{found.__name__}"
        if isinstance(error, Module):
            return f"Module.{error.error.index}.{error.error.error[0]}"
        kind = type(error).__name__
        inner = getattr(error, "error", None)
        return kind if inner is None else f"{kind}.{inner.name}"

    def _call_codec(self) -> RuntimeCallCodec:
        codec = RuntimeCallCodec()
        specs: dict[tuple[int, int], CallSpec] = {}
        constants = {pallet.key: settings for pallet, settings in self.settings.items()}
        for index, pallet in self.pallets.items():
            for declaration in pallet.declaration.calls.values():
                path = f"{pallet.key}.{declaration.name}"
                fields = tuple((name, specialise(inner, codec)) for name, inner in declaration.fields)
                info = None
                if declaration.weight is None:
                    table = self.blueprint.weights.of(path)
                    info = DispatchInfo(table.weight, table.class_, declaration.pays)
                bound = None if declaration.bound is None else partial(declaration.bound, constants)
                spec = CallSpec(pallet, pallet.name, index, declaration, fields, path, info, bound)
                specs[index, declaration.index] = self.calls[path] = spec
        codec.fill(specs)
        return codec

    def _manifest(self) -> Manifest:
        constants = [
            (f"{pallet.key}.{key}", constant.codec.encode(self.settings[pallet][key]))
            for pallet in self.pallets.values()
            for key, constant in pallet.declaration.constants.items()
        ]
        names = tuple(pallet.name for pallet in self.pallets.values())
        return Manifest(
            self.name, self.spec_version, self.transaction_version, names, tuple(sorted(constants))
        )


def _settings(
    pallets: Mapping[str, type[Pallet]], given: Mapping[str, Mapping[str, Any]]
) -> dict[type[Pallet], Settings]:
    """The value of every constant of every pallet: the given one, checked, or the default."""
    for key in given:
        if key not in pallets:
            raise ConstantError(f"there is no pallet {key}")
    settings: dict[type[Pallet], Settings] = {}
    for key, pallet in pallets.items():
        own = given.get(key, {})
        declared = pallet.declaration.constants
        for name in own:
            if name not in declared:
                raise ConstantError(f"{key} has no constant {name}")
        settings[pallet] = {name: _checked(own.get(name, c.default), c) for name, c in declared.items()}
    return settings


def _checked(value: Any, constant: Constant[Any]) -> Any:
    """The value as its codec reads it back, so that equal bytes are equal values."""
    return constant.codec.decode(constant.codec.encode(value))


def read_manifest(code: bytes) -> Manifest:
    """What `:code` says; raises DecodeError."""
    manifest: Manifest = MANIFEST.decode(code)
    return manifest


def rebuild(code: bytes, blueprint: Blueprint) -> Runtime:
    """The runtime that `code` describes, made of the pallets of `blueprint` that it names.

    Raises DeclarationError if the blueprint is another program: another name or version, a pallet it lacks;
    DecodeError or ConstantError if the manifest is damaged.
    """
    manifest = read_manifest(code)
    asked = (manifest.name, manifest.spec_version, manifest.transaction_version)
    if asked != (blueprint.name, blueprint.spec_version, blueprint.transaction_version):
        raise DeclarationError(f"this program has no runtime {manifest.name} {manifest.spec_version}")
    by_name = {pallet.name: (index, pallet) for index, pallet in blueprint.pallets.items()}
    unknown = [name for name in manifest.pallets if name not in by_name]
    if unknown:
        raise DeclarationError(f"this program has no pallet {', '.join(unknown)}")
    pallets = dict(by_name[name] for name in manifest.pallets)
    constants: dict[str, dict[str, Any]] = {}
    by_key = {pallet.key: pallet for pallet in pallets.values()}
    for path, value in manifest.constants:
        key, _, name = path.partition(".")
        declared = by_key[key].declaration.constants.get(name) if key in by_key else None
        if declared is None:
            raise DeclarationError(f"this program has no constant {path}")
        constants.setdefault(key, {})[name] = declared.codec.decode(value)
    runtime = Runtime(_with_pallets(blueprint, pallets), constants)
    if runtime.code != code:
        raise DecodeError("the manifest is not in its canonical form")
    return runtime


def _with_pallets(blueprint: Blueprint, pallets: Mapping[int, type[Pallet]]) -> Blueprint:
    return replace(blueprint, pallets=pallets)
