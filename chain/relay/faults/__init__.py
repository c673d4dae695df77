"""Faults for injection: what actors of the relay side do wrong at one relay height. Source: spec/relay.md §13.

    Fault        one switch: `{at, para, who, do, …}`
    catalogue    F01 … F40 as lists of switches
    Switched     the conduct of validators, and of the collator, under some faults
"""

from chain.relay.faults.catalogue import CATALOGUE, expand
from chain.relay.faults.fault import DEEDS, Fault, FaultError
from chain.relay.faults.switched import Switched

__all__ = ["CATALOGUE", "DEEDS", "Fault", "FaultError", "Switched", "expand"]
