"""The live runtime's types by their notation."""

from functools import cache
from pathlib import Path

import msgspec

from chain.scale import AnyCodec
from chain.scale.notation import Notation

FACTS = Path(__file__).parents[2] / "vectors" / "basilisk-runtime-118.json"


def codec(notation: str) -> AnyCodec:
    """The codec of a type as `basilisk-runtime-118.json` writes it."""
    return _table().codec(notation)


@cache
def _table() -> Notation:
    return Notation(msgspec.json.decode(FACTS.read_bytes())["types"])
