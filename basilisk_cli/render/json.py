"""One JSON document: integers exactly, in base units, whatever their size."""

from typing import Any

import msgspec


def written(value: Any) -> str:
    """The document, indented, with a line's end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"
