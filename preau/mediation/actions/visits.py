"""Counting a visit, and taking back one's last mistake."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.directory.models import Sheet
from preau.mediation import perms
from preau.mediation.enums import Mode, Outcome, Theme
from preau.mediation.models import Visit
from preau.territories.models import Commune

#: A day may be filled in later, not rewritten for ever.
OLDEST = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of a visit: nothing of who came."""

    day: date
    themes: Sequence[str]
    people: int = 1
    services: int = 1
    mode: str = Mode.ON_SITE
    outcome: str = Outcome.ANSWERED
    origin: Commune | None = None
    token: uuid.UUID


@transaction.atomic
def count(sheet: Sheet, seen: Seen, *, actor: Actor) -> Visit:
    """Count it; the same form sent twice counts once.

    Raises:
        Refusal: a day to come or too old, no theme, a number that cannot be.
    """
    perms.require(actor, "mediation.count", sheet)
    today = clock.today(sheet.zone)
    if not today - OLDEST <= seen.day <= today:
        raise Refusal(
            "Une visite se compte le jour même, ou dans les soixante jours qui suivent.",
            field="day",
            code="day",
        )
    themes = [one for one in Theme.values if one in set(seen.themes)]
    if not themes:
        raise Refusal("Cochez au moins un thème.", field="themes", code="no_theme")
    visit = Visit(
        sheet=sheet,
        departement_code=sheet.departement_code,
        day=seen.day,
        themes=themes,
        people=seen.people,
        services=seen.services,
        mode=seen.mode,
        outcome=seen.outcome,
        origin=seen.origin,
        counted_by=actor.user,
        token=seen.token,
    )
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError as error:
        if found := Visit.objects.filter(token=seen.token, sheet=sheet).first():
            return found
        raise Refusal("Une ligne compte de 1 à 500 personnes.", field="people") from error
    return visit


@transaction.atomic
def take_back(visit: Visit, *, actor: Actor) -> None:
    """Remove one's own line of these last days.

    Raises:
        Refusal: it is somebody else's, or too old: figures already told do not change.
    """
    perms.require(actor, "mediation.count", visit)
    if visit.counted_by_id != actor.user_id:
        raise Refusal("Seule la personne qui a compté cette visite peut la retirer.", code="whose")
    if visit.created_at < clock.now() - timedelta(days=7):
        raise Refusal("Cette visite est comptée depuis plus d’une semaine.", code="old")
    audit.record(actor, "mediation.take_back", visit)
    visit.delete()
