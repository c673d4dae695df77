"""Where a command finds its chain on disk, and how to say which one is meant. Source: design.md, "On disk".

A chain lives in `.basilisk/` under the name of its chain spec, or of the file that holds it, without folder and ending:
`--chain local` in `.basilisk/local`, `--chain specs/my.yaml` in `.basilisk/my`. `--data-dir` names a folder instead.
"""

from pathlib import Path

from amm.chain_spec import shipped_chain_specs
from basilisk_cli.errors import UNREACHABLE, CliError
from basilisk_cli.settings import Settings

HOME = Path(".basilisk")
DEFAULT_CHAIN = "local"


def directory_of(settings: Settings) -> Path:
    """The folder of one chain: as given, or `.basilisk/` and the chain's name."""
    return settings.data_dir or HOME / Path(settings.chain or DEFAULT_CHAIN).stem


def is_chain(directory: Path) -> bool:
    return (directory / "data.mdb").exists()


def no_node_at(settings: Settings) -> None:
    """Raises CliError if a node's URL is given to a command that works on a data directory."""
    if settings.url:
        raise CliError(
            f"{settings.url} cannot be used: this command works on a data directory",
            "leave --url out; --data-dir or --chain names a chain on disk",
            UNREACHABLE,
        )


def spelled(settings: Settings) -> str:
    """The options that say which chain is meant, as they were given; nothing for the default."""
    chain = f" --chain {settings.chain}" if settings.chain else ""
    return chain + (f" --data-dir {settings.data_dir}" if settings.data_dir else "")


def nearest_chain(settings: Settings) -> str:
    """How to get to a chain: a new one of the spec that is named, or one that is there under another name."""
    named, make = settings.chain or DEFAULT_CHAIN, f"make one with `basilisk chain init{spelled(settings)}`"
    if settings.chain and (named in shipped_chain_specs() or Path(named).is_file()):
        return make
    others = sorted(path.parent.name for path in HOME.glob("*/data.mdb")) if settings.data_dir is None else []
    if others:
        return f"there is {' and '.join(others)}: add --chain {others[0]}"
    if not settings.chain:
        return make
    if Path(f"{named}.yaml").is_file():
        return f"a file is named by its path: `basilisk chain init --chain ./{named}.yaml` makes one from it"
    known = ", ".join(shipped_chain_specs())
    return f"nor is there a file {named} to make one from; chain specs that come with the program: {known}"
