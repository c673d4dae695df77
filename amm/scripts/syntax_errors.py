"""What the YAML parser refuses, said so that an author can mend it."""

import re

import yaml

from amm.scripts.errors import Fault, Mark

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(f"{_UNPRINTABLE.pattern}|[\x85\u2028\u2029]")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

_HINTS = (
    ("mapping values are not allowed", "quote text that has ': ' in it; check the indentation of this line"),
    (
        "did not find expected key",
        "check the indentation of this line, and that brackets and quotes are closed",
    ),
    ("did not find expected '-'", "every item of a list begins with '- ' at the same column"),
    ("did not find expected ',' or '}'", "close the mapping with '}', put ', ' between its entries"),
    ("did not find expected ',' or ']'", "close the list with ']', put ', ' between its items"),
    (
        "could not find expected ':'",
        "a key is followed by ': ' on the same line; check quotes above this line",
    ),
    ("did not find expected node content", "write a value here, or null"),
    ("tab character", "indent with spaces, not with tabs"),
    ("unexpected end of stream", "close the quotes"),
    ("unknown escape character", "write \\\\ for a backslash, or use single quotes"),
)


def unprintable_fault(text: str, file: str) -> Fault | None:
    """The first character that YAML does not allow in a file, if there is one."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    breaks = list(_LINE_BREAK.finditer(before))
    mark = Mark(file, len(breaks) + 1, len(before) - (breaks[-1].end() if breaks else 0) + 1)
    return Fault(mark, f"the character U+{ord(found[0]):04X} is not allowed", 'write it as "\\u…" in quotes')


def escape_unprintable(json: str) -> str:
    """JSON as YAML reads it to the same text: characters that it refuses or takes for line breaks as \\u…."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def syntax_fault(error: yaml.YAMLError, text: str, file: str) -> Fault:
    """The parser's complaint, with its place and a way to mend it."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return Fault(Mark(file), f"not YAML: {error}", "check the file")
    place = error.problem_mark or error.context_mark
    mark = Mark(file, place.line + 1, place.column + 1) if place else Mark(file)
    message = f"not YAML: {error.problem}"
    if error.context and error.context_mark and error.context_mark.line + 1 != mark.line:
        message += f", {error.context} from line {error.context_mark.line + 1} on"
    return Fault(mark, message, _hint(error.problem or "", _character(text, mark)))


def _hint(problem: str, character: str) -> str:
    if "cannot start any token" in problem:
        if character == "\t":
            return "indent with spaces, not with tabs"
        return f'quote text that begins with {character}, as in "@xyk:BSX/KSM"'
    for part, hint in _HINTS:
        if part in problem:
            return hint
    return "check indentation, quotes and brackets here"


def _character(text: str, mark: Mark) -> str:
    lines = _LINE_BREAK.split(text)
    line = lines[mark.line - 1] if 0 < mark.line <= len(lines) else ""
    return line[mark.column - 1 : mark.column]
