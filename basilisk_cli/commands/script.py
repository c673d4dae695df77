"""`basilisk script`: checking and beginning trade scripts."""

from pathlib import Path
from typing import Annotated

import typer

from basilisk_cli.errors import CliError
from basilisk_cli.grammar import Noun
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Facts, Lines, Styled

app = Noun("Check a script, print its schema, begin a new one.")


@app.command()
def check(ctx: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help="A trade script.")]) -> None:
    """Whether a script can be run; nothing is."""
    from amm.scripts.check import check_file
    from amm.scripts.shipped import find_script

    script, spec = check_file(find_script(file))
    steps = len(script.steps)
    document = {"name": script.name, "ok": True, "chain": spec.name, "steps": steps}
    text = f"{file}: {script.name}, {steps} step{'s' * (steps != 1)} on the chain {spec.name}; nothing wrong."
    screen(ctx).show(document, Lines([Styled(text, "green")]))


@app.command()
def schema(ctx: typer.Context) -> None:
    """The keys of a script: a page to read, or with --json a JSON schema for editors."""
    from amm.scripts.schema import json_schema, plain_schema

    screen(ctx).show(json_schema(), Lines(plain_schema().splitlines()))


@app.command()
def new(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; not over a file that is there.")],
) -> None:
    """A script to begin with, which runs as it is."""
    from amm.scripts.schema import new_script

    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(new_script(file.stem))
    except FileExistsError:
        raise CliError(f"{file} is there already", "choose another name") from None
    screen(ctx).show(
        {"file": str(file)},
        Lines([Styled(f"Wrote {file}.", "bold green")]),
        Facts([("run it", f"basilisk replay {file}")]),
    )
