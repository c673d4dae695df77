"""How many validators are enough for what. Source: spec/relay.md §5."""


def faulty(n: int) -> int:
    """f: the deviating validators that n of them bear."""
    return (n - 1) // 3


def supermajority(n: int) -> int:
    """n − f: available, final, dispute concluded."""
    return n - faulty(n)


def recovery_threshold(n: int) -> int:
    """f + 1: the chunks that give the data back."""
    return faulty(n) + 1


def backing_threshold(group_size: int, minimum_backing_votes: int) -> int:
    """Distinct signatures of the group that make a candidate backable; a group of nobody backs nothing."""
    return max(1, min(group_size, minimum_backing_votes))
