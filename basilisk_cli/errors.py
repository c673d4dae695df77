"""What goes wrong, as the user reads it: one line what, one line how to mend it, and the exit status.

     0  done
     1  the chain refused
     2  the command was wrong
     3  the chain could not be reached, or is in use
    70  a mistake in this program
   130  interrupted; 141: nobody reads the output any more (numbers as the shell makes them of signals)

Exceptions are known by their dotted names, so that this module imports nothing of the chain.
"""

import errno
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

REFUSED, WRONG, UNREACHABLE, MISTAKE, INTERRUPTED, UNREAD = 1, 2, 3, 70, 130, 141

TRACEBACK = "BASILISK_TRACEBACK"
"""Set in the environment, it shows where in the program an unforeseen error arose."""


class CliError(Exception):
    """`what` is wrong, `hint` how to mend it."""

    def __init__(self, what: str, hint: str = "", status: int = WRONG) -> None:
        super().__init__(what)
        self.what, self.hint, self.status = what, hint, status


class SeveralErrors(Exception):
    """Several things went wrong: pairs of what and hint, in order."""

    def __init__(self, pairs: Sequence[tuple[str, str]], status: int) -> None:
        super().__init__(pairs)
        self.pairs, self.status = tuple(pairs), status


@dataclass(frozen=True)
class Report:
    """An error as it is printed: what and how to mend it, one pair or several, and the exit status."""

    status: int
    pairs: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[str]:
        if self.status == INTERRUPTED:
            yield "interrupted"
            return
        for what, hint in self.pairs:
            yield f"error: {what.rstrip('.')}"
            if hint:
                yield f" help: {_begun_small(hint.rstrip('.'))}"


def report(error: BaseException) -> Report:
    """What to print of any exception: the rule of its class, or of the nearest of its bases that has one."""
    for kind in type(error).__mro__:
        rule = RULES.get(f"{kind.__module__}.{kind.__qualname__}")
        if rule is not None:
            return rule(error)
    return _mistake(error)


def _begun_small(text: str) -> str:
    """A sentence as it stands behind a colon; names in capitals stay."""
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


# -- rules ---------------------------------------------------------------------------------------------------


def _own(error: Any) -> Report:
    return Report(error.status, ((error.what, error.hint),))


def _several(error: Any) -> Report:
    return Report(error.status, error.pairs)


def _usage(error: Any) -> Report:
    """What the command line's parser says; it is the command that was wrong, whatever status the parser had in mind."""
    context = getattr(error, "ctx", None)
    hint = f"see `{context.command_path if context is not None else 'basilisk'} --help`"
    option = getattr(error, "option_name", "")
    if option[1:2].isdecimal():
        return Report(WRONG, ((f"{option} is negative, or an option that does not exist", "amounts are 0 or more"),))
    if "unexpected extra argument" in str(error.message):
        hint = f'put an amount and its asset into quotes, as in "1.5 KSM"; {hint}'
    if str(error.message) == "Missing command." and context is not None:
        verbs = ", ".join(context.command.list_commands(context))
        return Report(WRONG, ((f"`{context.command_path}` needs a command", f"one of {verbs}"),))
    known = getattr(error, "possibilities", None)
    if known:
        return Report(WRONG, ((_begun_small(error.message), f"did you mean {' or '.join(sorted(known))}?"),))
    return Report(WRONG, ((_in_plain_words(_begun_small(error.format_message())), hint),))


def _in_plain_words(text: str) -> str:
    """The parser's words for numbers and their bounds, as people say it."""
    text = re.sub(r"is not a valid (?:int|integer)(?: range)?\.?$", "is no whole number", text)
    text = re.sub(r"is not a valid float(?: range)?\.?$", "is no number", text)
    text = re.sub(r"is not in the range x>=(\S+?)\.?$", r"is too small: \1 is the least", text)
    return re.sub(r"is not in the range (\S+?)<=x<=(\S+?)\.?$", r"is out of range: from \1 to \2", text)


def _written(error: Any) -> Report:
    return Report(WRONG, ((error.what, error.hint),))


def _faults(error: Any) -> Report:
    return Report(WRONG, tuple((f"{fault.mark}: {fault.message}", fault.hint) for fault in error.faults))


def _node(status: int) -> Callable[[Any], Report]:
    return lambda error: Report(status, ((str(error), error.hint),))


def _not_included(error: Any) -> Report:
    reasons = "; ".join(error.reasons)
    return Report(REFUSED, ((f"{error}: {reasons}" if reasons else str(error), error.hint),))


def _said(status: int, hint: str = "") -> Callable[[Any], Report]:
    return lambda error: Report(status, ((str(error), hint),))


def _module_error(error: Any) -> Report:
    """An error that a pallet declares: its name, its text, and what the pallet advises."""
    return Report(REFUSED, ((f"{error}: {' '.join((error.__doc__ or '').split())}", error.hint),))


def _failure(error: Any) -> Report:
    """A failure of the runtime itself: `Token.BelowMinimum`, `BadOrigin`."""
    inner = getattr(error.error, "error", None)
    name = type(error.error).__name__ + (f".{inner.name}" if inner is not None else "")
    return Report(REFUSED, ((f"the chain refused: {name}", ""),))


def _refused(error: Any) -> Report:
    text, hint = REFUSALS.get(error.reason.name, ("the extrinsic cannot be valid", ""))
    return Report(REFUSED, ((f"{error.name}: {text}", hint),))


def _system(error: Any) -> Report:
    """The operating system's refusals: a file that the user named, or a full disk."""
    where = f"{error.filename}: " if error.filename else ""
    text = (error.strerror or str(error)).lower()
    if error.errno == errno.ENOSPC:
        return Report(UNREACHABLE, ((f"{where}{text}", "make room; the chain is as it was before the command"),))
    return Report(WRONG, ((f"{where}{text}", "check the path and its permissions"),))


def _mistake(error: BaseException) -> Report:
    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(error)
    what = f"a mistake in basilisk: {type(error).__name__}: {' '.join(str(error).split())}"
    return Report(MISTAKE, ((what, f"please report it with what {TRACEBACK}=1 shows; the chain is unharmed"),))


REFUSALS = {
    "Call": ("the call cannot be read", "build it with this chain's metadata"),
    "Payment": ("the signer cannot pay the fee", "give them BSX: `basilisk account fund NAME '1_000 BSX'`"),
    "Future": ("the nonce is ahead of the account's", "send the extrinsics before it first"),
    "Stale": ("the nonce has been used", "sign again with the account's present nonce"),
    "BadProof": ("the signature is not good here", "sign for this chain: genesis hash, versions, era"),
    "AncientBirthBlock": ("the era began too long ago", "sign again"),
    "ExhaustsResources": ("it does not fit into a block", "send less at once"),
    "BadSigner": ("the signer may not sign this", "sign with another account"),
    "NoUnsignedValidator": ("it is not signed", "sign it"),
}
"""Why an extrinsic is in no block, by the reason's name."""

RULES: dict[str, Callable[[Any], Report]] = {
    "basilisk_cli.errors.CliError": _own,
    "basilisk_cli.errors.SeveralErrors": _several,
    "typer.exceptions.TyperException": _usage,
    "typer.exceptions.Abort": lambda error: Report(INTERRUPTED, ()),
    "amm.values.WrittenError": _written,
    "amm.scripts.errors.Faults": _faults,
    "amm.scripts.errors.StoredSpecError": _said(UNREACHABLE, "start again with `basilisk chain reset`"),
    "amm.viewing.NoSuchSigner": _said(WRONG, "sign with a name, as in --as alice"),
    "chain.crypto.suri.SuriError": _said(WRONG, "names are one word without slashes, as in alice"),
    "chain.crypto.ss58.Ss58Error": _said(WRONG, "copy the address again"),
    "chain.scale.errors.ScaleError": _said(WRONG, "the bytes or the value do not fit the type"),
    "chain.node.errors.NodeError": _node(WRONG),
    "chain.node.errors.StoreError": _node(UNREACHABLE),
    "chain.node.errors.NotIncluded": _not_included,
    "chain.node.histories.Unreadable": _said(UNREACHABLE, "start again with `basilisk chain reset`"),
    "chain.node.errors.Finished": _node(REFUSED),
    "chain.node.pool.PoolError": _said(REFUSED),
    "chain.trie.errors.TrieError": _said(UNREACHABLE, "the stored state is damaged: `basilisk chain reset`"),
    "chain.frame.errors.Error": _module_error,
    "chain.primitives.errors.Failure": _failure,
    "chain.primitives.errors.Refused": _refused,
    "chain.relay.errors.RelayError": _said(REFUSED),
    "lmdb.Error": _said(UNREACHABLE, "is another program changing the data directory?"),
    "builtins.OSError": _system,
    "builtins.BaseException": _mistake,
}
