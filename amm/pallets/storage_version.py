"""The version of a pallet's storage, kept beside it. Source: spec/nft-marketplace.md, head."""

from chain.crypto.hashers import storage_prefix
from chain.frame import Pallet
from chain.scale import U16

ITEM = ":__STORAGE_VERSION__:"


def put_storage_version(pallet: Pallet, version: int) -> None:
    """Write the version, as the first state of a chain has it."""
    pallet.context.state.write(storage_prefix(pallet.name, ITEM), version, U16)
