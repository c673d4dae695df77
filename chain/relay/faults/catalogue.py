"""F01 to F40 as lists of switches. Source: spec/relay.md §13."""

from collections.abc import Callable, Sequence

from chain.relay.faults.fault import Fault, FaultError

Who = tuple[int, ...]
Recipe = Callable[[int, Who], tuple[Fault, ...]]


def _spoil(path: str, value: str | int | None = None) -> Recipe:
    """The collator changes something; `who` are careless backers and checkers, if any."""

    def made(at: int, who: Who) -> tuple[Fault, ...]:
        careless = (Fault(at, "lazy", who),) if who else ()
        return Fault(at, "tamper", path=path, value=value), *careless

    return made


def _by_collator(do: str) -> Recipe:
    return lambda at, who: (Fault(at, do),)


def _by_validators(do: str) -> Recipe:
    return lambda at, who: (Fault(at, do, who),)


def _colluding(at: int, who: Who) -> tuple[Fault, ...]:
    """Backers push a block with a wrong state root; those of `who` that are no backers approve it unchecked."""
    return Fault(at, "tamper", path="header.state_root"), Fault(at, "collude", who)


def _lying_encoder(at: int, who: Who) -> tuple[Fault, ...]:
    return Fault(at, "bad_encode"), Fault(at, "collude", who)


def _claimed(silent: bool) -> Recipe:
    """Bits without chunks; the silent ones answer nobody once the candidate is included."""

    def made(at: int, who: Who) -> tuple[Fault, ...]:
        claims = Fault(at, "claim_bit", who, until=at + 2)
        return (claims, Fault(at + 2, "offline", who)) if silent else (claims,)

    return made


CATALOGUE: dict[str, Recipe] = {
    "F01": _spoil("header.state_root"),
    "F02": _by_collator("drop_node"),
    "F03": _by_collator("hash_node"),
    "F04": _spoil("extrinsic"),
    "F05": _spoil("body"),
    "F06": _spoil("header.extrinsics_root"),
    "F07": _spoil("header.parent_hash"),
    "F08": _by_collator("stale"),
    "F09": _by_collator("again"),
    "F11": _spoil("pov.size"),
    "F12": _by_collator("swap_pov"),
    "F13": _by_collator("sign_as"),
    "F15": _spoil("commitments.horizontal_messages"),
    "F16": _spoil("header.state_root"),
    "F17": _colluding,
    "F18": _colluding,
    "F19": _colluding,
    "F20": _colluding,
    "F21": _by_validators("withhold_chunk"),
    "F22": _by_validators("offline"),
    "F23": _by_validators("offline"),
    "F24": _by_validators("corrupt_chunk"),
    "F25": _claimed(silent=False),
    "F26": _claimed(silent=True),
    "F27": _lying_encoder,
    "F28": _spoil("inherent.downward"),
    "F29": _spoil("inherent.horizontal"),
    "F30": _spoil("inherent.sender"),
    "F31": _spoil("outputs.horizontal_messages"),
    "F32": _spoil("inherent.no_downward"),
    "F33": _by_validators("forge_statement"),
    "F34": _by_validators("forge_statement"),
    "F35": _by_validators("old_session"),
    "F36": _by_validators("bad_bitfield"),
    "F37": lambda at, who: (*_spoil("header.state_root")(at, who), Fault(at, "include_unbacked")),
    "F38": _by_validators("precommit_twice"),
    "F39": _by_collator("wrong_relay_proof"),
    "F40": _by_collator("slot_shift"),
}
"""F10 and F14 are second blocks beside an honest one; they are no switch on a candidate."""


def expand(name: str, at: int, who: Sequence[int] = (), para: int | None = None) -> tuple[Fault, ...]:
    """The switches of a catalogued fault. Raises FaultError for a name that is none, or one that needs `who`."""
    recipe = CATALOGUE.get(name)
    if recipe is None:
        raise FaultError("UnknownFault", f"{name!r} is none of {', '.join(CATALOGUE)}")
    return tuple(
        Fault(each.at, each.do, each.who, para, each.path, each.value, each.until, name)
        for each in recipe(at, tuple(who))
    )
