"""Variables in texts: `$name` is the value itself, `${name}` stands anywhere in a text.

Source: spec/trade-scripts.md, "Values" and "Steps".
"""

import re
from collections.abc import Callable

CLOCK = ("block", "relay_block")
"""Known in every step: the number of the next block, and that of its relay parent."""

COUNTER = "i"
"""Known inside `repeat`: which time it is, from 0."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_WHOLE = re.compile(rf"\$({_NAME})|\$\{{({_NAME})\}}")
_INSIDE = re.compile(rf"\$\{{({_NAME})\}}")
_NAMED = re.compile(_NAME)


def is_name(text: str) -> bool:
    """Whether `save:` may keep a value under this name."""
    return _NAMED.fullmatch(text) is not None and text not in (*CLOCK, COUNTER)


def variable(text: str) -> str | None:
    """The name if the text is a variable and nothing else: the value then takes its place, with its type."""
    found = _WHOLE.fullmatch(text) if text.startswith("$") else None
    return (found[1] or found[2]) if found else None


def names_in(text: str) -> tuple[str, ...]:
    """The variables that a text uses."""
    if "$" not in text:
        return ()
    whole = variable(text)
    return (whole,) if whole else tuple(_INSIDE.findall(text))


def fill_in(text: str, written: Callable[[str], str]) -> str:
    """The text with every `${name}` replaced by what `written` gives for the name."""
    return _INSIDE.sub(lambda found: written(found[1]), text)
