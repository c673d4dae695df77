"""What can go wrong between a block and its state. Source: spec/relay.md §2."""


class StateLimit(Exception):
    """A block made more storage operations than a validator carries out."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} storage operations in one block")
        self.limit = limit

    def __reduce__(self) -> tuple[type["StateLimit"], tuple[int]]:
        return type(self), (self.limit,)
