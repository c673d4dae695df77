"""What happened on the relay chain, block by block, in words. Sources: spec/relay.md §8–§12.

Everything is read from what the store keeps: relay blocks with their events, votes and justifications, the states
after them, and what validators noticed while they were made.
"""

import re
from collections.abc import Iterator
from itertools import groupby

import msgspec

from chain.node.errors import NodeError
from chain.node.records import RelayRecord
from chain.node.service import Node
from chain.primitives.header import HEADER, Header
from chain.relay.chain import open_state
from chain.relay.dispute_types import DisputeStatementSet, SaysInvalid
from chain.relay.finality import grandpa_key
from chain.relay.finality_types import Justification
from chain.relay.relay_block import CandidateBacked, CandidateEvent, CandidateIncluded
from chain.relay.state import RelayState


class Happening(msgspec.Struct, frozen=True):
    """One thing that happened in a relay block: its kind in a word, who did it, and what in words.

    `candidate` is the hash of the one that it is about, and `para` its parachain, where the store tells.
    """

    kind: str
    what: str
    validators: list[int] = []
    candidate: str | None = None
    para: int | None = None


class Slash(msgspec.Struct, frozen=True):
    """What a validator lost of its stake in a relay block, in per cent, over a disputed candidate."""

    validator: int
    percent: int
    candidate: str


BACKING = ("empty slot", "refused", "abstained", "left out", "dropped")
"""Kinds of what comes before a relay block is made."""

KINDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (r"slot \d+ stays empty: validator (?P<who>\d+) .*", "empty slot"),
        (r"validator (?P<who>\d+) abstains: (?P<what>.*)", "abstained"),
        (r"validator (?P<who>\d+): (?P<what>.*)", "refused"),
        (r"checker (?P<who>\d+): (?P<what>.*)", "found bad"),
        (r"(block|a candidate) .* is included in relay block \d+, now given up", "included"),
        (r".*left out.*|.*rejected.*", "left out"),
        (r".*statement dropped.*", "dropped"),
        (r"no-shows in the check.*: (?P<who>[\d, ]+)", "no-show"),
        (r".*has lost its core", "dropped"),
        (r"relay blocks from \d+ on are abandoned", "reverted"),
        (r"Relay\.ChainFrozen.*", "frozen"),
        (r"dispute.*|.*start no dispute", "dispute"),
        (r"finality stalls.*|Finality\..*|Relay\.Finality.*", "finality"),
        (r"(?P<what>(Recovery|Erasure)\..*)", "chunks"),
    )
)
"""How notes are known that validators leave (chain/relay); any other is shown as it is."""


_REPLACED = re.compile(r"relay blocks from (\d+) on are abandoned")


class RelayHistory:
    """The relay chain of a node, to look back on."""

    def __init__(self, node: Node) -> None:
        self._node, self.validators, self.para = node, node.validators, node.about.para_id

    @property
    def head(self) -> Header:
        return self._node.relay.head

    @property
    def finalized(self) -> Header:
        return self._node.relay.finalized

    @property
    def halted(self) -> str | None:
        """Why the relay chain goes on no more; None as long as it does."""
        return None if self._node.relay.halted is None else str(self._node.relay.halted)

    def block(self, number: int) -> RelayRecord:
        """Raises `NodeError` for a relay block that is not here."""
        if not 0 <= number <= self.head.number:
            raise NodeError(f"there is no relay block {number}", f"the head of the relay chain is {self.head.number}")
        return self._node.archive.relay(number)

    def find(self, block_hash: bytes) -> RelayRecord:
        """A relay block by its hash, the youngest first. Raises `NodeError`."""
        for number in range(self.head.number, -1, -1):
            record = self._node.archive.relay(number)
            if record.header.hash == block_hash:
                return record
        raise NodeError(f"there is no relay block 0x{block_hash.hex()}", "the relay chain may have abandoned it")

    def attempt(self, candidate: bytes) -> int | None:
        """The number of this parachain's block that a backed candidate is, or would have been; None if unknown."""
        for number in range(self.head.number, -1, -1):
            for event in self._node.archive.relay(number).events:
                receipt = event.receipt
                if receipt.hash == candidate and receipt.descriptor.para_id == self.para:
                    header: Header = HEADER.decode(event.head_data)
                    return header.number
        return None

    def state(self, header: Header) -> RelayState:
        """The relay chain's state after a block."""
        return open_state(self._node.nodes, header)[1]

    def voters(self, justification: Justification) -> list[int]:
        """The validators whose precommits a justification holds, ascending."""
        known = {grandpa_key(index).public: index for index in range(self.validators.parameters.validators)}
        return sorted(known[vote.id] for vote in justification.precommits if vote.id in known)

    def justification_of(self, number: int, round_: int) -> Justification | None:
        """What made relay block `number` final, in a round that is known."""
        for target in range(number, min(round_, self.head.number) + 1):
            found = self._node.archive.relay(target).justification
            if found is not None and found.round == round_:
                return found
        return None

    def slashes(self, record: RelayRecord) -> list[Slash]:
        """Who lost stake in a relay block: only the votes of a dispute can bring that about."""
        if record.block is None or not record.block.body.disputes:
            return []
        before = self.state(record.block.body.parent_header)
        after = self.state(record.header)
        return [
            Slash(index, offence.percent, _hex(offence.candidate_hash))
            for index in range(self.validators.parameters.validators)
            for offence in after.offences.get(index)
            if offence not in before.offences.get(index)
        ]

    def happenings(self, record: RelayRecord) -> list[Happening]:
        """What happened in a relay block and, first, in those that it took the place of."""
        notes = [_noted(note) for note in record.notes]
        past = max((place + 1 for place, note in enumerate(notes) if note.kind == "reverted"), default=0)
        given_up, present = sorted(notes[:past], key=lambda note: note.kind != "included"), notes[past:]
        early = [note for note in present if note.kind in BACKING]
        late = [note for note in present if note.kind not in BACKING]
        found = [*given_up, *early, *self._votes(record), *self._slashed(record), *self._events(record), *late]
        return list(_together(found))

    def _votes(self, record: RelayRecord) -> Iterator[Happening]:
        """The votes of disputes that a relay block takes in."""
        for votes in () if record.block is None else record.block.body.disputes:
            valid, invalid = sides(votes)
            what = f"takes in votes on 0x{votes.candidate_hash.hex()}: for {listed(valid)}, against {listed(invalid)}"
            yield Happening("votes", what, sorted({*valid, *invalid}), _hex(votes.candidate_hash))

    def _slashed(self, record: RelayRecord) -> Iterator[Happening]:
        for slash in self.slashes(record):
            what = f"loses {slash.percent} % of its stake" if slash.percent else "is disabled, and loses nothing"
            yield Happening("slashed", what, [slash.validator], slash.candidate)

    def _events(self, record: RelayRecord) -> Iterator[Happening]:
        """What became of candidates."""
        backed = () if record.block is None else record.block.body.backed_candidates
        votes = {each.candidate.hash: each for each in backed}
        for event in record.events:
            receipt = event.receipt
            name, candidate, para = _name(event), _hex(receipt.hash), receipt.descriptor.para_id
            if isinstance(event, CandidateBacked):
                group = self.validators.group_of_core(event.core, record.header.number)
                bits = votes[receipt.hash].validator_indices if receipt.hash in votes else ()
                who = sorted(index for index, bit in zip(group, bits, strict=False) if bit)
                yield Happening("backed", f"{name} is backed, {candidate}", who, candidate, para)
            elif isinstance(event, CandidateIncluded):
                yield Happening("included", f"{name} is available and included, {candidate}", [], candidate, para)
            else:
                what = f"{name} has timed out: too few hold their chunk, {candidate}"
                yield Happening("timed out", what, [], candidate, para)


def _together(happenings: list[Happening]) -> Iterator[Happening]:
    """What several validators say or suffer one after the other, once."""
    for _, alike in groupby(happenings, key=lambda each: (each.kind, each.what, each.candidate, each.para)):
        first, *others = alike
        who = [*first.validators, *(index for other in others for index in other.validators)]
        yield msgspec.structs.replace(first, validators=who)


def sides(votes: DisputeStatementSet) -> tuple[list[int], list[int]]:
    """Who votes for a disputed candidate and who against it."""
    invalid = {index for statement, index, _ in votes.statements if isinstance(statement, SaysInvalid)}
    valid = {index for statement, index, _ in votes.statements if not isinstance(statement, SaysInvalid)}
    return sorted(valid), sorted(invalid)


def listed(indexes: list[int]) -> str:
    return " ".join(map(str, indexes)) or "nobody"


def _noted(note: str) -> Happening:
    for pattern, kind in KINDS:
        found = pattern.fullmatch(note)
        if found is not None:
            named = found.groupdict()
            who = [int(index) for index in re.findall(r"\d+", named.get("who") or "")]
            return Happening(kind, _REPLACED.sub(_go_back, named.get("what") or note), who)
    return Happening("noted", note)


def _go_back(found: re.Match[str]) -> str:
    """What the validators do instead of building on what they give up."""
    return f"{found[0]}: the next author builds on {int(found[1]) - 1} again"


def _name(event: CandidateEvent) -> str:
    """The block that a candidate is, by the number in its header; heads of other kinds have none."""
    para, head = event.receipt.descriptor.para_id, event.head_data
    try:
        return f"block {HEADER.decode(head).number} of para {para}"
    except ValueError:
        return f"a candidate of para {para}"


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
