"""`basilisk` on the command line, and `python -m basilisk_cli`."""

import gc
import os
import sys
from contextlib import suppress

from basilisk_cli.errors import INTERRUPTED

YOUNG, MIDDLE, OLD = 50_000, 20, 100
"""Collector thresholds: a block makes a hundred thousand short-lived objects and hardly a cycle among them."""


def main() -> None:
    """Runs the command line and exits with its status."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    try:
        from basilisk_cli.app import command

        command.main()
    except KeyboardInterrupt:  # before, or after, the command line is in charge
        sys.stderr.write("interrupted\n")
        _leave()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _leave()
        raise


def _leave() -> None:
    """End as interrupted. CPython would end by the signal instead if Ctrl-C came while a dataclass was being made."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
