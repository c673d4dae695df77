"""What is imported when: help and version must not wait for the chain."""

import subprocess
import sys

import pytest

SEEN = """
import sys
from basilisk_cli.app import command
try:
    command.main(sys.argv[1:])
except SystemExit as ended:
    assert ended.code == 0, ended.code
print("|", *sorted({name.partition(".")[0] for name in sys.modules}))
"""

HEAVY = {"amm", "chain", "rich", "msgspec", "yaml", "lmdb", "plotext", "json", "sr25519", "nacl", "coincurve"}


@pytest.mark.parametrize("option", ["--help", "--version", "-h"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    ran = subprocess.run([sys.executable, "-c", SEEN, option], capture_output=True, text=True, check=True)
    text, _, modules = ran.stdout.rpartition("|")
    assert "basilisk" in text
    assert not HEAVY & set(modules.split())


def test_a_piped_table_does_not_import_rich(tmp_path: object) -> None:
    line = ["chain", "init", "--data-dir", f"{tmp_path}/here"]
    ran = subprocess.run([sys.executable, "-c", SEEN, *line], capture_output=True, text=True, check=True)
    modules = set(ran.stdout.rpartition("|")[2].split())
    assert "chain" in modules
    assert not {"rich", "plotext"} & modules
