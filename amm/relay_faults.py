"""The faults of a chain spec as switches of the relay chain. Sources: spec/relay.md §13, spec/network.md §7."""

from collections.abc import Iterator

from amm.chain_spec import ChainSpec
from amm.scripts.errors import Fault as Wrong
from amm.scripts.errors import Faults
from amm.scripts.setup import FaultSetup
from chain.relay.conduct import HONEST, Conduct
from chain.relay.faults import Fault, FaultError, Switched, expand


def conduct_of(spec: ChainSpec) -> Conduct:
    """How the relay side's actors behave on the spec's chain. Raises Faults for a fault that makes no sense."""
    switches: list[Fault] = []
    wrong: list[Wrong] = []
    for setup in spec.faults:
        try:
            switches += _switches(setup, spec)
        except FaultError as error:
            wrong.append(Wrong(setup.mark, str(error), "see `who`, `at` and `para` of the fault"))
    if wrong:
        raise Faults(wrong)
    return Switched(switches) if switches else HONEST


def idle_faults(spec: ChainSpec, conduct: Conduct) -> Iterator[tuple[FaultSetup, Fault]]:
    """The faults of a spec that have not acted, with where they are written."""
    if isinstance(conduct, Switched):
        for setup in spec.faults:
            yield from ((setup, fault) for fault in _switches(setup, spec) if fault not in conduct.fired)


def _switches(setup: FaultSetup, spec: ChainSpec) -> tuple[Fault, ...]:
    beyond = [index for index in setup.who if index >= spec.relay.validators]
    if beyond:
        raise FaultError("FaultNotTriggered", f"there is no validator {beyond[0]}")
    if setup.para is not None and setup.para != spec.para_id:
        raise FaultError("FaultNotTriggered", f"there is no parachain {setup.para}")
    if setup.id is not None:
        return expand(setup.id.value, setup.at, setup.who, setup.para)
    if setup.do is None:
        raise FaultError("UnknownFault", "it has neither an `id` nor a `do`")
    value = getattr(setup.value, "value", None)
    return (Fault(setup.at, setup.do, setup.who, setup.para, setup.path or "", value, setup.until),)
