"""What can be asked of a chain of ours in the words of people, without changing it."""

from amm.book import ChainBook
from amm.chain_spec import ChainSpec
from amm.facts import EventFact, event_fact
from amm.people import Person
from amm.reread import events_at
from amm.values import AccountForm, account_form, parse_account, parse_asset
from chain.crypto.keys import Keypair, dev
from chain.frame import Environment
from chain.node.service import Node
from chain.pallets.currencies import Currencies
from chain.relay.parameters import SLOT_MS

ROOT = "root"


class NoSuchSigner(ValueError):
    """An account that can be looked at and paid, not signed for."""


class ChainView:
    """A chain as it stands.

    Accounts are written as in trade scripts, or are a `Person` or 32 bytes; amounts are base units, or "1.5 KSM".
    """

    spec: ChainSpec
    node: Node

    def _look_at(self, node: Node) -> None:
        self.node, self.runtime = node, node.runtime
        self._book: tuple[bytes, ChainBook] | None = None

    @property
    def state(self) -> Environment:
        """The pallets over the best state, to read."""
        return self.node.read()

    @property
    def block(self) -> int:
        """The number of the best block."""
        return self.node.best.number

    @property
    def relay_block(self) -> int:
        """The number of the relay chain's head."""
        return self.node.relay.head.number

    @property
    def seconds(self) -> int:
        """How much time has passed on the relay chain since its genesis."""
        return (self.node.relay.head.slot or 0) * SLOT_MS // 1000

    @property
    def book(self) -> ChainBook:
        """Symbols, decimals and share tokens, as of the best block."""
        if self._book is None or self._book[0] != self.node.best.state_root:
            self._book = self.node.best.state_root, ChainBook(self.node.read())
        return self._book[1]

    def account(self, who: str | bytes | Person) -> bytes:
        """An account by name, address, hex digits or `@xyk:BSX/KSM`; raises `AccountError`."""
        if isinstance(who, bytes):
            return who
        return who.account if isinstance(who, Person) else parse_account(who, self.book)

    def signer(self, name: str) -> Keypair:
        """The key behind a name; `root` is the sudo key's."""
        if name == ROOT:
            sudo = self.spec.sudo_key
            if sudo is None:
                raise NoSuchSigner("this chain has no sudo key: its spec lists no sudo pallet")
            return dev(sudo.value)
        try:
            if account_form(name) is AccountForm.NAME:
                return dev(name)
        except ValueError:
            pass
        raise NoSuchSigner(f"{name} cannot sign: only names can, such as alice")

    def balance(self, account: str | bytes | Person, asset: str | int) -> int:
        """The free balance, in base units. Raises `AccountError` or `AssetError`."""
        return self.state[Currencies].free_balance(parse_asset(asset, self.book), self.account(account))

    def events(self, block: int | None = None) -> tuple[EventFact, ...]:
        """All that happened in a block, the best if none is named, hooks included. Raises `NodeError`."""
        return tuple(event_fact(record.event, self.runtime) for record in events_at(self.node, block))
