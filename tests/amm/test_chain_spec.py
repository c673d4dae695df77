"""Chain specs: the shipped ones, files, setups laid over them, and what a data directory keeps."""

from collections.abc import Callable
from pathlib import Path

import pytest

from amm.chain_spec import ChainSpec, load_chain_spec, overlay, shipped_chain_specs
from amm.scripts.errors import Faults, Mark, StoredSpecError
from amm.scripts.script import load_script
from amm.scripts.setup import Setup
from amm.scripts.source import Text
from chain.crypto import accounts, keys

BSX = 10**12
TREASURY = accounts.pallet("py/trsry")
DEV = ("alice", "bob", "charlie", "dave", "eve", "ferdie")

Load = Callable[[str], ChainSpec]


def account(name: str) -> bytes:
    return keys.dev(name).account


def setup(text: str) -> Setup:
    """The setup of a script; `text` begins in line 3."""
    script = load_script(Path("s.yaml"), text=f"name: a\nsetup:\n{text}\nsteps: []\n")
    assert script.setup is not None
    return script.setup


@pytest.fixture(scope="module")
def local() -> ChainSpec:
    return load_chain_spec("local")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """The spec in a file with this text."""

    def load(text: str) -> ChainSpec:
        (tmp_path / "c.yaml").write_text(text)
        return load_chain_spec("c.yaml", tmp_path)

    return load


def complaint(load: Load, text: str) -> str:
    with pytest.raises(Faults) as caught:
        load(text)
    folder = str(Path(caught.value.faults[0].mark.file).parent)
    return str(caught.value).replace(f"{folder}/", "")


def test_the_local_chain(local: ChainSpec) -> None:
    """design.md, "The local chain"."""
    assert (local.name, local.para_id) == ("local", 2090)
    assert local.sudo_key is not None and local.sudo_key.value == "alice"
    assert "sudo" in [pallet.value for pallet in local.pallets]
    assert [(asset.id, asset.symbol, asset.decimals) for asset in local.genesis_assets()] == [
        (0, "BSX", 12),
        (1, "KSM", 12),
        (2, "KUSD", 12),
        (3, "TKN", 12),
    ]
    bsx, ksm, *_ = local.genesis_assets()
    assert bsx.existential_deposit == BSX
    assert isinstance(ksm.location, Text) and ksm.location.value == "relay"
    rich = {0: 10**9 * BSX, 1: 10**6 * BSX, 2: 10**8 * BSX, 3: 10**8 * BSX}
    assert local.genesis_balances() == {
        **{account(name): rich for name in DEV},
        TREASURY: {0: 1_000 * BSX},
    }
    assert (local.relay.validators, local.relay.seed, local.relay.verify) == (4, 0, "shared")


def test_the_basilisk_chain_adds_sudo_only() -> None:
    spec = load_chain_spec("basilisk")
    assert [pallet.value for pallet in spec.pallets] == ["sudo"]


def test_shipped_specs() -> None:
    assert shipped_chain_specs() == ("basilisk", "local")
    with pytest.raises(Faults) as caught:
        load_chain_spec("locl", at=Mark("s.yaml", 3, 8))
    assert str(caught.value) == "s.yaml:3:8: unknown chain spec 'locl'\n    did you mean local?"


def test_the_least_spec(load: Load) -> None:
    spec = load("name: mine\n")
    assert [asset.symbol for asset in spec.genesis_assets()] == ["BSX"]
    assert spec.genesis_balances() == {}
    assert spec.sudo_key is None
    assert [collator.value for collator in spec.collators] == ["alice"]
    assert spec.relay.needed_approvals is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: a\npara: 5\n", "c.yaml:2:1: unknown key 'para' in a chain spec\n    did you mean para_id?"),
        ("para_id: 5\n", "c.yaml:1:1: a chain spec needs the key 'name'\n    name: text"),
        (
            "name: a\nrelay: {validators: 256}\n",
            "c.yaml:2:21: the number 256 is out of range\n    write a number from 1 to 255",
        ),
        ("name: a\nrelay: {verfy: full}\n", "c.yaml:2:9: unknown key 'verfy' in relay\n    did you mean verify?"),
        (
            "name: a\nrelay: {verify: shard}\n",
            "c.yaml:2:17: expected shared or full, found the text 'shard'\n    did you mean shared?",
        ),
        (
            "name: a\npallets: [Sudo]\n",
            "c.yaml:2:11: expected a name in lower case with _ between words, as in "
            "ema_oracle, found the text 'Sudo'\n    write a name in lower case with _ between words, as in ema_oracle",
        ),
        ("name: a\nsudo: bob\n", "c.yaml:2:7: a sudo key without the sudo pallet\n    add sudo to `pallets`"),
        (
            "name: a\ncollators: []\n",
            "c.yaml:2:12: expected a list of accounts that can sign, at least one, found none\n"
            "    write a list of accounts that can sign, at least one",
        ),
        (
            "name: a\ncollators: ['@treasury']\n",
            "c.yaml:2:13: @treasury cannot sign: its key is not known\n    write a name, as in alice",
        ),
        ("name: a\nbalances: {bob: {KSM: 5}}\n", "c.yaml:2:18: unknown asset 'KSM'\n    known: BSX"),
        (
            "name: a\nbalances: {bob: {1: 5}}\n",
            "c.yaml:2:21: asset 1 is not registered at genesis\n    list it under `assets`; there are BSX",
        ),
        ("name: a\nbalances: {bob: {BSX: 1 KSM}}\n", "c.yaml:2:23: 1 KSM: unknown asset 'KSM'\n    known: BSX"),
        (
            "name: a\nbalances: {bob: {BSX: 5}}\n",
            "c.yaml:2:23: less than the existential deposit\n    write 1000000000000 or more base units, or 0",
        ),
        (
            "name: a\nbalances: {bob: {BSX: 0, 0: 0}}\n",
            "c.yaml:2:29: this balance is given twice\n    line 2 gives it under another name; keep one of them",
        ),
        (
            "name: a\nbalances:\n  bob: {BSX: 1 BSX}\n  Bob: {BSX: 1 BSX}\n",
            "c.yaml:4:14: this balance is given twice\n    line 3 gives it under another name; keep one of them",
        ),
        ("name: a\nbalances: {'@xyk:BSX/KSM': {BSX: 0}}\n", "c.yaml:2:12: unknown asset 'KSM'\n    known: BSX"),
        (
            "name: a\nassets: [{id: 1, symbol: K, decimals: 2, existential_deposit: 1.555 K}]\n",
            "c.yaml:2:63: 1.555 K "
            "has 3 digits after the point, and K has 2 decimals\n    write fewer digits, or base units as an integer",
        ),
    ],
)
def test_specs_that_are_none(load: Load, text: str, expected: str) -> None:
    assert complaint(load, text) == expected


def test_a_path_starts_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("name: one\n")
    assert load_chain_spec("./one.yaml", tmp_path).name == "one"
    with pytest.raises(Faults) as caught:
        load_chain_spec("two.yaml", tmp_path, Mark("s.yaml", 3, 8))
    assert str(caught.value) == f"s.yaml:3:8: there is no file {tmp_path}/two.yaml\n    did you mean one.yaml?"


def test_an_empty_setup_changes_nothing(local: ChainSpec) -> None:
    laid = overlay(local, setup("  runtime:"))
    assert local.differences(laid) == []
    assert laid.genesis_balances() == local.genesis_balances()


def test_balances_are_replaced(local: ChainSpec) -> None:
    """The treasury keeps all, collators and the sudo key their BSX."""
    laid = overlay(local, setup('  balances: {zoe: {KSM: "1.5 KSM"}, bob: {KUSD: 5_000}}'))
    assert laid.genesis_balances() == {
        account("zoe"): {1: 1_500_000_000_000},
        account("bob"): {0: 10**9 * BSX, 2: 5_000},
        account("alice"): {0: 10**9 * BSX},
        TREASURY: {0: 1_000 * BSX},
    }


def test_what_the_setup_says_of_those_who_stay(local: ChainSpec) -> None:
    address = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"  # alice
    text = f"  balances: {{{address}: {{0: 0}}, bob: {{BSX: 2 BSX}}, '@treasury': {{BSX: 3, KSM: 4_000}}}}"
    assert overlay(local, setup(text)).genesis_balances() == {
        account("bob"): {0: 2 * BSX},
        TREASURY: {0: 3, 1: 4_000},
    }


def test_the_sudo_key_keeps_its_bsx(load: Load) -> None:
    spec = load(
        "name: a\npallets: [sudo]\nsudo: zoe\nbalances: {zoe: {BSX: 7 BSX}, alice: {BSX: 5 BSX}, eve: {BSX: 1 BSX}}\n"
    )
    assert overlay(spec, setup("  balances: {}")).genesis_balances() == {
        account("zoe"): {0: 7 * BSX},
        account("alice"): {0: 5 * BSX},
    }


def test_assets_are_replaced_and_bsx_stays(local: ChainSpec) -> None:
    laid = overlay(local, setup("  assets: [{id: 9, symbol: KSM, decimals: 3, existential_deposit: 1}]"))
    assert [(asset.id, asset.symbol, asset.name) for asset in laid.genesis_assets()] == [
        (0, "BSX", "BSX"),
        (9, "KSM", "KSM"),
    ]
    assert laid.genesis_balances()[account("eve")] == {0: 10**9 * BSX, 9: 10**9}
    with pytest.raises(Faults, match=r"s\.yaml:4:20: unknown asset 'TKN'"):
        overlay(local, setup("  assets: []\n  balances: {bob: {TKN: 1}}"))


def test_the_existential_deposit_of_bsx_is_a_constant(local: ChainSpec) -> None:
    laid = overlay(local, setup("  runtime: {balances: {existential_deposit: 500}}\n  balances: {zoe: {BSX: 500}}"))
    assert laid.genesis_balances()[account("zoe")] == {0: 500}
    with pytest.raises(Faults, match="less than the existential deposit"):
        overlay(local, setup("  runtime: {balances: {existential_deposit: 501}}\n  balances: {zoe: {BSX: 500}}"))


def test_constants_are_replaced_one_by_one(local: ChainSpec) -> None:
    laid = overlay(local, setup("  runtime: {duster: {dust_account: zoe}, xyk: {exchange_fee: [2, 1000]}}"))
    assert local.differences(laid) == [
        'runtime.duster.dust_account: was "@treasury", is "zoe"',
        "runtime.xyk.exchange_fee[0]: was absent, is 2",
        "runtime.xyk.exchange_fee[1]: was absent, is 1000",
    ]


def test_nfts_storage_and_faults_are_laid_over(load: Load) -> None:
    spec = load(
        "name: a\nnfts: [{collection: 1, owner: bob}, {collection: 2, owner: bob}]\n"
        "storage: [{item: A.B, value: 1}]\nfaults: [{id: F01, at: 3}]\n"
    )
    laid = overlay(
        spec,
        setup(
            "  nfts: [{collection: 2, owner: eve, type: LiquidityMining, items: [{id: 0, owner: zoe}]}]\n"
            "  storage: [{item: C.D, keys: [1], value: null}]\n  faults: [{id: F17, at: 12, para: 2090, who: [5, 6]}]"
        ),
    )
    assert [(nft.collection, nft.owner.value) for nft in laid.nfts] == [(1, "bob"), (2, "eve")]
    assert [item.item.value for item in laid.storage] == ["A.B", "C.D"]
    assert [(fault.id.value, fault.at, fault.para, fault.who) for fault in laid.faults] == [
        ("F01", 3, None, ()),
        ("F17", 12, 2090, (5, 6)),
    ]


def test_faults_of_a_setup_have_their_places(local: ChainSpec) -> None:
    with pytest.raises(Faults) as caught:
        overlay(local, setup("  balances:\n    alice: {KSN: 5, TKN: 1.5 KSM}\n    '@xyk:BSX/X': {BSX: 0}"))
    assert str(caught.value) == (
        "s.yaml:4:13: unknown asset 'KSN'\n    did you mean KSM?\n"
        "s.yaml:4:26: 1.5 KSM is not an amount of TKN\n    write it in TKN, or in base units\n"
        "s.yaml:5:5: unknown asset 'X'\n    known: BSX, KSM, KUSD, TKN"
    )


def test_what_a_data_directory_keeps(local: ChainSpec) -> None:
    text = local.to_json()
    assert text == load_chain_spec("local").to_json()
    again = ChainSpec.from_json(text)
    assert again.to_json() == text
    assert again.genesis_balances() == local.genesis_balances()
    assert again.genesis_assets()[0] == local.genesis_assets()[0]


def test_differences(load: Load) -> None:
    stored = load(
        "name: a\nbalances: {bob: {BSX: 1 BSX}}\nassets: [{id: 1, symbol: K, decimals: 2, existential_deposit: 1}]\n"
    )
    now = load(
        "name: a\nrelay: {seed: 5}\nbalances: {bob: {BSX: 2 BSX}}\nassets:\n"
        "  - {id: 7, symbol: L, decimals: 2, existential_deposit: 1}\n"
        "  - {id: 1, symbol: K, decimals: 3, existential_deposit: 1}\n"
    )
    assert stored.differences(now) == [
        "assets[1].decimals: was 2, is 3",
        'balances.bob.BSX: was "1 BSX", is "2 BSX"',
        "relay.seed: was 0, is 5",
        "assets[7].id: was absent, is 7",
        'assets[7].symbol: was absent, is "L"',
        "assets[7].decimals: was absent, is 2",
        "assets[7].existential_deposit: was absent, is 1",
    ]
    assert stored.differences(stored) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "a", "oops": 1}', '{"name": 5}'])
def test_a_stored_spec_that_is_damaged(text: str) -> None:
    with pytest.raises(StoredSpecError, match="the stored chain spec cannot be read"):
        ChainSpec.from_json(text)
