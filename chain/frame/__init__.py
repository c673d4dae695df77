"""Declaring pallets and assembling them into a runtime. Source: design.md, "Declaring a pallet"."""

from chain.frame.call import Call, CallSpec, RuntimeCall, Weigher, call
from chain.frame.constant import Constant, Genesis, Settings
from chain.frame.context import Context
from chain.frame.environment import Dispatcher, Environment
from chain.frame.errors import ConstantError, DeclarationError, Error
from chain.frame.event import FINALIZATION, INITIALIZATION, Event, EventRecord, Phase, Stage
from chain.frame.origin import NONE, ROOT, CallFilter, Origin, OriginCaller, RawOrigin, Root, Signed, SystemOrigin
from chain.frame.pallet import Pallet
from chain.frame.runtime import Blueprint, Runtime, rebuild
from chain.frame.storage import StorageDoubleMap, StorageMap, StorageValue
from chain.frame.weights import WeightTable

__all__ = [
    "FINALIZATION",
    "INITIALIZATION",
    "NONE",
    "ROOT",
    "Blueprint",
    "Call",
    "CallFilter",
    "CallSpec",
    "Constant",
    "ConstantError",
    "Context",
    "DeclarationError",
    "Dispatcher",
    "Environment",
    "Error",
    "Event",
    "EventRecord",
    "Genesis",
    "Origin",
    "OriginCaller",
    "Pallet",
    "Phase",
    "RawOrigin",
    "Root",
    "Runtime",
    "RuntimeCall",
    "Settings",
    "Signed",
    "Stage",
    "StorageDoubleMap",
    "StorageMap",
    "StorageValue",
    "SystemOrigin",
    "Weigher",
    "WeightTable",
    "call",
    "rebuild",
]
