"""What the server's library logs: clients' faults are no news here, ours are a line."""

import logging
from asyncio import CancelledError
from collections.abc import Callable

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

CLIENTS_FAULTS = (HttpProcessingError, RequestPayloadError, ConnectionError, TimeoutError, CancelledError)
"""Bytes that are not HTTP, bodies that do not come, connections that break."""


class _OneLine(logging.Handler):
    def __init__(self, complain: Callable[[str, Exception], None]) -> None:
        super().__init__(logging.ERROR)
        self._complain = complain

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, CLIENTS_FAULTS):
            return
        self._complain("serving", error if isinstance(error, Exception) else RuntimeError(record.getMessage()))


def quiet_logger(complain: Callable[[str, Exception], None]) -> logging.Logger:
    """A logger for one server: it writes nowhere by itself, and passes on mistakes in the program."""
    logger = logging.Logger("basilisk.server")
    logger.addHandler(_OneLine(complain))
    return logger
