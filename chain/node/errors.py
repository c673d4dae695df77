"""What can be wrong with a node's data or a request to it.

    NodeError
    ├── StoreError              the data directory cannot be used
    │   ├── StoreBusy           another process holds it; `holder` says who
    │   ├── StoreVersion        another format
    │   ├── StoreMissing        there is no chain
    │   └── StoreDamaged        something that must be there is not
    ├── SnapshotError           no such snapshot, or the name is taken
    ├── HeadError               a block that cannot be the best one
    ├── Finished                validators have let an invalid block pass; the parachain ends there
    │   └── ChainHalted         what is final has been found invalid; the relay chain ends too
    └── NotIncluded             the relay validators did not take the block
"""


class NodeError(Exception):
    """`hint` is one line on how to mend it."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


class StoreError(NodeError):
    pass


class StoreBusy(StoreError):
    def __init__(self, what: str, hint: str = "", *, pid: int = 0, url: str = "") -> None:
        super().__init__(what, hint)
        self.pid, self.url = pid, url


class StoreVersion(StoreError):
    pass


class StoreMissing(StoreError):
    pass


class StoreDamaged(StoreError):
    pass


class SnapshotError(NodeError):
    pass


class HeadError(NodeError):
    pass


class NotIncluded(NodeError):
    """`reasons` are the validators' refusals by name."""

    def __init__(
        self,
        what: str,
        reasons: tuple[str, ...] = (),
        hint: str = "The block was built and refused: please report it with the data directory.",
    ) -> None:
        super().__init__(what, hint)
        self.reasons = reasons


class Finished(NodeError):
    """The parachain cannot go on: validators have let an invalid block pass."""

    def __init__(self, what: str, hint: str = "`basilisk relay verify` says what is wrong with it.") -> None:
        super().__init__(what, hint)


class ChainHalted(Finished):
    """`Finality.SafetyViolation`: nothing is written any more; what there is can be read."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the chain has halted: {what}",
            "It can still be read: `basilisk relay disputes`; go back to a snapshot, or begin anew with "
            "`basilisk chain reset`.",
        )
