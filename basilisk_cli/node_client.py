"""Asking a node over HTTP: one connection, one request at a time."""

import http.client
from typing import Any
from urllib.parse import urlsplit

import msgspec

from basilisk_cli.errors import UNREACHABLE, CliError
from chain.node.errors import NodeError

SECONDS = 90.0
"""How long an answer may take: the node may be sealing many blocks."""


class NodeRefusal(NodeError):
    """The node answered with an error. `code` is the JSON-RPC one, `data` what it said besides."""

    def __init__(self, code: int, message: str, data: object) -> None:
        text = data if isinstance(data, str) else ""
        hint = text if code == -32000 else ""
        super().__init__(message if hint or not text else f"{message}: {text}", hint)
        self.code, self.data = code, text


class NodeClient:
    """Raises CliError if nobody answers, `NodeRefusal` for an error."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        try:
            secure, port = parts.scheme in ("wss", "https"), parts.port
        except ValueError:
            raise self._wrong() from None
        if parts.scheme not in ("ws", "wss", "http", "https") or not parts.hostname:
            raise self._wrong()
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._link = kind(parts.hostname, port, timeout=SECONDS)

    def call(self, method: str, *params: object) -> Any:
        """The result of a method."""
        body = msgspec.json.encode({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        try:
            self._link.request("POST", "/", body, {"Content-Type": "application/json"})
            answer = msgspec.json.decode(self._link.getresponse().read())
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise self._unreachable(why.lower()) from None
        except msgspec.DecodeError:
            raise self._unreachable("it answers, and not in JSON") from None
        if not isinstance(answer, dict) or not ("result" in answer or isinstance(answer.get("error"), dict)):
            raise self._unreachable("it answers, and not in JSON-RPC")
        refusal = answer.get("error")
        if refusal is not None:
            raise NodeRefusal(int(refusal.get("code", 0)), str(refusal.get("message")), refusal.get("data"))
        return answer["result"]

    def close(self) -> None:
        self._link.close()

    def _wrong(self) -> CliError:
        return CliError(f"{self.url!r} is no URL of a node", "write ws://HOST:PORT, as in ws://127.0.0.1:9944")

    def _unreachable(self, why: str) -> CliError:
        what = f"{self.url} cannot be reached: {why}"
        return CliError(what, "`basilisk node run` starts a node and prints its URL", UNREACHABLE)
