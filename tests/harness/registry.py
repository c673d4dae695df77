"""Which checker a case goes to.

A checker is a function `check(case) -> None` that raises AssertionError where the program differs from what
was measured, and Missing where the program has nothing to compare with.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cases import Case, Missing
from families import (
    accounts,
    extrinsics,
    formulas,
    headers,
    payment,
    scale,
    scenarios,
    ss58,
    storage_keys,
    trie,
)

Check = Callable[[Case], None]

BY_PREFIX: dict[str, Check] = {"fees": payment.check, "accounts": accounts.check}
"""Families of function results that are not formulas of `amm.math`, by the prefix of their `fn`."""

BY_FILE: dict[str, Check] = {
    "scale": scale.check,
    "storage-keys": storage_keys.check,
    "trie": trie.check,
    "ss58": ss58.check,
    "extrinsics": extrinsics.check,
    "header-hash": headers.check,
}
"""Families whose lines have forms of their own, by the name of their file."""


@dataclass(frozen=True)
class Verdict:
    """What came of a case: `passed`, `failed` or `missing`, and for the latter two why."""

    case: Case
    outcome: str
    reason: str = ""


def checker(case: Case) -> Check:
    """The checker of a case. Raises Missing for a family that nobody knows."""
    if case.path.suffix == ".yaml":
        return scenarios.check
    if "fn" in case.data:
        return BY_PREFIX.get(str(case.data["fn"]).partition(".")[0], formulas.check)
    if case.family in BY_FILE:
        return BY_FILE[case.family]
    raise Missing(f"no checker for the family {case.family}")


def run(case: Case) -> Verdict:
    """Check one case, whatever it raises."""
    try:
        checker(case)(case)
    except Missing as reason:
        return Verdict(case, "missing", str(reason))
    except AssertionError as difference:
        return Verdict(case, "failed", str(difference))
    except Exception as error:  # a crash is a difference too, and the other cases still have to run
        return Verdict(case, "failed", f"{type(error).__name__}: {error}")
    return Verdict(case, "passed")
