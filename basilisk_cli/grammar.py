"""How the command line is read: nouns, verbs, and global options in any place. Stands on Typer.

`basilisk --json pool list`, `basilisk pool --json list` and `basilisk pool list --json` mean the same.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from basilisk_cli.errors import INTERRUPTED, UNREAD, CliError, Report, report
from basilisk_cli.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

GLOBAL_OPTIONS = (
    ("--chain", "NAME|PATH", "A chain spec by name or path; default: local."),
    ("--data-dir", "DIR", "Where the chain is kept; default: .basilisk/CHAIN."),
    ("--url", "WS", "Talk to a running node instead."),
    ("--json", "", "Print one JSON document, integers in base units."),
    ("--quiet", "", "Say nothing but results and errors."),
)

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@cache
def global_options(hidden: bool = True) -> list[Any]:
    """The global options as parameters of a command. Only the outermost, visible ones look at the environment."""
    return [_option(name, metavar, text, hidden) for name, metavar, text in GLOBAL_OPTIONS]


def _option(name: str, metavar: str, text: str, hidden: bool) -> TyperOption:
    def keep(ctx: Any, param: Any, value: Any) -> None:
        if value:
            setattr(ctx.ensure_object(Settings), attribute, Path(value) if attribute == "data_dir" else value)

    attribute = name.removeprefix("--").replace("-", "_")
    return TyperOption(
        param_decls=[name],
        metavar=metavar or None,
        help=text,
        is_flag=not metavar,
        hidden=hidden,
        envvar=None if hidden else f"BASILISK_{attribute.upper()}",
        show_envvar=False,
        expose_value=False,
        callback=keep,
    )


class Verb(TyperCommand):
    """A command that does something; takes the global options too, without listing them in its help."""

    def get_params(self, ctx: Any) -> list[Any]:
        return [*super().get_params(ctx), *global_options()]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        super().format_epilog(ctx, formatter)
        names = ", ".join(name for name, _, _ in GLOBAL_OPTIONS)
        with formatter.section("Everywhere"):
            formatter.write_text(f"{names}: see `basilisk --help`.")


class NounGroup(TyperGroup):
    """Verbs of one noun."""

    def get_params(self, ctx: Any) -> list[Any]:
        return [*super().get_params(ctx), *global_options()]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb that is named. Raises CliError for a name that is no command, with the nearest that is one."""
        name, *rest = args
        found = self.get_command(ctx, name)
        if found is None:
            from amm.wording import nearest

            raise CliError(f"`{ctx.command_path}` has no command {name!r}", nearest(name, self.list_commands(ctx)))
        return name, found, rest


class Noun(typer.Typer):
    """A noun with its verbs, all of them `Verb`s."""

    def __init__(self, help: str) -> None:
        super().__init__(
            help=help,
            cls=NounGroup,
            add_completion=False,
            rich_markup_mode=None,
            context_settings=_HELP,
        )
        self.callback()(_nothing)

    def command(self, name: str | None = None, **options: Any) -> Callable[[F], F]:
        return super().command(name, cls=Verb, context_settings=_HELP, **options)


class Single(typer.Typer):
    """A command without verbs."""

    def __init__(self) -> None:
        super().__init__(add_completion=False, rich_markup_mode=None)

    def command(self, name: str | None = None, **options: Any) -> Callable[[F], F]:
        return super().command(name, cls=Verb, context_settings=_HELP, **options)


def _nothing() -> None:
    pass


class Root(NounGroup):
    """`basilisk` itself. A noun's module is imported when the noun is used; help needs only `sections`."""

    sections: dict[str, dict[str, str]] = {}

    def get_params(self, ctx: Any) -> list[Any]:
        own = TyperGroup.get_params(self, ctx)
        return [*global_options(hidden=False), *own]

    def list_commands(self, ctx: Any) -> list[str]:
        return [noun for nouns in self.sections.values() for noun in nouns]

    def get_command(self, ctx: Any, name: str) -> Any:
        if name not in self.list_commands(ctx):
            return None
        return typer.main.get_command(import_module(f"basilisk_cli.commands.{name}").app)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        width = max(map(len, self.list_commands(ctx)))
        for title, nouns in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(noun.ljust(width), text) for noun, text in nouns.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; whatever goes wrong is printed as `errors` says, and becomes the exit status."""
        _open_what_is_closed()
        status = self._status(args, **extra)
        if standalone_mode:
            sys.exit(status)
        return status

    def _status(self, args: Sequence[str] | None, **extra: Any) -> int:
        try:
            status = super().main(args, "basilisk", standalone_mode=False, **extra)
        except Exception as error:
            return _said(report(error))
        if status == INTERRUPTED:  # what the parser makes of Ctrl-C, wherever it came
            return _said(Report(INTERRUPTED, ()))
        return status if isinstance(status, int) else 0

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        with _readers_may_leave():  # --help is printed here
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        with _readers_may_leave():
            return super().invoke(ctx)


@contextmanager
def _readers_may_leave() -> Iterator[None]:
    """Nobody reads on (`basilisk … | head -1`): no error, and none when Python flushes at its end either."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(UNREAD) from None


def _said(found: Report) -> int:
    """Print an error; its exit status."""
    sys.stderr.writelines(line + "\n" for line in found.lines())
    return found.status


def _open_what_is_closed() -> None:
    """A stream that was closed before the program began (`>&-`) has no reader: what goes there is lost."""
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
