"""Validators: their keys, the groups of a session, and which group serves which core. Source: spec/relay.md §1, §5."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair
from chain.relay.parameters import RelayParameters


def randomness(seed: int, number: int) -> bytes:
    """The relay chain's randomness of block `number` (§3.4)."""
    return blake2_256(b"rand" + seed.to_bytes(8, "little") + number.to_bytes(4, "little"))


def validator_key(index: int) -> Keypair:
    """`//Validator//i`: the sr25519 key that signs statements, and relay blocks."""
    return Keypair.from_suri(f"//Validator//{index}")


def session_of(number: int, length: int) -> int:
    """The session that relay block `number` belongs to: session s covers length·s + 1 … length·(s + 1)."""
    return max(0, number - 1) // length


def session_start(session: int, length: int) -> int:
    return session * length + 1


def core_count(parameters: RelayParameters, paras: int) -> int:
    per_core = parameters.max_validators_per_core
    return max(paras, parameters.validators // per_core) if per_core else max(paras, 1)


@lru_cache(maxsize=64)
def assign_groups(parameters: RelayParameters, session: int, cores: int) -> tuple[tuple[int, ...], ...]:
    """The validators of a session cut into one group a core, shuffled by the session's randomness."""
    n = parameters.validators
    entropy = randomness(parameters.seed, session_start(session, parameters.session_length))
    order = sorted(range(n), key=lambda i: blake2_256(b"shuffle" + entropy + i.to_bytes(4, "little")))
    groups, at = [], 0
    for group in range(cores):
        size = n // cores + (group < n % cores)
        groups.append(tuple(order[at : at + size]))
        at += size
    return tuple(groups)


@dataclass(frozen=True)
class ValidatorSet:
    """The validators of a relay chain and the cores they serve. `paras` is ascending; para j has core j."""

    parameters: RelayParameters
    paras: tuple[int, ...]

    @cached_property
    def keys(self) -> tuple[Keypair, ...]:
        return tuple(validator_key(index) for index in range(self.parameters.validators))

    @cached_property
    def publics(self) -> tuple[bytes, ...]:
        return tuple(key.public for key in self.keys)

    @cached_property
    def cores(self) -> int:
        return core_count(self.parameters, len(self.paras))

    def core_of(self, para: int) -> int | None:
        return self.paras.index(para) if para in self.paras else None

    def session_at(self, number: int) -> int:
        return session_of(number, self.parameters.session_length)

    def groups_at(self, number: int) -> tuple[tuple[int, ...], ...]:
        return assign_groups(self.parameters, self.session_at(number), self.cores)

    def group_index(self, core: int, number: int) -> int:
        """Which of `groups_at` serves `core` at relay block `number`: they rotate."""
        every = self.parameters.group_rotation_frequency
        start = session_start(self.session_at(number), self.parameters.session_length)
        turns = (number - start) // every if every else 0
        return (core + turns) % self.cores

    def group_of_core(self, core: int, number: int) -> tuple[int, ...]:
        """The validators that serve `core` at relay block `number`."""
        return self.groups_at(number)[self.group_index(core, number)]

    def author_at(self, slot: int) -> int:
        """The validator that assembles the relay block of `slot`."""
        return slot % self.parameters.validators
