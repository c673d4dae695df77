"""Key pairs, and the development accounts by name. Sources: spec/substrate.md §8, spec/money.md §1.1."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from chain.crypto.schemes import SCHEMES, Pair, verify
from chain.crypto.suri import DEV_PHRASE, Junction, SuriError, generate_phrase, junction, parse

__all__ = ["DEV_PHRASE", "Keypair", "SuriError", "dev", "generate_phrase", "verify"]


@dataclass(frozen=True, slots=True)
class Keypair:
    """A key that can sign, and the account it signs for.

    `scheme` is `sr25519`, `ed25519` or `ecdsa`; `public` has 32 bytes (33 for ecdsa), `account` has 32.
    """

    scheme: str
    public: bytes
    account: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def from_suri(cls, suri: str, scheme: str = "sr25519") -> "Keypair":
        """The key of a secret URI: `//Alice`, `phrase//hard/soft///password`, `0x…`.

        Raises SuriError for a URI, phrase or path that isn't one, ValueError for an unknown scheme.
        """
        parts = parse(suri)
        return cls.from_seed(parts.seed(), scheme, parts.junctions)

    @classmethod
    def from_seed(cls, seed: bytes, scheme: str = "sr25519", junctions: Sequence[Junction] = ()) -> "Keypair":
        """The key at the end of a derivation path from a 32-byte seed (the mini secret, for sr25519)."""
        if scheme not in SCHEMES:
            raise ValueError(f"no signature scheme {scheme!r}; there are {', '.join(SCHEMES)}")
        if len(seed) != 32:
            raise SuriError(f"a seed has 32 bytes, not {len(seed)}")
        public, secret = SCHEMES[scheme].derive(seed, junctions)
        return cls(scheme, public, SCHEMES[scheme].account(public), secret)

    @property
    def scheme_index(self) -> int:
        """The scheme's variant of MultiSignature."""
        return SCHEMES[self.scheme].index

    def sign(self, message: bytes) -> bytes:
        """The signature's 64 bytes (65 for ecdsa), without the variant byte; the same at every signing."""
        return SCHEMES[self.scheme].sign(Pair(self.public, self.secret), message)


@cache
def dev(name: str) -> Keypair:
    """The sr25519 key of a script name: `alice` is `//Alice`, first letter upper case, the rest as written.

    The whole name is one hard junction of the development phrase. Raises SuriError for an empty name, or one
    with a slash.
    """
    if not name or "/" in name:
        raise SuriError(f"a development account's name is one junction without slashes, and {name!r} isn't")
    step = junction(name[0].upper() + name[1:], hard=True)
    return Keypair.from_seed(parse("").seed(), junctions=(step,))
