"""What becomes of drafts when their person leaves."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.projects.enums import ProjectState
from preau.projects.models import Project


@receiver(account_closed)
def drop_drafts(sender: Any, *, user: User, **_: Any) -> None:
    """Their own drafts go with the account; those of an organisation stay with it."""
    drafts = Project.objects.filter(state=ProjectState.DRAFT, holder_user=user)
    drafts.filter(holder_organization=None).delete()
    drafts.update(holder_user=None)
