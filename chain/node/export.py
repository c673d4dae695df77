"""A chain's history as files that can be audited anywhere. Source: spec/network.md §5.

`relay.scale` and `para-<id>.scale` are records one after another, each its length (u32) and its SCALE; `index.jsonl`
says where parachain records are, `chain.json` what chain it is: its spec, and the number of validators.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from chain.node.archive import Archive
from chain.node.records import RELAY_RECORD, About
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import PersistedValidationData
from chain.relay.types import CommittedCandidateReceipt, PoV
from chain.relay.validators import ValidatorSet
from chain.scale import Struct, codec_of
from chain.scale.types import H256


class ParaRecord(Struct):
    """All that it takes to judge a block again, wherever that is done."""

    notation: ClassVar[str] = "ParaRecord"
    relay_block: H256
    candidate: CommittedCandidateReceipt
    validation_data: PersistedValidationData
    pov: PoV

    @property
    def number(self) -> int:
        """The parachain block's."""
        header: Header = HEADER.decode(self.candidate.commitments.head_data)
        return header.number


PARA_RECORD = codec_of(ParaRecord)


def export(archive: Archive, validators: ValidatorSet, about: About, best: int, directory: Path) -> int:
    """Write the history up to block `best` and the relay chain's head; how many parachain records there are.

    Raises FileExistsError for a folder that holds an archive, and OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if (directory / "relay.scale").exists():
        raise FileExistsError(f"{directory} holds an archive already")
    with (directory / "relay.scale").open("wb") as relay:
        for number in range(archive.heads.relay + 1):
            relay.write(_framed(RELAY_RECORD.encode(archive.relay(number))))
    name, at = f"para-{about.para_id}.scale", 0
    with (directory / name).open("wb") as paras, (directory / "index.jsonl").open("w") as index:
        for number, record in _blocks(archive, best):
            framed = _framed(PARA_RECORD.encode(record[0]))
            paras.write(framed)
            place = {
                "para": about.para_id,
                "number": number,
                "candidate": "0x" + record[0].candidate.hash.hex(),
                "offset": at,
                "length": len(framed),
                "relay_number": record[1],
            }
            index.write(json.dumps(place) + "\n")
            at += len(framed)
    chain = {
        "para": about.para_id,
        "validators": validators.parameters.validators,
        "genesis": "0x" + about.genesis.encode().hex(),
        "spec": json.loads(about.spec),
    }
    (directory / "chain.json").write_text(json.dumps(chain, indent=1) + "\n")
    return best


def _blocks(archive: Archive, best: int) -> Iterator[tuple[int, tuple[ParaRecord, int]]]:
    for number in range(1, best + 1):
        block_hash = archive.hash_of(number)
        record = archive.record(block_hash) if block_hash else None
        assert record is not None
        header = archive.relay(record.included_in).header
        made = ParaRecord(header.hash, record.candidate, record.validation_data, record.pov)
        yield number, (made, record.included_in)


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "little") + data
