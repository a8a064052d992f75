"""Writes of the people's room: each is one atomic verb."""

from preau.accounts.actions.identities import (
    link_identity,
    open_account_by_identity,
    unlink_identity,
    use_identity,
)
from preau.accounts.actions.joining import (
    answer_join_request,
    ask_to_join,
    verify_by_proconnect,
)
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
    "answer_join_request",
    "ask_to_join",
    "ask_verification",
    "change_role",
    "close_account",
    "confirm_mailbox_code",
    "create_organization",
    "edit_organization",
    "edit_profile",
    "invite",
    "leave",
    "link_identity",
    "merge_organizations",
    "open_account",
    "open_account_by_identity",
    "refuse_verification",
    "remember_hat",
    "remove_lost_keys",
    "remove_member",
    "revoke_invitation",
    "send_mailbox_code",
    "unlink_identity",
    "use_identity",
    "verify_by_proconnect",
    "verify_organization",
]
