"""Bookings of the organisation's own places, those of the past year and to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.booking.enums import UNSENT
from preau.booking.models import Booking
from preau.core import clock
from preau.core.formats import telephone
from preau.mirrors.sources.base import Field, Source, absolute
from preau.places.perms import manages_for_hat

#: What ended before has no use in a table that people work in: it leaves it.
KEPT = timedelta(days=365)


def rows(actor: Actor) -> QuerySet[Booking]:
    if actor.organization_id is None or not manages_for_hat(actor):
        return Booking.objects.none()
    ours = Booking.objects.filter(
        place__owner=actor.organization_id, ends_at__gte=clock.now() - KEPT
    )
    related = ("space", "place", "requester", "organization")
    return ours.exclude(state__in=UNSENT).select_related(*related)


def since(found: QuerySet[Booking], moment: datetime) -> QuerySet[Booking]:
    """All of them: a booking keeps no moment of its last change."""
    return found


def _wall(at: datetime, one: Booking) -> Any:
    return f"{at.astimezone(one.place.zone):%H:%M}"


def _name(one: Booking) -> str:
    return one.requester.full_name if one.requester else one.caller_name


def _email(one: Booking) -> str:
    return one.requester.email if one.requester else one.caller_email


def _page(one: Booking) -> str:
    return absolute(reverse("booking:page", args=[one.reference]))


BOOKINGS = Source(
    key="reservations",
    label="Réservations",
    table="Reservations",
    rows=rows,
    since=since,
    address=_page,
    title=lambda one: one.reference,
    fields=(
        Field("reference", "Référence", lambda one: one.reference),
        Field("lieu", "Lieu", lambda one: one.place.name),
        Field("espace", "Espace", lambda one: one.space.name),
        Field(
            "jour",
            "Premier jour",
            lambda one: one.starts_at.astimezone(one.place.zone).date(),
            "Date",
        ),
        Field("debut", "Début", lambda one: _wall(one.starts_at, one)),
        Field(
            "dernier_jour",
            "Dernier jour",
            lambda one: one.ends_at.astimezone(one.place.zone).date(),
            "Date",
        ),
        Field("fin", "Fin", lambda one: _wall(one.ends_at, one)),
        Field("etat", "État", lambda one: one.get_state_display(), "Choice"),
        Field("objet", "Objet", lambda one: one.purpose),
        Field("public", "Ouvert au public", lambda one: one.is_public_event, "Bool"),
        Field("personnes", "Personnes attendues", lambda one: one.attendance, "Int"),
        Field(
            "structure",
            "Structure",
            lambda one: one.organization.name if one.organization else one.caller_structure,
        ),
        Field("demandee", "Demandée le", lambda one: one.requested_at, "DateTime:Europe/Paris"),
        Field("repondue", "Répondue le", lambda one: one.decided_at, "DateTime:Europe/Paris"),
        Field("demandeur", "Demandeur", _name, usual=False, is_personal=True),
        Field("courriel", "Courriel", _email, usual=False, is_personal=True),
        Field(
            "contact",
            "Contact le jour même",
            lambda one: one.contact_name,
            usual=False,
            is_personal=True,
        ),
        Field(
            "telephone",
            "Téléphone du contact",
            lambda one: telephone(one.contact_phone),
            usual=False,
            is_personal=True,
        ),
        Field("lien", "Réservation dans Préau", _page),
    ),
)
