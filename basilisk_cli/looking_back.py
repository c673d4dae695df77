"""Finding blocks of the past by what the state after them was, with few looks at it."""

from collections.abc import Callable

ONE_BY_ONE = 32


def first_that(passes: Callable[[int], bool], fails: int, later: int) -> int:
    """A block that passes where the one before it does not; `fails` does not, `later` does.

    Where the answer changes once, this is the change.
    """
    while later - fails > 1:
        middle = (fails + later) // 2
        if passes(middle):
            later = middle
        else:
            fails = middle
    return later


def begun(passes: Callable[[int], bool], now: int) -> int | None:
    """Since which block the answer has been yes, as it is at `now`; None: since the genesis.

    Looks at the last blocks one by one, then back in ever longer steps, which may miss a short no.
    """
    for block in range(now - 1, max(now - ONE_BY_ONE, 0) - 1, -1):
        if not passes(block):
            return block + 1
    later, step = max(now - ONE_BY_ONE, 0), 1
    while later > 0:
        earlier = max(later - step, 0)
        if not passes(earlier):
            return first_that(passes, earlier, later)
        later, step = earlier, step * 2
    return None


def changes(key: Callable[[int], int], first: int, last: int) -> list[int]:
    """The blocks after `first`, up to `last`, in which a key that never falls has risen."""
    if key(first) == key(last):
        return []
    if last - first == 1:
        return [last]
    middle = (first + last) // 2
    return [*changes(key, first, middle), *changes(key, middle, last)]
