"""What the room answers before an account closes."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.accounts.events import account_closing
from preau.accounts.models import User
from preau.core.formats import number
from preau.mediation import queries


@receiver(account_closing)
def name_open_files(sender: Any, *, user: User, **_: Any) -> list[str]:
    """People who agreed to be followed are not left to nobody."""
    held = queries.open_files_of(user)
    if not held:
        return []
    what = "votre dossier de suivi ouvert"
    if held > 1:
        what = f"vos {number(held)} dossiers de suivi ouverts"
    return [f"confiez à un collègue, ou clôturez, {what}"]
