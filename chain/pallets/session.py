"""Session: for how long the same collators take turns, and with which keys.

A set is chosen at the end of session i, and works in session i + 2. Source: spec/fees-and-origins.md §9.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol

from chain.crypto.hashers import Twox64Concat
from chain.frame import (
    Constant,
    Error,
    Event,
    Genesis,
    Origin,
    Pallet,
    Settings,
    StorageMap,
    StorageValue,
    call,
)
from chain.pallets.collators_declared import FIRST_COLLATORS
from chain.pallets.genesis import silently
from chain.pallets.protocols import Accounts
from chain.primitives.errors import Failure
from chain.primitives.session_keys import AURA_KEY, KEY_TYPE
from chain.scale import Struct, TupleOf, VecOf, codec_of
from chain.scale.types import ACCOUNT_ID, BOOL, BYTES, U32, Bytes, u32

AURA = b"aura"

AuraKey = Annotated[bytes, AURA_KEY]


class SessionKeys(Struct):
    """What a collator signs with: one key, for the seals of blocks."""

    path: ClassVar[str] = "basilisk_runtime::opaque::SessionKeys"
    aura: AuraKey


SESSION_KEYS = codec_of(SessionKeys)
QUEUED = VecOf(TupleOf([ACCOUNT_ID, SESSION_KEYS]))

FIRST_KEYS = tuple((who, SessionKeys(who)) for who in FIRST_COLLATORS)

Keyed = tuple[tuple[bytes, SessionKeys], ...]
"""Accounts with their keys."""


class SessionManager(Protocol):
    """Who chooses the collators of a session (CollatorRewards around CollatorSelection)."""

    def new_session(self, index: int) -> tuple[bytes, ...]: ...

    def end_session(self, index: int) -> None: ...


class SessionHandler(Protocol):
    """Who works with the keys (Aura)."""

    def set_genesis_authorities(self, keys: tuple[bytes, ...]) -> None: ...

    def on_new_session(self, keys: tuple[bytes, ...]) -> None: ...


@dataclass
class Needs:
    accounts: Accounts
    manager: SessionManager
    handler: SessionHandler


class Session(Pallet):
    """The collators at work, those queued, and the keys of all who may become one."""

    needs: Needs

    period = Constant(U32, 1_200, doc="Blocks of a session.")
    offset = Constant(U32, 0, doc="The first session ends at this block's number, or a period later if 0.")

    keys = Genesis(QUEUED, FIRST_KEYS, doc="Keys by account; the first collators are chosen from them.")

    validators = StorageValue(VecOf(ACCOUNT_ID), default=(), doc="The collators at work.")
    current_index = StorageValue(U32, default=0, doc="The number of the session.")
    queued_changed = StorageValue(BOOL, default=False, doc="Whether the queued keys are others than those at work.")
    queued_keys = StorageValue(QUEUED, default=(), doc="The collators of the next session with their keys.")
    disabled_validators = StorageValue(VecOf(U32), default=(), doc="Places of collators that are shut out.")
    next_keys = StorageMap(ACCOUNT_ID, SessionKeys, hasher=Twox64Concat, doc="The keys of an account.")
    key_owner = StorageMap(TupleOf([KEY_TYPE, BYTES]), ACCOUNT_ID, hasher=Twox64Concat, doc="The account of a key.")

    class NewSession(Event):
        """A new session has begun."""

        session_index: u32

    class InvalidProof(Error):
        """The proof of ownership of the keys is not valid."""

    class NoAssociatedValidatorId(Error):
        """The account cannot be a collator."""

    class DuplicatedKey(Error):
        """Another account has this key."""

    class NoKeys(Error):
        """The account has no keys."""

        hint: ClassVar[str] = "Keys are set by session.set_keys."

    class NoAccount(Error):
        """The account does not exist, or too much leans on it."""

    def build_genesis(self, config: Settings) -> None:
        """Register the keys and begin sessions 0 and 1."""
        with silently(self.context):
            for who, keys in config["keys"]:
                self._register(who, keys)
                try:
                    self.needs.accounts.inc_consumers(who)
                except Failure:  # it holds nothing: the keys themselves keep it alive
                    self.needs.accounts.inc_providers(who)
        self.validators.put(self.needs.manager.new_session(0))
        queued = self._with_keys(self.needs.manager.new_session(1))
        self.needs.handler.set_genesis_authorities(_aura_keys(queued))
        self.queued_keys.put(queued)

    # -- for other pallets -----------------------------------------------------------------------------------

    def validator(self, index: int) -> bytes | None:
        """The account of a collator at work, by its place."""
        validators = self.validators.get()
        return validators[index] if index < len(validators) else None

    def is_registered(self, who: bytes) -> bool:
        """Whether an account has keys."""
        return self.next_keys.contains(who)

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0)
    def set_keys(self, origin: Origin, keys: SessionKeys, proof: Bytes) -> None:
        """Register the signer's keys, or change them from the next session but one on; no proof is needed."""
        who = origin.signed()
        if not self.needs.accounts.account.get(who).providers:
            raise self.NoAccount
        if not self.next_keys.contains(who):
            try:
                self.needs.accounts.inc_consumers(who)
            except Failure:
                raise self.NoAccount from None
        self._register(who, keys)

    @call(index=1)
    def purge_keys(self, origin: Origin) -> None:
        """Forget the signer's keys."""
        who = origin.signed()
        keys = self.next_keys.take(who)
        if keys is None:
            raise self.NoKeys
        self.key_owner.remove((AURA, keys.aura))
        self.needs.accounts.dec_consumers(who)

    # -- sessions --------------------------------------------------------------------------------------------

    def on_initialize(self, number: int) -> None:
        """End the session if its time is over."""
        if number >= self.offset and (number - self.offset) % self.period == 0:
            self._rotate()

    def _rotate(self) -> None:
        """End a session: the queued collators go to work, those of the session after the next are chosen."""
        ended, changed = self.current_index.get(), self.queued_changed.get()
        self.needs.manager.end_session(ended)
        working = self.queued_keys.get()
        self.validators.put(tuple(who for who, _ in working))
        if changed:
            self.disabled_validators.kill()
        self.current_index.put(ended + 1)
        self.queued_keys.put(self._with_keys(self.needs.manager.new_session(ended + 2)))
        self.queued_changed.put(True)  # a set that was chosen counts as changed, even if it is the same
        self.deposit(self.NewSession(ended + 1))
        if changed:
            self.needs.handler.on_new_session(_aura_keys(working))

    def _with_keys(self, collators: tuple[bytes, ...]) -> Keyed:
        """Collators with their keys; those without are left out."""
        found = ((who, self.next_keys.get(who)) for who in collators)
        return tuple((who, keys) for who, keys in found if keys is not None)

    def _register(self, who: bytes, keys: SessionKeys) -> None:
        owner = self.key_owner.get((AURA, keys.aura))
        if owner is not None and owner != who:
            raise self.DuplicatedKey
        old = self.next_keys.get(who)
        if old is not None and old != keys:
            self.key_owner.remove((AURA, old.aura))
        if old != keys:
            self.key_owner.insert((AURA, keys.aura), who)
        self.next_keys.insert(who, keys)


def _aura_keys(collators: Keyed) -> tuple[bytes, ...]:
    return tuple(keys.aura for _, keys in collators)
