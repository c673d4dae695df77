"""Storage items as people name them: `XYK.TotalLiquidity @xyk:BSX/KSM`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amm.arguments import CODE, Plain, read_value
from amm.facts import fact
from amm.scripts.errors import Faults
from amm.scripts.source import Text, compose
from amm.wording import nearest
from basilisk_cli.errors import CliError
from basilisk_cli.session import Session
from chain.frame.storage import StorageItem
from chain.scale import AnyCodec
from chain.state import RAW


@dataclass(frozen=True)
class Place:
    """A storage item, and keys of it: all of them, or the first few."""

    item: StorageItem
    keys: tuple[Any, ...]

    @property
    def raw(self) -> bytes:
        return self.item.key(*self.keys)

    @property
    def name(self) -> str:
        return f"{self.item.pallet}.{self.item.name}"


def find_item(session: Session, written: str) -> StorageItem:
    """An item by `Pallet.Item`, in either spelling. Raises CliError with the nearest name."""
    by_name = {
        f"{pallet.name}.{item.name}": item
        for pallet in session.runtime.pallets.values()
        for item in pallet.declaration.storage.values()
    }
    folded = {name.casefold().replace("_", ""): item for name, item in by_name.items()}
    found = folded.get(written.casefold().replace("_", ""))
    if found is not None:
        return found
    pallet = written.partition(".")[0].casefold()
    near = [name for name in by_name if name.casefold().startswith(pallet + ".")] or list(by_name)
    hint = nearest(written, near)
    raise CliError(f"there is no storage item {written!r}", hint if len(hint) < 500 else "write Pallet.Item")


def find_place(session: Session, written: str, keys: Sequence[str], *, partial: bool = False) -> Place:
    """An item with its keys as people write them. Raises CliError or Faults."""
    item = find_item(session, written)
    name, needed = f"{item.pallet}.{item.name}", len(item.keys)
    if len(keys) > needed or (len(keys) < needed and not partial):
        kinds = " and ".join(codec.alias or codec.notation for codec in item.keys)
        what = f"{name} has {needed} key{'s' * (needed != 1)}, not {len(keys)}"
        raise CliError(what, f"write {kinds}, or list the keys: `basilisk storage keys {name}`" if needed else "")
    values = tuple(read_written(session, text, codec) for text, codec in zip(keys, item.keys, strict=False))
    return Place(item, values)


def read_written(session: Session, text: str, codec: AnyCodec) -> Any:
    """A value as a script would write it. Raises CliError for what is no value of the type."""
    node, faults = compose(text, "the command")
    try:
        return read_value(node or Text(CODE, text), codec, Plain(session.runtime, session.book))
    except Faults as error:
        faults += error.faults
    fault = faults[0]
    raise CliError(f"{text}: {fault.message}", fault.hint)


def read_stored(session: Session, item: StorageItem, raw: bytes, block: int) -> tuple[bytes | None, Any]:
    """The bytes under a key after a block, and what they say; None where nothing is stored."""
    data = session.read(block).context.state.read(raw, RAW)
    return data, None if data is None else plain_value(session, item, data)


def plain_value(session: Session, item: StorageItem, data: bytes) -> Any:
    """Stored bytes in plain values. Raises `ScaleError`."""
    codec = session.runtime.codec_of_item(item)
    value = codec.decode(data)
    if item.name == "Events" and item.pallet == "System":
        from amm.outcome import as_plain, facts

        return as_plain(facts(tuple(record.event for record in value), session.runtime))
    return fact(value, codec, session.runtime)


def plain_keys(session: Session, item: StorageItem, raw: bytes) -> list[Any]:
    """The keys inside a raw key, in plain values."""
    values = zip(item.key_of(raw), item.keys, strict=True)
    return [fact(value, codec, session.runtime) for value, codec in values]


def item_at(session: Session, raw: bytes) -> StorageItem | None:
    """The item that a raw key belongs to."""
    for pallet in session.runtime.pallets.values():
        for item in pallet.declaration.storage.values():
            if raw.startswith(item.prefix):
                return item
    return None
