"""How quick a command is there, over a Python that does nothing."""

import subprocess
import sys
import tempfile

from measure import Figure, process

FLOOR = "of `python -c pass`"


def start_up() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        basilisk = ["-m", "basilisk_cli", "--data-dir", f"{folder}/chain"]
        subprocess.run([sys.executable, *basilisk, "chain", "init"], check=True, capture_output=True)
        floor = process("-c", "pass")
        return [
            Figure(f"basilisk {' '.join(words)}", f"{process(*basilisk, *words) / floor:.1f}", FLOOR)
            for words in (("--version",), ("--help",), ("pool", "list"))
        ]
