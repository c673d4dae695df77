"""Running commands in this process, in an empty folder, with nothing set in the environment."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from amm.local import LocalChain
from basilisk_cli.app import app

sys.path.insert(0, str(Path(__file__).parent))

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

CREATE = 'lbp create --as root --owner alice "10_000_000 TKN" "20_000 KUSD" --weights 98/2:20/80 --fee 0.2% '
CREATE += '--collector dave --repay "1_000 KUSD"'


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith("BASILISK_") or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs one command line; a mistake in the program fails the test whatever else it asserts."""

    def run(line: str, status: int = 0, **options: Any) -> Result:
        result = CliRunner().invoke(app, shlex.split(line), **options)
        assert "a mistake in basilisk" not in result.stderr, result.stderr
        assert "Traceback" not in result.output
        assert result.exit_code == status, result.output
        return result

    return run


@pytest.fixture
def read_json(run: Run) -> ReadJson:
    """Runs one command line with --json; what it prints must be one document."""
    return lambda line, status=0: json.loads(run(f"{line} --json", status).stdout)


def _type(directory: Path, *lines: str) -> None:
    """Run command lines on the chain in a directory; each must do what it says."""
    for line in lines:
        result = CliRunner().invoke(app, [*shlex.split(line), "--data-dir", str(directory)])
        assert result.exit_code == 0, result.output


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory: block 1 made a pool of 100,000 BSX and 250 KSM, in block 2 bob sold 1.5 KSM."""
    directory = tmp_path_factory.mktemp("market") / "chain"
    _type(
        directory,
        "chain init",
        'pool create "100_000 BSX" "250 KSM"',
        'trade sell --as bob "1.5 KSM" --for BSX --min-out "500 BSX"',
    )
    yield directory


@pytest.fixture
def traded(folder: Path, market: Path) -> Path:
    """A copy of the market in .basilisk/local, where commands look by themselves."""
    place = folder / ".basilisk" / "local"
    shutil.copytree(market, place)
    return place


@pytest.fixture(scope="session")
def create_launch() -> str:
    """The command that creates the pool of `launch`."""
    return CREATE


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A sale of two hours that began ten minutes after it was dated; bob and charlie bought in the first hour."""
    directory = tmp_path_factory.mktemp("launch") / "chain"
    _type(directory, "chain init", CREATE, "lbp update TKN/KUSD --start +10m --duration 2h")
    with LocalChain.open(directory) as chain:
        chain.advance_relay(200)
        for amount in ("5_000", "6_000", "7_000"):
            for who in ("bob", "charlie"):
                call = chain.call("lbp.sell", asset_in="KUSD", asset_out="TKN", amount=f"{amount} KUSD", max_limit=0)
                assert chain.submit(call, who).ok
            chain.advance_relay(150)
    yield directory


@pytest.fixture
def launched(folder: Path, launch: Path) -> Path:
    """A copy of the launch in .basilisk/local, where commands look by themselves."""
    place = folder / ".basilisk" / "local"
    shutil.copytree(launch, place)
    return place


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory: alice has items 1 and 2; 1 costs 2 KSM, of which she gets 5 % when others sell it."""
    directory = tmp_path_factory.mktemp("listed") / "chain"
    _type(
        directory,
        "chain init",
        "nft create next Zoo",
        "nft mint 1000000 Lion",
        "nft mint 1000000 Tiger",
        "market royalty 1000000/1 5%",
        'market price 1000000/1 "2 KSM"',
    )
    yield directory


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the chain `house`: alice has items 1 and 2, the best block is 3."""
    from auction_house import BEGIN, HOUSE

    folder = tmp_path_factory.mktemp("house")
    (folder / "house.yaml").write_text(HOUSE)
    where = ["--chain", str(folder / "house.yaml"), "--data-dir", str(folder / ".basilisk" / "house")]
    for line in BEGIN:
        result = CliRunner().invoke(app, [*shlex.split(line), *where])
        assert result.exit_code == 0, result.output
    yield folder
