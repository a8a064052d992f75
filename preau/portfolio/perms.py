"""Who may see many projects at once. What they find is `projects.standing.visible_to`, no more."""

from __future__ import annotations

from preau.accounts.enums import Role
from preau.accounts.perms import declare

declare(
    {
        "portfolio.see": (Role.SIGNED_IN,),
        # The view shows what the hat's own service is competent for, or says no.
        "portfolio.dashboard": (Role.SIGNED_IN,),
        "portfolio.move": (Role.STATE, Role.AGENT),
        # Services that triage, and the operator: `bringing.actions.require` sees to it.
        "portfolio.bring": (Role.SIGNED_IN,),
        "portfolio.batch": (Role.MEMBER, Role.HOLDER, Role.OPERATOR),
        "portfolio.perimeters": (Role.OPERATOR,),
    }
)
