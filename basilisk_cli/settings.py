"""The global options: what holds for every command. Flag first, then environment."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typer


@dataclass
class Settings:
    """`chain` is a chain spec's name or path, `data_dir` where one chain is kept, `url` a node's address."""

    chain: str | None = None
    data_dir: Path | None = None
    url: str | None = None
    json: bool = False
    quiet: bool = False


def settings_of(ctx: typer.Context) -> Settings:
    """The settings of the command that is running."""
    return cast(Any, ctx).ensure_object(Settings)  # type: ignore[no-any-return]
