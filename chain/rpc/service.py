"""All methods of a node, put together."""

from collections.abc import Callable
from itertools import count

from chain.node.service import Node
from chain.rpc.connection import Connection, Limits
from chain.rpc.dispatch import Dispatcher
from chain.rpc.feed import Feed
from chain.rpc.groups.archive import Archive
from chain.rpc.groups.author import Author
from chain.rpc.groups.basilisk import Basilisk
from chain.rpc.groups.chain import Chain
from chain.rpc.groups.chain_head import ChainHead
from chain.rpc.groups.dev import Dev, ReadStorage
from chain.rpc.groups.state import State
from chain.rpc.groups.state_events import StateEvents
from chain.rpc.groups.system import System
from chain.rpc.groups.transaction import Transaction
from chain.rpc.methods import methods_of
from chain.rpc.sealing import FINAL_DELAY, After, Mode, Sealer
from chain.rpc.view import Facts, View

Complain = Callable[[str, Exception], None]


class Service:
    """A node as clients see it: what it answers, and the one who seals its blocks."""

    def __init__(
        self,
        node: Node,
        facts: Facts,
        after: After,
        complain: Complain,
        *,
        limits: Limits | None = None,
        mode: Mode = Mode.INSTANT,
        every: float = 12.0,
        final_delay: float = FINAL_DELAY,
        read_storage: ReadStorage | None = None,
    ) -> None:
        self.limits, self.complain = limits or Limits(), complain
        self.node, self.feed, self.view = node, Feed(), View(node, facts)
        self.sealer = Sealer(self.view, self.feed, after, complain, mode, every, final_delay)
        groups = (
            System(self.view, self.names),
            Chain(self.view, self.feed),
            State(self.view),
            StateEvents(self.view, self.feed),
            Author(self.sealer, self.feed),
            ChainHead(self.view, self.feed),
            Transaction(self.sealer, self.feed),
            Archive(self.view),
            Dev(self.view, self.sealer, self.feed, read_storage),
            Basilisk(self.view, self.sealer, self.feed),
        )
        self.methods = methods_of(groups)
        self.dispatcher = Dispatcher(self.methods, self.limits, complain)
        self._ids = count(1)

    def names(self) -> list[str]:
        return sorted(self.methods)

    def connect(self, wake: Callable[[], None] = lambda: None) -> Connection:
        """A client that can be told things."""
        connection = next(self._ids)
        names = (f"{connection}-{number}" for number in count(1))
        return Connection(self.limits, names, wake)
