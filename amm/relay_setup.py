"""The relay chain of a chain spec. Sources: spec/network.md §7; spec/relay.md §2 for names and defaults."""

from typing import Annotated, Any

from amm.scripts.errors import Mark
from amm.scripts.kinds import OneOf, Whole
from amm.scripts.shapes import Key, Kind, Reader, Record, RecordOf
from amm.scripts.source import Mapping, Node, Nothing
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

    def examine(self, reader: Reader) -> None:
        for name, only in ONLY.items():
            if getattr(self, name) != only:
                hint = f"leave it {'out' if only is None else f'at {only}'}"
                reader.refuse(self.mark, f"this relay chain has no other `{name}`", hint)


ONLY = {"n_delay_tranches": None, "zeroth_delay_tranche_width": 0, "max_candidate_depth": 0, "allowed_ancestry_len": 0}
"""Parameters that have one value here: backing is synchronous, every later tranche is one checker."""

LaidRelay = tuple[tuple[str, Any], ...]
"""Parameters of a relay chain by name, those that are given."""


class LaidRelayOf(Kind[LaidRelay]):
    """Some of a relay chain's parameters, to be laid over others; `null` takes a bound away."""

    written = "relay (a mapping)"

    def read(self, node: Node, reader: Reader) -> LaidRelay:
        record = RELAY.read(node, reader)
        assert isinstance(node, Mapping)
        given = []
        for key, value in node.entries:
            field = RELAY.fields.get(str(key.value))
            if field is not None and not (isinstance(value, Nothing) and field.default is not None):
                given.append((field.attribute, getattr(record, field.attribute)))
        return tuple(given)

    def plain(self, value: LaidRelay) -> Any:
        return dict(value)

    def schema(self) -> dict[str, Any]:
        return RELAY.schema()


RELAY = RecordOf(RelaySetup, "relay")
LAID_RELAY = LaidRelayOf()
DEFAULT_RELAY = RelaySetup(mark=BUILT_IN)
