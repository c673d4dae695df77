"""Whatever is done to accounts, money and references add up. Source: spec/money.md §1.2, §5.4, §6.1."""

from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chain.pallets.balances_types import BalanceStatus
from chain.state import Overlay
from chain.trie import MemoryStore, Trie

BSX = 10**12
KSM, DOT = 1, 2  # existential deposits 100 and 2
LOCKS = (b"lock one", b"lock two")

NAMES = ("zoe", "yan", "xan", "wim")
names = st.sampled_from(NAMES)
tokens = st.sampled_from((KSM, DOT))
locks = st.sampled_from(LOCKS)
statuses = st.sampled_from(BalanceStatus)
assets = st.sampled_from((0, KSM, DOT))


class Pick(NamedTuple):
    """An amount: some, or all that is free but for some."""

    some_units: int
    some_bsx: int
    all_but: bool


bsx = st.builds(lambda quarters, odd: max(0, quarters * BSX // 4 + odd), st.integers(0, 20), st.integers(-1, 1))
picks = st.builds(Pick, st.integers(0, 120) | st.integers(0, 500), bsx, st.booleans())


class Machine(RuleBasedStateMachine):
    """Four accounts, BSX and two tokens; dust goes to the treasury.

    Left out are the ways by which the live runtime itself loses count (shown in the other tests): ending an entry
    of tokens under the last provider of what something leans on, and wiping BSX that is under a lock.
    """

    def __init__(self, money: Any) -> None:
        super().__init__()
        self.m = money({name: {0: 10 * BSX, KSM: 1000, DOT: 500} for name in NAMES[:3]})
        self.dust = 0
        self.named: dict[tuple[bytes, int], int] = {}

    def ended(self) -> None:
        """Note the dust of BSX that was lost; what was said can be written down and read again."""
        records = tuple(self.m.env.context.events)
        codec = self.m.runtime.events
        assert codec.decode(codec.encode(records)) == records
        self.dust += sum(fields["amount"] for name, fields in self.m.said() if name == "Balances.DustLost")

    def amount(self, name: str, asset: int, pick: Pick) -> int:
        some = pick.some_units if asset else pick.some_bsx
        return max(0, self.m.free(name, asset) - some) if pick.all_but else some

    def may_end(self, name: str) -> bool:
        return bool(self.m.system.can_dec_provider(self.m.who(name)))

    # -- calls -------------------------------------------------------------------------------------------------

    @rule(by=names, to=names, asset=assets, pick=picks, keep_alive=st.booleans())
    def transfer(self, by: str, to: str, asset: int, pick: Pick, keep_alive: bool) -> None:
        if asset:
            call = "tokens.transfer_keep_alive" if keep_alive else "tokens.transfer"
            self.m.call(call, by, to, asset, self.amount(by, asset, pick))
        else:
            call = "balances.transfer_keep_alive" if keep_alive else "balances.transfer_allow_death"
            self.m.call(call, by, to, self.amount(by, asset, pick))
        self.ended()

    @rule(by=names, to=names, asset=assets, keep_alive=st.booleans())
    def transfer_all(self, by: str, to: str, asset: int, keep_alive: bool) -> None:
        args = (to, asset, keep_alive) if asset else (to, keep_alive)
        self.m.call(f"{'tokens' if asset else 'balances'}.transfer_all", by, *args)
        self.ended()

    @rule(by=names, to=names, asset=assets, pick=picks)
    def by_the_door(self, by: str, to: str, asset: int, pick: Pick) -> None:
        self.m.call("currencies.transfer", by, to, asset, self.amount(by, asset, pick))
        self.ended()

    @rule(name=names, asset=assets, pick=picks)
    def mint(self, name: str, asset: int, pick: Pick) -> None:
        self.m.call("currencies.update_balance", "root", name, asset, self.amount(name, asset, pick))
        self.ended()

    @rule(name=names, asset=assets, pick=picks)
    def burn(self, name: str, asset: int, pick: Pick) -> None:
        if not asset or self.may_end(name):
            self.m.call("currencies.update_balance", "root", name, asset, -self.amount(name, asset, pick))
        self.ended()

    @rule(name=names, asset=tokens, free=st.integers(0, 400), reserved=st.integers(0, 400))
    def set_balance(self, name: str, asset: int, free: int, reserved: int) -> None:
        if self.may_end(name):
            self.m.call("tokens.set_balance", "root", name, asset, free, reserved)
        self.ended()

    @rule(by=names, name=names, asset=assets)
    def dust_account(self, by: str, name: str, asset: int) -> None:
        self.m.call("duster.dust_account", by, name, asset)
        self.ended()

    # -- what pallets do ---------------------------------------------------------------------------------------

    @rule(name=names, asset=assets, pick=picks, named=st.booleans())
    def reserve(self, name: str, asset: int, pick: Pick, named: bool) -> None:
        door, amount = self.m.currencies, self.amount(name, asset, pick)
        done = self.m.attempt(door.reserve_named if named else door.reserve, asset, name, amount)
        if named and done is None:
            self.name_more(name, asset, amount)
        self.ended()

    def name_more(self, name: str, asset: int, amount: int) -> None:
        key = self.m.who(name), asset
        self.named[key] = self.named.get(key, 0) + amount

    @rule(name=names, asset=assets, pick=picks, named=st.booleans())
    def unreserve(self, name: str, asset: int, pick: Pick, named: bool) -> None:
        door, who, amount = self.m.currencies, self.m.who(name), self.amount(name, asset, pick)
        before, total = door.free_balance(asset, who), door.total_balance(asset, who)
        rest = (door.unreserve_named if named else door.unreserve)(asset, who, amount)
        assert 0 <= rest <= amount
        if named:
            self.name_more(name, asset, rest - amount)
        if door.total_balance(asset, who) == total:  # no dust went
            assert door.free_balance(asset, who) == before + amount - rest
        self.ended()

    @rule(name=names, to=names, asset=assets, pick=picks, status=statuses)
    def repatriate(self, name: str, to: str, asset: int, pick: Pick, status: BalanceStatus) -> None:
        if not asset or self.may_end(name):
            amount = self.amount(name, asset, pick)
            self.m.attempt(self.m.currencies.repatriate_reserved, asset, name, to, amount, status)
        self.ended()

    @rule(name=names, asset=assets, pick=picks, reserve=st.booleans())
    def slash(self, name: str, asset: int, pick: Pick, reserve: bool) -> None:
        door, who = self.m.currencies, self.m.who(name)
        if self.may_end(name) if asset else not self.m.balances.locks.contains(who):
            (door.slash_reserved if reserve else door.slash)(asset, who, self.amount(name, asset, pick))
        self.ended()

    @rule(id=locks, name=names, asset=assets, pick=picks)
    def lock(self, id: bytes, name: str, asset: int, pick: Pick) -> None:
        who = self.m.who(name)
        amount = self.amount(name, asset, pick)
        if not asset:
            amount = min(max(amount, BSX), self.m.free(name))
        if self.m.system.exists(who) if asset else self.m.free(name) >= BSX:
            self.m.currencies.set_lock(id, asset, who, amount)
        self.ended()

    @rule(id=locks, name=names, asset=assets)
    def unlock(self, id: bytes, name: str, asset: int) -> None:
        self.m.currencies.remove_lock(id, asset, self.m.who(name))
        self.ended()

    # -- what always holds -------------------------------------------------------------------------------------

    @invariant()
    def money_adds_up(self) -> None:
        """What is held is what is issued; only dust of BSX lowers the issuance though the treasury has it."""
        held = {0: 0, KSM: 0, DOT: 0}
        for _, info in self.m.system.account.items():
            held[0] += info.data.free + info.data.reserved
        for _, asset, account in self.m.tokens.accounts.items():
            held[asset] += account.total
        held[0] -= self.dust
        assert held == {asset: self.m.currencies.issuance(asset) for asset in held}

    @invariant()
    def references_are_the_tables(self) -> None:
        """Who exists, and what for: the table of §1.2."""
        m = self.m
        everybody = {who for who, _ in m.system.account.items()}
        for who in everybody | {m.who(name) for name in NAMES}:
            info = m.system.account.get(who)
            data = info.data
            held = sum(1 for _ in m.tokens.accounts.items(who))
            locked = sum(1 for _ in m.tokens.locks.items(who))
            assert info.providers == (data.free >= BSX) + held
            assert info.consumers == (data.reserved > 0 or data.frozen > 0) + locked
            assert info.sufficients == 0
            assert (who in everybody) == (info.providers > 0)
            assert data.flags == 1 << 127

    @invariant()
    def locks_are_what_is_frozen(self) -> None:
        m = self.m
        for who, info in m.system.account.items():
            data = info.data
            assert data.frozen == max((lock.amount for lock in m.balances.locks.get(who)), default=0)
            assert data.frozen <= data.free + data.reserved
        for who, asset, account in m.tokens.accounts.items():
            largest = max((lock.amount for lock in m.tokens.locks.get(who, asset)), default=0)
            assert account.frozen in (0, largest)

    @invariant()
    def named_reserves_are_what_was_named(self) -> None:
        kept = {(who, 0): named for who, named in self.m.balances.reserves.items()}
        kept |= {(who, asset): named for who, asset, named in self.m.tokens.reserves.items()}
        found = {key: self.m.currencies.reserved_balance_named(key[1], key[0]) for key in kept}
        assert found == {key: amount for key, amount in self.named.items() if amount}

    def teardown(self) -> None:
        """What was done reads the same from the trie as from the overlay."""
        store = MemoryStore()
        update = Trie(store).update(self.m.state.changes())
        store.put(update.nodes)
        again = self.m.runtime.open(Overlay(Trie(store, update.root)))
        for pallet in self.m.env:
            for attribute, item in pallet.declaration.storage.items():
                if item.keys:
                    there, here = getattr(again[type(pallet)], attribute), getattr(pallet, attribute)
                    assert list(there.items()) == list(here.items())


def test_whatever_is_done(money: Any) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Machine(money),
        settings=settings(
            max_examples=80,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
