"""One fault: who does what, and when. Source: spec/relay.md §13."""

from dataclasses import dataclass

import msgspec

from chain.relay.errors import RelayError

COLLATORS = (
    "tamper",
    "drop_node",
    "hash_node",
    "swap_pov",
    "sign_as",
    "stale",
    "again",
    "second",
    "equivocate",
    "bad_encode",
    "wrong_relay_proof",
    "slot_shift",
)
"""What a collator does to its candidate, or beside it; with `who`, those validators collude with it."""

VALIDATORS = (
    "lazy",
    "collude",
    "withhold_chunk",
    "corrupt_chunk",
    "claim_bit",
    "hold_bits",
    "offline",
    "forge_statement",
    "old_session",
    "bad_bitfield",
    "include_unbacked",
    "precommit_twice",
    "dispute",
)
DEEDS = COLLATORS + VALIDATORS

BY_CHANCE = ("lazy", "collude", "corrupt_chunk", "include_unbacked")
"""Deeds whose turn comes to some of `who` only: it is enough if one of them acts."""

UNSET = msgspec.UNSET
"""The value of a fault that names none; `None` is a value."""


class FaultError(RelayError):
    """A fault that cannot act: `Network.FaultNotTriggered`, or one that makes no sense."""

    family = "Network"


@dataclass(frozen=True, eq=False)
class Fault:
    """A switch. `at` is the relay parent of the candidate that it befalls, or for what is no candidate's affair the
    relay block on top of which things are done; `until` is the last one, the same if left out (`offline`: for ever).

    `who` are validators: those that do it, or that collude with the collator. Where they are left out, `first` says
    how many do it: whoever is asked first. `path` and `value` say what `tamper` changes and into what; `value` is of
    the type that stands there. `id` names the fault in reports.
    """

    at: int
    do: str
    who: tuple[int, ...] = ()
    para: int | None = None
    path: str = ""
    value: object = UNSET
    until: int | None = None
    id: str = ""
    first: int = 0
    place: object = None
    """Where it is written, for whoever has written it."""

    def __post_init__(self) -> None:
        if self.do not in DEEDS:
            raise FaultError("UnknownFault", f"{self.do!r} is none of {', '.join(DEEDS)}")
        if self.do in VALIDATORS and not self.who and not self.first and self.do != "include_unbacked":
            raise FaultError("UnknownFault", f"{self.do} needs `who`: the validators that do it")
        if self.until is not None and self.until < self.at:
            raise FaultError("FaultNotTriggered", f"it is over in relay block {self.until}, before it begins")

    @property
    def by_collator(self) -> bool:
        return self.do in COLLATORS

    @property
    def last(self) -> int | None:
        """The last relay block at which it is on; None if it stays on for ever."""
        if self.do == "offline":
            return self.until
        return self.at if self.until is None else self.until

    def on(self, *numbers: int) -> bool:
        """Whether it is on at one of these relay blocks."""
        last = self.last
        return any(self.at <= number and (last is None or number <= last) for number in numbers)

    def over(self, head: int) -> bool:
        """Whether its time is past once the relay chain stands at `head`."""
        return self.last is not None and self.last < head

    def __str__(self) -> str:
        who = f" by {', '.join(map(str, self.who))}" if self.who else ""
        return f"{f'{self.id} ' if self.id else ''}{self.do}{f' {self.path}' if self.path else ''}{who} at {self.at}"


def cannot(fault: Fault, why: str) -> FaultError:
    """`Network.FaultNotTriggered` with its reason."""
    return FaultError("FaultNotTriggered", f"{fault}: {why}")
