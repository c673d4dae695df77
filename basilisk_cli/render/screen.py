"""Who reads standard output, and writing to them what they can read."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from basilisk_cli.render.blocks import Block


@dataclass(frozen=True)
class Screen:
    """Standard output and standard error of one command.

    `json`: standard output gets one document; `quiet`: standard error gets errors only.
    """

    json: bool = False
    quiet: bool = False

    def show(self, document: Any, *blocks: Block) -> None:
        """The result: `document` for programs that asked for JSON, the blocks for everybody else."""
        if self.json:
            self.document(document)
        elif is_terminal(sys.stdout):
            from rich.console import Console

            from basilisk_cli.render.tables import show

            show(Console(file=sys.stdout, color_system=color_system(), highlight=False), blocks)
        else:
            from basilisk_cli.render.tsv import lines_of

            sys.stdout.writelines(line + "\n" for line in lines_of(blocks))

    def chart(self, document: Any, title: str, points: Sequence[tuple[int, float]], table: Block) -> None:
        """A line through the points, for people; the document or the table for programs."""
        if self.json or not is_terminal(sys.stdout) or not points:
            self.show(document, table)
            return
        import shutil

        from basilisk_cli.render.charts import line_chart

        width, height = shutil.get_terminal_size()
        xs, ys = zip(*points, strict=True)
        sys.stdout.write(line_chart(title, xs, ys, width, height - 4, not no_color()) + "\n")

    def document(self, document: Any) -> None:
        """A JSON document, whoever reads it."""
        from basilisk_cli.render.json import written

        sys.stdout.write(written(document))

    def save(self, file: Path, document: Any) -> int:
        """Write a JSON document to a file, whole or not at all; how many bytes it has."""
        from basilisk_cli.render.json import written

        data, unfinished = written(document).encode(), file.with_name(f"{file.name}.part")
        try:
            unfinished.write_bytes(data)
            unfinished.replace(file)
        except OSError as error:
            error.filename = str(file)
            raise
        return len(data)

    def note(self, text: str) -> None:
        """Talk: something the user should know that is not the result."""
        if not self.quiet:
            sys.stderr.write(text + "\n")

    @property
    def shows_progress(self) -> bool:
        """Whether a progress bar on standard error is seen by a person."""
        return not self.quiet and not no_color() and is_terminal(sys.stderr)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person reads the stream. `TERM=dumb` counts as a pipe: it can show no table."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def no_color() -> bool:
    """https://no-color.org: set and not empty means neither colours nor bars."""
    return bool(os.environ.get("NO_COLOR"))


def color_system() -> Literal["auto"] | None:
    """Whether Rich may colour what it prints."""
    return None if no_color() else "auto"
