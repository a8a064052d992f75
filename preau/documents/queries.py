"""Reads of the vault."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.audiences import audience_keys
from preau.accounts.models import Organization, User
from preau.accounts.perms import allowed
from preau.core import clock
from preau.documents.enums import ADDED_BY_PEOPLE, DocumentKind
from preau.documents.models import Document, Elimination
from preau.documents.models.documents import SOON


def today() -> date:
    """The day by which documents expire: that of the platform."""
    return clock.today(ZoneInfo(settings.TIME_ZONE))


def live() -> QuerySet[Document]:
    return Document.objects.filter(removed_at=None)


def vault_of(
    *, user: User | None = None, organization: Organization | None = None
) -> QuerySet[Document]:
    """What an organisation keeps, or a person when no organisation is given."""
    if organization is not None:
        return live().filter(owner_organization=organization)
    return live().filter(owner_user=user) if user is not None else Document.objects.none()


def vault_for(actor: Actor) -> QuerySet[Document]:
    """The vault of the hat worn, by kind, the longest valid first."""
    found = vault_of(user=actor.user, organization=actor.organization)
    return found.select_related("file").order_by("kind", "-expires_on", "-pk")


def valid_documents(
    *,
    user: User | None = None,
    organization: Organization | None = None,
    kind: str,
    on: date,
) -> QuerySet[Document]:
    """The documents of that kind still valid that day, the longest valid first."""
    found = vault_of(user=user, organization=organization).filter(kind=DocumentKind(kind))
    return found.filter(Q(expires_on=None) | Q(expires_on__gte=on)).order_by("-expires_on", "-pk")


def shown_to(actor: Actor) -> QuerySet[Document]:
    """The documents of others that the actor may read under the hat worn."""
    mine = vault_of(user=actor.user, organization=actor.organization).values("pk")
    found = live().filter(readers__key__in=audience_keys(actor)).exclude(pk__in=mine)
    return found.select_related("owner_user", "owner_organization").distinct().order_by("-pk")


def expiring_by(on: date) -> QuerySet[Document]:
    """What ends by that day and that nothing of the same kind and owner already replaces."""
    replaced = live().filter(
        Q(owner_user=OuterRef("owner_user")) | Q(owner_organization=OuterRef("owner_organization")),
        Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on")),
        kind=OuterRef("kind"),
    )
    found = live().filter(expires_on__lte=on, kind__in=ADDED_BY_PEOPLE)
    return found.exclude(Exists(replaced)).order_by("expires_on", "pk")


def to_renew(actor: Actor) -> list[Document]:
    """The actor's own, expired for less than a year or about to be."""
    if actor.user is None:
        return []
    mine = vault_of(user=actor.user, organization=actor.organization).values("pk")
    found = expiring_by(today() + SOON).filter(
        pk__in=mine, expires_on__gte=today() - timedelta(days=365)
    )
    return list(found[:20])


def eliminations_for(actor: Actor) -> QuerySet[Elimination]:
    """The lists that the actor may approve: people's for the operator, theirs for the rest."""
    if actor.user is None:
        return Elimination.objects.none()
    who = Q(pk__in=[])
    if actor.is_operator:
        who = Q()
    elif actor.organization is not None and allowed(
        actor, "elimination.approve", actor.organization
    ):
        who = Q(organization=actor.organization)
    return Elimination.objects.filter(who).select_related("organization").order_by("-pk")
