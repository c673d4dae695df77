"""The body of a relay block with and without its validators' signatures. Source: spec/relay.md §3.3.

In the body that the header's hash covers each of them is 64 zero bytes; the witness holds them in the order in which
the body has them: bitfields, votes for candidates, votes in disputes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

import msgspec

from chain.primitives.header import Header
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing_types import BackedCandidate, Explicit, Implicit, ValidityAttestation
from chain.relay.dispute_types import DisputeStatementSet
from chain.relay.errors import RelayBlockError
from chain.relay.relay_block import BLANK, INHERENT_DATA, InherentData, RelayBlock
from chain.scale import BYTES
from chain.trie import ordered_root


@dataclass(frozen=True)
class Attested:
    """What is put before a relay block's author: with the real signatures."""

    bitfields: tuple[SignedBitfield, ...] = ()
    backed: tuple[BackedCandidate, ...] = ()
    disputes: tuple[DisputeStatementSet, ...] = ()

    def body(self, parent: Header) -> InherentData:
        """As the header's hash covers it."""
        return self._signed(repeat(BLANK), parent)

    @property
    def signatures(self) -> tuple[bytes, ...]:
        """In the order in which the body has them."""
        return (
            *(bitfield.signature for bitfield in self.bitfields),
            *(vote.signature for backed in self.backed for vote in backed.validity_votes),
            *(signature for votes in self.disputes for _, _, signature in votes.statements),
        )

    def _signed(self, signatures: Iterator[bytes], parent: Header) -> InherentData:
        """The body with other signatures; raises `BadWitness` if they end too early."""
        return InherentData(
            tuple(msgspec.structs.replace(each, signature=_next(signatures)) for each in self.bitfields),
            tuple(_candidate(each, signatures) for each in self.backed),
            tuple(_votes(each, signatures) for each in self.disputes),
            parent,
        )


def attested(block: RelayBlock) -> Attested:
    """The contents of a relay block with the signatures of its witness put in; raises `BadWitness`."""
    body = block.body
    blank = Attested(body.bitfields, body.backed_candidates, body.disputes)
    if any(signature != BLANK for signature in blank.signatures):
        raise RelayBlockError("BadWitness", "a signature is in the body")
    signatures = iter(block.witness)
    filled = blank._signed(signatures, body.parent_header)
    if next(signatures, None) is not None:
        raise RelayBlockError("BadWitness", "signatures left over")
    return Attested(filled.bitfields, filled.backed_candidates, filled.disputes)


def body_root(body: InherentData) -> bytes:
    """What the header has as extrinsics root."""
    return ordered_root([BYTES.encode(INHERENT_DATA.encode(body))])


def _next(signatures: Iterator[bytes]) -> bytes:
    signature = next(signatures, None)
    if signature is None:
        raise RelayBlockError("BadWitness", "too few signatures")
    return signature


def _candidate(backed: BackedCandidate, signatures: Iterator[bytes]) -> BackedCandidate:
    votes: list[ValidityAttestation] = []
    for vote in backed.validity_votes:
        signature = _next(signatures)
        votes.append(Implicit(signature) if isinstance(vote, Implicit) else Explicit(signature))
    return BackedCandidate(backed.candidate, tuple(votes), backed.validator_indices)


def _votes(votes: DisputeStatementSet, signatures: Iterator[bytes]) -> DisputeStatementSet:
    statements = tuple((statement, index, _next(signatures)) for statement, index, _ in votes.statements)
    return msgspec.structs.replace(votes, statements=statements)
