"""The keys that collators sign blocks with. Source: spec/fees-and-origins.md §8, §9."""

from chain.scale import FixedBytes, NewtypeOf

SR25519_PUBLIC = NewtypeOf(FixedBytes(32), "sp_core::sr25519::Public", "sp_core::sr25519::Public")

AURA_KEY = NewtypeOf(
    SR25519_PUBLIC,
    "sp_consensus_aura::sr25519::app_sr25519::Public",
    "sp_consensus_aura::sr25519::app_sr25519::Public",
)

KEY_TYPE = NewtypeOf(FixedBytes(4), "KeyTypeId", "sp_core::crypto::KeyTypeId")
"""What a key is for: `aura`."""
