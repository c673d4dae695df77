"""Runtime APIs and versions: names, numbers, and answers that are read as the nodes write them."""

import pytest
from reader import Reader

from chain.frame import Blueprint, Runtime, WeightTable
from chain.frame.metadata import APIS, RUNTIME_VERSION, api_id, runtime_version
from chain.frame.metadata.apis import APPLIED, VALIDITY
from chain.frame.metadata.registry import TypeRegistry
from chain.frame.metadata.version import API_VERSIONS
from chain.pallets.system import System
from chain.primitives.errors import Invalid, InvalidReason, Refused, Unknown, UnknownReason
from chain.primitives.validity import VALID_TRANSACTION, ValidTransaction

PALLETS = {0: System}
RUNTIME = Runtime(
    Blueprint("tiny", 3, 2, 1, PALLETS, lambda env: None, lambda env: bool, System.CallFiltered, WeightTable({}))
)
REASONS: list[Refused] = [
    *(Invalid(reason, 9 if reason is InvalidReason.Custom else None) for reason in InvalidReason),
    *(Unknown(reason, 9 if reason is UnknownReason.Custom else None) for reason in UnknownReason),
]


@pytest.mark.parametrize("refused", REASONS, ids=str)
def test_a_refusal_is_read_as_it_is_written(refused: Refused) -> None:
    registry = TypeRegistry()
    for form in (VALIDITY, APPLIED):
        id = registry.id_of(form)
        said = Reader(registry.types).decode(id, b"\x01" + refused.encode())
        fields = [] if refused.custom is None else [9]
        assert said == {"Err": [{type(refused).__name__: [{refused.reason.name: fields}]}]}


def test_a_verdict_is_read_as_it_is_written() -> None:
    registry = TypeRegistry()
    id = registry.id_of(VALIDITY)
    verdict = ValidTransaction(7, (), (b"tag",), 64, True)
    said = Reader(registry.types).decode(id, b"\x00" + VALID_TRANSACTION.encode(verdict))
    fields = {"priority": 7, "requires": [], "provides": [list(b"tag")], "longevity": 64, "propagate": 1}
    assert said == {"Ok": [fields]}


def test_ids_are_hashes_of_names() -> None:
    assert api_id("Core").hex() == "df6acb689907609b"
    assert api_id("TransactionPaymentApi").hex() == "37c8bb1350a9a2a8"


def test_versions_name_what_is_described() -> None:
    assert {api.name for api in APIS} <= set(API_VERSIONS)


def test_names_are_given_once() -> None:
    names = [f"{api.name}_{method.name}" for api in APIS for method in api.methods]
    assert len(set(names)) == len(names)


def test_a_version_follows_the_runtime() -> None:
    version = runtime_version(RUNTIME)
    assert RUNTIME_VERSION.decode(RUNTIME_VERSION.encode(version)) == version
    said = version.json()
    assert {key: value for key, value in said.items() if key != "apis"} == {
        "specName": "tiny",
        "implName": "tiny",
        "authoringVersion": 1,
        "specVersion": 3,
        "implVersion": 0,
        "transactionVersion": 2,
        "stateVersion": 1,
    }
    assert said["apis"][0] == ["0xdf6acb689907609b", 4]
