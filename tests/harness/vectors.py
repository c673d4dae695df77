"""Run the vectors of a folder against the program: `python tests/harness/vectors.py DIR [FAMILY …]`.

DIR holds `*.jsonl` and `scenarios/*.yaml`. Differences go to standard error as they are found; standard
output has one line a family: its name and how many cases passed, failed and had no code yet, tab-separated.
Exit status: 0 nothing failed, 1 something did, 2 there is nothing to run in DIR.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from cases import Case, read_folder
from registry import run

OUTCOMES = ("passed", "failed", "missing")


def main(argv: list[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    if not __debug__:
        print("under -O no assertion is checked, and so no vector", file=sys.stderr)
        return 2
    folder: Path = options.folder
    try:
        cases = [case for case in read_folder(folder) if _wanted(case.family, options.families)]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if not cases:
        print(f"{folder} has no cases: *.jsonl or scenarios/*.yaml are looked for", file=sys.stderr)
        return 2
    tally = count(cases)
    for family, counts in tally.items():
        print(family, *(counts[outcome] for outcome in OUTCOMES), sep="\t")
    return 1 if any(counts["failed"] for counts in tally.values()) else 0


def count(cases: Iterable[Case]) -> dict[str, Counter[str]]:
    """Run the cases, tell of each failure and once a family of each thing missing, and count by family."""
    tally: dict[str, Counter[str]] = {}
    told: set[tuple[str, str]] = set()
    for case in cases:
        verdict = run(case)
        tally.setdefault(case.family, Counter())[verdict.outcome] += 1
        if verdict.outcome == "failed":
            print(f"failed   {case.family} {case.id}: {verdict.reason}", file=sys.stderr)
        elif verdict.outcome == "missing" and (case.family, verdict.reason) not in told:
            told.add((case.family, verdict.reason))
            print(f"missing  {case.family} {case.id}: {verdict.reason}", file=sys.stderr)
    return tally


def _wanted(family: str, families: list[str]) -> bool:
    return not families or any(family == name or family.startswith(name + "/") for name in families)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run vectors against the program.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder laid out as tests/vectors")
    parser.add_argument("families", nargs="*", metavar="FAMILY", help="only these, e.g. lbp or scenarios/lbp")
    return parser


if __name__ == "__main__":
    sys.exit(main())
