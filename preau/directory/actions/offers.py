"""The services rendered in a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.directory import finding, perms
from preau.directory.actions.changes import note
from preau.directory.enums import ChangeCause, ServiceFamily
from preau.directory.models import ServiceOffer, Sheet
from preau.places.actions.saving import assign, save_checked

FIELDS = frozenset(
    {
        "family", "theme", "name", "description", "level", "provider", "provider_name", "publics",
        "fee", "by_appointment", "when", "external_id", "since", "until",
    }
)  # fmt: skip


@transaction.atomic
def add_offer(
    sheet: Sheet, fields: Mapping[str, Any], *, actor: Actor, cause: str = ChangeCause.EDITED
) -> ServiceOffer:
    """One more service; `name` and `family` are needed."""
    perms.require(actor, "directory.edit", sheet)
    before = names_of(sheet)
    offer = ServiceOffer(sheet=sheet)
    assign(offer, FIELDS, fields)
    save_checked(offer)
    _told(sheet, before, cause, actor)
    return offer


@transaction.atomic
def edit_offer(
    offer: ServiceOffer, fields: Mapping[str, Any], *, actor: Actor, cause: str = ChangeCause.EDITED
) -> None:
    perms.require(actor, "directory.edit", offer.sheet)
    before = names_of(offer.sheet)
    assign(offer, FIELDS, fields)
    save_checked(offer)
    _told(offer.sheet, before, cause, actor)


@transaction.atomic
def remove_offer(offer: ServiceOffer, *, actor: Actor, cause: str = ChangeCause.EDITED) -> None:
    perms.require(actor, "directory.edit", offer.sheet)
    sheet, before = offer.sheet, names_of(offer.sheet)
    offer.delete()
    _told(sheet, before, cause, actor)


@transaction.atomic
def set_offers(
    sheet: Sheet,
    offers: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    cause: str = ChangeCause.EDITED,
) -> None:
    """Replace all the services by these."""
    perms.require(actor, "directory.edit", sheet)
    before = names_of(sheet)
    sheet.services.all().delete()
    for fields in offers:
        offer = ServiceOffer(sheet=sheet)
        assign(offer, FIELDS, fields)
        save_checked(offer)
    _told(sheet, before, cause, actor)


def names_of(sheet: Sheet) -> list[str]:
    """As the history tells them: « Services publics et sociaux : Aide aux démarches »."""
    return in_words(sheet.services.order_by("family", "name", "id"))


def in_words(offers: Iterable[ServiceOffer]) -> list[str]:
    return [f"{ServiceFamily(one.family).label} : {one.name}" for one in offers]


def _told(sheet: Sheet, before: list[str], cause: str, actor: Actor) -> None:
    finding.refresh(sheet)
    note(sheet, {"services": (before, names_of(sheet))}, cause=cause, actor=actor)
