"""Mutants of real candidates, many of them: how many validators accept. The target is none."""

import random
import sys
from dataclasses import replace
from pathlib import Path

from measure import Figure

sys.path.insert(0, str(Path(__file__).parents[1] / "chain" / "relay"))


def accepted_mutants(count: int) -> list[Figure]:
    """Seeded mutants of PoVs, of what collators sign and of candidates, in equal parts."""
    from forgery import Forgery, tell_story
    from test_mutants import BLOCKS, mutated_bytes, mutated_data, refusal

    from chain.relay.candidate import COMMITTED
    from chain.scale import DecodeError

    story, rng = tell_story(), random.Random(4)
    data = {number: Forgery.of(story, number).data for number in BLOCKS}
    accepted = tried = 0
    while tried < count:
        number = rng.choice(BLOCKS)
        real = story.collation(number)
        if tried % 2:
            made = story.recollated(number, mutated_data(data[number], rng))
        else:
            try:
                candidate = COMMITTED.decode(mutated_bytes(COMMITTED.encode(real.candidate), rng))
            except DecodeError:
                continue
            made = replace(real, candidate=candidate)
        if made == real:
            continue
        accepted += not refusal(story, number, made)
        tried += 1
    return [Figure("mutants accepted", f"{accepted}", f"{tried} seeded mutants", "0")]
