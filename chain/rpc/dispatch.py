"""From the bytes of a message to the bytes of its answer. Source: JSON-RPC 2.0; spec/json-rpc.md, "Transport"."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from chain.node.errors import NodeError
from chain.rpc.connection import Caller, Connection, Limits
from chain.rpc.errors import (
    RpcError,
    internal_error,
    invalid_request,
    method_not_found,
    node_error,
    parse_error,
    too_large_batch,
)
from chain.rpc.methods import Method
from chain.rpc.params import read_params

NO_ID = None


class Dispatcher:
    """Answers messages. `complain` is told of mistakes in the program; the client gets an internal error."""

    def __init__(
        self, methods: Mapping[str, Method], limits: Limits, complain: Callable[[str, Exception], None]
    ) -> None:
        self.methods, self.limits, self._complain = methods, limits, complain

    async def answer(self, message: bytes | str, link: Connection | None = None) -> None:
        """Answer over a connection: the answer first, then what the request set going."""
        assert link is not None
        caller = Caller(self.limits, link)
        answer = await self._answer(message, caller)
        if answer is not None:
            link.send(answer)
        self._finish(caller)

    async def answer_once(self, message: bytes | str) -> bytes | None:
        """The answer to a message that came without a connection; `None` to notifications."""
        caller = Caller(self.limits, None)
        answer = await self._answer(message, caller)
        self._finish(caller)
        return answer

    def _finish(self, caller: Caller) -> None:
        for action in caller.after:
            try:
                action()
            except Exception as error:
                self._complain("after an answer", error)

    async def _answer(self, message: bytes | str, caller: Caller) -> bytes | None:
        if len(message) > self.limits.message:
            return _failed(NO_ID, invalid_request(f"a message has at most {self.limits.message} bytes"))
        try:
            request = msgspec.json.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return _failed(NO_ID, parse_error(str(error)))
        if isinstance(request, list):
            return await self._batch(request, caller)
        return await self._one(request, caller)

    async def _batch(self, requests: list[Any], caller: Caller) -> bytes | None:
        """An array of answers, none to notifications."""
        if not requests or len(requests) > self.limits.batch:
            return _failed(NO_ID, invalid_request(f"a batch has 1 to {self.limits.batch} requests"))
        answers: list[bytes] = []
        size = 0
        for request in requests:
            if size > self.limits.answer:
                return _failed(NO_ID, too_large_batch(self.limits.answer))
            answer = await self._one(request, caller)
            if answer is not None:
                answers.append(answer)
                size += len(answer)
        return b"[" + b",".join(answers) + b"]" if answers else None

    async def _one(self, request: Any, caller: Caller) -> bytes | None:
        if not isinstance(request, dict):
            return _failed(NO_ID, invalid_request("a request is an object"))
        id = request.get("id")
        if isinstance(id, bool | list | dict) or (isinstance(id, int) and not -(1 << 63) <= id < 1 << 64):
            return _failed(NO_ID, invalid_request("an id is a number of 64 bits or a text"))
        try:
            result = await self._call(request, caller)
            answer = msgspec.json.encode({"jsonrpc": "2.0", "id": id, "result": result})
        except RpcError as error:
            answer = _failed(id, error)
        except NodeError as error:
            answer = _failed(id, node_error(error))
        except Exception as error:
            self._complain(str(request.get("method"))[:80], error)
            answer = _failed(id, internal_error(type(error).__name__))
        return answer if "id" in request else None

    async def _call(self, request: dict[str, Any], caller: Caller) -> Any:
        name = request.get("method")
        if request.get("jsonrpc") != "2.0" or not isinstance(name, str):
            raise invalid_request('a request has "jsonrpc": "2.0" and the method\'s name')
        method = self.methods.get(name)
        if method is None:
            raise method_not_found()
        arguments = read_params(method.parameters, request.get("params"))
        if method.wants_caller:
            arguments.insert(0, caller)
        result = method.function(*arguments)
        return await _awaited(result) if inspect.isawaitable(result) else result


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result


def _failed(id: Any, error: RpcError) -> bytes:
    return msgspec.json.encode({"jsonrpc": "2.0", "id": id, "error": error.body()})
