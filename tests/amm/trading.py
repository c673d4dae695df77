"""A pool of BSX and KSM, and a sale to it."""

from typing import Any

POOL = {"asset_a": "BSX", "amount_a": "100_000 BSX", "asset_b": "KSM", "amount_b": "250 KSM"}
SELL: dict[str, Any] = {"asset_in": "KSM", "asset_out": "BSX", "amount": "1 KSM", "max_limit": 0, "discount": False}
UNIT = 10**12
