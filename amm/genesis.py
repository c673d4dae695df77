"""From a chain spec to a runtime with its constants, and to block 0. Source: spec/trade-scripts.md, "Genesis"."""

from collections.abc import Mapping, Sequence
from typing import Any

from amm.arguments import Plain, Scope, read_value
from amm.chain_spec import STORED, ChainSpec
from amm.declared import find_item
from amm.genesis_values import GenesisBook, read_assets
from amm.pallets.nft import CollectionType, Nft
from amm.pallets.nft_types import COLLECTION_TYPE, GenesisCollection, GenesisItem
from amm.pallets.uniques_types import BOUNDED_BYTES
from amm.relay_chain import neighbour_faults
from amm.relay_faults import fault_faults
from amm.runtime import blueprint, local_pallets
from amm.scripts.errors import Fault, Faults, UnknownKey, UnknownPallet
from amm.scripts.setup import NATIVE, CollectionSetup, ItemSetup, StoredItem
from amm.scripts.source import Node, Nothing, Text
from chain.blocks.genesis import GenesisBlock, build_genesis
from chain.crypto.keys import Keypair, dev
from chain.frame import Pallet, Runtime
from chain.frame.constant import Setting
from chain.frame.storage import StorageItem
from chain.pallets.asset_registry import AssetRegistry
from chain.pallets.asset_types import ASSET_LOCATION, AssetType, GenesisAsset, TokenType
from chain.pallets.balances import Balances
from chain.pallets.collators import CollatorSelection
from chain.pallets.genesis import GenesisError
from chain.pallets.parachain_info import ParachainInfo
from chain.pallets.session import Session, SessionKeys
from chain.pallets.sudo import Sudo
from chain.pallets.tokens import Tokens
from chain.scale import ACCOUNT_ID, AnyCodec, codec_of

ASSET_TYPE, OPTIONAL_LOCATION = codec_of(AssetType), ASSET_LOCATION

CLOCKED = ("lbp", "ema_oracle", "xyk_warehouse_lm", "vesting")
"""Pallets whose clock a script may set whether or not the chain has them: nothing then reads it."""

Config = dict[str, dict[str, Any]]


class Genesis:
    """What a chain spec makes: the runtime and block 0. Raises Faults with all that is wrong in the spec."""

    def __init__(self, spec: ChainSpec) -> None:
        self.spec = spec
        self._faults: list[Fault] = []
        for pallet in spec.pallets:
            if pallet.value not in local_pallets():
                self._faults.append(UnknownPallet.at(pallet.mark, pallet.value, local_pallets()))
        self._faults += neighbour_faults(spec) or fault_faults(spec)
        self._stop()
        base = blueprint(tuple(pallet.value for pallet in spec.pallets))
        self._scope = Plain(Runtime(base), GenesisBook(spec.registered))
        constants, self._config = self._settings()
        self._stop()
        self.runtime = Runtime(base, constants)
        self._scope = Plain(self.runtime, GenesisBook(spec.registered))

    def build(self, more: Mapping[bytes, bytes] | None = None) -> GenesisBlock:
        """Block 0 of the spec's chain, and of `more` raw entries. Raises Faults."""
        self._add_assets()
        self._add_balances()
        self._add_actors()
        self._add_nfts()
        storage = {**(more or {}), **self._storage()}
        self._stop()
        try:
            return build_genesis(self.runtime, self._config, storage)
        except GenesisError as error:
            raise Faults([Fault(self.spec.mark, str(error), "mend the genesis of the chain spec")]) from None

    @property
    def collators(self) -> tuple[Keypair, ...]:
        return tuple(dev(name.value) for name in self.spec.collators)

    # -- settings --------------------------------------------------------------------------------------------------

    def _settings(self) -> tuple[Config, Config]:
        """The constants and the genesis values that `runtime:` sets, as values of their types."""
        constants: Config = {}
        config: Config = {}
        pallets = {pallet.key: pallet for pallet in self._scope.runtime.pallets.values()}
        for name, entries in self.spec.runtime:
            pallet = pallets.get(name.value)
            for key, node in entries:
                if pallet is None:
                    self._absent(name, key, pallets)
                    continue
                setting, table = self._find(pallet, key, constants, config)
                if setting is not None:
                    self._read(node, setting, table.setdefault(pallet.key, {}))
        self._native_deposit(constants)
        return constants, config

    def _native_deposit(self, constants: Config) -> None:
        """The existential deposit of asset 0, where it is listed, is the constant of Balances.

        A constant that is set elsewhere, as in a script laid over the chain spec, comes before it; in the same file
        they must agree.
        """
        listed = self.spec.listed_native
        if listed is None:
            return
        deposit, written = read_assets([listed], self._faults)[0].existential_deposit, listed.existential_deposit
        chosen = constants.setdefault(Balances.key, {}).setdefault("existential_deposit", deposit)
        if chosen != deposit and written.mark.file in self._files_of_deposit() - {STORED}:
            what = f"the existential deposit of asset 0 is {deposit} here, and {chosen} in runtime.balances"
            self._faults.append(Fault(written.mark, what, "say it once"))

    def _files_of_deposit(self) -> set[str]:
        """Where the constant is set."""
        settings = [entries for name, entries in self.spec.runtime if name.value == Balances.key]
        return {key.mark.file for entries in settings for key, _ in entries if key.value == "existential_deposit"}

    def _absent(self, name: Text, key: Text, pallets: dict[str, type[Pallet]]) -> None:
        if name.value in CLOCKED and key.value == "block_number_provider":
            return
        self._faults.append(UnknownPallet.at(name.mark, name.value, pallets))

    def _find(
        self, pallet: type[Pallet], key: Text, constants: Config, config: Config
    ) -> tuple[Setting[Any] | None, Config]:
        declared = pallet.declaration
        if key.value in declared.constants:
            return declared.constants[key.value], constants
        if key.value in declared.genesis:
            return declared.genesis[key.value], config
        known = [*declared.constants, *declared.genesis]
        self._faults.append(UnknownKey.at(key.mark, key.value, known, pallet.key))
        return None, constants

    def _read(self, node: Node, setting: Setting[Any], into: dict[str, Any]) -> None:
        try:
            into[setting.key] = read_value(node, setting.codec, self._scope)
        except Faults as found:
            self._faults += found.faults

    # -- genesis ---------------------------------------------------------------------------------------------------

    def _put(self, pallet: type[Pallet], **values: Any) -> None:
        self._config.setdefault(pallet.key, {}).update(values)

    def _add_assets(self) -> None:
        """BSX by the registry's own settings, the others in the written order."""
        registered = []
        try:
            assets = self.spec.genesis_assets()
        except Faults as found:
            self._faults += found.faults
            return
        for asset in assets:
            if asset.id == NATIVE:
                self._put(
                    AssetRegistry,
                    native_asset_symbol=asset.symbol.encode(),
                    native_asset_name=asset.name.encode(),
                    native_asset_decimals=asset.decimals,
                )
                continue
            kind = self._value(asset.type, ASSET_TYPE, TokenType())
            location = self._value(asset.location, OPTIONAL_LOCATION, None)
            name, symbol = asset.name.encode(), asset.symbol.encode()
            registered.append(
                GenesisAsset(asset.id, name, symbol, asset.decimals, asset.existential_deposit, kind, location)
            )
        self._put(AssetRegistry, registered_assets=tuple(registered))

    def _value(self, node: Node | None, codec: AnyCodec, default: Any) -> Any:
        if node is None or isinstance(node, Nothing):
            return default
        try:
            return read_value(node, codec, self._scope)
        except Faults as found:
            self._faults += found.faults
            return default

    def _add_balances(self) -> None:
        try:
            balances = self.spec.genesis_balances()
        except Faults as found:
            self._faults += found.faults
            return
        native = tuple((who, held[NATIVE]) for who, held in balances.items() if NATIVE in held)
        tokens = tuple(
            (who, asset, amount) for who, held in balances.items() for asset, amount in held.items() if asset != NATIVE
        )
        self._put(Balances, balances=native)
        self._put(Tokens, balances=tokens)

    def _add_actors(self) -> None:
        """Collators with their keys, the sudo key, the para id."""
        keys = tuple((key.account, SessionKeys(key.public)) for key in self.collators)
        self._put(CollatorSelection, invulnerables=tuple(key.account for key in self.collators))
        self._put(Session, keys=keys)
        self._put(ParachainInfo, parachain_id=self.spec.para_id)
        sudo = self.spec.sudo_key
        if sudo is not None:
            self._put(Sudo, key=self._value(sudo, ACCOUNT_ID, None))

    def _add_nfts(self) -> None:
        """Collections and their items (spec/nft-marketplace.md §4)."""
        if self.spec.nfts:
            self._put(Nft, nfts=tuple(self._collection(collection) for collection in self.spec.nfts))

    def _collection(self, given: CollectionSetup) -> GenesisCollection:
        items = tuple(GenesisItem(item.id, *self._possession(item)) for item in given.items)
        owner, metadata = self._possession(given)
        kind = self._value(given.type, COLLECTION_TYPE, CollectionType.Marketplace)
        return GenesisCollection(given.collection, owner, kind, metadata, items)

    def _possession(self, given: CollectionSetup | ItemSetup) -> tuple[bytes, bytes]:
        """Whose it is, and its metadata."""
        return self._value(given.owner, ACCOUNT_ID, b""), self._value(given.metadata, BOUNDED_BYTES, b"")

    def _storage(self) -> dict[bytes, bytes | None]:
        """Raw storage that is set after all else."""
        raw: dict[bytes, bytes | None] = {}
        for stored in self.spec.storage:
            try:
                key, value = read_stored(stored, self._scope)
            except Faults as found:
                self._faults += found.faults
            else:
                raw[key] = value
        return raw

    def _stop(self) -> None:
        if self._faults:
            raise Faults(self._faults)


def read_item(item: Text, runtime: Runtime) -> StorageItem:
    """The storage item `Pallet.Item`; raises Faults."""
    return find_item(item.value, item.mark, runtime)


def read_key(item: StorageItem, keys: Sequence[Node], at: Text, scope: Scope) -> bytes:
    """The raw key of an item; raises Faults if the keys are not the item's."""
    if len(keys) != len(item.keys):
        what = f"{at.value} has {len(item.keys)} keys, {len(keys)} are given"
        raise Faults([Fault(at.mark, what, "write one key for each hasher")])
    values = [read_value(key, codec, scope) for key, codec in zip(keys, item.keys, strict=True)]
    return item.key(*values)


def read_stored(stored: StoredItem, scope: Scope) -> tuple[bytes, bytes | None]:
    """Raw key and raw value (None: absent) of `{item, keys, value}`; raises Faults."""
    item = read_item(stored.item, scope.runtime)
    key = read_key(item, stored.keys, stored.item, scope)
    if isinstance(stored.value, Nothing):
        return key, None
    codec = scope.runtime.codec_of_item(item)
    return key, codec.encode(read_value(stored.value, codec, scope))
