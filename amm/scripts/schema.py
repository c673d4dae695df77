"""What may be written in a file: a JSON schema for editors, a page to read, and a file to begin with.

All of it comes from the tables that the reader uses, except the example.
"""

import json
from collections.abc import Iterator
from typing import Any

from amm.scripts.kinds import ListOf
from amm.scripts.rows import COLUMNS, OPTIONAL_COLUMNS
from amm.scripts.script import SCRIPT
from amm.scripts.shapes import Kind, RecordOf
from amm.scripts.steps import CALL_IN_BLOCK, VERBS

_EXAMPLE = """\
name: {name}
description: a pool, a trade, and a trade that is refused
chain: local
setup:
  balances:
    alice: {{BSX: "2_000_000 BSX", KSM: "1_000 KSM"}}
    bob: {{BSX: "1_000 BSX", KSM: "10 KSM"}}
steps:
  - label: a pool with 10_000 BSX for a KSM
    as: alice
    call: xyk.create_pool
    args: {{asset_a: BSX, amount_a: "1_000_000 BSX", asset_b: KSM, amount_b: "100 KSM"}}
    save: {{pool: XYK.PoolCreated.pool}}
    expect:
      events:
        - XYK.PoolCreated: {{who: alice, asset_a: BSX, asset_b: KSM}}
  - label: bob sells a KSM
    as: bob
    call: xyk.sell
    args: {{asset_in: KSM, asset_out: BSX, amount: "1 KSM", max_limit: 0, discount: false}}
    expect:
      events:
        - XYK.SellExecuted: {{who: bob, asset_in: KSM, pool: $pool}}
      balances:
        bob: {{KSM: "9 KSM"}}
        "@xyk:BSX/KSM": {{KSM: "101 KSM"}}
  - label: he has only nine left
    as: bob
    call: xyk.sell
    args: {{asset_in: KSM, asset_out: BSX, amount: "10 KSM", max_limit: 0, discount: false}}
    expect: {{error: XYK.InsufficientAssetBalance, unchanged: true}}
"""


def json_schema(record: RecordOf[Any] = SCRIPT) -> dict[str, Any]:
    """The JSON schema of a script, or of another file, with the steps under `$defs`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": record.what,
        **record.schema(),
        "$defs": {"step": {"oneOf": [step.schema() for step in VERBS.values()]}},
    }


def plain_schema(record: RecordOf[Any] = SCRIPT) -> str:
    """The keys of a script, or of another file, as a page of text: key, how it is written, what it means."""
    beside: list[RecordOf[Any]] = [*VERBS.values(), CALL_IN_BLOCK] if record is SCRIPT else []
    seen: set[int] = set()
    pages = [_section(inner) for outer in (record, *beside) for inner in _records(outer, seen)]
    if record is SCRIPT:
        columns = f"{','.join(COLUMNS)} and, if wanted, {','.join(OPTIONAL_COLUMNS)}"
        pages.append(f"the columns of a file of trades\n  {columns}\n")
    return "\n".join(pages)


def new_script(name: str) -> str:
    """A script to begin with, which runs as it is. What cannot be shown of its name is left out."""
    shown = "".join(letter for letter in name if letter.isprintable()).strip() or "script"
    return _EXAMPLE.format(name=json.dumps(shown, ensure_ascii=False))


def _records(kind: Kind[Any], seen: set[int]) -> Iterator[RecordOf[Any]]:
    """A record and those inside it, each once."""
    if isinstance(kind, ListOf):
        yield from _records(kind.item, seen)
    elif isinstance(kind, RecordOf) and id(kind) not in seen:
        seen.add(id(kind))
        yield kind
        for field in kind.fields.values():
            yield from _records(field.kind, seen)


def _section(record: RecordOf[Any]) -> str:
    title = f"{record.what}: {' '.join((record.model.__doc__ or '').split())}"
    fields = sorted(record.fields.items(), key=lambda named: not named[1].required)
    rows = [(f"{key}{'' if field.required else '?'}", field.kind.written, field.doc) for key, field in fields]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"  {key:{widths[0]}}  {written:{widths[1]}}  {doc}" for key, written, doc in rows]
    return "\n".join([title, *lines, ""])
