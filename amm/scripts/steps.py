"""The steps of a trade script. Source: spec/trade-scripts.md, "Steps" and "Expectations".

Each verb is a class; the classes' fields are the language's keys. Values that depend on the runtime's types
(arguments, event fields, storage) stay nodes.
"""

from os.path import realpath
from pathlib import Path
from typing import Annotated, Any, ClassVar, NamedTuple

from amm.scripts.errors import UnknownKey
from amm.scripts.forms import AMOUNT, ARGS, ASSET, LABEL, ORIGIN, VALUE, CountOf
from amm.scripts.kinds import Always, ListOf, TableOf, TextOf
from amm.scripts.names import CALL_NAME, ERROR, EVENT, SAVES, CallName, EventPattern, Saved
from amm.scripts.setup import HOLDINGS, STORED_ITEMS, Holdings, StoredItem
from amm.scripts.shapes import Key, Kind, Reader, Record, RecordOf, UnreadableError, fields_of
from amm.scripts.source import Integer, Mapping, Node, Text
from amm.scripts.trades import TRADES, TradesFile

Count = Text | Integer
"""A number, or a variable that is one."""

ISSUANCE = TableOf(ASSET, AMOUNT, "{asset: amount}")


class Expect(Record, frozen=True, kw_only=True):
    """What must be true after a step."""

    error: Annotated[Text | None, Key(ERROR, "the call fails, with just this error")] = None
    events: Annotated[
        tuple[EventPattern, ...],
        Key(ListOf(EVENT, "a list of events"), "they occur, in this order; others may lie between"),
    ] = ()
    balances: Annotated[Holdings, Key(HOLDINGS, "free balances")] = ()
    reserved: Annotated[Holdings, Key(HOLDINGS, "reserved balances")] = ()
    issuance: Annotated[
        tuple[tuple[Text | Integer, Text | Integer], ...], Key(ISSUANCE, "total issuance of assets")
    ] = ()
    storage: Annotated[tuple[StoredItem, ...], Key(STORED_ITEMS, "what storage items hold")] = ()
    unchanged: Annotated[bool, Key(Always(), "the calls changed nothing but nonce and fee")] = False


_OF_THE_BLOCK = "put it into the `expect` of the `block:` itself"

EXPECT = RecordOf(Expect, "expect")
EXPECT_IN_BLOCK = RecordOf(
    Expect,
    "the expect of a call in a block",
    without=dict.fromkeys(("balances", "reserved", "issuance", "storage", "unchanged"), _OF_THE_BLOCK),
)
EXPECT_WITHOUT_CALL = RecordOf(
    Expect, "the expect of a step that is no call", without={"error": "only a `call` fails; put it there"}
)


class StepOf(Kind["Step"]):
    """A step: the record that its verb asks for."""

    written = "a step (a mapping with one verb)"

    def read(self, node: Node, reader: Reader) -> "Step":
        return VERBS[self.verb(node, reader)].read(node, reader)

    def verb(self, node: Node, reader: Reader) -> str:
        """The one verb of a step."""
        if not isinstance(node, Mapping):
            raise self.mismatch(node, reader)
        verbs = [key for key, _ in node.entries if key.value in VERBS]
        if len(verbs) > 1:
            names = " and ".join(str(verb.value) for verb in verbs)
            raise reader.refuse(verbs[1].mark, f"a step has one verb, and here are {names}", "make two steps of it")
        if verbs:
            return str(verbs[0].value)
        strange = [key for key, _ in node.entries if str(key.value) not in KEYS]
        for key in strange:
            reader.faults.append(UnknownKey.at(key.mark, str(key.value), VERBS, "a step"))
        if strange:
            raise UnreadableError
        raise reader.refuse(node.mark, "a step needs a verb", self.hint(node))

    def hint(self, node: Node) -> str:
        return f"its verb is one of {', '.join(VERBS)}"

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/step"}


class CallInBlockOf(StepOf):
    """A call that shares its block with others."""

    written = "a call (a mapping)"

    def read(self, node: Node, reader: Reader) -> "Step":
        verb = self.verb(node, reader)
        if verb != CallStep.verb:
            raise reader.refuse(node.mark, f"{verb!r} cannot stand in a block", "a block holds `call` steps only")
        return CALL_IN_BLOCK.read(node, reader)

    def schema(self) -> dict[str, Any]:
        return CALL_IN_BLOCK.schema()


STEPS = ListOf(StepOf(), "a list of steps")


class Step(Record, frozen=True, kw_only=True):
    """What every step may carry."""

    verb: ClassVar[str]

    label: Annotated[Text | None, Key(LABEL, "shown in the report")] = None
    at: Annotated[Count | None, Key(CountOf(1), "empty blocks are sealed first, so that it begins in this one")] = None
    save: Annotated[tuple[Saved, ...], Key(SAVES, "fields of the step's events, kept as variables")] = ()
    expect: Annotated[Expect | None, Key(EXPECT_WITHOUT_CALL, "what must be true after the step")] = None


class CallStep(Step, frozen=True, kw_only=True):
    """Signs and submits one extrinsic and seals one block with it."""

    verb = "call"

    call: Annotated[CallName, Key(CALL_NAME, "the pallet and the call")]
    signer: Annotated[Text, Key(ORIGIN, "who sends it; root goes through the sudo key", name="as")]
    args: Annotated[Mapping | None, Key(ARGS, "the call's arguments by name")] = None
    tip: Annotated[Text | Integer | None, Key(AMOUNT, "what the signer adds to the fee")] = None
    fee_asset: Annotated[Text | Integer | None, Key(ASSET, "what the extrinsic's fee is paid in")] = None
    expect: Annotated[Expect | None, Key(EXPECT, "what must be true after the call")] = None

    @property
    def arguments(self) -> tuple[tuple[Text | Integer, Node], ...]:
        """Argument names and values, in the written order."""
        return self.args.entries if self.args else ()


class BlockStep(Step, frozen=True, kw_only=True):
    """Seals one block with several calls in the written order."""

    verb = "block"

    block: Annotated[tuple[CallStep, ...], Key(ListOf(CallInBlockOf(), "a list of calls"), "the calls")]


class AdvanceStep(Step, frozen=True, kw_only=True):
    """Seals empty blocks."""

    verb = "advance"

    advance: Annotated[Count, Key(CountOf(0), "how many")]


class AdvanceToStep(Step, frozen=True, kw_only=True):
    """Seals empty blocks up to a number."""

    verb = "advance_to"

    advance_to: Annotated[Count, Key(CountOf(0), "the number of the best block afterwards")]


class AdvanceRelayStep(Step, frozen=True, kw_only=True):
    """Seals relay blocks without a candidate; the parachain stays where it is."""

    verb = "advance_relay"

    advance_relay: Annotated[Count, Key(CountOf(0), "how many")]


class Repetition(Record, frozen=True, kw_only=True):
    """Steps that are run several times; $i counts from 0."""

    times: Annotated[Count, Key(CountOf(0), "how often")]
    steps: Annotated[tuple[Step, ...], Key(STEPS, "what is repeated")]


class RepeatStep(Step, frozen=True, kw_only=True):
    """Runs steps several times."""

    verb = "repeat"

    repeat: Annotated[Repetition, Key(RecordOf(Repetition, "repeat"), "how often, and what")]


class TradesStep(Step, frozen=True, kw_only=True):
    """Bulk trades from a CSV file, one a row."""

    verb = "trades"

    trades: Annotated[TradesFile, Key(TRADES, "the file")]


class CheckStep(Step, frozen=True, kw_only=True):
    """Evaluates `expect` on the best block."""

    verb = "check"

    ignored: Annotated[Node, Key(VALUE, "ignored", name="check")]
    expect: Annotated[Expect | None, Key(EXPECT_WITHOUT_CALL, "what must be true")] = None

    def examine(self, reader: Reader) -> None:
        if self.expect is None:
            reader.refuse(self.mark, "a check without `expect` checks nothing", "put an `expect` beside it")


class Included(NamedTuple):
    """Another file and its steps."""

    path: Path
    steps: tuple[Step, ...]


class IncludedFile(Record, frozen=True, kw_only=True):
    """A file whose steps are included; only the steps count."""

    name: Annotated[str | None, Key(TextOf(), "ignored")] = None
    description: Annotated[str | None, Key(TextOf(lines=True), "ignored")] = None
    chain: Annotated[Node | None, Key(VALUE, "ignored")] = None
    setup: Annotated[Node | None, Key(VALUE, "ignored")] = None
    steps: Annotated[tuple[Step, ...], Key(STEPS, "the steps")]


class IncludeOf(Kind[Included]):
    """The path of a file, which is read."""

    written = "the path of a script"
    file: ClassVar[RecordOf[IncludedFile]] = RecordOf(IncludedFile, "an included file")

    def read(self, node: Node, reader: Reader) -> Included:
        if not isinstance(node, Text):
            raise self.mismatch(node, reader)
        path, files = reader.path(node), (*reader.parents, reader.file)
        identity = realpath(path)
        if identity in map(realpath, files):
            circle = " → ".join(map(str, (*files, path)))
            raise reader.refuse(node.mark, f"a circle of includes: {circle}", "take one of them out")
        if identity not in reader.done:
            document, inner = reader.open(path, node.mark)
            reader.done[identity] = self.file.read(document, inner).steps
        return Included(path, reader.done[identity])

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


class IncludeStep(Step, frozen=True, kw_only=True):
    """The steps of another file, here."""

    verb = "include"

    include: Annotated[Included, Key(IncludeOf(), "the path of the file, from this file's folder")]


STEP_MODELS: tuple[type[Step], ...] = (
    CallStep,
    BlockStep,
    AdvanceStep,
    AdvanceToStep,
    AdvanceRelayStep,
    RepeatStep,
    TradesStep,
    CheckStep,
    IncludeStep,
)
KEYS = {key: model.verb for model in reversed(STEP_MODELS) for key in fields_of(model)}
"""Every key of a step, with the first verb that has it."""


def _record_of(model: type[Step]) -> RecordOf[Step]:
    own, verbs = fields_of(model), {step.verb for step in STEP_MODELS}
    foreign = {key: f"it belongs to `{verb}`" for key, verb in KEYS.items() if key not in own and key not in verbs}
    return RecordOf(model, f"a step with `{model.verb}`", without=foreign)


VERBS = {model.verb: _record_of(model) for model in STEP_MODELS}
CALL_IN_BLOCK = RecordOf(
    CallStep,
    "a call in a block",
    without={"at": "put it beside the `block:` itself"},
    instead={"expect": EXPECT_IN_BLOCK},
)
