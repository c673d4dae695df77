"""Why a formula refuses.

Every function of `amm.math` either returns the exact integer of the specification or raises one of these.
Which pallet error a refusal becomes is the calling pallet's affair (the call tables of spec/*.md).
"""


class MathError(ArithmeticError):
    """A formula has no result for these arguments."""


class Overflow(MathError):
    """A result, or a step whose width the reference bounds, needs more bits than it has."""


class DivisionByZero(MathError):
    """A divisor (a reserve, a weight, a total, a period) is zero."""


class OutOfRange(MathError):
    """An argument lies where the formula has no meaning: more than the reserve, a fee above one, …"""
