"""Which faults have acted, and through whom; and why the others have not. Source: spec/network.md §7.

A fault counts as one that has acted once somebody has done otherwise because of it: being asked is not enough.
"""

from collections.abc import Collection, Iterable, Sequence

from chain.relay.faults.fault import BY_CHANCE, Fault, FaultError, cannot
from chain.scale import U8, U32, TupleOf, VecOf

COLLATOR = 255
"""Stands for the collator among those who act: there are fewer validators."""

_MEMORY = TupleOf([U32, VecOf(TupleOf([VecOf(U8), VecOf(U8)]))])

NOTHING_DONE = {
    "withhold_chunk": "got no chunk to withhold",
    "claim_bit": "had no bit to claim without a chunk",
    "hold_bits": "had no bitfield to hold back",
    "bad_bitfield": "had no bitfield to sign",
    "forge_statement": "had nothing to say of a candidate",
    "old_session": "had nothing to say of a candidate",
    "precommit_twice": "had no vote to cast",
    "dispute": "had no included candidate to call invalid",
    "offline": "had nothing to miss",
}


class Tally:
    """What became of each fault in this run, which begins at relay block `since` and stands at `head`."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults, self.since, self.head = tuple(faults), 0, 0
        self.parents: list[int] = []
        """The relay blocks on which candidates were offered."""
        self._acted: dict[Fault, set[int]] = {fault: set() for fault in faults}
        self._wanted: dict[Fault, set[int]] = {fault: set() for fault in faults}
        self._reasons: dict[Fault, str] = {}
        self._told: set[Fault] = set()
        self._asked: dict[tuple[str, int], dict[int, None]] = {}

    # -- across restarts -------------------------------------------------------------------------------------------

    @property
    def memory(self) -> bytes:
        """Where the relay chain stands, and of each fault who has acted and who should have."""
        parts = [(tuple(sorted(self._acted[each])), tuple(sorted(self._wanted[each]))) for each in self.faults]
        return _MEMORY.encode((self.head, tuple(parts)))

    def recall(self, memory: bytes) -> None:
        """Be as it was when this was its `memory`; a new run begins then."""
        self.since = self.head = 0
        if memory:
            self.head, parts = _MEMORY.decode(memory)
            self.since = self.head
            for fault, (acted, wanted) in zip(self.faults, parts, strict=True):
                self._acted[fault], self._wanted[fault] = set(acted), set(wanted)

    # -- noting ----------------------------------------------------------------------------------------------------

    def acted(self, fault: Fault, index: int = COLLATOR) -> None:
        self._acted[fault].add(index)

    def failed(self, fault: Fault, error: FaultError) -> None:
        """It had its chance, and nothing came of it."""
        self._reasons[fault] = error.detail

    def asked(self, what: str, parent: int, index: int) -> None:
        """A validator was asked to do something for a candidate, whatever it did then."""
        self._asked.setdefault((what, parent), {})[index] = None

    def offered(self, parent: int, group: Collection[int]) -> None:
        """A candidate goes to a group: those of it who collude or are lazy have their turn now."""
        self.parents.append(parent)
        for fault in self.faults:
            if fault.on(parent) and (fault.do in ("lazy", "collude") or fault.by_collator):
                self._wanted[fault].update(index for index in fault.who if index in group)

    # -- asking ----------------------------------------------------------------------------------------------------

    def has_acted(self, fault: Fault) -> bool:
        return bool(self._acted[fault])

    def by(self, fault: Fault) -> tuple[int, ...]:
        """Who the fault names, or where it names nobody, who has done it."""
        return fault.who or tuple(self._acted[fault])

    def does(self, fault: Fault, index: int) -> bool:
        """Whether the fault is the validator's; where it names nobody it is of those who are asked first."""
        if fault.who:
            return index in fault.who
        return index in self._acted[fault] or len(self._acted[fault]) < fault.first

    def missing(self, over_only: bool = False) -> list[tuple[Fault, FaultError]]:
        """Each fault that has not acted, or not through all who should have, with `Network.FaultNotTriggered`.

        With `over_only` those are left out whose time is yet to come, or came before this run.
        """
        found = []
        for fault in self.faults:
            if over_only and (fault.over(self.since) or not fault.over(self.head)):
                continue
            why = self._lacking(fault)
            if why:
                found.append((fault, cannot(fault, why)))
        return found

    def report(self, over_only: bool = False) -> list[tuple[Fault, FaultError]]:
        """`missing`, each fault once."""
        found = [(fault, error) for fault, error in self.missing(over_only) if fault not in self._told]
        self._told.update(fault for fault, _ in found)
        return found

    def _lacking(self, fault: Fault) -> str:
        acted, name = self._acted[fault], f"{fault}: "
        if fault.by_collator and COLLATOR not in acted:
            return self._reasons.get(fault, self._no_candidate(fault)).removeprefix(name)
        due = self._wanted[fault] if fault.by_collator or fault.do in BY_CHANCE else set(fault.who)
        silent = sorted(due - acted)
        if not silent and (acted - {COLLATOR} or (fault.by_collator and not fault.who)):
            return ""
        if fault in self._reasons:
            return self._reasons[fault].removeprefix(name)
        if fault.at >= self.head:
            return f"the run ended at relay block {self.head}"
        return self._idle(fault, silent or sorted(fault.who))

    def _no_candidate(self, fault: Fault) -> str:
        if fault.at >= self.head:
            return f"the run ended at relay block {self.head}"
        near = [str(parent) for parent in self.parents if abs(parent - fault.at) <= 8]
        others = f"; it was on {_listed(near)}" if near else ""
        return f"no candidate was built on relay block {fault.at}{others}"

    def _idle(self, fault: Fault, silent: Sequence[int]) -> str:
        """Why these validators did nothing."""
        barred = self._those("nothing", fault)
        if silent and all(str(index) in barred for index in silent):
            return f"disabled, and asked for nothing: {_validators(silent)}"
        if fault.do == "corrupt_chunk":
            asked = self._those("chunk", fault)
            return f"nobody asked {_validators(silent)} for its chunk; {_were('asked', asked)}"
        if fault.do == "include_unbacked":
            authors = self._those("author", fault)
            return f"no relay block with a candidate was {_validators(silent)}'s; {_were('authors', authors)}"
        if fault.do in ("lazy", "collude") or fault.by_collator:
            asked = self._those("judgement", fault)
            return f"{_validators(silent)} had no candidate to vouch for; {_were('asked', asked)}"
        return f"{_validators(silent)} {NOTHING_DONE[fault.do]}"

    def _those(self, what: str, fault: Fault) -> list[str]:
        """Who was asked while the fault was on."""
        found: dict[int, None] = {}
        for (topic, parent), indices in self._asked.items():
            if topic == what and fault.on(parent):
                found |= indices
        return [str(index) for index in found]


def _validators(indices: Iterable[int]) -> str:
    listed = _listed([str(index) for index in indices])
    return f"validator{'s' * (' ' in listed)} {listed}" if listed else "anybody"


def _were(what: str, words: Sequence[str]) -> str:
    return f"{what} were {_listed(words) or 'none'}" if words or what != "asked" else "nobody was asked"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
