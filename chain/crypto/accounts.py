"""Accounts that follow from other facts: pallets, pools, derivatives, multisigs. Source: spec/money.md §1.1.

Accounts are 32 bytes throughout; an argument outside its type's range raises OverflowError.
"""

from collections.abc import Sequence

from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair, SuriError

POOL_KINDS = ("xyk", "lbp")

_UTILITY = b"modlpy/utilisuba"
_PROXY = b"modlpy/proxy____"


def dev(path: str) -> bytes:
    """The sr25519 account at a derivation path of the development phrase, such as `//Alice//stash`."""
    if not path.startswith("/"):
        raise SuriError(f"a derivation path begins with a slash, and {path!r} doesn't")
    return Keypair.from_suri(path).account


def pallet(id: bytes | str) -> bytes:
    """The account of a pallet id of 8 bytes, such as `py/trsry`."""
    return sub_account(id, b"")


def sub_account(id: bytes | str, sub: bytes) -> bytes:
    """A pallet's account for one purpose: `sub` is its SCALE encoding, of which 20 bytes count at most."""
    id = id.encode() if isinstance(id, str) else id
    if len(id) != 8:
        raise ValueError(f"a pallet id has 8 bytes, not {len(id)}")
    return (b"modl" + id + sub)[:32].ljust(32, b"\0")


def pool(kind: str, asset_a: int, asset_b: int) -> bytes:
    """The account of the `xyk` or `lbp` pool of two assets, in either order."""
    if kind not in POOL_KINDS:
        raise ValueError(f"pools of a pair are {' or '.join(POOL_KINDS)}, not {kind!r}")
    low, high = sorted((asset_a, asset_b))
    return blake2_256(kind.encode() + low.to_bytes(4, "little") + high.to_bytes(4, "little"))


def derivative(who: bytes, index: int) -> bytes:
    """The account that `who` acts for by `Utility.as_derivative` with a u16 index."""
    return blake2_256(_UTILITY + _account(who) + index.to_bytes(2, "little"))


def multisig(signatories: Sequence[bytes], threshold: int) -> bytes:
    """The account of a multisig: the signatories in any order, and how many of them must agree (u16)."""
    from chain.scale.compact import encode_compact

    accounts = sorted(map(_account, signatories))
    encoded = encode_compact(len(accounts)) + b"".join(accounts)
    return blake2_256(_UTILITY + encoded + threshold.to_bytes(2, "little"))


def pure_proxy(who: bytes, height: int, extrinsic_index: int, proxy_type: int, index: int) -> bytes:
    """The account that `who`'s `Proxy.create_pure` makes.

    `height` and `extrinsic_index` (u32) say which extrinsic it was, `proxy_type` is the variant's index (u8)
    and `index` (u16) tells several in one extrinsic apart.
    """
    return blake2_256(
        _PROXY
        + _account(who)
        + height.to_bytes(4, "little")
        + extrinsic_index.to_bytes(4, "little")
        + proxy_type.to_bytes(1, "little")
        + index.to_bytes(2, "little")
    )


def _account(who: bytes) -> bytes:
    if len(who) != 32:
        raise ValueError(f"an account has 32 bytes, not {len(who)}")
    return who
