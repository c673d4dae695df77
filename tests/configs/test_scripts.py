"""The scripts that come with the program: everything they say holds, on the chain that they name."""

from pathlib import Path

import pytest

import configs
from amm.scripts import replay_file

SCRIPTS = sorted((Path(configs.__file__).parent / "scripts").glob("*.yaml"))


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) >= 4


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_script(script: Path) -> None:
    report = replay_file(script)
    assert report.ok, report.failed_expectations
    assert report.verified_blocks == report.blocks
