"""The screen of a command: what its global options say about output."""

import typer

from basilisk_cli.render.screen import Screen
from basilisk_cli.settings import settings_of


def screen(ctx: typer.Context) -> Screen:
    settings = settings_of(ctx)
    return Screen(settings.json, settings.quiet)
