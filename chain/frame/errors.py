"""Errors that pallets declare, and errors in declarations.

    primitives.Failure
    └── Error                   declared inside a pallet; its docstring is the text people read
    DeclarationError            a pallet or a runtime is declared wrongly (a programmer's mistake)
    ConstantError               a constant's value does not fit
"""

from typing import ClassVar

from chain.primitives.errors import Failure


class Error(Failure):
    """A pallet's own error. Declared as a nested class; raised by the class itself: `raise self.ZeroAmount`.

    The docstring says what it means, `hint` what to do about it.
    """

    pallet: ClassVar[str] = ""
    index: ClassVar[int] = -1
    hint: ClassVar[str] = ""

    @property
    def name(self) -> str:
        return f"{self.pallet}.{type(self).__name__}"

    def __str__(self) -> str:
        return self.name


class DeclarationError(TypeError):
    """A pallet or a runtime is declared wrongly."""


class ConstantError(ValueError):
    """A constant is unknown, or its value does not fit its type."""
