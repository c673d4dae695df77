"""Chain specs: what a chain is made of. Sources: spec/trade-scripts.md, "Genesis"; spec/network.md §7.

A spec has the keys of a script's `setup` and some of its own. What depends on the runtime's types stays a
node, so that a fault found when the genesis is built still has its place in the file.
"""

import json
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec

from amm.differences import differences
from amm.genesis_values import GenesisAsset, GenesisBook, read_assets, read_balances, resolve_account
from amm.overlay import merged_balances, merged_collections, merged_settings
from amm.relay_setup import BUILT_IN, DEFAULT_RELAY, RELAY, RelaySetup
from amm.scripts.errors import Fault, Faults, Mark, StoredSpecError, UnknownName
from amm.scripts.forms import ACCOUNT, SIGNER
from amm.scripts.kinds import ListOf, TextOf, Whole
from amm.scripts.names import LOWER_NAME
from amm.scripts.neighbours import joined
from amm.scripts.setup import NATIVE as NATIVE
from amm.scripts.setup import AssetSetup, Setup
from amm.scripts.shapes import Key, Reader, RecordOf, UnreadableError
from amm.scripts.source import Integer, Node, Text, compose
from amm.scripts.syntax_errors import escape_unprintable
from amm.values import TREASURY, parse_account
from amm.workers import AUTO

SUDO = "sudo"
STORED = "the stored chain spec"

NATIVE_ASSET = AssetSetup(
    mark=BUILT_IN,
    id=NATIVE,
    symbol=Text(BUILT_IN, "BSX"),
    decimals=12,
    existential_deposit=Text(BUILT_IN, "1 BSX"),
)
"""BSX, where a spec does not list asset 0."""

_PALLETS = ListOf(LOWER_NAME, "a list of pallets")
COLLATORS = ListOf(SIGNER, "a list of accounts that can sign, at least one", least=1)


class UnknownChain(UnknownName, frozen=True):
    """A chain spec that does not come with the program."""

    kind: ClassVar[str] = "chain spec"


class ChainSpec(Setup, frozen=True, kw_only=True):
    """What a chain is made of."""

    name: Annotated[str, Key(TextOf(), "the chain's name")]
    para_id: Annotated[int, Key(Whole(), "the parachain's id on the relay chain")] = 2090
    pallets: Annotated[tuple[Text, ...], Key(_PALLETS, "those beyond the live runtime's")] = ()
    collators: Annotated[tuple[Text, ...], Key(COLLATORS, "who builds blocks, in turn")] = (Text(BUILT_IN, "alice"),)
    sudo: Annotated[Text | None, Key(ACCOUNT, "the sudo key; alice if left out")] = None
    relay: Annotated[RelaySetup, Key(RELAY, "the relay chain")] = DEFAULT_RELAY

    @property
    def registered(self) -> tuple[AssetSetup, ...]:
        """The assets of the genesis, BSX first."""
        listed = self.assets or ()
        native = [asset for asset in listed if asset.id == NATIVE] or [NATIVE_ASSET]
        return (*native, *(asset for asset in listed if asset.id != NATIVE))

    @property
    def sudo_key(self) -> Text | None:
        """The account that `root` signs as; None without the sudo pallet."""
        if all(pallet.value != SUDO for pallet in self.pallets):
            return None
        return self.sudo or Text(BUILT_IN, "alice")

    @property
    def listed_native(self) -> AssetSetup | None:
        """Asset 0 as the spec lists it, if it does."""
        return next((asset for asset in self.assets or () if asset.id == NATIVE), None)

    def constant(self, pallet: str, name: str) -> Node | None:
        """What `runtime` sets a constant to, if it does."""
        for key, constants in self.runtime:
            for constant, value in constants:
                if key.value == pallet and constant.value == name:
                    return value
        return None

    def examine(self, reader: Reader) -> None:
        super().examine(reader)
        if self.sudo and self.sudo_key is None:
            reader.refuse(self.sudo.mark, "a sudo key without the sudo pallet", "add sudo to `pallets`")

    def genesis_assets(self) -> tuple[GenesisAsset, ...]:
        """The assets to register, BSX first. Raises Faults."""
        return self._genesis()[0]

    def genesis_balances(self) -> dict[bytes, dict[int, int]]:
        """Who has how much of which asset, in base units; nothing that is zero. Raises Faults."""
        return self._genesis()[1]

    def _genesis(self) -> tuple[tuple[GenesisAsset, ...], dict[bytes, dict[int, int]]]:
        faults: list[Fault] = []
        assets = read_assets(self.registered, faults)
        deposits = {asset.id: asset.existential_deposit for asset in assets}
        native = self.constant("balances", "existential_deposit")
        if isinstance(native, Integer):
            deposits[NATIVE] = native.value
        balances = read_balances(self.balances or (), self.registered, deposits, faults)
        if faults:
            raise Faults(faults)
        return assets, balances

    def to_json(self) -> str:
        """The spec as a data directory keeps it: the same text for the same spec; `from_json` reads it."""
        return escape_unprintable(json.dumps(CHAIN_SPEC.plain(self), ensure_ascii=False, indent=1))

    @classmethod
    def from_json(cls, text: str) -> "ChainSpec":
        """The spec that `to_json` wrote. Raises StoredSpecError if it cannot be read."""
        root, faults = compose(text, STORED)
        try:
            spec = CHAIN_SPEC.read(root, Reader(Path(STORED), faults)) if root else None
        except UnreadableError:
            spec = None
        if spec is None or faults:
            reasons = "\n".join(map(str, faults)) or "it is empty"
            raise StoredSpecError(f"{STORED} cannot be read: {reasons}")
        return spec

    def differences(self, now: "ChainSpec") -> list[str]:
        """What is otherwise in `now` than in this spec, the stored one; empty if both mean the same."""
        return differences(_stated(self), _stated(now))


CHAIN_SPEC = RecordOf(ChainSpec, "a chain spec")


def shipped_chain_specs() -> tuple[str, ...]:
    """The names of the chain specs that come with the program."""
    return _shipped("chains")


def shipped_networks() -> tuple[str, ...]:
    """The names of the network files that come with the program; they are named like chain specs."""
    return _shipped("networks")


def _shipped(folder: str) -> tuple[str, ...]:
    entries = resources.files("configs").joinpath(folder).iterdir()
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in entries if entry.name.endswith(".yaml")))


def load_chain_spec(name_or_path: str, folder: Path = Path(), at: Mark | None = None) -> ChainSpec:
    """A shipped chain spec or network by its name, or the one in a file; a path starts from `folder`.

    `at` is the place that names it, if a file does. Raises Faults with everything that is wrong.
    """
    if "/" in name_or_path or name_or_path.endswith((".yaml", ".yml")):
        return _read(folder / name_or_path, at)
    specs, networks = shipped_chain_specs(), shipped_networks()
    known = (*specs, *networks)
    if name_or_path not in known:
        here = [f"./{name_or_path}{end}" for end in (".yaml", ".yml") if (folder / f"{name_or_path}{end}").is_file()]
        fault = UnknownChain.at(at or Mark("--chain"), name_or_path, (*known, *here, "or a path with / or .yaml"))
        hint = f"a file is named by its path: did you mean {here[0]}?" if here else fault.hint
        raise Faults([msgspec.structs.replace(fault, hint=hint)])
    place = "chains" if name_or_path in specs else "networks"
    with resources.as_file(resources.files("configs").joinpath(place, f"{name_or_path}.yaml")) as path:
        return _read(path, at)


def overlay(spec: ChainSpec, setup: Setup) -> ChainSpec:
    """The spec with a script's `setup` laid over its genesis.

    `assets` and `balances` replace the spec's, except that BSX stays, the treasury keeps what it has, and
    the collators and the sudo key keep their BSX, each unless the setup says otherwise. Constants are
    replaced one by one, so are the relay chain's parameters, collections by id; storage items, faults, messages
    and parachains that are not there yet are added. Raises Faults for balances that cannot be.
    """
    assets = spec.assets
    if setup.assets is not None:
        replaced = {asset.id for asset in setup.assets}
        native = [asset for asset in spec.assets or () if asset.id == NATIVE and NATIVE not in replaced]
        assets = (*native, *setup.assets)
    laid = msgspec.structs.replace(
        spec,
        runtime=merged_settings(spec.runtime, setup.runtime),
        assets=assets,
        nfts=merged_collections(spec.nfts, setup.nfts),
        storage=spec.storage + setup.storage,
        faults=spec.faults + setup.faults,
        parachains=joined(spec.parachains, setup.parachains),
        channels=spec.channels if setup.channels is None else setup.channels,
        messages=spec.messages + setup.messages,
        relay=msgspec.structs.replace(spec.relay, **dict(getattr(setup, "relay", None) or ())),
    )
    book = GenesisBook(laid.registered)
    names = [*laid.collators, *filter(None, [laid.sudo_key])]
    keepers = {resolve_account(name, book, []) for name in names}
    treasury = parse_account(TREASURY, book)
    balances = merged_balances(
        spec.balances or (),
        setup.balances,
        book,
        keeps=lambda account, asset: account == treasury or (asset == NATIVE and account in keepers),
    )
    laid = msgspec.structs.replace(laid, balances=balances)
    laid.genesis_balances()
    return laid


def _read(path: Path, at: Mark | None) -> ChainSpec:
    from amm.network_file import is_network, read_network

    faults: list[Fault] = []
    reader = Reader(path, faults)
    try:
        root = reader.document(at)
        spec = read_network(root, reader) if is_network(root) else CHAIN_SPEC.read(root, reader)
    except UnreadableError:
        raise Faults(faults) from None
    if faults:
        raise Faults(faults)
    spec.genesis_balances()
    return spec


def _stated(spec: ChainSpec) -> dict[str, Any]:
    """What a spec says of the chain; an empty table says nothing, and the number of processes changes nothing."""
    relay = msgspec.structs.replace(spec.relay, workers=AUTO)
    plain = CHAIN_SPEC.plain(msgspec.structs.replace(spec, relay=relay))
    return {key: value for key, value in plain.items() if value not in ({}, [])}
