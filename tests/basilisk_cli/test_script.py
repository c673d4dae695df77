"""`basilisk script`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]


def test_new_then_check(folder: Path, run: Run, read_json: ReadJson) -> None:
    assert "run it\tbasilisk replay first.yaml" in run("script new first.yaml").stdout
    assert read_json("script check first.yaml") == {"name": "first", "ok": True, "chain": "local", "steps": 3}


def test_new_does_not_overwrite(folder: Path, run: Run) -> None:
    (folder / "mine.yaml").write_text("precious")
    assert "mine.yaml is there already" in run("script new mine.yaml", 2).stderr
    assert (folder / "mine.yaml").read_text() == "precious"


def test_check_reports_everything_with_its_place(folder: Path, run: Run) -> None:
    (folder / "bad.yaml").write_text("name: bad\nstepz: []\nsteps:\n  - call: xyk.sell\n    az: bob\n")
    result = run("script check bad.yaml", 2)
    assert "error: bad.yaml:2:1: unknown key 'stepz'" in result.stderr
    assert "did you mean steps" in result.stderr
    assert "bad.yaml:5:" in result.stderr
    assert result.stdout == ""


def test_schema_for_people_and_for_editors(run: Run, read_json: ReadJson) -> None:
    assert "steps" in run("script schema").stdout
    schema = read_json("script schema")
    assert schema["$schema"].startswith("https://json-schema.org")
    assert "steps" in schema["properties"]
