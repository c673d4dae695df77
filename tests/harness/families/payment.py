"""Fees: `fees.*` is `chain.pallets.payment`."""

from cases import Case
from lookup import need

from families.functions import check_call


def check(case: Case) -> None:
    function = need("chain.pallets.payment", case.data["fn"].partition(".")[2])
    check_call(case, function, ArithmeticError)
