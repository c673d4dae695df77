"""Formulas of the markets: `<module>.<function>` is `amm.math.<module>.<function>`."""

from cases import Case
from lookup import need

from families.functions import check_call


def check(case: Case) -> None:
    module, _, name = case.data["fn"].partition(".")
    function = need(f"amm.math.{module}", name)
    check_call(case, function, need("amm.math.errors", "MathError"))
