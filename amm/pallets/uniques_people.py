"""Who may do what with collections and items: Uniques' calls about people. Behaviour: pallet_uniques.

The call filter bars them from users; root gets here, acting itself or as somebody else.
"""

from msgspec.structs import replace

from amm.pallets.uniques_texts import UniquesTexts, signer_or_root
from amm.pallets.uniques_types import CollectionDetails, CollectionId, ItemDetails, ItemId
from chain.frame import Origin, call
from chain.pallets.balances_types import BalanceStatus
from chain.scale.types import AccountId


class UniquesPeople(UniquesTexts, name="Uniques"):
    """Owners, teams and delegates."""

    @call(index=11)
    def transfer_ownership(self, origin: Origin, collection: CollectionId, new_owner: AccountId) -> None:
        """Give a collection, and the deposits, to somebody who has said that he takes it."""
        who = origin.signed()
        if self.ownership_acceptance.get(new_owner) != collection:
            raise self.Unaccepted
        details = self.owned(collection, who)
        if who == new_owner:
            return
        self._hand_over(collection, details, new_owner)
        self.class_.insert(collection, replace(details, owner=new_owner))
        self.ownership_acceptance.remove(new_owner)
        self.needs.accounts.dec_consumers(new_owner)
        self.deposit(self.OwnerChanged(collection, new_owner))

    @call(index=12)
    def set_team(
        self, origin: Origin, collection: CollectionId, issuer: AccountId, admin: AccountId, freezer: AccountId
    ) -> None:
        """Say who mints, who manages and who freezes."""
        details = self.owned(collection, origin.signed())
        self.class_.insert(collection, replace(details, issuer=issuer, admin=admin, freezer=freezer))
        self.deposit(self.TeamChanged(collection, issuer, admin, freezer))

    @call(index=13)
    def approve_transfer(
        self, origin: Origin, collection: CollectionId, item: ItemId, delegate: AccountId
    ) -> None:
        """Let somebody else transfer an item, once."""
        details = self._managed(collection, item, signer_or_root(origin))
        self.asset.insert(collection, item, replace(details, approved=delegate))
        self.deposit(self.ApprovedTransfer(collection, item, details.owner, delegate))

    @call(index=14)
    def cancel_approval(
        self,
        origin: Origin,
        collection: CollectionId,
        item: ItemId,
        maybe_check_delegate: AccountId | None,
    ) -> None:
        """Take back the approval; the delegate's, if one is named."""
        details = self._managed(collection, item, signer_or_root(origin))
        delegate = details.approved
        if delegate is None:
            raise self.NoDelegate
        if maybe_check_delegate is not None and maybe_check_delegate != delegate:
            raise self.WrongDelegate
        self.asset.insert(collection, item, replace(details, approved=None))
        self.deposit(self.ApprovalCancelled(collection, item, details.owner, delegate))

    @call(index=15)
    def force_item_status(
        self,
        origin: Origin,
        collection: CollectionId,
        owner: AccountId,
        issuer: AccountId,
        admin: AccountId,
        freezer: AccountId,
        free_holding: bool,
        is_frozen: bool,
    ) -> None:
        """Set all that a collection is, whatever it was; the deposits go to the new owner. Root only."""
        origin.ensure_root()
        details = self.details(collection)
        if details.owner != owner:
            self._hand_over(collection, details, owner)
        team = replace(details, owner=owner, issuer=issuer, admin=admin, freezer=freezer)
        self.class_.insert(collection, replace(team, free_holding=free_holding, is_frozen=is_frozen))
        self.deposit(self.ItemStatusChanged(collection))

    @call(index=22)
    def set_accept_ownership(self, origin: Origin, maybe_collection: CollectionId | None) -> None:
        """Say which collection one would take over, or that it is none."""
        who = origin.signed()
        accepts = self.ownership_acceptance.contains(who)
        if maybe_collection is None:
            if accepts:
                self.needs.accounts.dec_consumers(who)
            self.ownership_acceptance.remove(who)
        else:
            if not accepts:
                self.needs.accounts.inc_consumers(who)
            self.ownership_acceptance.insert(who, maybe_collection)
        self.deposit(self.OwnershipAcceptanceChanged(who, maybe_collection))

    # -- inside ----------------------------------------------------------------------------------------------

    def _hand_over(self, collection: int, details: CollectionDetails, new_owner: bytes) -> None:
        """Move the deposits of a collection, and its place in the list, to the new owner."""
        self.needs.deposits.repatriate_reserved(
            self.held_in(), details.owner, new_owner, details.total_deposit, BalanceStatus.Reserved
        )
        self.class_account.remove(details.owner, collection)
        self.class_account.insert(new_owner, collection, ())

    def _managed(self, collection: int, item: int, who: bytes | None) -> ItemDetails:
        """An item that `who`, if given, has or manages; raises `UnknownCollection`, `NoPermission`."""
        admin = self.details(collection).admin
        details = self.item_details(collection, item)
        if who is not None and who not in (admin, details.owner):
            raise self.NoPermission
        return details
