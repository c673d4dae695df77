"""What differs between two plain values, by path."""

import json
from typing import Any


def differences(before: Any, after: Any) -> list[str]:
    """A line for every path at which the values differ, such as `relay.validators: was 4, is 5`."""
    old, new = _leaves(before), _leaves(after)
    lines = []
    for path in dict.fromkeys((*old, *new)):
        was, now = _written(old, path), _written(new, path)
        if was != now:
            lines.append(f"{path}: was {was}, is {now}")
    return lines


def _leaves(value: Any, path: str = "") -> dict[str, Any]:
    """The values at the ends of all paths, such as `assets[1].decimals`."""
    if isinstance(value, dict) and value:
        inner = [_leaves(held, f"{path}.{key}" if path else str(key)) for key, held in value.items()]
    elif isinstance(value, list) and value:
        inner = [_leaves(item, f"{path}[{name}]") for name, item in zip(_names(value), value, strict=True)]
    else:
        return {path: value}
    return {key: held for leaves in inner for key, held in leaves.items()}


def _names(items: list[Any]) -> list[Any]:
    """What tells items apart: ids, so that an item more does not shift the others, or else their numbers."""
    names = [item.get("id", item.get("collection")) if isinstance(item, dict) else None for item in items]
    return names if None not in names and len(set(names)) == len(names) else list(range(len(items)))


def _written(leaves: dict[str, Any], path: str) -> str:
    return json.dumps(leaves[path], ensure_ascii=False) if path in leaves else "absent"
