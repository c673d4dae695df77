"""The documentation is true: commands print what it shows, programs run, excerpts and tables are the code's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from console import PAGES, ROOT, excerpt_faults, folder_for, run, same, write_file
from fences import commands, fences
from generated import TABLES, with_tables

REFRESH = "Refresh the pages with: python tests/docs/console.py --refresh"
LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")
IDS = {"ids": lambda page: str(page.relative_to(ROOT))}


@pytest.mark.parametrize("page", [page for page in PAGES if any(fence.runs for fence in fences(page))], **IDS)
def test_examples_do_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    folder = folder_for(page, tmp_path)
    for fence in fences(page):
        if fence.language == "console":
            for command in commands(fence.text):
                status, printed = run(command.line, folder)
                assert same(command.shown, printed), (
                    f"`{command.line}` (exit {status}) prints\n" + "\n".join(printed) + "\n\n" + REFRESH
                )
        elif fence.runs:
            ended = subprocess.run([sys.executable, "-c", fence.text], cwd=folder, capture_output=True, text=True)
            assert ended.returncode == 0, ended.stderr
        elif fence.name and fence.source is None:
            write_file(fence, folder)


@pytest.mark.parametrize("page", PAGES, **IDS)
def test_excerpts_stand_in_the_code(page: Path) -> None:
    for fence in fences(page):
        if fence.source is not None:
            assert not list(excerpt_faults(fence)), f"not in {fence.name}"


@pytest.mark.parametrize("page", PAGES, **IDS)
def test_tables_are_generated_from_the_code(page: Path) -> None:
    text = page.read_text()
    assert with_tables(text) == text, REFRESH


def test_all_tables_are_shown() -> None:
    shown = "".join(page.read_text() for page in PAGES)
    assert [name for name in TABLES if f"<!-- generated: {name} -->" not in shown] == []


@pytest.mark.parametrize("page", PAGES, **IDS)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text()):
        if "://" in target:
            continue
        linked = page.parent / target if target else page
        assert linked.exists(), f"{page.name} links to {target}"
        if anchor and linked.suffix == ".md":
            assert anchor in _anchors(linked), f"{page.name} links to {target}#{anchor}"


def _anchors(page: Path) -> set[str]:
    """What headings can be linked by."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
