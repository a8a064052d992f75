"""The dated history of a sheet: every write adds one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Model

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.directory.enums import ChangeCause
from preau.directory.history import CONTACTS
from preau.directory.models import Sheet, SheetChange


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Model) else value


def note(
    sheet: Sheet, fields: Mapping[str, tuple[Any, Any]], *, cause: str, actor: Actor
) -> SheetChange | None:
    """Write what changed, each field as (before, after); nothing when nothing did.

    Of a telephone or an address, which may be somebody's, only whether there was one is kept.
    """
    kept = {name: [plain(before), plain(after)] for name, (before, after) in fields.items()}
    kept = {name: pair for name, pair in kept.items() if pair[0] != pair[1]}
    if not kept:
        return None
    kept |= {name: [bool(one) for one in kept[name]] for name in CONTACTS & kept.keys()}
    change = SheetChange.objects.create(
        sheet=sheet, actor_user=actor.user, cause=ChangeCause(cause), fields=kept
    )
    sheet.updated_at = clock.now()
    Sheet.objects.filter(pk=sheet.pk).update(updated_at=sheet.updated_at)
    audit.record(actor, f"directory.{cause}", sheet, fields=sorted(kept))
    return change
