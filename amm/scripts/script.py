"""Trade scripts, read from files. Source: spec/trade-scripts.md, "Shape"."""

from pathlib import Path
from typing import Annotated

from amm.scripts.errors import Fault, Faults
from amm.scripts.forms import LABEL
from amm.scripts.heights import height_faults
from amm.scripts.kinds import TextOf
from amm.scripts.scope import variable_faults
from amm.scripts.setup import SETUP, Setup
from amm.scripts.shapes import Key, Reader, Record, RecordOf, UnreadableError
from amm.scripts.source import Text
from amm.scripts.steps import STEPS, Step

DEFAULT_CHAIN = "local"


class Script(Record, frozen=True, kw_only=True):
    """A trade script."""

    name: Annotated[str, Key(TextOf(), "shown in every report")]
    description: Annotated[str | None, Key(TextOf(lines=True), "what the script shows, in a line")] = None
    chain: Annotated[Text | None, Key(LABEL, f"a chain spec by name, or its path; {DEFAULT_CHAIN} if left out")] = None
    setup: Annotated[Setup | None, Key(SETUP, "what is laid over the chain spec's genesis")] = None
    steps: Annotated[tuple[Step, ...], Key(STEPS, "what is done, in order")]

    @property
    def file(self) -> Path:
        """The file that the script was read from; paths in it start from its folder."""
        return Path(self.mark.file)


SCRIPT = RecordOf(Script, "a script")


def load_script(path: Path, best: int | None = 0, text: str | None = None) -> Script:
    """The script in a file, or in a text that is taken for the file's.

    `best` is the number of the chain's best block when the script begins; None leaves numbers unchecked.
    Raises Faults with everything that is wrong in the file and those that it names.
    """
    script, faults = read_script(path, best, text)
    if script is None or faults:
        raise Faults(faults)
    return script


def read_script(path: Path, best: int | None = 0, text: str | None = None) -> tuple[Script | None, list[Fault]]:
    """What can be made of a file, and what is wrong with it; arguments as for `load_script`.

    With faults the script lacks what they are about; it can still be checked for others, not be run.
    """
    faults: list[Fault] = []
    reader = Reader(path, faults)
    try:
        script = SCRIPT.read(reader.document(text=text), reader)
    except UnreadableError:
        return None, faults
    if not faults:
        faults += variable_faults(script.steps)
        faults += [] if best is None else height_faults(script.steps, best)
    return script, faults
