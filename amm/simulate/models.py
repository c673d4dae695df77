"""The demand models there are, by the word that a design file calls them."""

from typing import Any

from amm.scripts.errors import UnknownName
from amm.scripts.shapes import Kind, Reader, RecordOf, UnreadableError
from amm.scripts.source import Mapping, Node, Text
from amm.simulate.demand import Demand
from amm.simulate.herds import Agents, Fomo
from amm.simulate.holders import Snipers, Value
from amm.simulate.scheduled import Cumulative, Late, Nobody, Regular, Uniform, Whale
from amm.simulate.sellers import Sellers

MODELS: dict[str, RecordOf[Any]] = {
    name: RecordOf(model, f"the demand model {name}")
    for name, model in {
        "none": Nobody,
        "uniform": Uniform,
        "cumulative": Cumulative,
        "snipers": Snipers,
        "whale": Whale,
        "value": Value,
        "regular": Regular,
        "fomo": Fomo,
        "late": Late,
        "agents": Agents,
        "sellers": Sellers,
    }.items()
}


class UnknownModel(UnknownName, frozen=True):
    """A demand model that there is not."""

    kind = "demand model"


class DemandOf(Kind[Demand]):
    """A mapping with `model` and what that model takes."""

    written = "a demand (a mapping with a model)"

    def read(self, node: Node, reader: Reader) -> Demand:
        if not isinstance(node, Mapping):
            raise self.mismatch(node, reader)
        model = node.get("model")
        if not isinstance(model, Text):
            raise reader.refuse(node.mark, "a demand needs a model", self.hint(node))
        record = MODELS.get(model.value)
        if record is None:
            reader.faults.append(UnknownModel.at(model.mark, model.value, MODELS))
            raise UnreadableError
        demand: Demand = record.read(node, reader)
        return demand

    def hint(self, node: Node) -> str:
        return f"model: {', '.join(MODELS)}"

    def plain(self, value: Demand) -> Any:
        return MODELS[value.model].plain(value)

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [record.schema() for record in MODELS.values()]}


DEMAND = DemandOf()
