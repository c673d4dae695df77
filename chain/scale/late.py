"""Types that contain themselves: a call that carries calls, a message that carries messages."""

import sys
import threading
from typing import Any

from chain.scale.choices import OptionOf
from chain.scale.codec import AnyCodec, Codec, bare
from chain.scale.errors import EncodeError, TooDeep

DEPTH = 256
"""How deep values nest before they are refused; the runtime's own bound for an extrinsic."""

# A level of nesting takes up to seven Python frames. With the default limit of 1,000, whether a valid call is
# refused would depend on how deep its reader's caller stands, and so differ between author and validator.
if sys.getrecursionlimit() < 20_000:
    sys.setrecursionlimit(20_000)


class _Depth(threading.local):
    now = 0


class LateOf(Codec[Any]):
    """A codec whose target is set later; the one place where values can nest without end.

    Raises TooDeep (or EncodeError) beyond `limit` passages within one value.
    """

    def __init__(self, notation: str, limit: int = DEPTH) -> None:
        self.limit = limit
        self._target: list[AnyCodec] = []
        target, depth = self._target, _Depth()

        def encode(value: Any) -> bytes:
            if depth.now >= limit:
                raise EncodeError(f"{notation} is nested more than {limit} deep")
            depth.now += 1
            try:
                return target[0].encode(value)
            finally:
                depth.now -= 1

        def read(data: bytes, at: int) -> tuple[Any, int]:
            if depth.now >= limit:
                raise TooDeep(f"{notation} at offset {at} is nested more than {limit} deep")
            depth.now += 1
            try:
                return target[0].read(data, at)
            finally:
                depth.now -= 1

        super().__init__(notation, encode, read, 1)

    @property
    def target(self) -> AnyCodec:
        """What stands behind the name; raises LookupError before `set`."""
        if not self._target:
            raise LookupError(f"nothing is set behind {self.notation} yet")
        return self._target[0]

    def set(self, target: AnyCodec) -> None:
        """Puts `target` behind the name, once. It takes at least a byte and is no option by itself."""
        if self._target:
            raise TypeError(f"{self.notation} is set already")
        if target.minimum < 1 or isinstance(bare(target), OptionOf):
            raise TypeError(f"{target.notation} cannot stand behind {self.notation}")
        self._target.append(target)
