"""Before a document expires: a letter at thirty days, another at seven, once each."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.accounts.models import User
from preau.core.formats import count, day
from preau.documents import queries
from preau.documents.models import Document
from preau.notifications import topics
from preau.notifications.actions import Mail, notify
from preau.notifications.emails import compose

BEFORE = (30, 7)
EXPIRING = topics.register(
    topics.Topic(
        "documents.expiring",
        "Documents qui expirent",
        "Une attestation ou une pièce de votre coffre n’est bientôt plus valable.",
    ),
    order=60,
)


def expiring() -> QuerySet[Document]:
    """What ends within thirty days and that nothing of the same kind already replaces."""
    today = queries.today()
    return queries.expiring_by(today + timedelta(days=max(BEFORE))).filter(expires_on__gte=today)


def remind() -> int:
    """Write the letters of the day; how many documents were told about."""
    return sum(_remind(one) for one in expiring().select_related("owner_organization"))


def _remind(document: Document) -> bool:
    assert document.expires_on is not None
    left = (document.expires_on - queries.today()).days
    step = min(days for days in BEFORE if left <= days)
    deposited = document.created_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if (document.expires_on - deposited).days <= step:
        return False  # whoever deposited it then knew
    people = _owners(document)
    mail = _mail(document, left)
    notify(
        people,
        topic=EXPIRING.key,
        title=mail.subject,
        cause=f"document:{document.pk}:expires:{step}",
        body=f"« {document.title} », {document.owner}",
        url=reverse("documents:page", args=[document.pk]),
        email=mail,
    )
    return bool(people)


def _owners(document: Document) -> list[User]:
    if document.owner_user is not None:
        return [document.owner_user] if document.owner_user.is_active else []
    hands = [MembershipRole.ADMINISTRATOR, MembershipRole.MANAGER]
    return list(
        User.objects.filter(
            is_active=True,
            memberships__organization=document.owner_organization_id,
            memberships__ended_at=None,
            memberships__role__in=hands,
        ).order_by("pk")
    )


def _mail(document: Document, left: int) -> Mail:
    assert document.expires_on is not None
    when = f"dans {count(left, 'jour')}" if left else "aujourd’hui"
    text, html = compose(
        intro=f"« {document.title} » n’est plus valable après le {day(document.expires_on)}.",
        facts=[
            ("Document", document.get_kind_display()),
            ("Titulaire", document.owner),
            ("Valable jusqu’au", day(document.expires_on)),
        ],
        button_label="Remplacer ce document",
        button_url=reverse("documents:page", args=[document.pk]),
        next_steps="Déposez dès maintenant le document suivant : vos demandes et vos réservations"
        " qui en ont besoin ne seront pas interrompues.",
    )
    return Mail(f"{document.get_kind_display()} : expire {when}", text, html)
