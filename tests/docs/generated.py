"""The tables in the documentation that the code makes: commands, keys of files, exit status, the runtime.

They stand between `<!-- generated: NAME -->` and `<!-- end -->`. `python tests/docs/console.py --refresh` writes them,
and a test compares them, so that nothing of this is written twice.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_type_hints

import msgspec
import typer
from tables import code, table

import basilisk_cli.errors as cli_errors
from amm.chain_spec import CHAIN_SPEC, load_chain_spec
from amm.facts import fact
from amm.genesis import Genesis
from amm.network_file import NETWORK
from amm.scripts.kinds import ListOf
from amm.scripts.rows import COLUMNS, OPTIONAL_COLUMNS
from amm.scripts.script import SCRIPT
from amm.scripts.shapes import Kind, RecordOf
from amm.scripts.steps import CALL_IN_BLOCK, VERBS
from amm.simulate.design import DESIGN
from amm.simulate.models import MODELS
from basilisk_cli.app import SECTIONS, command
from basilisk_cli.grammar import global_options
from chain.frame import Pallet, Runtime
from chain.relay.faults.guide import GUIDE, actor
from chain.relay.faults.paths import known_paths, path_of
from chain.scale import AnyCodec, codec_of

MARKED = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
STATUS = re.compile(r"(?:^ +|; )(\d+)(?::|  ) *(.*?)(?= \(|;|$)", re.MULTILINE)


def with_tables(page: str) -> str:
    """The page with its generated parts as they are now."""
    return MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", page)


# -- the command line ------------------------------------------------------------------------------------------------


def _verbs() -> Iterator[tuple[str, str, Any]]:
    """Noun, how the command is called, and the command."""
    context = typer.Context(command)
    for noun in command.list_commands(context):
        group = command.get_command(context, noun)
        if not hasattr(group, "list_commands"):
            yield noun, noun, group
            continue
        for verb in group.list_commands(context):
            yield noun, f"{noun} {verb}", group.get_command(context, verb)


def commands() -> str:
    """Every command with its arguments and options, noun by noun."""
    nouns: dict[str, list[str]] = {}
    for noun, name, verb in _verbs():
        nouns.setdefault(noun, []).append(_command(name, verb))
    texts = {noun: text for section in SECTIONS.values() for noun, text in section.items()}
    return "\n".join(f"### {noun}\n\n{texts[noun]}\n\n" + "\n".join(parts) for noun, parts in nouns.items())


def _command(name: str, verb: Any) -> str:
    places = [each for each in verb.params if each.param_type_name == "argument"]
    usage = " ".join(["basilisk", name, *(_place(each) for each in places)])
    about = "\n\n".join(" ".join(part.split()) for part in verb.help.split("\n\n"))
    rows = [(code(_place(each)), each.help or "", "") for each in places]
    rows += [
        (code(_option(each)), each.help or "", _default(each))
        for each in verb.params
        if each.param_type_name == "option" and not each.hidden
    ]
    return "\n\n".join(filter(None, [f"**`{usage}`**: {about}", table(("", "meaning", "default"), rows)])) + "\n"


def _place(argument: Any) -> str:
    shown = argument.metavar or argument.name.upper()
    return shown if argument.required else f"[{shown}]"


def _option(option: Any) -> str:
    choices = getattr(option.type, "choices", None)
    value = "" if option.is_flag else "|".join(map(str, choices)) if choices else option.metavar or "N"
    return f"{', '.join(option.opts)} {value}".strip()


def _default(option: Any) -> str:
    if option.required:
        return "required"
    value = getattr(option.default, "value", option.default)
    return code(value) if value is not None and value is not False else ""


def everywhere() -> str:
    """The options that every command has."""
    return table(("option", "meaning"), [(code(_option(each)), each.help) for each in global_options(hidden=False)])


def environment() -> str:
    """The variables that stand for options."""
    params = [*global_options(hidden=False), *(param for _, _, verb in _verbs() for param in verb.params)]
    named = {each.envvar: each for each in params if each.envvar and not each.hidden}
    return table(("variable", "stands for"), [(code(name), code(_option(each))) for name, each in named.items()])


def exit_status() -> str:
    """What a command ends with."""
    return table(("status", "means"), STATUS.findall(cli_errors.__doc__ or ""))


# -- files -----------------------------------------------------------------------------------------------------------


def _keys(record: RecordOf[Any], leave_out: Iterable[str] = ()) -> str:
    """The keys of a mapping, those that must be there first."""
    fields = sorted(record.fields.items(), key=lambda named: not named[1].required)
    rows = [
        (code(key), field.kind.written, field.doc, "required" if field.required else _written_default(field.default))
        for key, field in fields
        if key not in leave_out
    ]
    return table(("key", "written as", "meaning", "default"), rows)


def _written_default(value: Any) -> str:
    return code(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _inner(kind: Kind[Any], seen: set[int]) -> Iterator[RecordOf[Any]]:
    """A record and those inside it, each once."""
    if isinstance(kind, ListOf):
        yield from _inner(kind.item, seen)
    elif isinstance(kind, RecordOf) and id(kind) not in seen:
        seen.add(id(kind))
        yield kind
        for field in kind.fields.values():
            yield from _inner(field.kind, seen)


def _section(record: RecordOf[Any]) -> str:
    return f"**{record.what}**: {' '.join((record.model.__doc__ or '').split())}\n\n{_keys(record)}"


def script_keys() -> str:
    """A script's own keys and those of its setup."""
    return "\n".join(_section(record) for record in _inner(SCRIPT, set()))


def script_verbs() -> str:
    """The verbs of a step."""
    rows = [
        (code(verb), record.fields[verb].kind.written, " ".join((record.model.__doc__ or "").split()))
        for verb, record in VERBS.items()
    ]
    return table(("verb", "written as", "what it does"), rows)


def step_keys() -> str:
    """The keys beside a step's verb, and what may be expected."""
    call, other = VERBS["call"], VERBS["check"]
    seen: set[int] = set()
    expectations = [_section(record) for field in call.fields.values() for record in _inner(field.kind, seen)]
    inside = [key for key in call.fields if key not in CALL_IN_BLOCK.fields]
    return "\n".join(
        [
            "Beside any verb:\n",
            _keys(other, ["check"]),
            "Beside `call`:\n",
            _keys(call, [*other.fields, "call"]),
            f"A call inside `block` has no {', '.join(map(code, inside))}.\n",
            *expectations,
        ]
    )


def trade_columns() -> str:
    """The first line of a file of bulk trades."""
    optional = ", ".join(map(code, OPTIONAL_COLUMNS))
    return f"```\n{','.join(COLUMNS)}\n```\n\nand, if wanted, {optional}.\n"


def spec_keys() -> str:
    """A chain spec's keys: its own, and those of its parts that a script's setup has not."""
    known: set[int] = set()
    list(_inner(SCRIPT.fields["setup"].kind, known))
    return "\n".join(_section(record) for record in _inner(CHAIN_SPEC, known))


def network_keys() -> str:
    """A network file's keys, and those of its parts that chain specs have not."""
    known: set[int] = set()
    list(_inner(CHAIN_SPEC, known))
    return "\n".join(_section(record) for record in _inner(NETWORK, known))


def fault_deeds() -> str:
    """What a fault can do, who does it, what its value says, and what it needs."""
    rows = [(code(do), actor(do), *deed.columns) for do, deed in GUIDE.items()]
    return table(("do", "by", "what is done", "`value`", "needs"), rows)


def fault_paths() -> str:
    """What `tamper` can change, and the type of what stands there."""
    return table(("path", "type"), [(code(path), code(path_of(path).codec.notation)) for path in known_paths()])


def design_keys() -> str:
    """A design's keys, and those of each demand model."""
    known: set[int] = set()
    list(_inner(SCRIPT, known))
    return "\n".join(_section(record) for record in (*_inner(DESIGN, known), *MODELS.values()))


# -- the runtime -----------------------------------------------------------------------------------------------------


def runtime_pallets() -> str:
    """All that the pallets of the chain `local` declare, by index."""
    runtime = Genesis(load_chain_spec("local")).runtime
    pallets = sorted(runtime.pallets.items())
    return "\n".join(_pallet(index, pallet, runtime) for index, pallet in pallets)


def _pallet(index: int, pallet: type[Pallet], runtime: Runtime) -> str:
    declared = pallet.declaration
    own = [(code(each.key), _kind(each.codec), _value(each, runtime), each.metadata or "") for each in
           declared.constants.values()]  # fmt: skip
    first = [(code(key), _kind(each.codec), _value(each, runtime), "genesis only") for key, each in
             declared.genesis.items()]  # fmt: skip
    calls = [
        (each.index, code(f"{pallet.key}.{name}({_fields(each.fields)})"), each.doc)
        for name, each in declared.calls.items()
    ]
    errors = [(code(f"{pallet.name}.{each.__name__}"), each.__doc__, each.hint) for each in declared.errors]
    events = [(code(f"{pallet.name}.{each.__name__}"), code(_fields(_event_fields(each)))) for each in
              declared.events]  # fmt: skip
    items = [
        (code(f"{each.pallet}.{each.name}"), ", ".join(map(_kind, each.keys)), _kind(each.value), each.doc)
        for each in declared.storage.values()
    ]
    parts = [
        table(("#", "call", "what it does"), calls),
        table(("`runtime:` key", "type", "default", "in metadata"), [*own, *first]),
        table(("error", "means", "what to do"), errors),
        table(("event", "fields"), events),
        table(("storage item", "keys", "value", "what it is"), items),
    ]
    about = " ".join((pallet.__doc__ or "").split("\n\n")[0].split())
    title = f"## {pallet.name}\n\nPallet {index}, `{pallet.key}` in scripts. {about}\n"
    return "\n".join([title, *filter(None, parts)])


def _event_fields(event: type[msgspec.Struct]) -> list[tuple[str, AnyCodec]]:
    hints = get_type_hints(event, include_extras=True)
    return [(field.name, codec_of(hints[field.name])) for field in msgspec.structs.fields(event)]


def _fields(fields: Iterable[tuple[str, AnyCodec]]) -> str:
    return ", ".join(f"{name.rstrip('_')}: {codec.alias or codec.notation}" for name, codec in fields)


def _kind(codec: AnyCodec) -> str:
    return code(codec.alias or codec.notation)


def _value(setting: Any, runtime: Runtime) -> str:
    """A setting's default, as a script would write it."""
    if setting.default is None:
        return "none"
    written = fact(setting.default, setting.codec, runtime)
    return code(written if isinstance(written, str) else msgspec.json.encode(written).decode())


TABLES: dict[str, Callable[[], str]] = {
    "commands": commands,
    "everywhere": everywhere,
    "environment": environment,
    "exit-status": exit_status,
    "script-keys": script_keys,
    "script-verbs": script_verbs,
    "step-keys": step_keys,
    "trade-columns": trade_columns,
    "chain-spec-keys": spec_keys,
    "network-keys": network_keys,
    "fault-deeds": fault_deeds,
    "fault-paths": fault_paths,
    "design-keys": design_keys,
    "runtime": runtime_pallets,
}
