"""Names in their two spellings: `XYKWarehouseLM` as the metadata has it, `xyk_warehouse_lm` as people write it."""

import re
from functools import cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")


@cache
def snake_case(name: str) -> str:
    """`XYKWarehouseLM` → `xyk_warehouse_lm`, `LBP` → `lbp` (spec/trade-scripts.md, Genesis)."""
    return "_".join(word.lower() for word in _WORD.findall(name))


@cache
def camel_case(name: str) -> str:
    """`share_token` → `ShareToken`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
