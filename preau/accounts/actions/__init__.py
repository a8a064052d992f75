"""Writes of the people's room: each is one atomic verb."""

from preau.accounts.actions.members import (
    accept_invitation,
    change_role,
    invite,
    leave,
    remove_member,
    revoke_invitation,
)
from preau.accounts.actions.merging import merge_organizations
from preau.accounts.actions.organizations import (
    ask_verification,
    confirm_mailbox_code,
    create_organization,
    edit_organization,
    refuse_verification,
    send_mailbox_code,
    verify_organization,
)
from preau.accounts.actions.people import (
    close_account,
    edit_profile,
    open_account,
    remember_hat,
    remove_lost_keys,
)

__all__ = [
    "accept_invitation",
    "ask_verification",
    "change_role",
    "close_account",
    "confirm_mailbox_code",
    "create_organization",
    "edit_organization",
    "edit_profile",
    "invite",
    "leave",
    "merge_organizations",
    "open_account",
    "refuse_verification",
    "remember_hat",
    "remove_lost_keys",
    "remove_member",
    "revoke_invitation",
    "send_mailbox_code",
    "verify_organization",
]
