"""The relay chain of a chain spec. Sources: spec/network.md §7; spec/relay.md §2 for names and defaults."""

from typing import Annotated

from amm.scripts.errors import Mark
from amm.scripts.kinds import OneOf, Whole
from amm.scripts.shapes import Key, Record, RecordOf
from amm.workers import AUTO, WORKERS

BUILT_IN = Mark("the built-in defaults")

_U32 = Whole(0, 2**32 - 1)
_COUNT = Whole(1, 2**32 - 1)


class RelaySetup(Record, frozen=True, kw_only=True):
    """The relay chain. Periods are in relay blocks, sizes in bytes."""

    validators: Annotated[int, Key(Whole(1, 255), "how many validators")] = 4
    session_length: Annotated[int, Key(_COUNT, "relay blocks of a session")] = 100
    group_rotation_frequency: Annotated[int, Key(_U32, "relay blocks; 0 is never")] = 10
    max_validators_per_core: Annotated[int | None, Key(_COUNT, "no bound if left out")] = None
    minimum_backing_votes: Annotated[int, Key(_COUNT, "votes that back a candidate")] = 2
    paras_availability_period: Annotated[int, Key(_COUNT, "relay blocks until a core times out")] = 4
    needed_approvals: Annotated[int | None, Key(_U32, "checkers; 2, or all if fewer, if left out")] = None
    no_show_slots: Annotated[int, Key(_COUNT, "slots until a checker counts as absent")] = 2
    n_delay_tranches: Annotated[int | None, Key(_COUNT, "as many as validators if left out")] = None
    zeroth_delay_tranche_width: Annotated[int, Key(_U32, "tranches merged into the first")] = 0
    dispute_period: Annotated[int, Key(_COUNT, "sessions that can be disputed")] = 6
    dispute_post_conclusion_acceptance_period: Annotated[int, Key(_U32, "relay blocks")] = 50
    max_pov_size: Annotated[int, Key(_COUNT, "bytes of an encoded PoV")] = 5_242_880
    max_head_data_size: Annotated[int, Key(_COUNT, "bytes of a head")] = 20_480
    max_code_size: Annotated[int, Key(_COUNT, "bytes of validation code")] = 3_145_728
    validation_upgrade_cooldown: Annotated[int, Key(_U32, "relay blocks between upgrades")] = 10
    validation_upgrade_delay: Annotated[int, Key(_U32, "relay blocks until an upgrade acts")] = 2
    max_candidate_depth: Annotated[int, Key(_U32, "async backing; 0 is synchronous")] = 0
    allowed_ancestry_len: Annotated[int, Key(_U32, "async backing; 0 is synchronous")] = 0
    seed: Annotated[int, Key(Whole(0, 2**64 - 1), "the seed of the relay chain's randomness")] = 0
    verify: Annotated[str, Key(OneOf("shared", "full"), "may honest validators share an execution")] = "shared"
    workers: Annotated[int | str, Key(WORKERS, "processes that execute; it changes no result")] = AUTO


RELAY = RecordOf(RelaySetup, "relay")
DEFAULT_RELAY = RelaySetup(mark=BUILT_IN)
