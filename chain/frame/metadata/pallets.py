"""Pallets as metadata says them: storage, constants, and the enums of their calls, events and errors.

All of it is read from the declarations. Source: spec/metadata.md, "Deriving it from declared pallets".
"""

import inspect
from collections.abc import Iterable

from chain.frame.metadata.forms import Choice, Choices, Form, parts_of
from chain.frame.metadata.portable import Docs
from chain.frame.metadata.registry import TypeRegistry
from chain.frame.metadata.system_constants import FixedConstant, system_constants
from chain.frame.metadata.types import (
    Map,
    PalletConstant,
    PalletStorage,
    PalletV15,
    Plain,
    StorageEntry,
    StorageHasher,
    StorageKind,
    StorageModifier,
)
from chain.frame.pallet import Pallet
from chain.frame.runtime import Runtime
from chain.frame.storage import StorageItem
from chain.scale import StructOf, TupleOf, codec_of
from chain.scale.composite import fields_of

ABSENT = b"\x00"
"""The encoded None: what stands for an absent item that has no default."""


def docs_of(text: str | None) -> Docs:
    """A docstring as lines."""
    return tuple(inspect.cleandoc(text).splitlines()) if text else ()


def own_docs(declared: type) -> Docs:
    """The docstring of a class itself, not of what it extends."""
    return docs_of(declared.__dict__.get("__doc__"))


# -- the enums of a pallet -----------------------------------------------------------------------------------


def calls_of(pallet: type[Pallet]) -> Form | None:
    """The calls, each with its declared index; None if there are none."""
    calls = sorted(pallet.declaration.calls.values(), key=lambda call: call.index)
    return _enum(
        pallet, "Call", [Choice(c.name, c.index, parts_of(fields_of(c.fields)), docs_of(c.doc)) for c in calls]
    )


def events_of(pallet: type[Pallet]) -> Form | None:
    """The events; None if there are none."""
    choices = []
    for event in pallet.declaration.events:
        codec = codec_of(event)
        assert isinstance(codec, StructOf)
        choices.append(Choice(event.__name__, event.place, parts_of(codec.fields), own_docs(event)))
    return _enum(pallet, "Event", choices)


def errors_of(pallet: type[Pallet]) -> Form | None:
    """The errors with what they mean and what to do about them; None if there are none."""
    return _enum(
        pallet,
        "Error",
        [
            Choice(error.__name__, error.index, (), (*own_docs(error), *docs_of(error.hint)))
            for error in pallet.declaration.errors
        ],
    )


def _enum(pallet: type[Pallet], kind: str, choices: Iterable[Choice]) -> Form | None:
    found = tuple(choices)
    path = f"pallet_{pallet.key}::pallet::{kind}"
    return Form(Choices(found), path, identity=(pallet.name, kind)) if found else None


# -- a pallet ------------------------------------------------------------------------------------------------


def describe_pallet(runtime: Runtime, index: int, pallet: type[Pallet], registry: TypeRegistry) -> PalletV15:
    """All that clients learn of a pallet; its types are entered in `registry`."""
    storage = _storage(runtime, pallet, registry)
    forms = (calls_of(pallet), events_of(pallet), errors_of(pallet))
    calls, events, errors = (None if form is None else registry.id_of(form) for form in forms)
    constants = tuple(_constant(constant, registry) for constant in constants_of(runtime, pallet))
    return PalletV15(pallet.name, storage, calls, events, constants, errors, index, own_docs(pallet))


def _storage(runtime: Runtime, pallet: type[Pallet], registry: TypeRegistry) -> PalletStorage | None:
    items = list(pallet.declaration.storage.values())
    if not items:
        return None
    return PalletStorage(items[0].pallet, tuple(_entry(runtime, item, registry) for item in items))


def _entry(runtime: Runtime, item: StorageItem, registry: TypeRegistry) -> StorageEntry:
    """A storage item. The type is the value's, also where absence is an answer."""
    key = _kind(item, registry)
    if item.optional:
        return StorageEntry(item.name, StorageModifier.Optional, key, ABSENT, docs_of(item.doc))
    default = runtime.codec_of_item(item).encode(item.default)
    return StorageEntry(item.name, StorageModifier.Default, key, default, docs_of(item.doc))


def _kind(item: StorageItem, registry: TypeRegistry) -> StorageKind:
    if not item.keys:
        return Plain(registry.id_of(item.value))
    hashers = tuple(StorageHasher(hasher.index) for hasher in item.hashers)
    key = item.keys[0] if len(item.keys) == 1 else TupleOf(item.keys)
    return Map(hashers, registry.id_of(key), registry.id_of(item.value))


def constants_of(runtime: Runtime, pallet: type[Pallet]) -> list[FixedConstant]:
    """The constants that clients see, with the values that the runtime executes with."""
    settings = runtime.settings[pallet]
    declared = [
        FixedConstant(constant.metadata, constant.codec, settings[key], constant.doc)
        for key, constant in pallet.declaration.constants.items()
        if constant.metadata is not None
    ]
    return [*declared, *(system_constants(runtime) if pallet.name == "System" else ())]


def _constant(constant: FixedConstant, registry: TypeRegistry) -> PalletConstant:
    name, codec, value, doc = constant
    return PalletConstant(name, registry.id_of(codec), codec.encode(value), docs_of(doc))
