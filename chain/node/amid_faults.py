"""A collator amid faults: it offers what its faults make of a block, and builds anew until it is included.

Source: spec/relay.md §10.6, §13.
"""

from collections.abc import Callable

from chain.node.errors import NotIncluded
from chain.node.in_progress import Proposal, Sealed
from chain.node.ledger import Ledger
from chain.node.relaying import Fate
from chain.primitives.validation import StorageProof
from chain.relay.collator import Collation, take_snapshot
from chain.relay.faults import Switched
from chain.relay.faults.workshop import Workshop

MOST_ATTEMPTS = 12
"""How often a block is built anew that the relay chain does not include."""


def take_amid_faults(
    ledger: Ledger, conduct: Switched, proposal: Proposal, anew: Callable[[Proposal], Proposal]
) -> Sealed:
    """Have a block included and store it; `anew` builds the same extrinsics on the present relay parent.

    Raises `NotIncluded`, `Finished` and, for a fault that has not acted, `FaultError`.
    """
    relay = ledger.relay
    fate = Fate((), None, ())
    for _ in range(MOST_ATTEMPTS):
        conduct.begin(relay.head.number)
        fate = relay.attempt(conduct.offers(_workshop(ledger, proposal)))
        case = fate.included
        if case is not None and case.collation.candidate == proposal.collation.candidate:
            sealed = ledger.include(proposal.built, fate.steps, case)
            conduct.check(relay.head.number - 2)
            return sealed
        steps = fate.steps
        if case is not None:
            steps += relay.await_verdict(case)
        if case is not None and case.included_in:
            ledger.include_unknown(steps, case)
        else:
            ledger.absorb(steps)
        ledger.check_going()
        proposal = anew(proposal)
    raise NotIncluded("the relay chain does not include the block", fate.reasons)


def _workshop(ledger: Ledger, proposal: Proposal) -> Workshop:
    validators = len(ledger.relay.validators.keys)
    return Workshop(proposal.author, proposal.collation, _previous(ledger), validators, _other_proof(ledger))


def _previous(ledger: Ledger) -> Collation | None:
    record = ledger.archive.record(ledger.best.hash)
    return None if record is None else Collation(record.candidate, record.pov, record.validation_data)


def _other_proof(ledger: Ledger) -> StorageProof:
    """The relay state that the relay block before the last has."""
    relay = ledger.relay
    other = ledger.archive.relay(max(0, relay.head.number - 2)).header
    return take_snapshot(relay.validators, relay.store, other, ledger.about.para_id).inherent.relay_chain_state
