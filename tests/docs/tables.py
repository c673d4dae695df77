"""Tables as Markdown writes them."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; empty if it has no rows."""
    lines = ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    rule = "|" + "|".join("---" for _ in head) + "|"
    return "\n".join(["| " + " | ".join(head) + " |", rule, *lines, ""]) if lines else ""


def cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def code(text: object) -> str:
    return f"`{text}`" if str(text) else ""
