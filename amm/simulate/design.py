"""Design files: one sale, and the demands that it is tried against.

    name: launch
    sale: {sell: 10_000_000 TKN, seed: 20_000 KUSD, weights: 98/2:20/80, duration: 72h, fee: 0.2%}
    scenarios:
      - {name: nobody buys}
      - name: buyers who hold the fair price
        demand: [{model: value, price: 0.05 KUSD, budget: 1_000_000 KUSD}]

A design is read as chain specs and trade scripts are: all that is wrong in it is reported at once, with its place.
"""

from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Annotated, ClassVar

from amm.scripts.errors import Fault, Faults, Mark, UnknownName
from amm.scripts.forms import AMOUNT, LABEL
from amm.scripts.kinds import ListOf, TextOf, Whole
from amm.scripts.setup import SETUP, Setup
from amm.scripts.shapes import Key, Reader, Record, RecordOf, UnreadableError
from amm.scripts.source import Text
from amm.simulate.demand import Amount, Demand
from amm.simulate.models import DEMAND
from amm.simulate.units import Weights
from amm.simulate.written import DURATION, PERCENT, RATE, WEIGHTS

DEFAULT_FEE = (2, 1000)
DEFAULT_START = 100
SUFFIXES = (".yaml", ".yml")


class UnknownDesign(UnknownName, frozen=True):
    """A design that does not come with the program."""

    kind: ClassVar[str] = "design"


class SaleSetup(Record, frozen=True, kw_only=True):
    """The sale: what the owner decides."""

    sell: Annotated[Amount, Key(AMOUNT, "the tokens that the pool begins with")]
    seed: Annotated[Amount, Key(AMOUNT, "the collateral that the pool begins with")]
    weights: Annotated[Weights, Key(WEIGHTS, "token/collateral at the start, then at the end")]
    duration: Annotated[int, Key(DURATION, "how long it lasts; less than two weeks")]
    fee: Annotated[tuple[int, int], Key(RATE, "the part of the collateral that each trade pays")] = DEFAULT_FEE
    repay: Annotated[Amount | None, Key(AMOUNT, "the repay fee is taken until that much is collected")] = None
    start: Annotated[int, Key(Whole(10), "the relay block it starts in")] = DEFAULT_START


class Scenario(Record, frozen=True, kw_only=True):
    """One way the sale could go."""

    name: Annotated[str, Key(TextOf(), "shown in the report")]
    demand: Annotated[tuple[Demand, ...], Key(ListOf(DEMAND, "a list of demands"), "who buys and sells; all act")] = ()


class Expected(Record, frozen=True, kw_only=True):
    """What is known of such a sale, to compare with."""

    sold: Annotated[Fraction | None, Key(PERCENT, "the part of the tokens that was sold")] = None
    final_price: Annotated[Amount | None, Key(AMOUNT, "the collateral for a token at the end")] = None
    raised: Annotated[Amount | None, Key(AMOUNT, "the collateral that came in")] = None


_SALE = RecordOf(SaleSetup, "sale")
_SCENARIOS = ListOf(RecordOf(Scenario, "a scenario"), "a list of scenarios, at least one", least=1)
_EXPECTED = RecordOf(Expected, "outcome")


class Design(Record, frozen=True, kw_only=True):
    """A sale and its scenarios."""

    name: Annotated[str, Key(TextOf(), "shown in the report")]
    description: Annotated[str | None, Key(TextOf(lines=True), "one line")] = None
    chain: Annotated[Text | None, Key(LABEL, "a chain spec by name, or a path; local if left out")] = None
    setup: Annotated[Setup | None, Key(SETUP, "laid over the chain spec: its assets and constants")] = None
    sale: Annotated[SaleSetup, Key(_SALE, "what the owner decides")]
    seed: Annotated[int, Key(Whole(), "what all chance comes from")] = 1
    outcome: Annotated[Expected | None, Key(_EXPECTED, "what is known of it, to compare with")] = None
    scenarios: Annotated[tuple[Scenario, ...], Key(_SCENARIOS, "the demands it is tried against")]

    def examine(self, reader: Reader) -> None:
        first: dict[str, Scenario] = {}
        for scenario in self.scenarios:
            if first.setdefault(scenario.name, scenario) is not scenario:
                reader.refuse(scenario.mark, f"two scenarios are called {scenario.name!r}", "give one another name")


DESIGN = RecordOf(Design, "a design")


def shipped_designs() -> tuple[str, ...]:
    """The names of the designs that come with the program."""
    entries = resources.files("configs").joinpath("designs").iterdir()
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in entries if entry.name.endswith(".yaml")))


def load_design(name_or_path: str) -> Design:
    """A shipped design by its name or its path in `configs/designs`, or the one in a file.

    A file in the working directory comes before a shipped one. Raises Faults with everything that is wrong.
    """
    path = Path(name_or_path)
    if name_or_path.endswith(SUFFIXES) or "/" in name_or_path:
        shipped = path.stem if path.parent == Path("configs/designs") else None
        if path.exists() or shipped not in shipped_designs():
            return read_design(path)
        name_or_path = path.stem
    known = shipped_designs()
    if name_or_path not in known:
        raise Faults([UnknownDesign.at(Mark("design"), name_or_path, (*known, "or a path with / or .yaml"))])
    with resources.as_file(resources.files("configs").joinpath("designs", f"{name_or_path}.yaml")) as shipped_path:
        return read_design(shipped_path)


def read_design(path: Path, text: str | None = None) -> Design:
    """The design in a file, or in its text if that is at hand. Raises Faults."""
    found: list[Fault] = []
    reader = Reader(path, found)
    try:
        design = DESIGN.read(reader.document(text=text), reader)
    except UnreadableError:
        raise Faults(found) from None
    if found:
        raise Faults(found)
    return design
