"""One fault: who does what, and when."""

from dataclasses import dataclass

from chain.relay.errors import RelayError

COLLATORS = (
    "tamper",
    "drop_node",
    "hash_node",
    "swap_pov",
    "sign_as",
    "stale",
    "again",
    "bad_encode",
    "wrong_relay_proof",
    "slot_shift",
)
"""What a collator does to its candidate; with `who`, those validators are in league with it."""

VALIDATORS = (
    "lazy",
    "collude",
    "withhold_chunk",
    "corrupt_chunk",
    "claim_bit",
    "offline",
    "forge_statement",
    "old_session",
    "bad_bitfield",
    "include_unbacked",
    "precommit_twice",
)
DEEDS = COLLATORS + VALIDATORS


class FaultError(RelayError):
    """A fault that cannot act: `Network.FaultNotTriggered`, or one that makes no sense."""

    family = "Network"


@dataclass(frozen=True)
class Fault:
    """A switch. `at` is the relay parent of the candidate that it befalls, or for what is no candidate's affair the
    relay block on which things are done; `until` is the last one, the same if left out (for `offline`: for ever).

    `who` are validators, `path` and `value` say what `tamper` changes and into what, `id` names it in reports.
    """

    at: int
    do: str
    who: tuple[int, ...] = ()
    para: int | None = None
    path: str = ""
    value: str | int | None = None
    until: int | None = None
    id: str = ""

    def __post_init__(self) -> None:
        if self.do not in DEEDS:
            raise FaultError("UnknownFault", f"{self.do!r} is none of {', '.join(DEEDS)}")
        if self.do in VALIDATORS and not self.who and self.do != "include_unbacked":
            raise FaultError("UnknownFault", f"{self.do} needs `who`: the validators that do it")

    @property
    def by_collator(self) -> bool:
        return self.do in COLLATORS

    def acts(self, number: int) -> bool:
        """Whether it is on while relay block `number` is the parent."""
        if self.do == "offline" and self.until is None:
            return number >= self.at
        return self.at <= number <= (self.at if self.until is None else self.until)

    def __str__(self) -> str:
        who = f" by {', '.join(map(str, self.who))}" if self.who else ""
        return f"{f'{self.id} ' if self.id else ''}{self.do}{f' {self.path}' if self.path else ''}{who} at {self.at}"
