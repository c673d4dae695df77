"""Imports point one way: basilisk_cli → amm → chain, and inside chain down the list of rooms (design.md).

And every module is short enough to be read in one go.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ["scale", "crypto", "trie", "state", "primitives", "frame", "xcm", "pallets", "blocks", "relay", "node", "rpc"]
PACKAGES = ["chain", "amm", "basilisk_cli"]
MOST_LINES = 300


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    package, *rest = path.relative_to(ROOT).parts
    for name in imported(path):
        target, *inner = name.split(".")
        if target not in PACKAGES:
            continue
        assert PACKAGES.index(target) <= PACKAGES.index(package), f"{path} imports {name}"
        if package == target == "chain" and rest[0] in ROOMS and inner and inner[0] in ROOMS:
            assert ROOMS.index(inner[0]) <= ROOMS.index(rest[0]), f"{path} imports {name}"


def test_math_imports_nothing_of_ours() -> None:
    for path in (ROOT / "amm" / "math").glob("*.py"):
        ours = [name for name in imported(path) if name.split(".")[0] in PACKAGES]
        assert all(name.startswith("amm.math") for name in ours), path


def test_no_room_is_left_out() -> None:
    rooms = {path.name for path in (ROOT / "chain").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms <= set(ROOMS)


def test_no_module_is_too_long() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
