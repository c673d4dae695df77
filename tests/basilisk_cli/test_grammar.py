"""Nouns, verbs, global options in any place, and what is said of a wrong command line."""

from collections.abc import Callable
from typing import Any

import typer
from typer.testing import CliRunner, Result

from basilisk_cli.app import SECTIONS, app, command

Run = Callable[..., Result]
ReadJson = Callable[..., Any]


def test_without_a_command_it_helps(run: Run) -> None:
    result = run("")
    assert "Usage: basilisk" in result.stdout
    for nouns in SECTIONS.values():
        for noun, text in nouns.items():
            assert noun in result.stdout
            assert text in result.stdout


def test_every_noun_and_verb_has_a_help(run: Run) -> None:
    context = typer.Context(command, info_name="basilisk")
    for noun in command.list_commands(context):
        found = command.get_command(context, noun)
        assert "Usage: basilisk" in run(f"{noun} --help").stdout
        for verb, verb_command in getattr(found, "commands", {}).items():
            assert verb_command.help, f"{noun} {verb} says nothing of itself"
            text = run(f"{noun} {verb} --help").stdout
            assert "Traceback" not in text
            assert "--data-dir" in text


def test_global_options_stand_anywhere(traded: object, run: Run) -> None:
    lines = ("--json chain status", "chain --json status", "chain status --json")
    assert len({run(line).stdout for line in lines}) == 1


def test_options_come_from_the_environment_and_flags_go_first(run: Run, read_json: ReadJson) -> None:
    run("chain init --chain basilisk --data-dir there")
    environment = {"BASILISK_DATA_DIR": "there", "BASILISK_JSON": "1"}
    assert '"chain": "basilisk"' in run("chain status", env=environment).stdout
    assert run("chain status --data-dir elsewhere", 3, env=environment).stdout == ""


def test_an_unknown_command_gets_the_nearest_name(run: Run) -> None:
    result = run("chian status", 2)
    assert result.stderr == "error: `basilisk` has no command 'chian'\n help: did you mean chain?\n"
    assert "did you mean advance?" in run("chain advnce 3", 2).stderr


def test_an_unknown_option_gets_the_nearest_name(run: Run) -> None:
    result = run('trade quote "1 KSM" --fro BSX', 2)
    assert "no such option: --fro" in result.stderr
    assert "--for" in result.stderr


def test_a_missing_argument_says_where_help_is(run: Run) -> None:
    assert "see `basilisk pool create --help`" in run("pool create", 2).stderr


def test_a_negative_amount_is_no_option(run: Run) -> None:
    assert "amounts are 0 or more" in run('account transfer bob "-5 KSM"', 2).stderr


def test_a_noun_alone_names_its_verbs(run: Run) -> None:
    for line in ("block", "block --json"):
        result = run(line, 2)
        assert result.stderr == "error: `basilisk block` needs a command\n help: one of list, show\n"
        assert result.stdout == ""


def test_errors_go_to_standard_error_as_what_and_help(run: Run) -> None:
    result = run("chain status", 3)
    assert result.stdout == ""
    what, help = result.stderr.splitlines()
    assert what.startswith("error: there is no chain in .basilisk/local")
    assert help == " help: make one with `basilisk chain init`"


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("basilisk ")


def test_an_amount_without_quotes_is_explained(run: Run) -> None:
    assert '"1.5 KSM"' in run("trade sell 1.5 KSM --for BSX", 2).stderr
