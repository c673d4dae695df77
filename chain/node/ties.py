"""What ties parachain records together: the relay chain, their order, messages, issuance. Source: spec/network.md §5.

Step 3 of an audit: serial and cheap, on what the records' verdicts bring along.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chain.crypto.hashing import blake2_256
from chain.node.export import Entry
from chain.node.histories import ArchiveError
from chain.node.issuance import AssetRow, asset_table
from chain.node.judging import Judged
from chain.node.manifest import Manifest, shown, unshown
from chain.node.relay_line import Included, MessageHeads, RelayLine
from chain.primitives.validation import NO_MESSAGES, ParachainInherentData, extend


@dataclass(frozen=True)
class Problem:
    """A record that does not fit in, a block without one, or an asset whose issuance does not add up."""

    para: int
    number: int
    error: str


def placed(entry: Entry, judged: Judged) -> Judged:
    """The verdict under the index's number; a record of another block is refused whatever it holds."""
    verdict = judged.verdict
    there = verdict.para, verdict.number, verdict.candidate
    if verdict.error is None and there != (entry.para, entry.number, entry.candidate):
        what = f"the record is of block {verdict.number} of para {verdict.para}, candidate {verdict.candidate}"
        verdict = replace(verdict, ok=False, error=str(ArchiveError("WrongRecord", what)))
    candidate = verdict.candidate or entry.candidate
    return replace(judged, verdict=replace(verdict, para=entry.para, number=entry.number, candidate=candidate))


def unrecorded(entries: Sequence[Entry], line: RelayLine) -> Iterator[Problem]:
    """Whole history: each included candidate has its record, each record its candidate, in the same order."""
    recorded = {(entry.para, entry.number): entry for entry in entries}
    seen = set()
    for included in line.included:
        seen.add((included.para, included.number))
        if (included.para, included.number) not in recorded:
            what = f"relay block {included.relay_number} includes candidate {shown(included.candidate)}"
            yield Problem(included.para, included.number, str(ArchiveError("NoRecord", what)))
    if line.error is not None:
        return  # what comes behind the break is not known
    for entry in entries:
        if (entry.para, entry.number) not in seen:
            yield Problem(entry.para, entry.number, str(ArchiveError("NotIncluded", f"candidate {entry.candidate}")))


def untied(
    manifest: Manifest, entries: Sequence[Entry], judged: Sequence[Judged], line: RelayLine
) -> Iterator[Problem]:
    """What is wrong between records of one parachain that follow each other."""
    places = {(each.para, each.number): each for each in line.included}
    parent = blake2_256(unshown(manifest.genesis)) if entries and entries[0].number == 1 else None
    for entry, found in zip(entries, judged, strict=True):
        included = places.get((entry.para, entry.number))
        before = places.get((entry.para, entry.number - 1))
        for error in _loose(entry, found, parent, included, before):
            yield Problem(entry.para, entry.number, str(error))
        parent = found.head or None


def _loose(
    entry: Entry, found: Judged, parent: bytes | None, included: Included | None, before: Included | None
) -> Iterator[ArchiveError]:
    if not found.head:
        return  # a record that cannot be read is refused already
    if parent is not None and found.parent != parent:
        yield ArchiveError("BrokenLine", "its parent is not the block before")
    if included is None:
        return
    if shown(included.candidate) != found.verdict.candidate:
        yield ArchiveError("NotIncluded", f"the relay chain includes candidate {shown(included.candidate)}")
    if included.relay_number != entry.relay_number or included.relay_block != found.relay_block:
        yield ArchiveError("WrongPlace", f"relay block {included.relay_number} includes it")
    if found.inherent is not None:
        yield from _unread(found.inherent, before.heads if before else MessageHeads(), included.heads)


def _unread(inherent: ParachainInherentData, before: MessageHeads, now: MessageHeads) -> Iterator[ArchiveError]:
    """The messages that the block took in lead from the heads that the block before had read to the present ones."""
    head = before.downward
    for message in inherent.downward_messages:
        head = extend(head, message.sent_at, message.msg)
    if head != now.downward:
        yield ArchiveError("WrongMessages", "downward messages do not lead to the relay chain's head")
    for sender, expected in sorted(now.across.items()):
        head = before.across.get(sender, NO_MESSAGES)
        for page in inherent.horizontal_messages.get(sender, ()):
            head = extend(head, page.sent_at, page.data)
        if head != expected:
            yield ArchiveError("WrongMessages", f"messages of para {sender} do not lead to the channel's head")


def assets_of(manifest: Manifest, judged: Sequence[Judged]) -> tuple[tuple[AssetRow, ...], list[Problem]]:
    """The asset table, and the rows that do not add up: known only where every block is good."""
    table = asset_table(each.changes for each in judged)
    if any(each.verdict.ok is not True for each in judged):
        return table, []
    wrong = [row for row in table if not row.holds]
    last = judged[-1].verdict.number if judged else 0
    return table, [
        Problem(manifest.para, last, str(ArchiveError("WrongIssuance", f"of asset {row.asset}"))) for row in wrong
    ]
