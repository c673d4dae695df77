"""Shipped scripts are found from any folder, and never hide a file of one's own."""

from pathlib import Path

import pytest

from amm.scripts.shipped import find_script, shipped_scripts


@pytest.mark.parametrize("named", ["ksm-pool", "ksm-pool.yaml", "configs/scripts/ksm-pool.yaml"])
def test_found_from_an_empty_folder(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_script(Path(named)).is_file()


def test_a_file_of_ones_own_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ksm-pool.yaml").write_text("mine")
    assert find_script(Path("ksm-pool.yaml")) == Path("ksm-pool.yaml")


@pytest.mark.parametrize("other", ["nothing.yaml", "elsewhere/ksm-pool.yaml"])
def test_anything_else_stays_as_it_is(other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_script(Path(other)) == Path(other)


def test_all_are_listed() -> None:
    assert {"ksm-pool", "snek-launch"} <= set(shipped_scripts())
