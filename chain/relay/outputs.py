"""What an executed block gives to the relay chain. Source: spec/relay.md §6, step 6."""

from chain.pallets.parachain_system import ParachainSystem
from chain.relay.block_data import ValidationResult


def outputs_of(system: ParachainSystem, head_data: bytes) -> ValidationResult:
    """Read from the block's new state; `head_data` is its encoded sealed header."""
    return ValidationResult(
        head_data,
        system.new_validation_code.get(),
        system.upward_messages.get(),
        system.hrmp_outbound_messages.get(),
        system.processed_downward_messages.get(),
        system.hrmp_watermark.get(),
    )
