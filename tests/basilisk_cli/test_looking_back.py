"""Finding blocks of the past by what the state after them was."""

from hypothesis import given
from hypothesis import strategies as st

from basilisk_cli.looking_back import begun, changes, first_that

answers = st.lists(st.booleans(), min_size=2, max_size=60)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_one_change_is_found(before: int, after: int) -> None:
    assert first_that(lambda block: block >= before, before - 1, before + after) == before


@given(answers)
def test_what_is_found_is_a_change(history: list[bool]) -> None:
    history = [False, *history, True]
    found = first_that(lambda block: history[block], 0, len(history) - 1)
    assert history[found]
    assert not history[found - 1]


@given(answers)
def test_begun_is_when_it_became_true(history: list[bool]) -> None:
    history[-1] = True
    found = begun(lambda block: history[block], len(history) - 1)
    if found is None:
        assert history[0]
    else:
        assert history[found]
        assert not history[found - 1]


@given(st.integers(0, 200), st.integers(0, 200))
def test_begun_of_what_changed_once(since: int, more: int) -> None:
    assert begun(lambda block: block >= since, since + more) == (since or None)


def test_begun_sees_what_was_lost_a_moment_ago() -> None:
    history = [False, *[True] * 90, False, True, True]
    assert begun(lambda block: history[block], len(history) - 1) == 92


@given(st.lists(st.integers(0, 2), min_size=1, max_size=80))
def test_every_rise_is_found(steps: list[int]) -> None:
    heights = [sum(steps[:place]) for place in range(len(steps) + 1)]
    risen = [place for place in range(1, len(heights)) if heights[place] > heights[place - 1]]
    assert changes(lambda block: heights[block], 0, len(heights) - 1) == risen
