"""validate_block depends on its bytes only. Source: spec/relay.md §7."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from forgery import Forgery, Story

from amm.runtime import load
from chain.relay.block_data import VALIDATION_PARAMS, VALIDATION_RESULT
from chain.relay.validate import validate_block

ROOT = Path(__file__).parents[3]

FRESH = """
import sys
from amm.runtime import load
from chain.relay.errors import PvfError
from chain.relay.block_data import VALIDATION_PARAMS, VALIDATION_RESULT
from chain.relay.validate import validate_block
for line in sys.stdin:
    try:
        result = validate_block(VALIDATION_PARAMS.decode(bytes.fromhex(line)), load)
    except PvfError as error:
        print(error)
    else:
        print(VALIDATION_RESULT.encode(result).hex())
"""


def answers(candidates: list[bytes], hash_seed: str) -> list[str]:
    """What a process that knows nothing else says."""
    lines = "\n".join(candidate.hex() for candidate in candidates)
    done = subprocess.run(
        [sys.executable, "-c", FRESH],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("hash_seed", ["0", "42"])
def test_a_fresh_process_gives_the_same_answers(story: Story, hash_seed: str) -> None:
    good = [Forgery.of(story, number) for number in range(1, 5)]
    bad = [
        good[2].with_header(state_root=bytes(32)),
        good[2].with_data(proof=good[2].data.proof[:-1]),
        good[2].with_body(good[2].data.extrinsics[:-1]),
    ]
    here = [VALIDATION_RESULT.encode(forgery.run()).hex() for forgery in good]
    there = answers([VALIDATION_PARAMS.encode(forgery.params) for forgery in (*good, *bad)], hash_seed)
    assert there[: len(good)] == here
    assert [answer.partition(":")[0] for answer in there[len(good) :]] == [forgery.verdict() for forgery in bad]
    assert [forgery.verdict() for forgery in bad] == [
        "Pvf.StateRootMismatch",
        "Pvf.BadStorageProof",
        "Pvf.StateRootMismatch",
    ]


def test_what_was_validated_before_does_not_matter(story: Story) -> None:
    """In any order, with refusals between, equal bytes have equal results."""
    first = {number: Forgery.of(story, number).run() for number in (4, 2, 1, 3)}
    for number in (1, 2, 3, 4):
        forgery = Forgery.of(story, number)
        assert forgery.with_header(state_root=bytes(32)).verdict() == "Pvf.StateRootMismatch"
        copy = VALIDATION_PARAMS.decode(VALIDATION_PARAMS.encode(forgery.params))
        assert validate_block(copy, load) == first[number]
