"""The faults of a chain spec as switches of the relay chain. Sources: spec/relay.md §13, spec/network.md §7."""

from dataclasses import replace
from typing import Any

from amm.arguments import read_value
from amm.chain_spec import ChainSpec
from amm.relay_chain import validators_of
from amm.scripts.errors import Fault as Wrong
from amm.scripts.errors import Faults
from amm.scripts.fault_setup import FaultSetup
from chain.relay.conduct import HONEST, Conduct
from chain.relay.faults import UNSET, Fault, FaultError, Switched, expand, scene_of
from chain.relay.faults.paths import MOST_BYTES, path_of
from chain.relay.validators import ValidatorSet
from chain.scale import STR, U32, AnyCodec, Int

VALUES: dict[str, AnyCodec] = {
    "drop_node": U32,
    "hash_node": U32,
    "sign_as": STR,
    "slot_shift": Int(64),
    "forge_statement": U32,
    "bad_bitfield": STR,
    "dispute": U32,
}
"""The deeds, beside `tamper`, that a value says more of, and its type."""

BITFIELDS = ("size", "parent")


def conduct_of(spec: ChainSpec) -> Conduct:
    """How the relay side's actors behave on the spec's chain. Raises Faults for a fault that makes no sense."""
    validators = validators_of(spec)
    switches, wrong = _switches(spec, validators)
    if wrong:
        raise Faults(wrong)
    return Switched(switches, validators, spec.para_id) if switches else HONEST


def fault_faults(spec: ChainSpec) -> list[Wrong]:
    """What is wrong with a spec's faults, as far as it can be known before the chain is made."""
    return _switches(spec, validators_of(spec))[1]


def _switches(spec: ChainSpec, validators: ValidatorSet) -> tuple[list[Fault], list[Wrong]]:
    switches: list[Fault] = []
    wrong: list[Wrong] = []
    for setup in (each for each in spec.faults if not each.refused):
        try:
            made = _read(setup, spec, validators)
        except FaultError as error:
            wrong.append(Wrong(setup.mark, str(error), "see `at`, `who` and `para` of the fault"))
        except Faults as found:
            wrong += found.faults
        else:
            made = tuple(replace(each, place=setup.mark) for each in made)
            wrong += [_clash(setup, one, other) for one in made for other in switches if _same(one, other)]
            switches += made
    return switches, wrong


def _read(setup: FaultSetup, spec: ChainSpec, validators: ValidatorSet) -> tuple[Fault, ...]:
    beyond = [index for index in setup.who if index >= len(validators.keys)]
    if beyond:
        last = len(validators.keys) - 1
        raise FaultError("FaultNotTriggered", f"there is no validator {beyond[0]}: they are numbered 0 to {last}")
    _check_para(setup, spec, validators)
    if setup.id is not None:
        scene = scene_of(validators, spec.para_id, setup.at)
        return expand(setup.id.value, setup.at, setup.who, scene, setup.para, setup.until)
    assert setup.do is not None
    path = setup.path.value if setup.path is not None else ""
    fault = Fault(setup.at, setup.do, setup.who, setup.para, path, until=setup.until)
    _check_group(fault, spec, validators)
    return (replace(fault, value=_value(setup, spec)),)


def _check_para(setup: FaultSetup, spec: ChainSpec, validators: ValidatorSet) -> None:
    if setup.para is None or setup.para == spec.para_id:
        return
    if setup.para in validators.paras:
        raise FaultError("FaultNotTriggered", f"the parachain {setup.para} is inert: it has no candidates")
    listed = ", ".join(map(str, validators.paras))
    raise FaultError("FaultNotTriggered", f"there is no parachain {setup.para}: there are {listed}")


def _check_group(fault: Fault, spec: ChainSpec, validators: ValidatorSet) -> None:
    """Only those who back speak of a candidate, as far as the groups are known."""
    if fault.do == "old_session" and fault.last == fault.at:
        scene_of(validators, spec.para_id, fault.at).of_group(fault.who)


class _NoNames:
    """A scope in which nothing has a name: values of faults are numbers, bytes and lists of them."""

    runtime: Any = None
    book: Any = None

    def variable(self, name: str) -> Any:
        raise KeyError(name)


def _value(setup: FaultSetup, spec: ChainSpec) -> object:
    """The fault's value, of the type that the deed wants. Raises Faults."""
    if setup.value is None:
        return UNSET
    codec = path_of(setup.path.value).codec if setup.path is not None else VALUES.get(setup.do or "")
    if codec is None:
        raise Faults([Wrong(setup.value.mark, f"{setup.do} has no `value`", "leave it out")])
    value = read_value(setup.value, codec, _NoNames())
    if setup.path is not None and setup.path.value == "pov.size" and value > MOST_BYTES:
        what = f"a PoV of {value} bytes is too long to be made"
        raise Faults([Wrong(setup.value.mark, what, f"at most {MOST_BYTES}")])
    if setup.do == "bad_bitfield" and value not in BITFIELDS:
        raise Faults([Wrong(setup.value.mark, f"{value!r} is no way to spoil a bitfield", "size or parent")])
    return value


def _same(one: Fault, other: Fault) -> bool:
    """Whether two faults do one thing to one candidate: the second would undo the first."""
    if not one.by_collator or (one.do, one.path) != (other.do, other.path):
        return False
    return one.on(other.at) or other.on(one.at)


def _clash(setup: FaultSetup, one: Fault, other: Fault) -> Wrong:
    what = f"{one.do}{f' {one.path}' if one.path else ''}"
    return Wrong(setup.mark, f"{what} befalls one candidate twice at relay block {max(one.at, other.at)}", "leave one")
