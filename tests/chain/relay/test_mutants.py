"""Seeded mutants of real candidates: none is accepted, and each is refused by a name. Source: spec/relay.md §7."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import msgspec
from forgery import Forgery, Story

from amm.runtime import load
from chain.relay.backing import Work, check
from chain.relay.block_data import BLOCK_DATA, ParachainBlockData, PoV
from chain.relay.candidate import COMMITTED
from chain.relay.collator import Collation
from chain.relay.errors import RelayError
from chain.scale import DecodeError

MUTANTS = 500
BLOCKS = (1, 2, 3, 4)


def mutated_bytes(data: bytes, rng: random.Random) -> bytes:
    """One byte flipped, dropped, doubled, or swapped with another."""
    at, other = rng.randrange(len(data)), rng.randrange(len(data))
    kind = rng.choice(("flip", "drop", "double", "swap"))
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if kind == "drop":
        return data[:at] + data[at + 1 :]
    if kind == "double":
        return data[:at] + data[at : at + 1] + data[at:]
    changed = bytearray(data)
    changed[at], changed[other] = changed[other], changed[at]
    return bytes(changed)


def mutated_items(items: Sequence[bytes], rng: random.Random) -> tuple[bytes, ...]:
    """One item dropped, doubled, changed in a byte, or swapped with another."""
    found = list(items)
    at, other = rng.randrange(len(found)), rng.randrange(len(found))
    kind = rng.choice(("drop", "double", "change", "swap"))
    if kind == "drop":
        del found[at]
    elif kind == "double":
        found.insert(at, found[at])
    elif kind == "change":
        found[at] = mutated_bytes(found[at], rng)
    else:
        found[at], found[other] = found[other], found[at]
    return tuple(found)


def mutated_data(data: ParachainBlockData, rng: random.Random) -> ParachainBlockData:
    """A node of the proof or an extrinsic mutated."""
    if rng.random() < 0.7:
        return msgspec.structs.replace(data, proof=mutated_items(data.proof, rng))
    return msgspec.structs.replace(data, extrinsics=mutated_items(data.extrinsics, rng))


def refusal(story: Story, number: int, collation: Collation) -> str:
    """Why a validator refuses; anything but a `RelayError` is a failure of the test."""
    try:
        check(story.view(number), collation, Work(load, True))
    except RelayError as error:
        return error.name.partition("(0x")[0]
    return ""


def test_mutants_of_the_pov(story: Story) -> None:
    """As a meddler on the way makes them: the hash gives them away."""
    rng = random.Random(1)
    for _ in range(100):
        number = rng.choice(BLOCKS)
        real = story.collation(number)
        pov = PoV(mutated_bytes(real.pov.block_data, rng))
        if pov != real.pov:
            assert refusal(story, number, replace(real, pov=pov)) == "Candidate.PoVHashMismatch"


def test_mutants_of_the_collator(story: Story) -> None:
    """As a collator makes them, who makes all hashes and the signature fit: validate_block gives them away."""
    rng = random.Random(2)
    seen: Counter[str] = Counter()
    tried = 0
    while tried < MUTANTS:
        number = rng.choice(BLOCKS)
        real = story.collation(number)
        data = Forgery.of(story, number).data
        if rng.random() < 0.5:
            block_data = BLOCK_DATA.encode(mutated_data(data, rng))
        else:
            block_data = mutated_bytes(real.pov.block_data, rng)
        if block_data == real.pov.block_data:
            continue
        try:
            made: ParachainBlockData | bytes = BLOCK_DATA.decode(block_data)
        except DecodeError:
            made = block_data
        name = refusal(story, number, story.recollated(number, made))
        assert name.startswith("Candidate.ExecutionError(Pvf."), (number, block_data.hex())
        seen[name.removeprefix("Candidate.ExecutionError(Pvf.").partition("(")[0].rstrip(")")] += 1
        tried += 1
    assert len(seen) >= 8, seen


def test_mutants_of_the_candidate(story: Story) -> None:
    """A byte of descriptor or commitments changed: there is none that does not matter."""
    rng = random.Random(3)
    seen: Counter[str] = Counter()
    while seen.total() < MUTANTS:
        number = rng.choice(BLOCKS)
        real = story.collation(number)
        mutant = mutated_bytes(COMMITTED.encode(real.candidate), rng)
        try:
            candidate = COMMITTED.decode(mutant)
        except DecodeError:
            continue
        if candidate == real.candidate:
            continue
        name = refusal(story, number, replace(real, candidate=candidate))
        assert name.startswith("Candidate."), (number, mutant.hex())
        seen[name] += 1
    assert len(seen) >= 6, seen
