"""The comparing and refreshing of examples: a page that is wrong is found, one that leaves out lines is not."""

from console import excerpt_faults, refreshed, same
from fences import Fence, commands

PRINTED = ["pool list", "BSX/KSM  400 BSX", "hash  0x" + "ab" * 32, "took 0.5 s, 20/s", "done"]


def test_what_is_printed_is_the_same_as_itself() -> None:
    assert same(PRINTED, PRINTED)


def test_every_other_line_is_found() -> None:
    for place, line in enumerate(PRINTED):
        assert not same([*PRINTED[:place], line + "!", *PRINTED[place + 1 :]], PRINTED)
        assert not same([*PRINTED[:place], *PRINTED[place + 1 :]], PRINTED)
    assert not same([*PRINTED, "more"], PRINTED)
    assert not same([], PRINTED)
    assert not same(PRINTED, [])


def test_timings_may_differ() -> None:
    assert same([line.replace("0.5 s, 20/s", "17 s, 3/s") for line in PRINTED], PRINTED)


def test_a_line_of_dots_stands_for_any_lines_but_those_around_it_must_be_there() -> None:
    assert same(["…"], PRINTED)
    assert same(["pool list", "…", "done"], PRINTED)
    assert same(["…", "BSX/KSM  400 BSX", "…"], PRINTED)
    assert same(["pool list", "…", "BSX/KSM  400 BSX", "…"], PRINTED)
    assert not same(["…", "BSX/KSM  401 BSX", "…"], PRINTED)
    assert not same(["…", "done", "…", "BSX/KSM  400 BSX", "…"], PRINTED)
    assert not same(["pool list", "…", "pool list", "…"], PRINTED)


def test_dots_in_a_line_stand_for_any_text() -> None:
    assert same(["pool list", "BSX/KSM  … BSX", "hash  0x…", "…"], PRINTED)
    assert not same(["pool list", "BSX/KSM  … KSM", "hash  0x…", "…"], PRINTED)


def test_refreshing_leaves_out_what_was_left_out() -> None:
    shown = ["pool list", "…", "hash  0x…", "…", "finished"]
    assert refreshed(shown, PRINTED) == ["pool list", "…", "hash  0x…", "…", "done"]
    assert refreshed(["anything"], PRINTED) == PRINTED


def test_commands_are_told_from_what_they_print() -> None:
    found = commands("$ one\nfirst\n\n$ two\n")
    assert [(each.line, each.shown) for each in found] == [("one", ["first", ""]), ("two", [])]


def test_an_excerpt_that_the_code_has_not_is_found() -> None:
    assert not list(excerpt_faults(Fence("python", "tests/docs/console.py", 'COLUMNS = "100"\n# …\nANY = "…"\n')))
    assert list(excerpt_faults(Fence("python", "tests/docs/console.py", 'COLUMNS = "100"\n# …\nANY = "…!"\n')))
