"""F01 to F40 as lists of switches. Source: spec/relay.md §13.

Where a fault says not who deviates, it is whom the table names, by rank: the first two of the group, the validator 2, f
of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from chain.primitives.validation import InboundHrmpMessage, OutboundHrmpMessage
from chain.relay.faults.fault import Fault, FaultError
from chain.relay.thresholds import backing_threshold, faulty
from chain.relay.validators import ValidatorSet

Who = tuple[int, ...]
NOBODY = 2999
"""A para that no network has, from there upwards: no channel leads to it, nor from it."""


@dataclass(frozen=True)
class Scene:
    """Who is on stage when a fault befalls a candidate: so many validators, and the group of its core, ascending."""

    validators: int
    group: Who
    backing: int
    approvals: int
    paras: tuple[int, ...]

    @property
    def f(self) -> int:
        return faulty(self.validators)

    @property
    def backers(self) -> Who:
        """Just enough of the group."""
        return self.group[: self.backing]

    @property
    def others(self) -> Who:
        """Those outside the group."""
        return tuple(index for index in range(self.validators) if index not in self.group)

    @property
    def nobody(self) -> int:
        """A para that is not registered."""
        return next(para for para in range(NOBODY, NOBODY + len(self.paras) + 1) if para not in self.paras)

    def of_group(self, who: Who) -> Who:
        """Raises `Network.FaultNotTriggered` unless all of them are of the group."""
        strangers = [index for index in who if index not in self.group]
        if strangers:
            group = ", ".join(map(str, self.group))
            raise FaultError("FaultNotTriggered", f"validator {strangers[0]} is not of the group that backs: {group}")
        return who

    def outside(self, who: Who) -> Who:
        """Raises `Network.FaultNotTriggered` unless none of them is of the group."""
        members = [index for index in who if index in self.group]
        if members:
            raise FaultError("FaultNotTriggered", f"validator {members[0]} is of the group that backs")
        return who


def scene_of(validators: ValidatorSet, para: int, at: int) -> Scene:
    """What a candidate of `para` on relay block `at` meets."""
    core = validators.core_of(para)
    group = () if core is None else tuple(sorted(validators.group_of_core(core, at + 1)))
    backing = backing_threshold(len(group), validators.parameters.minimum_backing_votes)
    n = validators.parameters.validators
    return Scene(n, group, backing, min(n, validators.parameters.approvals), validators.paras)


Recipe = Callable[[Scene, int, Who], tuple[Fault, ...]]


def _by_collator(do: str, path: str = "") -> Recipe:
    """The collator does it; `who` collude with it, if any."""
    return lambda scene, at, who: (Fault(at, do, who, path=path),)


def _by_validators(do: str, otherwise: Callable[[Scene], Iterable[int]]) -> Recipe:
    return lambda scene, at, who: (Fault(at, do, who or tuple(otherwise(scene))),)


def _by_members(do: str, otherwise: Callable[[Scene], Who]) -> Recipe:
    """Members of the group do it."""
    return lambda scene, at, who: (Fault(at, do, scene.of_group(who or otherwise(scene))),)


def _wrong_root(at: int) -> Fault:
    return Fault(at, "tamper", path="header.state_root")


def _lazy_backer(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    return _wrong_root(at), Fault(at, "lazy", scene.of_group(who or scene.group[:1]))


def _pushed(whole: bool) -> Recipe:
    """Backers push a block with a wrong state root: just enough of them, or the whole group."""

    def made(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
        colluders = scene.of_group(who or (scene.group if whole else scene.backers))
        return _wrong_root(at), Fault(at, "collude", colluders)

    return made


def _waved_through(all_of_them: bool) -> Recipe:
    """Backers push it, and checkers approve unchecked: one, or all of tranche 0."""

    def made(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
        backers = tuple(index for index in who if index in scene.group) or scene.backers
        checkers = tuple(index for index in who if index not in scene.group)
        first = 0 if checkers else scene.approvals if all_of_them else 1
        return _wrong_root(at), Fault(at, "collude", backers), Fault(at, "lazy", checkers, first=first)

    return made


def _second(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    """A second candidate while the first waits: too many of the bits come a relay block late."""
    late = who or tuple(range(scene.validators))[-scene.f - 1 :]
    return Fault(at, "second"), Fault(at + 1, "hold_bits", late)


def _corrupted(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    return (Fault(at, "corrupt_chunk", who, first=0 if who else 1),)


def _lying_encoder(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    return (Fault(at, "bad_encode", scene.of_group(who or scene.backers)),)


def _unknown_sender(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    path, page = f"inherent.horizontal_messages.{scene.nobody}", InboundHrmpMessage(at, b"\0")
    return (Fault(at, "tamper", who, path=path, value=(page,)),)


def _closed_channel(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    sent = (OutboundHrmpMessage(scene.nobody, b"\0"),)
    return (Fault(at, "tamper", who, path="outputs.horizontal_messages", value=sent),)


def _nothing_processed(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    return (Fault(at, "tamper", who, path="inherent.downward_messages", value=()),)


def _stranger(scene: Scene, at: int, who: Who) -> tuple[Fault, ...]:
    return (Fault(at, "forge_statement", scene.outside(who or scene.others[:1])),)


CATALOGUE: dict[str, Recipe] = {
    "F01": _by_collator("tamper", "header.state_root"),
    "F02": _by_collator("drop_node"),
    "F03": _by_collator("hash_node"),
    "F04": _by_collator("tamper", "extrinsic"),
    "F05": _by_collator("tamper", "body"),
    "F06": _by_collator("tamper", "header.extrinsics_root"),
    "F07": _by_collator("tamper", "header.parent_hash"),
    "F08": _by_collator("stale"),
    "F09": _by_collator("again"),
    "F10": _second,
    "F11": _by_collator("tamper", "pov.size"),
    "F12": _by_collator("swap_pov"),
    "F13": _by_collator("sign_as"),
    "F14": _by_collator("equivocate"),
    "F15": _by_collator("tamper", "commitments.horizontal_messages"),
    "F16": _lazy_backer,
    "F17": _pushed(whole=False),
    "F18": _pushed(whole=True),
    "F19": _waved_through(all_of_them=False),
    "F20": _waved_through(all_of_them=True),
    "F21": _by_validators("withhold_chunk", lambda scene: [min(2, scene.validators - 1)]),
    "F22": _by_validators("offline", lambda scene: range(scene.f)),
    "F23": _by_validators("offline", lambda scene: range(scene.f + 1)),
    "F24": _corrupted,
    "F25": _by_validators("claim_bit", lambda scene: range(scene.validators - scene.f - 1)),
    "F26": _by_validators("claim_bit", lambda scene: range(scene.validators - scene.f)),
    "F27": _lying_encoder,
    "F28": _by_collator("tamper", "inherent.downward_messages.0.msg"),
    "F29": _by_collator("tamper", "inherent.horizontal_messages"),
    "F30": _unknown_sender,
    "F31": _closed_channel,
    "F32": _nothing_processed,
    "F33": _by_members("forge_statement", lambda scene: scene.group[:1]),
    "F34": _stranger,
    "F35": _by_members("old_session", lambda scene: scene.group[-1:]),
    "F36": _by_validators("bad_bitfield", lambda scene: range(min(2, scene.validators))),
    "F37": lambda scene, at, who: (Fault(at, "include_unbacked", who),),
    "F38": _by_validators("precommit_twice", lambda scene: [0]),
    "F39": _by_collator("wrong_relay_proof"),
    "F40": _by_collator("slot_shift"),
}


def expand(
    name: str, at: int, who: Sequence[int], scene: Scene, para: int | None = None, until: int | None = None
) -> tuple[Fault, ...]:
    """The switches of a catalogued fault. Raises FaultError for a name that is none, or where it cannot act.

    `until` is the last relay block of it; in F23 that from which the last of those offline is back.
    """
    recipe = CATALOGUE.get(name)
    if recipe is None:
        raise FaultError("UnknownFault", f"{name!r} is none of {', '.join(CATALOGUE)}")
    made = recipe(scene, at, tuple(who))
    if name == "F23" and until is not None and len(made[0].who) > 1:
        *stay, back = made[0].who
        made = replace(made[0], who=tuple(stay)), replace(made[0], who=(back,), until=until)
    elif until is not None:
        made = tuple(replace(each, until=until + each.at - at) for each in made)
    return tuple(replace(each, para=para, id=name) for each in made)
