"""Trade scripts whose expectations were measured: they are replayed, and every expectation has to hold."""

from cases import Case, Missing
from lookup import need

ERRORS = "amm.scripts.errors"


def check(case: Case) -> None:
    replay, faults = need("amm.scripts", "replay_file"), need(ERRORS, "Faults")
    not_built = (need(ERRORS, "UnknownPallet"), need(ERRORS, "UnknownCall"))
    try:
        report = replay(case.path)
    except faults as error:
        for fault in error.faults:
            if isinstance(fault, not_built):
                raise Missing(fault.message) from None
        raise AssertionError(str(error)) from None
    failed = "; ".join(map(str, report.failed_expectations))
    assert report.ok, failed or "the replay did not succeed"
