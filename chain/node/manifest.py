"""`chain.json` of an exported history: which chain it is and where its history ends. Source: spec/network.md §5.

It names all that the genesis of the relay chain is made of, so that an audit begins from nothing else, and how far
both chains go, so that a history that was cut off is not taken for a whole one. Its digest covers it all, and through
the heads and `relay.digest` every other file.
"""

import json
from dataclasses import asdict
from typing import Any

import msgspec

from chain.crypto.hashing import blake2_256
from chain.node.archive import Archive
from chain.node.records import About
from chain.primitives.header import Header
from chain.relay.chain import open_state
from chain.relay.parameters import RelayParameters
from chain.relay.queues import Letter, QueueGenesis, queues_at_genesis
from chain.relay.validators import ValidatorSet

FORMAT = "basilisk-archive-1"
CHAIN, RELAY, INDEX = "chain.json", "relay.scale", "index.jsonl"


class ManifestError(ValueError):
    """It is not what an export writes."""


class Para(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parachain as the relay chain's genesis knows it: its head, empty for an inert one, and its code's hash."""

    id: int
    head: str
    code_hash: str


class Queues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the relay chain's queues hold at genesis, and what comes into them later, by relay block.

    A letter on the agenda has its sender, None for the relay chain itself, its recipient and its bytes.
    """

    channels: tuple[tuple[int, int], ...]
    downward: tuple[tuple[int, tuple[str, ...]], ...]
    horizontal: tuple[tuple[int, int, tuple[str, ...]], ...]
    agenda: tuple[tuple[int, tuple[tuple[int | None, int, str], ...]], ...] = ()

    @classmethod
    def of(cls, genesis: QueueGenesis) -> "Queues":
        return cls(
            genesis.channels,
            tuple((para, tuple(map(shown, found))) for para, found in sorted(genesis.downward.items())),
            tuple((*place, tuple(map(shown, found))) for place, found in sorted(genesis.horizontal.items())),
            tuple(
                (number, tuple((letter.sender, letter.recipient, shown(letter.data)) for letter in letters))
                for number, letters in sorted(genesis.agenda.items())
            ),
        )

    @property
    def genesis(self) -> QueueGenesis:
        down = {para: tuple(map(unshown, found)) for para, found in self.downward}
        across = {(sender, recipient): tuple(map(unshown, found)) for sender, recipient, found in self.horizontal}
        agenda = {
            number: tuple(Letter(sender, recipient, unshown(data)) for sender, recipient, data in letters)
            for number, letters in self.agenda
        }
        return QueueGenesis(self.channels, down, across, agenda)


class RelayEnd(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The relay chain: how many blocks there are with block 0, the last one's hash, up to where they are final.

    `digest` is the hash of `relay.scale`, empty where the records are in a store: it covers what no block does, which
    is people's notes and the choice of precommits in a justification.
    """

    blocks: int
    head: str
    finalized: int
    digest: str = ""


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A parachain block by number and hash."""

    number: int
    hash: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What chain it is. `para` is the parachain that has blocks, `records` how many; hashes and bytes are 0x digits."""

    format: str
    para: int
    genesis: str
    paras: tuple[Para, ...]
    parameters: RelayParameters
    queues: Queues
    relay: RelayEnd
    best: End
    finalized: End | None
    records: int
    spec: dict[str, Any]
    digest: str = ""

    @property
    def validators(self) -> ValidatorSet:
        return ValidatorSet(self.parameters, tuple(para.id for para in self.paras))

    def written(self) -> str:
        """The file. Raises nothing: what cannot be written was not read."""
        return json.dumps({**self._plain(), "digest": self.digest}, indent=1) + "\n"

    def sealed(self) -> "Manifest":
        """With the digest of all the rest."""
        text = json.dumps(self._plain(), indent=1)
        return msgspec.structs.replace(self, digest=shown(blake2_256(text.encode())))

    def _plain(self) -> dict[str, Any]:
        plain = {name: msgspec.to_builtins(getattr(self, name)) for name in self.__struct_fields__ if name != "spec"}
        plain["parameters"] = asdict(self.parameters)
        plain["spec"] = self.spec
        del plain["digest"]
        return plain

    @classmethod
    def read(cls, text: str) -> "Manifest":
        """Raises ManifestError for a file that no export has written, or that was changed since."""
        try:
            found = msgspec.convert(json.loads(text), cls)
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise ManifestError(str(error)) from None
        if found.format != FORMAT:
            raise ManifestError(f"its format is {found.format}, this program reads {FORMAT}")
        if found.written() != text or found.sealed() != found:
            raise ManifestError("it was changed: its digest is another")
        found._check()
        return found

    def _check(self) -> None:
        """Numbers that make sense, and digits that are bytes."""
        if self.best.number != self.records or self.relay.blocks < 1:
            raise ManifestError("it does not have as many records as blocks")
        ids, parameters = [para.id for para in self.paras], self.parameters
        counts = (getattr(parameters, name) for name in parameters.__dataclass_fields__)
        if not 1 <= parameters.validators <= 255 or parameters.session_length < 1 or parameters.seed >= 2**64:
            raise ManifestError("no relay chain has such parameters")
        if any(isinstance(count, int) and not 0 <= count < 2**64 for count in counts):
            raise ManifestError("no relay chain has such parameters")
        if ids != sorted(set(ids)) or self.para not in ids or any(not 0 <= para < 2**32 for para in ids):
            raise ManifestError("its parachains are not ascending, or the parachain is not among them")
        try:
            _ = self.queues.genesis, [(unshown(para.head), unshown(para.code_hash)) for para in self.paras]
            unshown(self.genesis)
        except ValueError as error:
            raise ManifestError(str(error)) from None


def manifest_of(archive: Archive, validators: ValidatorSet, about: About) -> Manifest:
    """What a store holds; without digests. Raises `StoreDamaged`, `TrieError` or DecodeError."""
    heads = archive.heads
    state = open_state(archive.nodes, archive.relay(0).header)[1]
    paras = tuple(
        Para(para, shown(state.heads.get(para) or b""), shown(state.code_hashes.get(para) or bytes(32)))
        for para in validators.paras
    )
    best, finalized = _end(archive, about, heads.best), None
    if heads.finalized is not None:
        finalized = _end(archive, about, heads.finalized)
    return Manifest(
        FORMAT,
        about.para_id,
        shown(about.genesis.encode()),
        paras,
        validators.parameters,
        Queues.of(queues_at_genesis(state.queues, validators.paras)),
        RelayEnd(heads.relay + 1, shown(archive.relay(heads.relay).header.hash), heads.relay_finalized),
        best,
        finalized,
        best.number,
        json.loads(about.spec),
    )


def _end(archive: Archive, about: About, block_hash: bytes) -> End:
    record = archive.record(block_hash)
    header: Header = about.genesis if record is None else record.header
    return End(header.number, shown(block_hash))


def shown(data: bytes) -> str:
    return "0x" + data.hex()


def unshown(digits: str) -> bytes:
    """Raises ValueError."""
    if not digits.startswith("0x"):
        raise ValueError(f"{digits[:20]!r} is not 0x and hex digits")
    return bytes.fromhex(digits[2:])
