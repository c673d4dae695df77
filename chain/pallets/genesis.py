"""Building the first state."""

from collections.abc import Iterator
from contextlib import contextmanager

from chain.frame import Context


class GenesisError(ValueError):
    """The first state that was asked for cannot be."""


@contextmanager
def silently(context: Context) -> Iterator[None]:
    """Drop the events of what is done inside: the genesis block has none."""
    mark = len(context.events)
    yield
    del context.events[mark:]
