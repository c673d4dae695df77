"""What `script schema` and `script new` print."""

import json
from pathlib import Path
from typing import Any

import pytest

from amm.chain_spec import CHAIN_SPEC
from amm.scripts.schema import json_schema, new_script, plain_schema
from amm.scripts.script import load_script
from amm.scripts.source import Node, Text
from amm.scripts.source import compose as compose_yaml
from amm.scripts.steps import KEYS, VERBS

SCENARIOS = Path(__file__).parents[2] / "vectors" / "scenarios"


def test_the_schema_has_every_verb_and_key() -> None:
    schema = json.loads(json.dumps(json_schema()))
    steps = schema["$defs"]["step"]["oneOf"]
    assert [list(step["properties"])[4:][0] for step in steps] == list(VERBS)
    assert {key for step in steps for key in step["properties"]} == set(KEYS)
    assert schema["required"] == ["name", "steps"]
    assert steps[0]["required"] == ["call", "as"]


def test_the_keys_of_all_scenarios_are_in_the_schema() -> None:
    """Walks scripts along the schema, which is what an editor does."""
    schema = json_schema()

    def check(value: Any, shape: dict[str, Any], path: str) -> None:
        if "$ref" in shape:
            verb = next(key for key in value if key in VERBS)
            shape = next(step for step in schema["$defs"]["step"]["oneOf"] if verb in step["required"])
        if isinstance(value, dict) and shape.get("additionalProperties") is False and "properties" in shape:
            assert set(value) <= set(shape["properties"]), path
            for key, held in value.items():
                check(held, shape["properties"][key], f"{path}.{key}")
        if isinstance(value, list) and "items" in shape:
            for item in value:
                check(item, shape["items"], path)

    for file in sorted(SCENARIOS.glob("*.yaml"))[::10]:
        root, _ = compose_yaml(file.read_text(encoding="utf-8"), file.name)
        assert root is not None
        check(_plain(root), schema, file.name)


def _plain(node: Node) -> Any:
    from amm.scripts.forms import plain

    return plain(node)


def test_the_page_names_every_key_of_every_verb() -> None:
    page = plain_schema()
    for verb, record in VERBS.items():
        section = page[page.index(f"a step with `{verb}`") :].split("\n\n")[0]
        assert [line.split()[0].rstrip("?") for line in section.splitlines()[1:]] == sorted(
            record.fields, key=lambda key: not record.fields[key].required
        )
    assert "block,who,side,asset_in,asset_out,amount,limit,pool and, if wanted, error" in page


def test_the_page_of_chain_specs() -> None:
    page = plain_schema(CHAIN_SPEC)
    assert "a chain spec: What a chain is made of." in page
    assert "needed_approvals?" in page
    assert "a step" not in page


@pytest.mark.parametrize("name", ["mine", "true", "5", 'a "b": {c}', "é\x85\U0001f98e"])
def test_a_new_script_is_good(name: str) -> None:
    script = load_script(Path("s.yaml"), text=new_script(name))
    assert script.name == name.replace("\x85", "")
    assert len(script.steps) == 3
    setup = script.setup
    assert setup is not None and setup.balances is not None
    assert all(isinstance(account, Text) for account, _ in setup.balances)
