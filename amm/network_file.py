"""Network files: a relay chain with its parachains, of which one runs. Source: spec/network.md §7.

What comes of one is the chain spec of the parachain that runs: the one that its `chain` names, on the file's relay
chain, among the file's other parachains.
"""

from pathlib import Path
from typing import Annotated

import msgspec

from amm.chain_spec import COLLATORS, ChainSpec, load_chain_spec
from amm.relay_setup import RELAY, RelaySetup
from amm.scripts.errors import Faults
from amm.scripts.fault_setup import FAULTS, FaultSetup
from amm.scripts.forms import LABEL, VALUE
from amm.scripts.kinds import ListOf, OneOf, TextOf, Whole
from amm.scripts.neighbours import ALL, CHANNELS, MESSAGES, Channels, MessageSetup, ParaSetup, joined
from amm.scripts.shapes import Key, Reader, Record, RecordOf
from amm.scripts.source import Items, Mapping, Node, Text
from amm.workers import WORKERS


class NetworkPara(Record, frozen=True, kw_only=True):
    """A parachain of a network. One has a `chain`, and runs; the others are registered and inert."""

    id: Annotated[int, Key(Whole(), "its id on the relay chain")]
    runtime: Annotated[str | None, Key(OneOf("basilisk"), "what it runs")] = None
    chain: Annotated[Text | None, Key(LABEL, "a chain spec by name, or its path; local if left out")] = None
    collators: Annotated[tuple[Text, ...] | None, Key(COLLATORS, "who builds its blocks, in turn")] = None

    @property
    def runs(self) -> bool:
        return self.runtime is not None or self.chain is not None

    def examine(self, reader: Reader) -> None:
        if self.collators is not None and not self.runs:
            reader.refuse(self.mark, "an inert parachain has no collators", "give it a `runtime`, or take them out")


class NetworkFile(Record, frozen=True, kw_only=True):
    """A relay chain and its parachains."""

    name: Annotated[str | None, Key(TextOf(), "the network's name; the file's if left out")] = None
    relay: Annotated[RelaySetup | None, Key(RELAY, "the relay chain; that of the chain spec if left out")] = None
    parachains: Annotated[
        tuple[NetworkPara, ...],
        Key(ListOf(RecordOf(NetworkPara, "a parachain"), "a list of parachains", least=1), "one runs"),
    ]
    channels: Annotated[Channels, Key(CHANNELS, "channels that are open; all if left out")] = ALL
    messages: Annotated[tuple[MessageSetup, ...], Key(MESSAGES, "messages that the relay chain queues")] = ()
    assets: Annotated[tuple[Node, ...], Key(ListOf(VALUE, "a list of assets"), "not built: assets across chains")] = ()
    workers: Annotated[int | str | None, Key(WORKERS, "processes that execute blocks; it changes no result")] = None
    verify: Annotated[str | None, Key(OneOf("shared", "full"), "may honest validators share an execution")] = None
    faults: Annotated[tuple[FaultSetup, ...], Key(FAULTS, "faults of the relay chain's actors")] = ()

    def examine(self, reader: Reader) -> None:
        if self.assets:
            hint = "set assets in the parachain's own chain spec"
            reader.refuse(self.assets[0].mark, "assets across chains need several parachains that run", hint)
        ids = [para.id for para in self.parachains]
        for place, para in enumerate(self.parachains):
            if para.id in ids[:place]:
                reader.refuse(para.mark, f"the parachain {para.id} is given twice", "give it another id")
        running = [para for para in self.parachains if para.runs]
        if not running:
            hint = "as in {id: 2090, runtime: basilisk, chain: local}"
            reader.refuse(self.mark, "none of the parachains runs", hint)
        for more in running[1:]:
            hint = "take `runtime`, `chain` and `collators` out: it is then registered and inert"
            reader.refuse(more.mark, f"one parachain runs, and {running[0].id} does already", hint)

    @property
    def running(self) -> NetworkPara:
        return next(para for para in self.parachains if para.runs)


NETWORK = RecordOf(NetworkFile, "a network file")


def is_network(root: Node) -> bool:
    """Whether a document is a network file rather than a chain spec: its parachains run, or it has no other name."""
    paras = root.get("parachains") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or paras is None:
        return False
    run = isinstance(paras, Items) and any(
        isinstance(item, Mapping) and (item.get("runtime") or item.get("chain")) for item in paras.items
    )
    return run or root.get("name") is None


def read_network(root: Node, reader: Reader) -> ChainSpec:
    """The chain spec of the parachain that runs. Raises Faults, and UnreadableError after noting what is wrong."""
    network = NETWORK.read(root, reader)
    if reader.faults:
        raise Faults(reader.faults)
    para = network.running
    named = para.chain.value if para.chain is not None else "local"
    spec = load_chain_spec(named, reader.file.parent, para.chain.mark if para.chain is not None else para.mark)
    relay = network.relay or spec.relay
    if network.verify is not None:
        relay = msgspec.structs.replace(relay, verify=network.verify)
    if network.workers is not None:
        relay = msgspec.structs.replace(relay, workers=network.workers)
    others = [ParaSetup(mark=other.mark, id=other.id) for other in network.parachains if other is not para]
    return msgspec.structs.replace(
        spec,
        mark=network.mark,
        name=network.name or Path(reader.file).stem,
        para_id=para.id,
        relay=relay,
        collators=para.collators or spec.collators,
        parachains=joined(spec.parachains, others),
        channels=network.channels,
        messages=spec.messages + network.messages,
        faults=spec.faults + network.faults,
    )
