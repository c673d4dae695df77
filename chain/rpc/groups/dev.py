"""`dev_*`: driving the chain as Chopsticks is driven. What is written is written by real extrinsics."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from chain.blocks.signatures import check_signature, signing_context
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.relay.parameters import SLOT_MS
from chain.rpc.errors import dev_error, invalid_params, refused
from chain.rpc.feed import Feed
from chain.rpc.forms import hex_of
from chain.rpc.methods import Group, method
from chain.rpc.params import ANYTHING, HASH, HEX, NUMBER, Account, Hash, Hex, Object, Text, UnfitError, list_of
from chain.rpc.ruling import Ruler, Write
from chain.rpc.sealing import Mode, Sealer, decode_extrinsic
from chain.rpc.view import View
from chain.scale import DecodeError

MOST_BLOCKS = 10_000
"""Blocks of one `dev_newBlock`, at most."""

MOST_TIME = 30 * 86_400_000
"""Milliseconds of one `dev_timeTravel`, at most."""

RELAY_STEP = 100
"""Relay blocks sealed before others are served."""

ReadStorage = Callable[[Mapping[str, Any]], list[Write]]
"""From `{pallet: {item: value}}` to raw storage; raises ValueError."""

Anything = Annotated[Any, ANYTHING]

_PAIRS = list_of(list_of(ANYTHING, 2))
_TRANSACTIONS = list_of(HEX)


class Dev(Group):
    def __init__(self, view: View, sealer: Sealer, feed: Feed, read_storage: ReadStorage | None) -> None:
        self._view, self._sealer, self._feed, self._read = view, sealer, feed, read_storage
        self._ruler = Ruler(view, sealer)

    # -- blocks and time -----------------------------------------------------------------------------------------

    @method("dev_newBlock")
    async def new_block(self, params: Object | None = None) -> str:
        """Seal `count` blocks, or up to block `to`, of the pool or of `transactions`; the hash of the last."""
        options = dict(params or {})
        transactions = _read("transactions", _TRANSACTIONS.read, options.pop("transactions", None))
        count = _read("count", NUMBER.read, options.pop("count", None))
        to = _read("to", NUMBER.read, options.pop("to", None))
        if options:
            raise dev_error(f"not known here: {', '.join(sorted(options))[:200]}", "count, to and transactions are")
        best = self._view.best.number
        blocks = count if count is not None else max(0, to - best) if to is not None else 1
        if blocks > MOST_BLOCKS:
            raise dev_error(f"{blocks} blocks at once", f"at most {MOST_BLOCKS} are sealed by one request")
        for number in range(blocks):
            if number == 0 and transactions is not None:
                self._seal_these([decode_extrinsic(raw) for raw in transactions])
            else:
                self._sealer.seal()
            await asyncio.sleep(0)
            self._sealer.go_on()
        return hex_of(self._view.best_hash)

    def _seal_these(self, extrinsics: list[Extrinsic]) -> None:
        """Raises `RpcError` if one of them may not be in the next block."""
        environment = self._view.node.trial().environment
        try:
            context = signing_context(environment)
            for extrinsic in extrinsics:
                check_signature(environment, context, extrinsic)
            self._sealer.seal(extrinsics)
        except Refused as refusal:
            raise refused(refusal) from None

    @method("dev_timeTravel")
    async def time_travel(self, date: Anything) -> int:
        """Let time pass on the relay chain until `date`: milliseconds, or ISO 8601; the next block's time."""
        target = _milliseconds(date)
        node = self._view.node
        now = (node.relay.head.slot or 0) * SLOT_MS
        if target < now:
            raise dev_error(f"time does not run backwards: it is {now} now", "dev_setHead goes back")
        if target - now > MOST_TIME:
            raise dev_error(
                f"{target - now} ms at once; it is {now} now",
                f"at most {MOST_TIME} ms; this chain's clock counts from the relay chain's slot 0, not from 1970",
            )
        left = -(-(target - now) // SLOT_MS)
        while left > 0:
            some = min(left, RELAY_STEP)
            node.advance_relay(some)
            left -= some
            self._sealer.tell_final_later()
            await asyncio.sleep(0)
            self._sealer.go_on()
        return (node.relay.head.slot or 0) * SLOT_MS

    @method("dev_setHead")
    def set_head(self, block: Anything) -> str:
        """Make a block the best one, by its hash or number; the hash. The pool is empty then.

        A number is that of a block of the chain or, above the head, of the block that was left there last; a negative
        one counts from the head back.
        """
        hash = self._named(block)
        self._view.node.go_to(hash)
        self._feed.reverted(self._view.best)
        return hex_of(hash)

    def _named(self, block: Any) -> bytes:
        """The hash of the block that is meant. Raises `RpcError`."""
        if isinstance(block, str) and len(block) > 18:
            named: bytes = _read("block", HASH.read, block)
            return named
        best = self._view.best.number
        back = isinstance(block, int) and not isinstance(block, bool) and -best <= block < 0
        number = best + block if back else _number("block", block)
        found = self._view.hash_of(number) or self._view.node.archive.left_at(number)
        if found is None:
            raise dev_error(f"there is no block {number}", f"the best block is {best}")
        return found

    @method("dev_setBlockBuildMode")
    def set_mode(self, mode: Text) -> None:
        """When blocks are sealed: Batch, Instant, Manual, or Interval."""
        try:
            chosen = Mode(mode.lower())
        except ValueError:
            raise invalid_params("mode: Batch, Instant, Manual or Interval is needed") from None
        self._sealer.set_mode(chosen)

    # -- writing -------------------------------------------------------------------------------------------------

    @method("dev_setStorage")
    def set_storage(self, values: Anything, block: Hash | None = None) -> str:
        """Seal a block that writes storage as root: `[[key, value], …]` in hex, or `{Pallet: {Item: value}}`.

        A null value removes the key, `$removePrefix` all of an item. Only the best block can be built on.
        """
        if block is not None and block != self._view.best_hash:
            raise dev_error("only the best block can be built on", "dev_setHead goes back to an earlier one")
        return hex_of(self._ruler.write(self._raw(values)).hash)

    @method("dev_sendAs")
    def send_as(self, account: Account, call: Hex) -> dict[str, str]:
        """Seal a block in which an account makes a call, without its key: sudo_as, signed by the sudo key."""
        try:
            decoded = self._view.runtime.decode_call(call)
        except DecodeError as error:
            raise invalid_params(f"call: {error}") from None
        sealed = self._ruler.act_as(account, decoded)
        return {"block": hex_of(sealed.hash), "extrinsic": hex_of(sealed.applied[-1].extrinsic.hash)}

    def _raw(self, values: Any) -> list[Write]:
        if isinstance(values, dict):
            if self._read is None:
                raise dev_error("storage by names is not read here", "give [[key, value], …] in hex")
            try:
                return self._read(values)
            except ValueError as error:
                raise invalid_params(f"values: {error}") from None
        pairs = _read("values", _PAIRS.read, values) or []
        if any(len(pair) != 2 for pair in pairs):
            raise invalid_params("values: each is a pair of key and value")
        return [(_read("key", HEX.read, key) or b"", _read("value", HEX.read, value)) for key, value in pairs]


def _read(name: str, read: Callable[[Any], Any], value: Any) -> Any:
    """A part of a parameter; `None` stays. Raises `RpcError`."""
    try:
        return None if value is None else read(value)
    except UnfitError as error:
        raise invalid_params(f"{name}: {error} is needed") from None


def _number(name: str, value: Any) -> int:
    """Raises `RpcError`, for null too."""
    number = _read(name, NUMBER.read, value)
    if number is None:
        raise invalid_params(f"{name}: a number is needed")
    return int(number)


def _milliseconds(date: Any) -> int:
    """Raises `RpcError`."""
    if isinstance(date, str):
        try:
            moment = datetime.fromisoformat(date)
        except ValueError:
            raise invalid_params("date: milliseconds or an ISO 8601 date is needed") from None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        date = int(aware.timestamp() * 1000)
    if isinstance(date, bool) or not isinstance(date, int) or date < 0:
        raise invalid_params("date: milliseconds or an ISO 8601 date is needed")
    return date
