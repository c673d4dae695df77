"""The enums of all pallets' calls, events and errors, and the record of events.

Source: spec/metadata.md, spec/substrate.md §7. A pallet without calls (events, errors) is left out of that enum.
"""

from collections.abc import Callable

from chain.frame.event import Stage
from chain.frame.metadata.forms import Choice, Choices, Form, Many, Part, Row
from chain.frame.metadata.pallets import calls_of, errors_of, events_of
from chain.frame.pallet import Pallet
from chain.frame.runtime import Runtime
from chain.scale import H256_CODEC, U32, VecOf


def call_form(runtime: Runtime) -> Form:
    """`RuntimeCall`. Clients look for a path that ends so."""
    return _outer(runtime, "RuntimeCall", calls_of)


def event_form(runtime: Runtime) -> Form:
    """`RuntimeEvent`. Clients look for a path that ends so."""
    return _outer(runtime, "RuntimeEvent", events_of)


def error_form(runtime: Runtime) -> Form:
    """`RuntimeError`."""
    return _outer(runtime, "RuntimeError", errors_of)


def _outer(runtime: Runtime, name: str, enum_of: Callable[[type[Pallet]], Form | None]) -> Form:
    enums = ((index, pallet.name, enum_of(pallet)) for index, pallet in runtime.pallets.items())
    choices = tuple(Choice(pallet, index, (Part(enum),)) for index, pallet, enum in enums if enum is not None)
    return Form(Choices(choices), f"{runtime.name}_runtime::{name}", identity=name)


def events_form(event: Form) -> Form:
    """The type of `System.Events`."""
    phases = tuple(
        Choice(stage.name, stage.value, (Part(U32),) if stage is Stage.ApplyExtrinsic else ()) for stage in Stage
    )
    phase = Form(Choices(phases), "frame_system::Phase")
    parts = (Part(phase, "phase"), Part(event, "event"), Part(VecOf(H256_CODEC), "topics"))
    return Form(Many(Form(Row(parts), "frame_system::EventRecord", (("E", event), ("T", H256_CODEC)))))
