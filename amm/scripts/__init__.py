"""Trade scripts: YAML files that set a chain up, send calls, move time, and say what must be true.

    report = replay_file(Path("script.yaml"))
    report.ok, report.failed_expectations

Source: spec/trade-scripts.md. The chain specs are read with the same tools, so this package is imported before there
is a chain: what runs scripts is imported when it is asked for.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amm.scripts.check import check_file, check_script
    from amm.scripts.report import FailedExpectation, Report, StepReport
    from amm.scripts.running import replay, replay_file

__all__ = ["FailedExpectation", "Report", "StepReport", "check_file", "check_script", "replay", "replay_file"]

_HOMES = {
    "FailedExpectation": "report",
    "Report": "report",
    "StepReport": "report",
    "check_file": "check",
    "check_script": "check",
    "replay": "running",
    "replay_file": "running",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
