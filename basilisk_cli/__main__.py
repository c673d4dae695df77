"""`basilisk` on the command line, and `python -m basilisk_cli`."""

import gc

from basilisk_cli.app import command

YOUNG, MIDDLE, OLD = 50_000, 20, 100
"""Collector thresholds: a block makes a hundred thousand short-lived objects and hardly a cycle among them."""


def main() -> None:
    """Runs the command line and exits with its status."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    command.main()


if __name__ == "__main__":
    main()
