"""Faults for injection: what actors of the relay side do wrong at one relay height. Source: spec/relay.md §13.

    Fault        one switch: `{at, para, who, do, …}`
    catalogue    F01 … F40 as lists of switches
    paths        what `tamper` can change
    Workshop     what a collator makes of its candidate
    Switched     the conduct of validators, and of the collator, under some faults
    Tally        which faults have acted, and why others have not
"""

from chain.relay.faults.catalogue import CATALOGUE, expand, scene_of
from chain.relay.faults.fault import DEEDS, UNSET, Fault, FaultError
from chain.relay.faults.switched import Switched

__all__ = ["CATALOGUE", "DEEDS", "UNSET", "Fault", "FaultError", "Switched", "expand", "scene_of"]
