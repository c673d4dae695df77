"""How messages name what people wrote, and what they probably meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches


def nearest(name: str, known: Iterable[str], otherwise: str = "nothing is known here") -> str:
    """How to mend an unknown name: the nearest known one, or all of them; `otherwise` if there are none."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    if not by_folded:
        return otherwise
    near = get_close_matches(name.casefold(), by_folded)
    if near:
        return f"did you mean {by_folded[_best(name.casefold(), near)]}?"
    return f"known: {', '.join(by_folded.values())}"


def _best(name: str, near: list[str]) -> str:
    """The likest of the near names; among equals the one that begins the same."""
    return max(near, key=lambda one: (SequenceMatcher(None, one, name).ratio(), one[:1] == name[:1]))


def short(text: str, most: int = 60) -> str:
    """The text, cut if it is too long for a message."""
    return text if len(text) <= most else text[: most - 1] + "…"
