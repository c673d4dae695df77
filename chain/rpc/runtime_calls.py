"""Asking the runtime: what is behind `state_call`. Source: spec/json-rpc.md, "Runtime functions".

Arguments and results are those that the metadata promises (frame/metadata/apis.py).
"""

from typing import Any

from chain.blocks.errors import BlockError
from chain.frame.metadata import APIS, Method
from chain.primitives.errors import Failure, InvalidBlock, Refused
from chain.rpc.asked import Asked, Encoded
from chain.rpc.runtime_functions import FUNCTIONS
from chain.rpc.view import View
from chain.scale import Codec, DecodeError, ScaleError
from chain.state import StateLimit

METHODS: dict[str, Method] = {f"{api.name}_{method.name}": method for api in APIS for method in api.methods}
"""The functions by the names that clients call them by."""

TRAPS = (ScaleError, Refused, Failure, BlockError, InvalidBlock, StateLimit)


class CallFailed(Exception):
    """The runtime does not have the function, cannot read the arguments, or traps."""


def call_runtime(view: View, at: bytes | None, name: str, data: bytes) -> bytes:
    """What a function answers after block `at`. Raises `CallFailed`, and `RpcError` for an unknown block."""
    asked = Asked(view, view.header(at))
    method, run = METHODS.get(name), FUNCTIONS.get(name)
    if method is None or run is None:
        raise CallFailed(f"Exported method {name[:128]} is not found")
    try:
        result = run(asked, *read_arguments(method, data))
    except TRAPS as error:
        raise CallFailed(f"{name}: {_reason(error)}") from None
    if isinstance(method.output, Codec) and not isinstance(result, Encoded):
        return method.output.encode(result)
    return bytes(result)


def read_arguments(method: Method, data: bytes) -> list[Any]:
    """The arguments, one after the other. Raises DecodeError also for bytes left over."""
    values, at = [], 0
    for _, described in method.inputs:
        assert isinstance(described, Codec)
        value, at = described.read(data, at)
        values.append(value)
    if at != len(data):
        raise DecodeError(f"{len(data) - at} bytes are left after the arguments")
    return values


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
