"""What a block sees of the state: typed values, transactions, the record of nodes read. Source: design.md."""

from chain.state.block import BlockState
from chain.state.errors import StateLimit
from chain.state.overlay import Overlay, Reader
from chain.state.raw import RAW

__all__ = ["RAW", "BlockState", "Overlay", "Reader", "StateLimit"]
