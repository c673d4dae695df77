"""The parameters of the relay chain. Source: spec/relay.md §2."""

from dataclasses import dataclass

SLOT_MS = 6_000
"""Milliseconds of a relay slot."""


@dataclass(frozen=True)
class RelayParameters:
    """What a chain spec sets under `relay:`; the defaults are the local network's.

    `verify` is `shared` (honest validators of one process share one execution of a candidate) or `full` (each runs
    it). `max_validators_per_core` is `None` for no bound.
    """

    validators: int = 4
    session_length: int = 100
    group_rotation_frequency: int = 10
    max_validators_per_core: int | None = 2
    minimum_backing_votes: int = 2
    paras_availability_period: int = 4
    needed_approvals: int | None = None
    no_show_slots: int = 2
    dispute_period: int = 6
    dispute_post_conclusion_acceptance_period: int = 50
    max_pov_size: int = 5_242_880
    max_head_data_size: int = 20_480
    max_code_size: int = 3_145_728
    validation_upgrade_cooldown: int = 10
    validation_upgrade_delay: int = 2
    seed: int = 0
    verify: str = "shared"

    @property
    def approvals(self) -> int:
        """needed_approvals, by default two or all there are."""
        return min(2, self.validators) if self.needed_approvals is None else self.needed_approvals
