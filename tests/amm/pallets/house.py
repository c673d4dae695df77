"""An auction house: alice puts piece 1 up, the others bid."""

from collections.abc import Callable
from typing import Any

from gallery import ART, DAVE, Gallery
from markets import ALICE

from amm.pallets.auctions_types import Auction, Candle, CandleData, CommonData, English, EnglishData, TopUp, TopUpData

RICH = 10**17
SETTINGS: dict[str, Any] = {
    "bid_min_amount": 1,
    "candle_default_duration": 100,
    "candle_default_closing_period_duration": 72,
    "randomness": "subject",
}
Kind = Callable[..., Auction]


def english(owner: bytes, token: tuple[int, int], first: int = 1, **data: Any) -> Auction:
    """An English auction from block 10 to 21."""
    return English(_common(owner, token, next_bid_min=first, **data), EnglishData())


def top_up(owner: bytes, token: tuple[int, int], **data: Any) -> Auction:
    """A TopUp auction from block 10 to 21."""
    return TopUp(_common(owner, token, **data), TopUpData())


def candle(owner: bytes, token: tuple[int, int], closing_start: int = 38, **data: Any) -> Auction:
    """A Candle auction from block 10 to 110, which closes over the last 72 blocks."""
    return Candle(_common(owner, token, **({"end": 110} | data)), CandleData(closing_start, None, None))


def _common(owner: bytes, token: tuple[int, int], **data: Any) -> CommonData:
    given: dict[str, Any] = {"name": b"An auction", "reserve_price": None, "last_bid": None, "next_bid_min": 1}
    given |= {"start": 10, "end": 21, "closed": False, "owner": owner, "token": token}
    return CommonData(**(given | data))


def house(**settings: Any) -> Gallery:
    """Piece 1 is alice's, the block is 1."""
    chain = Gallery(auctions=SETTINGS | settings)
    chain.piece()
    return chain


def begun(kind: Kind, now: int = 10, settings: dict[str, Any] | None = None, **data: Any) -> Gallery:
    """Alice's auction 0 of piece 1, in a block of its course."""
    chain = house(**(settings or {}))
    chain.do(ALICE, "auctions.create", kind(ALICE, (ART, 1), **data))
    chain.clock.own = now
    return chain


def bid(chain: Gallery, who: bytes, amount: int, now: int | None = None) -> list[Any]:
    chain.clock.own = chain.clock.own if now is None else now
    return chain.do(who, "auctions.bid", 0, amount)


def close(chain: Gallery, who: bytes | None = DAVE) -> list[Any]:
    """Close auction 0 in the block of its end."""
    chain.clock.own = chain.auctions.auction(0).common_data.end
    return chain.do(who, "auctions.close", 0)


def pot(chain: Gallery) -> int:
    return chain.free(chain.auctions.account_of(0))


def reserved(chain: Gallery, who: bytes) -> int:
    return chain.auctions.reserved_amounts.get(who, 0)


def gained(chain: Gallery, *people: bytes) -> list[int]:
    return [chain.free(who) - RICH for who in people]
