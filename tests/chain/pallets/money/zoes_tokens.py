"""Tokens of zoe, and what may hinder her from moving them."""

from collections.abc import Callable
from typing import Any

BSX = 10**12
KSM, DOT, GEM = 1, 2, 7  # existential deposits 100, 2, 1
LOCK = b"locklock"


def lock(amount: int) -> Callable[[Any], None]:
    return lambda m: m.tokens.set_lock(LOCK, KSM, m.who("zoe"), amount)


def reserve(amount: int) -> Callable[[Any], None]:
    return lambda m: m.tokens.reserve(KSM, m.who("zoe"), amount)


def lean(m: Any) -> None:
    m.system.inc_consumers(m.who("zoe"))


def nothing(_: Any) -> None:
    pass
