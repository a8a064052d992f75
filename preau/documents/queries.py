"""Reads of the vault."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.core import clock
from preau.documents.enums import DocumentKind
from preau.documents.models import Document


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
