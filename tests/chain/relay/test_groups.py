"""Sessions, groups, rotation, and whose turn it is. Source: spec/relay.md §1, §3.4, §5."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair
from chain.relay.parameters import RelayParameters
from chain.relay.validators import ValidatorSet, assign_groups, randomness, session_of, session_start, validator_key

LOCAL = ValidatorSet(RelayParameters(), (2090,))
TEN = ValidatorSet(
    RelayParameters(validators=10, group_rotation_frequency=0, max_validators_per_core=None, seed=7), (2000, 2090)
)


def test_local_defaults() -> None:
    """Four validators in two groups of two, though there is one parachain."""
    assert LOCAL.cores == 2
    assert [len(group) for group in LOCAL.groups_at(1)] == [2, 2]
    assert LOCAL.core_of(2090) == 0
    assert LOCAL.core_of(2000) is None


def test_keys() -> None:
    assert validator_key(3) == Keypair.from_suri("//Validator//3")
    assert LOCAL.publics == tuple(key.public for key in LOCAL.keys)
    assert len(set(LOCAL.publics)) == 4


def test_the_author_of_a_slot() -> None:
    assert [LOCAL.author_at(slot) for slot in range(6)] == [0, 1, 2, 3, 0, 1]


def test_randomness() -> None:
    assert randomness(7, 9) == blake2_256(b"rand" + (7).to_bytes(8, "little") + (9).to_bytes(4, "little"))


def test_sessions() -> None:
    """Session s covers relay blocks 100s + 1 … 100(s + 1)."""
    assert [session_of(number, 100) for number in (0, 1, 100, 101, 200, 201)] == [0, 0, 0, 1, 1, 2]
    assert [session_start(session, 100) for session in (0, 1, 2)] == [1, 101, 201]
    for number in range(1, 500):
        session = session_of(number, 100)
        assert 100 * session + 1 <= number <= 100 * (session + 1)


def test_groups_are_the_shuffled_validators() -> None:
    """Ordered by H(`shuffle`, randomness of the session's first block, index), then cut."""
    entropy = randomness(7, 101)
    order = sorted(range(10), key=lambda i: blake2_256(b"shuffle" + entropy + i.to_bytes(4, "little")))
    assert TEN.groups_at(101) == (tuple(order[:5]), tuple(order[5:]))
    assert TEN.groups_at(101) == TEN.groups_at(200)
    assert TEN.groups_at(101) != TEN.groups_at(201)


@settings(max_examples=100)
@given(st.integers(1, 60), st.integers(1, 12), st.integers(0, 5), st.integers(0, 2**64 - 1))
def test_groups_share_out_all_validators(n: int, cores: int, session: int, seed: int) -> None:
    groups = assign_groups(RelayParameters(validators=n, seed=seed), session, cores)
    assert sorted(index for group in groups for index in group) == list(range(n))
    sizes = [len(group) for group in groups]
    assert sizes == [n // cores + 1] * (n % cores) + [n // cores] * (cores - n % cores)


@pytest.mark.parametrize(
    ("n", "per_core", "paras", "cores"),
    [(4, 2, 1, 2), (4, None, 1, 1), (10, None, 2, 2), (10, 5, 1, 2), (10, 3, 1, 3), (3, 2, 2, 2), (4, 2, 0, 2)],
)
def test_number_of_cores(n: int, per_core: int | None, paras: int, cores: int) -> None:
    parameters = RelayParameters(validators=n, max_validators_per_core=per_core)
    assert ValidatorSet(parameters, tuple(range(2000, 2000 + paras))).cores == cores


def test_rotation() -> None:
    """Core c is served by group (c + r) mod cores; r counts rotations since the session's start."""
    groups = LOCAL.groups_at(1)
    for number in range(1, 101):
        turns = (number - 1) // 10
        for core in (0, 1):
            assert LOCAL.group_of_core(core, number) == groups[(core + turns) % 2]
    assert LOCAL.group_of_core(0, 101) == LOCAL.groups_at(101)[0]


def test_rotation_of_three_groups() -> None:
    """Forwards: the next core's group comes next. A session begins anew with the core's own, turned or not."""
    parameters = RelayParameters(validators=6, session_length=25, group_rotation_frequency=10)
    three = ValidatorSet(parameters, (1, 2, 3))
    served = [three.group_index(0, number) for number in (1, 10, 11, 20, 21, 25, 26, 35, 36)]
    assert served == [0, 0, 1, 1, 2, 2, 0, 0, 1]
    assert [three.group_index(2, number) for number in (1, 11, 21)] == [2, 0, 1]


def test_no_rotation() -> None:
    assert {TEN.group_of_core(1, number) for number in range(1, 101)} == {TEN.groups_at(1)[1]}


def test_every_core_has_its_own_group() -> None:
    for number in (1, 10, 11, 57, 100):
        served = [LOCAL.group_of_core(core, number) for core in range(LOCAL.cores)]
        assert sorted(index for group in served for index in group) == [0, 1, 2, 3]
