"""Every command shown in the documentation is run, and prints what the page says it prints."""

from pathlib import Path

import pytest
from console import PAGES, ROOT, commands, fences, folder_for, run, same

WITH_COMMANDS = [page for page in PAGES if page.exists() and any(fences(page))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    folder = folder_for(page, tmp_path)
    for fence in fences(page):
        for command in commands(fence[1]):
            status, printed = run(command.line, folder)
            assert same(command.shown, printed), (
                f"`{command.line}` (exit {status}) prints\n" + "\n".join(printed) + "\n\n"
                "Refresh the page with: python tests/docs/console.py --refresh"
            )


def test_links_lead_somewhere() -> None:
    import re

    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
