"""Every family of exceptions becomes what, help and an exit status."""

import errno
from importlib import import_module

import pytest

from amm.scripts.errors import Fault, Faults, Mark
from amm.values import AmountError
from basilisk_cli.errors import REFUSALS, RULES, CliError, report
from chain.node.errors import NodeError, NotIncluded, StoreBusy, StoreMissing
from chain.pallets.system import System
from chain.primitives.errors import BadOrigin, Failure, Invalid, InvalidReason, Token, TokenError, UnknownReason
from chain.scale import DecodeError


@pytest.mark.parametrize("name", RULES)
def test_every_rule_names_an_exception(name: str) -> None:
    module, _, kind = name.rpartition(".")
    found = getattr(import_module(module), kind)
    assert issubclass(found, BaseException)
    assert f"{found.__module__}.{found.__name__}" == name


def test_every_refusal_names_a_reason() -> None:
    reasons = {*InvalidReason.__members__, *UnknownReason.__members__}
    assert REFUSALS.keys() <= reasons


@pytest.mark.parametrize(
    ("error", "status", "what"),
    [
        (CliError("no", "do this", 3), 3, "no"),
        (AmountError("1 KSM is no amount", "write it"), 2, "1 KSM is no amount"),
        (NodeError("no such block", "look"), 2, "no such block"),
        (StoreMissing("there is none", "make one"), 3, "there is none"),
        (StoreBusy("in use by process 7", "wait", pid=7), 3, "in use by process 7"),
        (NotIncluded("nobody signed", ("validator 0: no",)), 1, "nobody signed: validator 0: no"),
        (Invalid(InvalidReason.Payment), 1, "Invalid.Payment: the signer cannot pay the fee"),
        (Failure(BadOrigin()), 1, "the chain refused: BadOrigin"),
        (Failure(Token(TokenError.Frozen)), 1, "the chain refused: Token.Frozen"),
        (System.CallFiltered(), 1, "System.CallFiltered: "),
        (DecodeError("too short"), 2, "too short"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "x.yaml"), 2, "x.yaml: no such file"),
        (OSError(errno.ENOSPC, "No space left on device", "data.mdb"), 3, "data.mdb: no space left"),
    ],
)
def test_families(error: Exception, status: int, what: str) -> None:
    found = report(error)
    assert found.status == status
    assert found.pairs[0][0].startswith(what)


def test_all_faults_of_a_file_are_said() -> None:
    faults = [Fault(Mark("a.yaml", line, 3), f"wrong {line}", "mend it.") for line in (1, 2)]
    assert [*report(Faults(faults)).lines()] == [
        "error: a.yaml:1:3: wrong 1",
        " help: mend it",
        "error: a.yaml:2:3: wrong 2",
        " help: mend it",
    ]


def test_help_begins_small_and_keeps_names() -> None:
    def help(hint: str) -> str:
        return [*report(CliError("no", hint)).lines()][1]

    assert help("Make one.") == " help: make one"
    assert help("BSX pays the fee.") == " help: BSX pays the fee"
    assert [*report(CliError("no")).lines()] == ["error: no"]


def test_a_mistake_shows_no_traceback_unless_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(ZeroDivisionError("division\nby zero"))
    assert found.status == 70
    assert found.pairs[0][0] == "a mistake in basilisk: ZeroDivisionError: division by zero"
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("BASILISK_TRACEBACK", "1")
    report(ZeroDivisionError())
    assert "ZeroDivisionError" in capsys.readouterr().err
