"""`RuntimeEvent` and `System.Events` of one runtime, in SCALE. Source: spec/substrate.md §7."""

from collections.abc import Mapping

from chain.frame.event import Event, EventRecord, Phase, Stage
from chain.frame.pallet import Pallet
from chain.scale import Codec, DecodeError, codec_of
from chain.scale.compact import encode_compact, read_length


class RuntimeEventCodec(Codec[Event]):
    """The `RuntimeEvent` enum: pallet index, event index, fields."""

    def __init__(self, pallets: Mapping[int, type[Pallet]]) -> None:
        super().__init__("RuntimeEvent", self._encode, self._read, 2)
        self._by_class: dict[type[Event], tuple[bytes, Codec[Event]]] = {}
        self._by_index: dict[tuple[int, int], Codec[Event]] = {}
        for index, pallet in pallets.items():
            for event in pallet.declaration.events:
                codec: Codec[Event] = codec_of(event)
                self._by_class[event] = bytes([index, event.place]), codec
                self._by_index[index, event.place] = codec

    def _encode(self, value: Event) -> bytes:
        prefix, codec = self._by_class[type(value)]
        return prefix + codec.encode(value)

    def _read(self, data: bytes, at: int) -> tuple[Event, int]:
        codec = self._by_index.get((data[at], data[at + 1])) if at + 2 <= len(data) else None
        if codec is None:
            raise DecodeError(f"no event at offset {at}")
        return codec.read(data, at + 2)


class EventsCodec(Codec[tuple[EventRecord, ...]]):
    """`System.Events`: phase, event and no topics, for each."""

    def __init__(self, event: RuntimeEventCodec) -> None:
        super().__init__("Vec<EventRecord<RuntimeEvent, H256>>", self._encode, self._read, 1)
        self.event = event

    def _encode(self, value: tuple[EventRecord, ...]) -> bytes:
        pieces = [encode_compact(len(value))]
        encode = self.event.encode
        for (stage, extrinsic), event in value:
            pieces.append(b"\x00" + extrinsic.to_bytes(4, "little") if stage == 0 else bytes([stage]))
            pieces.append(encode(event))
            pieces.append(b"\x00")
        return b"".join(pieces)

    def _read(self, data: bytes, at: int) -> tuple[tuple[EventRecord, ...], int]:
        count, at = read_length(data, at)
        if count > len(data) - at:
            raise DecodeError(f"{count} events do not fit into {len(data) - at} bytes")
        records = []
        for _ in range(count):
            phase, at = _read_phase(data, at)
            event, at = self.event.read(data, at)
            if data[at : at + 1] != b"\x00":
                raise DecodeError(f"an event with topics at offset {at}")
            records.append(EventRecord(phase, event))
            at += 1
        return tuple(records), at


EVENTS = EventsCodec(RuntimeEventCodec({}))
"""Stands for "the events of this runtime" in the declaration of `System.Events`."""


def _read_phase(data: bytes, at: int) -> tuple[Phase, int]:
    if at >= len(data) or data[at] > Stage.Initialization:
        raise DecodeError(f"no phase at offset {at}")
    stage = Stage(data[at])
    if stage is not Stage.ApplyExtrinsic:
        return Phase(stage), at + 1
    if at + 5 > len(data):
        raise DecodeError(f"a phase ends early at offset {at}")
    return Phase(stage, int.from_bytes(data[at + 1 : at + 5], "little")), at + 5
