"""Finding blocks of the past by what the state after them was, with few looks at it."""

from collections.abc import Callable


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

    Goes back in ever longer steps: a short no, longer ago than the last yes has lasted, may go unseen.
    """
    later, step = now, 1
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
