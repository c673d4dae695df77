"""Asking the runtime: the functions behind `state_call`. Source: spec/json-rpc.md, "Runtime functions".

Arguments and results are those that the metadata promises (frame/metadata/apis.py). What a function changes is
thrown away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chain.blocks.errors import BlockError
from chain.blocks.execution import Execution
from chain.frame import Environment
from chain.frame.metadata import APIS, Method
from chain.primitives.errors import Failure, InvalidBlock, Refused
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Digest, Header, slot_item
from chain.rpc.view import View
from chain.scale import BYTES, Codec, DecodeError, ScaleError
from chain.state import BlockState, StateLimit

MOST_OPERATIONS = 2_000_000
"""Storage operations of one call, at most: a block may take no more either."""

METHODS: dict[str, Method] = {f"{api.name}_{method.name}": method for api in APIS for method in api.methods}
"""The functions by the names that clients call them by."""


class CallFailed(Exception):
    """The runtime does not have the function, cannot read the arguments, or traps."""


@dataclass
class Asked:
    """The block after whose state a question is asked."""

    view: View
    header: Header

    @cached_property
    def state(self) -> Environment:
        """The pallets over the state, as it is."""
        return self.view.state(self.header.hash)

    def block_state(self) -> BlockState:
        view = self.view
        return BlockState(
            view.node.nodes, self.header.state_root, view.runtime.state_version, MOST_OPERATIONS
        )

    def next_block(self) -> Execution:
        """The block after it, opened to be thrown away."""
        digest = Digest((slot_item((self.header.slot or 0) + 1),))
        number = self.header.number + 1
        return Execution.open(self.view.runtime, self.block_state(), self.header.hash, number, digest)


Function = Callable[..., Any]
FUNCTIONS: dict[str, Function] = {}


def function(name: str) -> Callable[[Function], Function]:
    """Enter a function `(asked, *arguments)`; it gives a value of the promised type, or its bytes."""

    def enter(run: Function) -> Function:
        assert name in METHODS, name
        FUNCTIONS[name] = run
        return run

    return enter


def call_runtime(view: View, at: bytes | None, name: str, data: bytes) -> bytes:
    """What a function answers after block `at`. Raises `CallFailed`, and `RpcError` for an unknown block."""
    from chain.rpc import runtime_functions  # noqa: F401 - enters the functions

    asked = Asked(view, view.header(at))
    run = FUNCTIONS.get(name)
    if run is None:
        raise CallFailed(f"Exported method {name[:128]} is not found")
    method = METHODS[name]
    try:
        arguments = read_arguments(method, data)
        result = run(asked, *arguments)
    except TRAPS as error:
        raise CallFailed(f"{name}: {_reason(error)}") from None
    if isinstance(method.output, Codec) and not isinstance(result, Encoded):
        return method.output.encode(result)
    return bytes(result)


class Encoded(bytes):
    """A result that is encoded already."""


TRAPS = (ScaleError, Refused, Failure, BlockError, InvalidBlock, StateLimit)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


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


def read_extrinsic(body: bytes) -> Extrinsic:
    """An argument that is an extrinsic: its bytes without their length, as the codec gives them."""
    return Extrinsic.decode(BYTES.encode(body))
