"""The people of a local chain: names that sign, by the key at `//Name` of the development phrase."""

from dataclasses import dataclass

from chain.crypto import ss58
from chain.crypto.keys import Keypair, dev

PEOPLE = ("alice", "bob", "charlie", "dave", "eve", "ferdie")
"""Those that hold something in the chain spec `local`."""


@dataclass(frozen=True)
class Person:
    """A name that can sign. It may stand wherever an account or a signer is asked for in Python."""

    name: str

    @property
    def key(self) -> Keypair:
        return dev(self.name)

    @property
    def account(self) -> bytes:
        return self.key.account

    @property
    def address(self) -> str:
        return ss58.encode(self.account)

    def __str__(self) -> str:
        return self.name
