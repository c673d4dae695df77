"""The trade scripts that come with the program: found by name, or by their path in a checkout, from any folder."""

from importlib import resources
from pathlib import Path

HOME = Path("configs/scripts")
SUFFIX = ".yaml"


def shipped_scripts() -> tuple[str, ...]:
    """Their names."""
    entries = resources.files("configs").joinpath("scripts").iterdir()
    return tuple(sorted(entry.name.removesuffix(SUFFIX) for entry in entries if entry.name.endswith(SUFFIX)))


def find_script(path: Path) -> Path:
    """The file at `path`; where there is none, the shipped script that `ksm-pool` or `configs/scripts/…` names."""
    named = path.name.removesuffix(SUFFIX)
    if path.exists() or path.parent not in (HOME, Path()) or named not in shipped_scripts():
        return path
    return Path(str(resources.files("configs").joinpath("scripts", named + SUFFIX)))
