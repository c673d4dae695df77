"""Checking a script before anything runs: every name in it exists, and every value is of its type.

All that is wrong is found at once; what can only be known while the script runs is left to the run.
Source: spec/trade-scripts.md, "Shape".
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec

import msgspec

from amm.arguments import read_amount, read_call, read_value
from amm.chain_spec import NATIVE, ChainSpec, load_chain_spec, overlay
from amm.declared import check_error, find_event
from amm.genesis import Genesis, read_stored
from amm.genesis_values import GenesisBook
from amm.local import ROOT, LocalChain
from amm.runtime import blueprint, local_pallets
from amm.scopes import NotYetKnown
from amm.scripts.bulk import TradeCalls
from amm.scripts.errors import Fault, Faults, Mark, UnknownKey, UnknownPallet
from amm.scripts.foresight import ANYTHING, Foreseen, symbols_made
from amm.scripts.names import EventPattern, Saved
from amm.scripts.rows import MOST_FAULTS
from amm.scripts.script import DEFAULT_CHAIN, Script, read_script
from amm.scripts.setup import Holdings
from amm.scripts.source import Node, Nothing, Text
from amm.scripts.steps import BlockStep, CallStep, Expect, IncludeStep, RepeatStep, Step, TradesStep
from amm.scripts.trades import TradesFile
from amm.values import Book
from chain.frame import Event, Runtime
from chain.scale import ACCOUNT_ID, ASSET_ID, StructOf, codec_of

P = ParamSpec("P")


def check_file(path: Path, *, onto: LocalChain | None = None) -> tuple[Script, ChainSpec]:
    """The script in a file, and the chain spec that it runs on. Raises Faults with everything that is wrong.

    `onto` is the chain that the script is to run on as it stands; it then may have no `setup`.
    """
    script, faults = read_script(path, 0 if onto is None else onto.node.best.number)
    if script is None:
        raise Faults(faults)
    return script, check_script(script, onto=onto, known=faults)


def check_script(script: Script, *, onto: LocalChain | None = None, known: Sequence[Fault] = ()) -> ChainSpec:
    """The chain spec that a script runs on. Raises Faults with everything that is wrong, `known` included."""
    faults = list(known)
    if onto is not None:
        if script.setup is not None:
            hint = "take it out, or run the script on a fresh chain, without --onto"
            faults.append(Fault(script.setup.mark, "a chain that exists already cannot be set up", hint))
        ground = Ground(onto.spec, onto.runtime, onto.book)
    else:
        ground = _fresh(script, faults)
    spec = ground.spec
    made = symbols_made(script) if ground.sound else ANYTHING
    scope = Foreseen(ground.runtime, ground.book, made)
    checker = _Checker(scope, faults, spec.sudo_key is not None or not ground.sound)
    checker.steps(script.steps)
    if faults:
        raise Faults(faults)
    return spec


class Ground(NamedTuple):
    """What a script begins on; if that is not sound, its assets are not known."""

    spec: ChainSpec
    runtime: Runtime
    book: Book
    sound: bool = True


def _fresh(script: Script, faults: list[Fault]) -> Ground:
    """Spec, runtime and assets of the script's own chain; what is wrong with its genesis goes to `faults`."""
    before = len(faults)
    spec = _laid(script, faults)
    genesis = _genesis(spec, faults) or _genesis(msgspec.structs.replace(spec, runtime=()), faults)
    runtime = genesis.runtime if genesis else Runtime(blueprint(tuple(local_pallets())))
    return Ground(spec, runtime, GenesisBook(spec.registered), len(faults) == before)


def _laid(script: Script, faults: list[Fault]) -> ChainSpec:
    """The chain spec with the script's setup laid over it, as much of it as goes together."""
    try:
        spec = _named(script)
    except Faults as found:
        faults += found.faults
        return ChainSpec(mark=script.mark, name=script.name)
    for setup in (script.setup, script.setup and msgspec.structs.replace(script.setup, balances=None)):
        try:
            return spec if setup is None else overlay(spec, setup)
        except Faults as found:
            faults += found.faults
    return spec


def _genesis(spec: ChainSpec, faults: list[Fault]) -> Genesis | None:
    try:
        genesis = Genesis(spec)
        genesis.build()
    except Faults as found:
        faults += found.faults
        return None
    return genesis


def _named(script: Script) -> ChainSpec:
    if script.chain is None:
        return load_chain_spec(DEFAULT_CHAIN)
    return load_chain_spec(script.chain.value, script.file.parent, script.chain.mark)


class _Checker:
    """Goes through the steps, noting what is wrong."""

    def __init__(self, scope: Foreseen, faults: list[Fault], rules: bool) -> None:
        self._scope, self._faults, self._rules = scope, faults, rules
        self._done: set[Any] = set()

    def steps(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._step(step)

    def _step(self, step: Step) -> None:
        match step:
            case CallStep():
                self._call(step)
            case BlockStep():
                self.steps(step.block)
            case RepeatStep():
                self.steps(step.repeat.steps)
            case IncludeStep() if step.include.path not in self._done:
                self._done.add(step.include.path)
                self.steps(step.include.steps)
            case TradesStep() if step.trades.path not in self._done:
                self._done.add(step.trades.path)
                self._trades(step.trades)
            case _:
                pass
        for saved in step.save:
            self._note(self._saved, saved)
        if step.expect is not None:
            self._expect(step.expect)

    def _note(self, read: Callable[P, object], *args: P.args, **options: P.kwargs) -> None:
        """Read something; what is wrong with it is noted, what cannot be known yet is let pass."""
        try:
            read(*args, **options)
        except Faults as found:
            self._faults += found.faults
        except NotYetKnown:
            pass

    def _call(self, step: CallStep) -> None:
        scope, args = self._scope, step.args if step.args is not None else Nothing(step.call.mark)
        self._note(read_call, Text(step.call.mark, str(step.call)), args, scope)
        if step.signer.value == ROOT and not self._rules:
            hint = "add sudo to the chain spec's `pallets`"
            self._faults.append(Fault(step.signer.mark, "this chain has no sudo key to be root with", hint))
        if step.tip is not None:
            self._note(read_amount, step.tip, NATIVE, scope)
        if step.fee_asset is not None:
            self._note(read_value, step.fee_asset, ASSET_ID, scope)

    # -- expectations ----------------------------------------------------------------------------------------------

    def _expect(self, expect: Expect) -> None:
        scope, error = self._scope, expect.error
        if error is not None:
            self._note(check_error, error.value, error.mark, scope.runtime)
        for pattern in expect.events:
            self._note(self._pattern, pattern)
        self._holdings(expect.balances)
        self._holdings(expect.reserved)
        for asset, amount in expect.issuance:
            self._note(self._amount, asset, amount)
        for stored in expect.storage:
            self._note(read_stored, stored, scope)

    def _pattern(self, pattern: EventPattern) -> None:
        event = find_event(pattern.pallet, pattern.event, pattern.mark, self._scope.runtime)
        fields = _fields(event)
        for name, node in pattern.fields:
            codec = fields.get(str(name.value))
            if codec is None:
                inside = f"{pattern.pallet}.{pattern.event}"
                self._faults.append(UnknownKey.at(name.mark, str(name.value), fields, inside))
            else:
                self._note(read_value, node, codec, self._scope)

    def _saved(self, saved: Saved) -> None:
        fields = _fields(find_event(saved.pallet, saved.event, saved.mark, self._scope.runtime))
        if saved.field not in fields:
            raise Faults([UnknownKey.at(saved.mark, saved.field, fields, f"{saved.pallet}.{saved.event}")])

    def _holdings(self, holdings: Holdings) -> None:
        for account, amounts in holdings:
            self._note(read_value, account, ACCOUNT_ID, self._scope)
            for asset, amount in amounts:
                self._note(self._amount, asset, amount)

    def _amount(self, asset: Node, amount: Node) -> None:
        read_amount(amount, read_value(asset, ASSET_ID, self._scope), self._scope)

    # -- bulk trades -----------------------------------------------------------------------------------------------

    def _trades(self, trades: TradesFile) -> None:
        """Every row's pool, assets and error exist; of a file with many faults only the first are noted."""
        calls, runtime = TradeCalls(trades.path, self._scope), self._scope.runtime
        absent: set[str] = set()
        good_errors: set[str] = set()
        most = len(self._faults) + MOST_FAULTS
        for row in trades.rows():
            mark = Mark(str(trades.path), row.line, 1)
            if f"{row.pool}.{row.side}" in runtime.calls:
                self._note(calls.of, row)
            elif row.pool not in absent:
                absent.add(row.pool)
                self._faults.append(UnknownPallet.at(mark, row.pool, [p.key for p in runtime.pallets.values()]))
            if row.error and row.error not in good_errors:
                good_errors.add(row.error)
                self._note(check_error, row.error, mark, runtime)
            if len(self._faults) >= most:
                return


def _fields(event: type[Event]) -> dict[str, Any]:
    """The codecs of an event's fields by name."""
    codec = codec_of(event)
    assert isinstance(codec, StructOf)
    return {field.name: field.codec for field in codec.fields}
