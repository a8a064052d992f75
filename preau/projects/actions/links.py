"""Links that let one read a sheet without an account."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from preau.accounts.actions.members import digest
from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import day
from preau.projects import perms
from preau.projects.actions import states
from preau.projects.enums import EventKind
from preau.projects.history import note
from preau.projects.models import Project, ShareLink

LONGEST = timedelta(days=366)
MOST_OPEN = 30
#: Said once an hour at most: a reader who reloads writes nothing.
READ_AGAIN = timedelta(hours=1)


@transaction.atomic
def create(
    project: Project, *, label: str, last_day: date, zone: str, actor: Actor
) -> tuple[ShareLink, str]:
    """A link good until the end of a day, and its token, which is shown once.

    Raises:
        Refusal: no label, a day past or more than a year away, too many links.
    """
    perms.require(actor, "project.share", project)
    states.lock(project)
    now = clock.now()
    today = now.astimezone(ZoneInfo(zone)).date()
    if not label.strip():
        raise Refusal("Dites pour qui est ce lien.", field="label", code="label")
    if last_day < today:
        raise Refusal("Choisissez un jour à venir.", field="last_day", code="past")
    if last_day > today + LONGEST:
        raise Refusal("Un lien vaut un an au plus.", field="last_day", code="too_long")
    if project.share_links.filter(revoked_at=None, expires_at__gt=now).count() >= MOST_OPEN:
        raise Refusal(
            f"Ce projet a déjà {MOST_OPEN} liens ouverts. Révoquez-en avant d’en créer un autre.",
            code="too_many",
        )
    ends = datetime.combine(last_day + timedelta(days=1), time.min, ZoneInfo(zone))
    token = secrets.token_urlsafe(32)
    made = ShareLink.objects.create(
        project=project,
        label=label.strip()[:120],
        token_digest=digest(token),
        created_by=actor.user,
        expires_at=ends,
    )
    after = f"créé, jusqu’au {day(last_day)} inclus"
    note(project, EventKind.SHARE, actor=actor, subject=made, about=made.label, change=("", after))
    return made, token


@transaction.atomic
def revoke(link: ShareLink, *, actor: Actor) -> ShareLink:
    """It opens nothing any more; twice is once."""
    perms.require(actor, "project.share", link.project)
    found = ShareLink.objects.select_for_update(of=("self",)).select_related("project")
    link = found.get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at = clock.now()
        link.save(update_fields=["revoked_at"])
        change = ("ouvert", "révoqué")
        note(
            link.project,
            EventKind.SHARE,
            actor=actor,
            subject=link,
            about=link.label,
            change=change,
        )
    return link


def by_token(token: str) -> ShareLink | None:
    """The link of an address, open or not."""
    found = ShareLink.objects.select_related(
        "created_by",
        "project__lead_commune",
        "project__epci",
        "project__crte",
        "project__holder_organization",
        "project__service_in_charge__organization",
        "project__in_charge",
    )
    return found.filter(token_digest=digest(token)).first()


def mark_read(link: ShareLink) -> None:
    """Say when it last served."""
    now = clock.now()
    if link.last_read_at is None or link.last_read_at < now - READ_AGAIN:
        ShareLink.objects.filter(pk=link.pk).update(last_read_at=now)
