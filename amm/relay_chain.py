"""The relay chain of a chain spec: its parameters, its validators, its parachains and their queues.

Sources: spec/network.md §7, spec/relay.md §2 and §5, spec/xcm.md §2 and §3.
"""

from collections.abc import Iterator

from amm.chain_spec import ChainSpec
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.neighbours import ALL, MessageSetup
from amm.scripts.source import Node, Text
from amm.wording import short
from chain.relay.parameters import RelayParameters
from chain.relay.queues import MAX_DOWNWARD_SIZE, MAX_MESSAGE_SIZE, Letter, QueueGenesis
from chain.relay.validators import ValidatorSet

NEIGHBOUR = 2000
"""The inert parachain that faults bring along which need one; 2001 on the chain that is 2000 itself."""

SENDS = ("F28", "F29", "F32")
"""Faults that befall a message that waits: one is sent for each, unless the spec sends some by then."""


def relay_parameters(spec: ChainSpec) -> RelayParameters:
    """The relay chain's parameters of a spec."""
    names = RelayParameters.__dataclass_fields__
    return RelayParameters(**{name: getattr(spec.relay, name) for name in names})


def paras_of(spec: ChainSpec) -> tuple[int, ...]:
    """All parachains of the relay chain, ascending: the spec's own, inert ones, and one that a fault needs."""
    found = {spec.para_id, *(para.id for para in spec.parachains)}
    if len(found) == 1 and any(fault.id is not None and fault.id.value == "F29" for fault in spec.faults):
        found.add(NEIGHBOUR if spec.para_id != NEIGHBOUR else NEIGHBOUR + 1)
    return tuple(sorted(found))


def validators_of(spec: ChainSpec) -> ValidatorSet:
    """The validators of a spec's relay chain."""
    return ValidatorSet(relay_parameters(spec), paras_of(spec))


def queues_of(spec: ChainSpec) -> QueueGenesis:
    """What the relay chain's queues hold at genesis, and what will come into them. Raises Faults."""
    channels, agenda = list(_channels(spec)), dict[int, list[Letter]]()
    faults: list[Fault] = []
    for message in spec.messages:
        try:
            agenda.setdefault(message.at, []).append(_letter(message, spec, channels))
        except Faults as found:
            faults += found.faults
    if faults:
        raise Faults(faults)
    for at, letter in _brought_along(spec, channels, agenda):
        agenda.setdefault(at, []).append(letter)
    return QueueGenesis(tuple(channels), agenda={at: tuple(letters) for at, letters in agenda.items()})


def neighbour_faults(spec: ChainSpec) -> list[Fault]:
    """What is wrong with a spec's parachains, channels, messages and their number of cores."""
    found = [
        Fault(para.mark, f"{para.id} is this parachain itself", "name another id: it is registered and inert")
        for para in spec.parachains
        if para.id == spec.para_id
    ]
    validators = validators_of(spec)
    if validators.cores > len(validators.keys):
        what = f"{validators.cores} cores and {len(validators.keys)} validators: no group would serve some core"
        found.append(Fault(spec.relay.mark, what, "let there be at least one validator a core"))
    try:
        queues_of(spec)
    except Faults as faults:
        found += faults.faults
    return found


def _channels(spec: ChainSpec) -> Iterator[tuple[int, int]]:
    paras = paras_of(spec)
    if spec.channels == ALL:
        yield from ((one, other) for one in paras for other in paras if one != other)
        return
    for pair in spec.channels or ():
        assert isinstance(pair, tuple)
        unknown = [para for para in pair if para not in paras]
        if unknown:
            listed = ", ".join(map(str, paras))
            what = f"a channel of {unknown[0]}, which is no parachain of this relay chain"
            raise Faults([Fault(spec.mark, what, f"there are {listed}; `parachains` registers more")])
        yield pair


def _letter(message: MessageSetup, spec: ChainSpec, channels: list[tuple[int, int]]) -> Letter:
    """Raises Faults for a message that can never be queued."""
    recipient = spec.para_id if message.recipient is None else message.recipient
    data, paras = _bytes(message.data), paras_of(spec)
    most = MAX_DOWNWARD_SIZE if message.sender is None else MAX_MESSAGE_SIZE
    if recipient not in paras:
        raise _wrong(message.mark, f"there is no parachain {recipient}", f"there are {', '.join(map(str, paras))}")
    if message.sender == spec.para_id:
        raise _wrong(message.mark, f"{spec.para_id} sends by itself", "name a parachain that builds no blocks")
    if message.sender is not None and (message.sender, recipient) not in channels:
        raise _wrong(message.mark, f"no channel leads from {message.sender} to {recipient}", "open it in `channels`")
    if len(data) > most:
        raise _wrong(message.data.mark, f"{len(data)} bytes in one message", f"at most {most} may be sent")
    return Letter(message.sender, recipient, data)


def _bytes(node: Node) -> bytes:
    if not isinstance(node, Text):
        raise _wrong(node.mark, "a message is bytes", "write a text, or 0x and hex digits")
    if not node.value.startswith("0x"):
        return node.value.encode()
    try:
        return bytes.fromhex(node.value[2:])
    except ValueError:
        raise _wrong(node.mark, f"{short(node.value)!r} is not hex", "write 0x and an even number of digits") from None


def _brought_along(
    spec: ChainSpec, channels: list[tuple[int, int]], agenda: dict[int, list[Letter]]
) -> Iterator[tuple[int, Letter]]:
    """The messages for faults that need one to wait: queued in the very relay block that the fault is at."""
    for fault in spec.faults:
        if fault.id is None or fault.id.value not in SENDS:
            continue
        across, here = fault.id.value == "F29", spec.para_id
        waiting = [each for each in agenda.get(fault.at, ()) if each.recipient == here]
        if any((each.sender is not None) == across for each in waiting):
            continue
        sender = next(para for para in paras_of(spec) if para != here) if across else None
        if sender is not None and (sender, here) not in channels:
            channels.append((sender, here))
        yield fault.at, Letter(sender, here, fault.id.value.encode())


def _wrong(mark: Mark, what: str, hint: str) -> Faults:
    return Faults([Fault(mark, what, hint)])
