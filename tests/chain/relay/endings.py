"""How a fault ends, in what is asserted of all of them."""

from reference import Run

PVF = "Candidate.ExecutionError"
ANEW = [4, 8, 10]
"""The relay blocks that include blocks 1 to 3 where block 2 is refused and built anew, one round later."""

ON_TIME = [4, 6, 8]


def clean(found: Run) -> None:
    """What holds after every run within the bound: nothing wrong was included, all is final, 2000 knows of nothing."""
    assert found.error is None
    assert found.missing == []
    assert found.verdicts == [None] * len(found.verdicts), found.verdicts
    node = found.chain.node
    assert node.best.number == len(found.included)
    assert (node.finalized, found.final) == (node.best.hash, found.head)
    assert found.neighbour == (b"", None)


def unpunished(found: Run) -> None:
    assert (found.lost, found.disabled, found.offenders) == ({}, (), [])
