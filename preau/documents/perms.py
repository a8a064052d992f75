"""Who may, in the vault: its owner, and those it was shown to (rows of `DocumentReader`)."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        # The vault of the present hat; what is in it is asked document by document.
        "document.vault": (Role.SIGNED_IN,),
        "document.add": (Role.SIGNED_IN,),
        # The members of its organisation are its readers, except where `is_for_deciders`.
        "document.read": (
            Role.HOLDER,
            Role.READER,
            Role.APPROVER,
            Role.MANAGER,
            Role.ADMINISTRATOR,
        ),
        # Its page: who may see it, who read it. Not what is in it.
        "document.see": (Role.HOLDER, Role.MEMBER),
        "document.replace": (Role.HOLDER, Role.MANAGER, Role.ADMINISTRATOR),
        "document.withdraw": (Role.HOLDER, Role.MANAGER, Role.ADMINISTRATOR),
        # Public: the file one holds is the key.
        "document.verify": (Role.ANYONE,),
        "elimination.list": (Role.SIGNED_IN,),
        "elimination.approve": (Role.ADMINISTRATOR, Role.OPERATOR),
    }
)
