"""The measured scenarios are replayed, and everything that they expect holds."""

from pathlib import Path

import pytest

from amm.runtime import PALLETS, local_pallets
from amm.scripts import check_file, replay_file
from amm.scripts.errors import Faults, UnknownPallet

SCENARIOS = Path(__file__).parents[2] / "vectors" / "scenarios"
FILES = sorted(SCENARIOS.glob("*.yaml"))


def test_there_are_scenarios() -> None:
    assert len(FILES) == 267


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_scenario(file: Path) -> None:
    """It holds, or it is refused for a pallet that this program does not have."""
    try:
        check_file(file)
    except Faults as faults:
        known = {pallet.name for pallet in PALLETS.values()} | {pallet.key for pallet in PALLETS.values()}
        missing = [fault.name for fault in faults.faults if isinstance(fault, UnknownPallet)]
        assert missing, str(faults)
        assert not known.union(local_pallets()).intersection(missing)
        return
    report = replay_file(file)
    assert report.ok, "\n".join(map(str, report.failed_expectations))
    assert report.blocks == report.verified_blocks > 0
