"""Creating, editing, publishing and archiving a place."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.core import audit
from preau.core.errors import Refusal
from preau.core.registries import archive_objections
from preau.places.actions.saving import assign, free_slug, save_checked
from preau.places.enums import Publication
from preau.places.events import place_changed, space_changed
from preau.places.locks import lock_roots
from preau.places.models import Place, Space
from preau.territories.models import Commune

DETAILS = frozenset(
    {
        "name",
        "kind",
        "description",
        "address",
        "postcode",
        "access",
        "is_accessible",
        "accessibility",
        "erp_type",
        "erp_category",
        "max_attendance",
        "safety",
        "house_rules",
        "contact_email",
        "contact_phone",
    }
)
Position = tuple[float, float]


def _settle(place: Place, commune: Commune, position: Position | None) -> None:
    """Put the place in a commune: département and time zone follow, and the position if unknown."""
    place.commune = commune
    place.departement_code = commune.departement_id
    place.time_zone = commune.time_zone
    place.postcode = place.postcode or commune.main_postcode
    place.latitude, place.longitude = position or commune.centre


@transaction.atomic
def create_place(
    *,
    actor: Actor,
    owner: Organization,
    commune: Commune,
    position: Position | None = None,
    **details: Any,
) -> Place:
    """A draft. Without a position it stands at the commune's town hall or centre.

    Args:
        position: latitude and longitude.
        details: any of `DETAILS`; `name`, `kind` and `address` are needed.
    """
    place = Place(owner=owner, feed_secret=secrets.token_urlsafe(32))
    assign(place, DETAILS, details)
    _settle(place, commune, position)
    place.slug = free_slug(
        Place.objects.all(), f"{place.name} {commune.name}", f"lieu-{commune.code.lower()}"
    )
    save_checked(place)
    audit.record(actor, "place.create", place)
    place_changed.send(sender=Place, place=place, actor=actor)
    return place


@transaction.atomic
def edit_place(
    *,
    actor: Actor,
    place: Place,
    commune: Commune | None = None,
    position: Position | None = None,
    **details: Any,
) -> Place:
    """Change what is given. The address of the page never changes.

    A new commune without a position moves the place to its centre; neither given, it stays.
    """
    changed = assign(place, DETAILS, details)
    before = (place.commune_id, place.latitude, place.longitude)
    if commune is not None and commune.pk != place.commune_id:
        _settle(place, commune, position)
    elif position is not None:
        place.latitude, place.longitude = position
    if before != (place.commune_id, place.latitude, place.longitude):
        changed.append("position")
    if changed:
        save_checked(place)
        audit.record(actor, "place.edit", place, fields=changed)
        place_changed.send(sender=Place, place=place, actor=actor)
    return place


def _set_publication(actor: Actor, place: Place, publication: Publication, verb: str) -> None:
    place.publication = publication
    place.save(update_fields=["publication"])
    audit.record(actor, f"place.{verb}", place)
    place_changed.send(sender=Place, place=place, actor=actor)


@transaction.atomic
def publish_place(*, actor: Actor, place: Place, with_spaces: bool = False) -> Place:
    """Show the place to everyone; `with_spaces` publishes its drafts too.

    Raises:
        Refusal: its organisation is not verified, or there is nothing to book in it.
    """
    refuse_archived(place)
    if not place.owner.is_verified:
        raise Refusal(
            f"{place.owner} n’est pas encore vérifiée : elle prépare ses lieux, "
            "mais ne les publie qu’une fois vérifiée.",
            code="unverified",
        )
    spaces = place.spaces.exclude(publication=Publication.ARCHIVED)
    if not spaces.exists():
        raise Refusal("Ajoutez au moins un espace avant de publier ce lieu.", code="no_space")
    _set_publication(actor, place, Publication.PUBLISHED, "publish")
    if with_spaces:
        for space in spaces.filter(publication=Publication.DRAFT):
            space.publication = Publication.PUBLISHED
            space.save(update_fields=["publication"])
            audit.record(actor, "space.publish", space)
            space_changed.send(sender=Space, space=space, actor=actor)
    return place


@transaction.atomic
def unpublish_place(*, actor: Actor, place: Place) -> Place:
    """Back to a draft: found and booked no more; what is booked stands."""
    refuse_archived(place)
    _set_publication(actor, place, Publication.DRAFT, "unpublish")
    return place


@transaction.atomic
def archive_place(*, actor: Actor, place: Place) -> Place:
    """Close the place for good, its spaces with it. Nothing is deleted.

    Raises:
        Refusal: an upper room objects (bookings to come).
    """
    lock_roots(place.spaces.all())
    refuse_objections(place)
    for space in place.spaces.exclude(publication=Publication.ARCHIVED):
        space.publication = Publication.ARCHIVED
        space.save(update_fields=["publication"])
        audit.record(actor, "space.archive", space)
        space_changed.send(sender=Space, space=space, actor=actor)
    _set_publication(actor, place, Publication.ARCHIVED, "archive")
    return place


def refuse_archived(subject: Place | Space) -> None:
    """What is archived is so for good."""
    if subject.publication == Publication.ARCHIVED:
        what = "Ce lieu" if isinstance(subject, Place) else "Cet espace"
        raise Refusal(f"{what} est archivé : il ne change plus.", code="archived")


def refuse_objections(subject: Place | Space) -> None:
    """Stop when an upper room says why this cannot be archived."""
    for objection in archive_objections:
        sentence = objection(subject)
        if sentence:
            raise Refusal(sentence, code="in_use")
