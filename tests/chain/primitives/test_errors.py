"""Errors that cross processes keep what they say."""

import pickle

import pytest

from chain.primitives.errors import InherentError, InvalidBlock


@pytest.mark.parametrize("error", [InvalidBlock("Panic", "slot 3"), InherentError("BadRelayProof")])
def test_a_broken_rule_survives_pickling(error: InvalidBlock) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.kind, again.why, str(again)) == (type(error), error.kind, error.why, str(error))


def test_its_text() -> None:
    assert str(InherentError("BadRelayProof")) == "BadRelayProof"
    assert str(InvalidBlock("Panic", "slot 3")) == "Panic: slot 3"
