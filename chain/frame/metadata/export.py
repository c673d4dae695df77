"""The metadata of a runtime: one blob from which clients build calls, keys and readings. Source: spec/metadata.md."""

from dataclasses import dataclass
from functools import lru_cache

from chain.frame.call import RUNTIME_CALL
from chain.frame.event_codec import EVENTS
from chain.frame.metadata.apis import APIS, Api
from chain.frame.metadata.extrinsic import (
    ADDRESS,
    EXTENSIONS,
    EXTRA,
    SIGNATURE,
    UNCHECKED_EXTRINSIC,
    VERSION,
    extrinsic_form,
)
from chain.frame.metadata.forms import Form, Row
from chain.frame.metadata.outer import call_form, error_form, event_form, events_form
from chain.frame.metadata.pallets import describe_pallet, docs_of
from chain.frame.metadata.portable import PortableType
from chain.frame.metadata.registry import TypeRegistry
from chain.frame.metadata.types import (
    MAGIC,
    METADATA_V14,
    METADATA_V15,
    ApiMethod,
    ExtrinsicV14,
    ExtrinsicV15,
    MetadataV14,
    MetadataV15,
    MethodParameter,
    OuterEnums,
    PalletV14,
    PalletV15,
    RuntimeApi,
    SignedExtension,
)
from chain.frame.runtime import Runtime
from chain.scale import AnyCodec

VERSIONS = (14, 15)
"""The versions that are offered, and no others."""

KEPT = 8
"""Runtimes whose metadata is kept."""


def export(runtime: Runtime, version: int) -> bytes:
    """The metadata of a version, from `meta` on: the content of OpaqueMetadata. Built once a runtime.

    Raises KeyError for a version that is not offered, DeclarationError for a pallet whose types have no form.
    """
    return _blobs(runtime)[version]


@lru_cache(KEPT)
def _blobs(runtime: Runtime) -> dict[int, bytes]:
    model = describe(runtime)
    bodies = {14: METADATA_V14.encode(model.v14()), 15: METADATA_V15.encode(model.v15())}
    return {version: MAGIC + bytes([version]) + bodies[version] for version in VERSIONS}


@dataclass(frozen=True)
class Description:
    """What all versions are made of. `basic` is the number of types without those that only version 15 knows of."""

    types: tuple[PortableType, ...]
    basic: int
    pallets: tuple[PalletV15, ...]
    extrinsic: int
    signed: ExtrinsicV15
    runtime: int
    apis: tuple[RuntimeApi, ...]
    outer: OuterEnums

    def v14(self) -> MetadataV14:
        """Version 14: no runtime APIs, no descriptions of pallets."""
        pallets = tuple(
            PalletV14(p.name, p.storage, p.calls, p.events, p.constants, p.errors, p.index) for p in self.pallets
        )
        extrinsic = ExtrinsicV14(self.extrinsic, VERSION, self.signed.signed_extensions)
        return MetadataV14(self.types[: self.basic], pallets, extrinsic, self.runtime)

    def v15(self) -> MetadataV15:
        return MetadataV15(self.types, self.pallets, self.signed, self.runtime, self.apis, self.outer, ())


def describe(runtime: Runtime) -> Description:
    """Walk through a runtime in a fixed order: its pallets, the enums of all of them, extrinsics, the APIs."""
    call, event = call_form(runtime), event_form(runtime)
    stand_ins: dict[AnyCodec, Form] = {
        RUNTIME_CALL: call,
        EVENTS: events_form(event),
        UNCHECKED_EXTRINSIC: extrinsic_form(),
    }
    registry = TypeRegistry(stand_ins)
    id_of = registry.id_of
    pallets = tuple(describe_pallet(runtime, index, pallet, registry) for index, pallet in runtime.pallets.items())
    call_id, event_id = id_of(call), id_of(event)
    extrinsic = id_of(UNCHECKED_EXTRINSIC)
    extensions = tuple(SignedExtension(e.identifier, id_of(e.extra), id_of(e.additional)) for e in EXTENSIONS)
    signed = ExtrinsicV15(VERSION, id_of(ADDRESS), call_id, id_of(SIGNATURE), id_of(EXTRA), extensions)
    runtime_id = id_of(Form(Row(()), f"{runtime.name}_runtime::Runtime"))
    basic = len(registry)
    outer = OuterEnums(call_id, event_id, id_of(error_form(runtime)))
    apis = tuple(_api(api, registry) for api in APIS)
    return Description(registry.types, basic, pallets, extrinsic, signed, runtime_id, apis, outer)


def _api(api: Api, registry: TypeRegistry) -> RuntimeApi:
    id_of = registry.id_of
    methods = tuple(
        ApiMethod(
            method.name,
            tuple(MethodParameter(name, id_of(argument)) for name, argument in method.inputs),
            id_of(method.output),
            docs_of(method.doc),
        )
        for method in api.methods
    )
    return RuntimeApi(api.name, methods, docs_of(api.doc))
