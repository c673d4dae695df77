"""Where the relay chain stands: heads, cores and who serves them, the session, finality. Source: relay.md §5, §11."""

from typing import Any

from amm.relay_history import RelayHistory, listed
from basilisk_cli.lifeline import PROVES
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Items, Styled, Table
from basilisk_cli.times import time_text
from chain.crypto.hashing import blake2_256
from chain.primitives.header import HEADER
from chain.relay.finality import STALLED
from chain.relay.finality_types import Justification
from chain.relay.parameters import SLOT_MS
from chain.relay.state import RelayState
from chain.relay.thresholds import faulty, supermajority
from chain.relay.validators import ValidatorSet, session_start


class Status:
    """The relay chain at its head. Groups and cores are those of the next relay block, which is made of them."""

    def __init__(self, history: RelayHistory) -> None:
        self.history, self.validators = history, history.validators
        self.head, self.final = history.head, history.finalized
        self.next = self.head.number + 1
        self.state = history.state(self.head)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        found, parameters, final = self.validators, self.validators.parameters, self.final
        session, length = found.session_at(self.next), parameters.session_length
        return {
            "block": self.head.number,
            "hash": _hex(self.head.hash),
            "state_root": _hex(self.head.state_root),
            "slot": self.head.slot or 0,
            "session": session,
            "session_start": session_start(session, length),
            "session_end": session_start(session + 1, length) - 1,
            "next_rotation": next_rotation(found, self.next),
            "validators": parameters.validators,
            "disabled": list(self.state.disabled.get()),
            "frozen": self.state.frozen.get(),
            "halted": self.history.halted,
            "groups": [list(group) for group in found.groups_at(self.next)],
            "cores": [self._core(core) for core in range(found.cores)],
            "heads": [_head(self.state, para) for para in found.paras],
            "verify": parameters.verify,
            "seed": parameters.seed,
            "para": self.history.para,
            "finalized": {"block": final.number, "hash": _hex(final.hash)},
            "justification": self._justification(),
        }

    def _core(self, core: int) -> dict[str, Any]:
        found = self.validators
        para = found.paras[core] if core < len(found.paras) else None
        pending = self.state.pending.get(para) if para is not None else None
        return {
            "core": core,
            "para": para,
            "group_index": found.group_index(core, self.next),
            "group": list(found.group_of_core(core, self.next)),
            "next_group": list(found.group_of_core(core, next_rotation(found, self.next))),
            "candidate": _hex(pending.candidate.hash) if pending else None,
            "available": [index for index, bit in enumerate(pending.availability) if bit] if pending else None,
        }

    def _justification(self) -> dict[str, Any] | None:
        """Who made the final relay block final, and in which round; nobody made the genesis block so."""
        found: Justification | None = self.history.block(self.final.number).justification
        return None if found is None else {"round": found.round, "precommits": self.history.voters(found)}

    def stalled(self) -> str | None:
        """What holds finality up, in the validators' words; None where nothing does."""
        if self.head.number == self.final.number:
            return None
        said = self.history.happenings(self.history.block(self.head.number))
        waits = [each.what for each in said if each.kind == "finality"]
        if self.head.number - self.final.number >= STALLED:
            waits.append(f"{STALLED} relay blocks behind: candidates are not included")
        return "; ".join(waits) or "candidates wait for their checkers"

    def blocks(self, document: dict[str, Any]) -> list[Block]:
        """As people see it."""
        parameters = self.validators.parameters
        n, by = parameters.validators, document["justification"]
        first, last, frozen = document["session_start"], document["session_end"], document["frozen"]
        behind, stalled = self.head.number - self.final.number, self.stalled()
        rows: list[tuple[str, Cell]] = [
            ("relay block", self.head.number),
            ("hash", document["hash"]),
            ("state root", document["state_root"]),
            ("final", f"relay block {self.final.number}, {behind} behind"),
            ("precommits", "none: genesis" if by is None else f"{listed(by['precommits'])} in round {by['round']}"),
            *([("finality waits", Styled(stalled, "yellow"))] if stalled else []),
            *([("halted", Styled(document["halted"], "bold red"))] if document["halted"] else []),
            *([("frozen at", Styled(str(frozen), "bold red"))] if frozen is not None else []),
            ("time", f"slot {document['slot']}, {time_text(document['slot'] * SLOT_MS)}"),
            ("session", f"{document['session']}, relay blocks {first} to {last}"),
            ("groups rotate", f"in relay block {document['next_rotation']}"),
            ("validators", f"{n}, of which {faulty(n)} may be faulty"),
            ("disabled", listed(document["disabled"])),
            ("backing", f"{parameters.minimum_backing_votes} votes of the core's group"),
            ("availability", f"{supermajority(n)} validators hold their chunk"),
            ("approval", f"{parameters.approvals} checkers"),
            ("finality", f"{supermajority(n)} precommits"),
            ("executions", "one for all honest validators" if parameters.verify == "shared" else "one a validator"),
            *(row for head in document["heads"] for row in _head_rows(head)),
            ("proves", Items([PROVES])),
        ]
        return [Facts(rows), Table(_CORES, [self._row(core) for core in document["cores"]])]

    def _row(self, core: dict[str, Any]) -> tuple[Cell, ...]:
        waits = core["candidate"]
        state = f"waits for chunks: {waits}" if waits else "free" if core["para"] is not None else "no parachain"
        return core["core"], core["para"], core["group_index"], listed(core["group"]), listed(core["next_group"]), state


_CORES = (
    Column("core", Align.RIGHT),
    Column("para", Align.RIGHT),
    Column("group", Align.RIGHT),
    Column("validators"),
    Column("after rotation"),
    Column("candidate"),
)


def next_rotation(validators: ValidatorSet, number: int) -> int:
    """The first relay block after `number` whose cores other groups serve: at a turn, or where a session begins."""
    parameters = validators.parameters
    session, every = validators.session_at(number), parameters.group_rotation_frequency
    following = session_start(session + 1, parameters.session_length)
    if not every:
        return following
    start = session_start(session, parameters.session_length)
    return min(following, start + ((number - start) // every + 1) * every)


def _head(state: RelayState, para: int) -> dict[str, Any]:
    """The block that the relay chain includes of a parachain; null for one that has never made any."""
    head = state.heads.get(para)
    if not head:
        return {"para": para, "block": None, "hash": None}
    return {"para": para, "block": HEADER.decode(head).number, "hash": _hex(blake2_256(head))}


def _head_rows(head: dict[str, Any]) -> list[tuple[str, Cell]]:
    name = f"parachain {head['para']}"
    if head["hash"] is None:
        return [(name, "makes no blocks")]
    return [(name, f"included up to block {head['block']}"), ("its head", head["hash"])]


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
