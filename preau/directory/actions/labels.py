"""Labels: what a place is recognised for. The room that recognises it has checked who may."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit
from preau.directory.models import Label, Sheet


@transaction.atomic
def set_label(
    sheet: Sheet,
    *,
    source: str,
    words: str,
    url: str = "",
    since: date,
    until: date | None = None,
    actor: Actor = SYSTEM,
) -> Label:
    """Give a label, or change it: `source` names what gives it ("charter-adhesion:12")."""
    label, _ = Label.objects.update_or_create(
        source=source,
        defaults={"sheet": sheet, "words": words, "url": url, "since": since, "until": until},
    )
    audit.record(actor, "directory.labelled", sheet, source=source)
    return label


@transaction.atomic
def drop_label(*, source: str, actor: Actor = SYSTEM) -> None:
    """Take it away; nothing when it is not there."""
    for label in Label.objects.filter(source=source).select_related("sheet"):
        audit.record(actor, "directory.unlabelled", label.sheet, source=source)
        label.delete()
