"""Changing one thing of a candidate by its path. Source: spec/relay.md §13."""

from collections.abc import Callable
from typing import Any

import msgspec

from chain.primitives.header import AURA
from chain.relay.block_data import POV, PoV
from chain.relay.faults.draft import Draft
from chain.relay.faults.fault import UNSET, Fault, cannot
from chain.relay.faults.paths import PARTS, Absent, Path, changed, other, path_of
from chain.relay.inherents import is_bare
from chain.scale import AnyCodec


def tampered(draft: Draft, fault: Fault) -> Draft:
    """The candidate with what the fault's path leads to changed. Raises `Network.FaultNotTriggered`."""
    path = path_of(fault.path)
    try:
        special = _SPECIAL.get(path.text)
        return special(draft, fault) if special is not None else _PARTS[path.part](draft, path, _new(fault))
    except Absent as error:
        raise cannot(fault, str(error)) from None


New = Callable[[AnyCodec, Any], Any]


def _new(fault: Fault) -> New:
    """The value that the fault names, or another one than there is."""
    return other if fault.value is UNSET else lambda codec, held: fault.value


def _given(fault: Fault, otherwise: Callable[[], Any]) -> Any:
    return otherwise() if fault.value is UNSET else fault.value


# -- by part -----------------------------------------------------------------------------------------------------------


def _put(path: Path, held: Any, new: New) -> Any:
    return changed(PARTS[path.part], held, path.steps, new)


def _header(draft: Draft, path: Path, new: New) -> Draft:
    return draft.headed(_put(path, draft.data.header.unsealed(), new))


def _extrinsics(draft: Draft, path: Path, new: New) -> Draft:
    return draft.bodied(_put(path, draft.body, new))


def _inherent(draft: Draft, path: Path, new: New) -> Draft:
    return draft.told(_put(path, draft.inherent, new))


def _proof(draft: Draft, path: Path, new: New) -> Draft:
    data = draft.data
    return draft.holding(msgspec.structs.replace(data, proof=_put(path, tuple(data.proof), new)))


def _pov(draft: Draft, path: Path, new: New) -> Draft:
    return draft.proved(_put(path, draft.collation.pov, new))


def _validation_data(draft: Draft, path: Path, new: New) -> Draft:
    return draft.standing_on(_put(path, draft.collation.validation_data, new))


def _commitments(draft: Draft, path: Path, new: New) -> Draft:
    return draft.committing(_put(path, draft.commitments, new))


def _descriptor(draft: Draft, path: Path, new: New) -> Draft:
    """A descriptor is signed anew, unless it is the signature that is changed."""
    descriptor = _put(path, draft.descriptor, new)
    return draft.claiming(descriptor) if path.steps[:1] in ((), ("signature",)) else draft.described(descriptor)


_PARTS: dict[str, Callable[[Draft, Path, New], Draft]] = {
    "header": _header,
    "extrinsics": _extrinsics,
    "inherent": _inherent,
    "proof": _proof,
    "pov": _pov,
    "validation_data": _validation_data,
    "commitments": _commitments,
    "outputs": _commitments,
    "descriptor": _descriptor,
}


# -- what has no field of its own --------------------------------------------------------------------------------------


def _seal(draft: Draft, fault: Fault) -> Draft:
    data = draft.data
    seal = data.header.seal
    assert seal is not None
    signature = _given(fault, lambda: bytes([seal.data[0] ^ 0xFF]) + seal.data[1:])
    return draft.holding(msgspec.structs.replace(data, header=data.header.unsealed().sealed(AURA, signature)))


def _extrinsic(draft: Draft, fault: Fault) -> Draft:
    """The last extrinsic, if somebody signed it; its last byte belongs to the last argument of the call."""
    body = draft.body
    if not body or is_bare(body[-1]):
        raise cannot(fault, "the block holds no signed extrinsic")
    *before, last = body
    return draft.bodied((*before, _given(fault, lambda: last[:-1] + bytes([last[-1] ^ 1]))))


def _body(draft: Draft, fault: Fault) -> Draft:
    """One extrinsic less under the header as it was; the last one, if the fault does not say which."""
    data = draft.data
    place = _given(fault, lambda: len(data.extrinsics) - 1)
    if place >= len(data.extrinsics):
        raise cannot(fault, f"the block has {len(data.extrinsics)} extrinsics, none has the place {place}")
    fewer = (*data.extrinsics[:place], *data.extrinsics[place + 1 :])
    return draft.holding(msgspec.structs.replace(data, extrinsics=fewer))


def _timestamp(draft: Draft, fault: Fault) -> Draft:
    return draft.timed(_given(fault, lambda: draft.timestamp + 1))


def _size(draft: Draft, fault: Fault) -> Draft:
    """A PoV of so many bytes, one more than it may have if the fault does not say; longer ones have zeros behind."""
    wanted = _given(fault, lambda: draft.collation.validation_data.max_pov_size + 1)
    data = draft.collation.pov.block_data
    for prefix in (1, 2, 4, 5):
        length = wanted - prefix
        if length >= 0 and len(POV.encode(PoV(bytes(length)))) == wanted:
            return draft.proved(PoV(data[:length] + bytes(max(0, length - len(data)))))
    raise cannot(fault, f"no PoV has {wanted} bytes")


_SPECIAL: dict[str, Callable[[Draft, Fault], Draft]] = {
    "header.seal": _seal,
    "extrinsic": _extrinsic,
    "body": _body,
    "inherent.timestamp": _timestamp,
    "pov.size": _size,
}
