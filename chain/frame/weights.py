"""Declared weights of calls: the measured table of a runtime. Source: spec/weights-118.json, fees-and-origins.md §3."""

from collections.abc import Mapping
from typing import Any

from chain.primitives.weight import DispatchClass, DispatchInfo, Pays, Weight

UNMEASURED = DispatchInfo(Weight(1_000_000_000, 10_000), DispatchClass.Normal, Pays.Yes)
"""The weight of a call that nobody has measured."""


class WeightTable:
    """Weights by `pallet.call`."""

    def __init__(self, calls: Mapping[str, DispatchInfo]) -> None:
        self._calls = dict(calls)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "WeightTable":
        """Read a table laid out as `weights-118.json`."""
        return cls(
            {
                path: DispatchInfo(
                    Weight(entry["ref_time"], entry["proof_size"]), DispatchClass[entry["class"]], Pays.Yes
                )
                for path, entry in document["calls"].items()
            }
        )

    def of(self, path: str) -> DispatchInfo:
        return self._calls.get(path, UNMEASURED)
