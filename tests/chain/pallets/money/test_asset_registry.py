"""Assets by id, name and location. Source: spec/money.md §8."""

from typing import Any

import pytest

from chain.pallets.asset_types import EXTERNAL, TOKEN, XYK_SHARE, AssetDetails, AssetMetadata, Metadata
from chain.pallets.balances_types import MAX_BALANCE
from chain.primitives.junction import Parachain
from chain.primitives.location import RELAY, X1, Here, MultiLocation

KSM = 1
ACALA = MultiLocation(1, X1(Parachain(2000)))


@pytest.fixture
def m(money: Any) -> Any:
    return money()


def register(m: Any, name: bytes, by: str = "root", **given: Any) -> str | None:
    fields = {
        "asset_type": TOKEN,
        "existential_deposit": 5,
        "asset_id": None,
        "metadata": None,
        "location": None,
        "xcm_rate_limit": None,
        **given,
    }
    error: str | None = m.call("asset_registry.register", by, name, *fields.values())
    return error


class TestRegister:
    def test_in_order(self, m: Any) -> None:
        assert m.registry.unused_id() == 1_000_000
        assert register(m, b"Gold") is None
        assert m.said() == [
            ("AssetRegistry.Registered", {"asset_id": 1_000_001, "asset_name": b"Gold", "asset_type": TOKEN})
        ]
        assert register(m, b"Silver", asset_id=4200, asset_type=EXTERNAL) is None
        assert register(m, b"Copper") is None
        assert m.registry.asset_of_name(b"Copper") == 1_000_002
        assert m.registry.next_asset_id.get() == 3
        assert m.registry.unused_id() == 1_000_003

    def test_everything_at_once(self, m: Any) -> None:
        given = {"metadata": Metadata(b"GLD", 6), "location": ACALA, "xcm_rate_limit": 77}
        assert register(m, b"Gold", asset_id=9, **given) is None
        assert m.said()[1:] == [
            ("AssetRegistry.MetadataSet", {"asset_id": 9, "symbol": b"GLD", "decimals": 6}),
            ("AssetRegistry.LocationSet", {"asset_id": 9, "location": ACALA}),
        ]
        assert m.registry.details(9) == AssetDetails(b"Gold", TOKEN, 5, 77)
        assert m.registry.metadata(9) == AssetMetadata(b"GLD", 6)
        assert (m.registry.asset_at(ACALA), m.registry.location_of(9)) == (9, ACALA)

    @pytest.mark.parametrize(
        ("name", "given", "error"),
        [
            (b"n" * 33, {"asset_id": 1_000_000}, "TooLong"),
            (b"Kusama", {"asset_id": 1_000_000}, "AssetAlreadyRegistered"),
            (b"Gold", {"asset_id": 1_000_000}, "NotInReservedRange"),
            (b"Gold", {"asset_id": KSM}, "AssetAlreadyRegistered"),
            (b"Gold", {"asset_id": 0}, "AssetAlreadyRegistered"),
            (b"Gold", {"metadata": Metadata(b"s" * 33, 1)}, "TooLong"),
            (b"Gold", {"location": RELAY}, "LocationAlreadyRegistered"),
            (b"Gold", {"asset_id": 999_999}, None),
            (b"n" * 32, {}, None),
            (b"", {"existential_deposit": 0}, None),
        ],
    )
    def test_errors(self, m: Any, name: bytes, given: dict[str, Any], error: str | None) -> None:
        assert register(m, name, **given) == (error and f"AssetRegistry.{error}")

    def test_root_only(self, m: Any) -> None:
        assert register(m, b"n" * 33, by="zoe") == "BadOrigin"
        assert m.call("asset_registry.update", "zoe", 9, b"", TOKEN, None, None) == "BadOrigin"
        assert m.call("asset_registry.set_metadata", "zoe", 9, b"", 1) == "BadOrigin"
        assert m.call("asset_registry.set_location", "zoe", 0, RELAY) == "BadOrigin"

    def test_the_last_id(self, m: Any) -> None:
        m.registry.next_asset_id.put(2**32 - 1 - 1_000_000)
        assert register(m, b"last") is None
        assert m.registry.asset_of_name(b"last") == 2**32 - 1
        assert register(m, b"one more") == "AssetRegistry.NoIdAvailable"
        assert m.registry.unused_id() == 2**32 - 1


class TestUpdate:
    CALL = "asset_registry.update"

    def test_it_renames(self, m: Any) -> None:
        assert m.call(self.CALL, "root", KSM, b"Canary", EXTERNAL, None, 7) is None
        assert m.said() == [
            (
                "AssetRegistry.Updated",
                {
                    "asset_id": KSM,
                    "asset_name": b"Canary",
                    "asset_type": EXTERNAL,
                    "existential_deposit": 100,
                    "xcm_rate_limit": 7,
                },
            )
        ]
        assert m.registry.asset_of_name(b"Kusama") is None
        assert m.registry.asset_of_name(b"Canary") == KSM
        assert m.call(self.CALL, "root", KSM, b"Canary", EXTERNAL, 3, None) is None
        assert m.registry.details(KSM) == AssetDetails(b"Canary", EXTERNAL, 3, None)

    def test_errors(self, m: Any) -> None:
        assert m.call(self.CALL, "root", 99, b"n" * 33, TOKEN, None, None) == "AssetRegistry.AssetNotFound"
        assert m.call(self.CALL, "root", KSM, b"n" * 33, TOKEN, None, None) == "AssetRegistry.TooLong"
        taken = m.call(self.CALL, "root", KSM, b"Polkadot", TOKEN, None, None)
        assert taken == "AssetRegistry.AssetAlreadyRegistered"


def test_set_metadata(m: Any) -> None:
    call = "asset_registry.set_metadata"
    assert m.call(call, "root", 99, b"s" * 33, 1) == "AssetRegistry.AssetNotFound"
    assert m.call(call, "root", KSM, b"s" * 33, 1) == "AssetRegistry.TooLong"
    assert m.call(call, "root", KSM, b"KSM2", 6) is None
    assert m.registry.metadata(KSM) == AssetMetadata(b"KSM2", 6)


class TestLocation:
    CALL = "asset_registry.set_location"

    def test_errors(self, m: Any) -> None:
        assert m.call(self.CALL, "root", 0, RELAY) == "AssetRegistry.CannotUpdateLocation"
        assert m.call(self.CALL, "root", 99, RELAY) == "AssetRegistry.AssetNotRegistered"
        assert m.call(self.CALL, "root", KSM, RELAY) == "AssetRegistry.LocationAlreadyRegistered"

    def test_the_old_one_is_free_again(self, m: Any) -> None:
        assert m.registry.relay_asset() == KSM
        assert m.call(self.CALL, "root", KSM, ACALA) is None
        assert m.registry.asset_at(RELAY) is None
        assert m.registry.relay_asset() == 1_000_000
        assert m.call(self.CALL, "root", 2, RELAY) is None
        assert m.registry.relay_asset() == 2

    def test_keys_of_the_relay_location(self, m: Any) -> None:
        """`01 00` (§8), behind its hash."""
        assert m.registry.location_assets.key(RELAY).endswith(b"\x01\x00")
        assert len(m.registry.location_assets.key(MultiLocation(1, Here()))) == 32 + 16 + 2


class TestShareTokens:
    def test_registered_once(self, m: Any) -> None:
        made = m.registry.get_or_create_share_token(77, 1)
        assert m.said() == [
            (
                "AssetRegistry.Registered",
                {
                    "asset_id": 1_000_001,
                    "asset_name": bytes.fromhex("010000004844544d000000"),
                    "asset_type": XYK_SHARE,
                },
            )
        ]
        assert m.registry.get_or_create_share_token(1, 77) == made == 1_000_001
        assert m.said() == []
        assert m.registry.existential_deposit(made) == 1
        assert m.registry.metadata(made) is None


def test_what_is_not_registered(m: Any) -> None:
    assert not m.registry.exists(99)
    assert m.registry.details(99) is None
    assert m.registry.existential_deposit(99) == MAX_BALANCE
    assert m.registry.asset_of_name(b"n" * 33) is None
