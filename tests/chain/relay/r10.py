"""A network like that of the catalogue of faults, with other groups: ten validators, 2000 (inert) and 2090.

Faults are switches here; `reference` has them as files write them. Source: spec/relay.md §13.
"""

from collections.abc import Sequence

from amm.chain_spec import load_chain_spec
from amm.genesis import Genesis
from amm.local import LocalChain
from amm.runtime import load
from chain.frame import Runtime
from chain.node.service import Keys, Node
from chain.node.store import MemoryStorage
from chain.node.verify import verify_history
from chain.relay.approval import checkers as ranking
from chain.relay.chain import open_state
from chain.relay.disputes import stake_left
from chain.relay.faults import Fault, Switched, expand, scene_of
from chain.relay.parameters import RelayParameters
from chain.relay.queues import QueueGenesis
from chain.relay.validators import ValidatorSet

PARAS = (2000, 2090)
TEN = ValidatorSet(
    RelayParameters(
        validators=10,
        group_rotation_frequency=0,
        max_validators_per_core=None,
        needed_approvals=3,
        seed=7,
        session_length=1000,
    ),
    PARAS,
)
G0, G1 = TEN.groups_at(1)
"""The groups of 2000 and of 2090."""

COLLUDERS = G1[:2]
WAITING = QueueGenesis(
    channels=((2000, 2090),), downward={2090: [b"down"]}, horizontal={(2000, 2090): [b"\0"]}
)

TARGET = 4
"""The relay parent of block 2 of 2090, the one that faults befall."""


def network(*faults: Fault, queues: QueueGenesis | None = None) -> LocalChain:
    """A fresh chain for 2090 on the reference network, whose actors do these things wrong."""
    spec = load_chain_spec("local")
    genesis = Genesis(spec)
    runtime: Runtime = genesis.runtime
    node = Node.create(
        runtime, TEN, Keys(genesis.collators), MemoryStorage(), load, genesis.build(), spec.to_json(), 2090,
        Switched(faults, TEN, 2090), queues,
    )
    chain = LocalChain.__new__(LocalChain)
    chain._take(spec, node, node.archive.storage, None)
    return chain


def switches(name: str, who: Sequence[int] = (), at: int = TARGET) -> tuple[Fault, ...]:
    """A fault of the catalogue."""
    return expand(name, at, tuple(who), scene_of(TEN, 2090, at))


def catalogued(name: str, who: Sequence[int] = (), at: int = TARGET, queues: QueueGenesis | None = None) -> LocalChain:
    return network(*switches(name, who, at), queues=queues)


def checkers() -> tuple[int, ...]:
    """Tranche 0 of the spoilt candidate, learnt from a run in which two backers collude."""
    ranked: list[tuple[int, ...]] = []
    chain = catalogued("F17", COLLUDERS)
    relay = chain.node.relay
    before = relay._follow

    def spy(produced: object, notes: list[str]) -> None:
        before(produced, notes)  # type: ignore[arg-type]
        for case in relay.cases.values():
            if case.included_in == TARGET + 2 and case.backers == tuple(sorted(COLLUDERS)):
                ranked.append(ranking(relay.validators, case.included_in, case.hash, case.group, case.backers))

    relay._follow = spy  # type: ignore[method-assign]
    play(chain, 2)
    return ranked[0][:3]


def pay(chain: LocalChain) -> None:
    """A block with a transfer."""
    outcome = chain.submit(chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX"), "charlie")
    assert outcome.ok


def play(chain: LocalChain, blocks: int = 3) -> list[str]:
    """Seal blocks with a transfer each; all that was noticed on the relay side."""
    for _ in range(blocks):
        pay(chain)
    return notes(chain)


def notes(chain: LocalChain) -> list[str]:
    head = chain.node.relay.head.number
    return [note for number in range(head + 1) for note in chain.node.archive.relay(number).notes]


def stakes(chain: LocalChain) -> dict[int, int]:
    """Who has lost stake: hundredths of a per cent left, by validator."""
    state = open_state(chain.node.nodes, chain.node.relay.head)[1]
    found = {index: stake_left(state.offences.get(index)) for index in range(10)}
    return {index: left for index, left in found.items() if left != 10_000}


def disabled(chain: LocalChain) -> tuple[int, ...]:
    return open_state(chain.node.nodes, chain.node.relay.head)[1].disabled.get()


def verdicts(chain: LocalChain, queues: QueueGenesis | None = None) -> list[str | None]:
    """What becomes of every block that is executed again from its proof."""
    node = chain.node
    found = verify_history(node.archive, node.validators, load, 1, node.best.number, faults=True, queues=queues)
    return [verdict.error for verdict in found]
