"""Reading places: mine, what is public, what is missing before publishing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Photo, Place, PlaceRole, Space
from preau.places.perms import manages_for_hat
from preau.places.rules import seats_at

PAGE_SIZE = 30


def managed_places(actor: Actor) -> QuerySet[Place]:
    """Places that the hat lets the person manage, and those where they have a role."""
    mine = Q(pk__in=[])
    if actor.user is not None:
        mine |= Q(roles__user=actor.user)
    if manages_for_hat(actor):
        mine |= Q(owner_id=actor.organization_id)
    counted = Count("spaces", filter=~Q(spaces__publication=Publication.ARCHIVED), distinct=True)
    return (
        Place.objects.filter(mine)
        .annotate(space_count=counted)
        .select_related("owner", "commune")
        .order_by(*by_name("name"), "pk")
    )


def departements_of(organization: Organization) -> set[str]:
    """INSEE codes of those where it has its seat or a place."""
    places = Place.objects.filter(owner=organization).order_by()
    codes = set(places.values_list("departement_code", flat=True).distinct())
    return codes | {organization.commune.departement_id}


def spaces_in_order(place: Place) -> list[Space]:
    """Every space of a place, each hall before its parts, archived ones last."""
    spaces = list(place.spaces.select_related("place").order_by(*by_name("name"), "pk"))
    roots = [space for space in spaces if space.root_id is None]
    roots.sort(key=lambda space: space.publication == Publication.ARCHIVED)
    ordered = []
    for root in roots:
        ordered += [root, *(space for space in spaces if space.root_id == root.pk)]
    return ordered


def album(place: Place, space: Space | None = None) -> QuerySet[Photo]:
    photos = Photo.objects.filter(place=place, space=space)
    return photos.select_related("file", "thumbnail", "place", "space")


def photos_showing(sha256: str) -> QuerySet[Photo]:
    """Where a stored picture appears, published places first."""
    shown = Q(file__sha256=sha256) | Q(thumbnail__sha256=sha256)
    return Photo.objects.filter(shown).select_related("place", "space")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to have before publishing."""

    label: str
    done: bool
    required: bool
    url_name: str


def publication_steps(place: Place) -> list[Step]:
    """What is there and what is missing, the necessary first."""
    has_space = place.spaces.exclude(publication=Publication.ARCHIVED).exists()
    return [
        Step("Structure vérifiée", place.owner.is_verified, True, ""),
        Step("Au moins un espace", has_space, True, "places:space_create"),
        Step(
            "Position précise sur la carte",
            not place.stands_at_centre,
            False,
            "places:edit_address",
        ),
        Step("Présentation du lieu", bool(place.description), False, "places:edit_identity"),
        Step("Comment venir et entrer", bool(place.access), False, "places:edit_access"),
        Step("Au moins une photo", place.photos.exists(), False, "places:photos"),
    ]


def parts_with_units(hall: Space) -> list[tuple[Space, str]]:
    """The parts and combinations of a hall, with the names of what each is made of."""
    parts = hall.parts.prefetch_related("units").order_by("publication", "pk")
    return [(part, ", ".join(unit.name for unit in part.units.all())) for part in parts]


def seats_of(space: Space, quantity: int = 1) -> int:
    """How many people it takes; for a pool, how many that number of its stations take."""
    if not space.is_pool:
        return space.capacity
    return seats_at(quantity, space.capacity, space.units.count())


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A page of « Mes lieux » and how it was asked for."""

    places: list[Place]
    words: str
    publication: str
    after: str
    next_key: str


def page_of_places(actor: Actor, *, words: str, publication: str, after: str) -> PlacePage:
    """My places by name, after the one whose number is `after`; unknown filters are ignored."""
    words = words.replace("\x00", " ").strip()[:100]
    places = managed_places(actor)
    if words:
        places = places.filter(Q(name__icontains=words) | Q(commune__name__icontains=words))
    if publication in Publication.values:
        places = places.filter(publication=publication)
    else:
        publication = ""
        places = places.exclude(publication=Publication.ARCHIVED)
    last = managed_places(actor).filter(pk=after).first() if after.isdecimal() else None
    if last is not None:
        places = places.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    rows = list(places[: PAGE_SIZE + 1])
    following = str(rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""
    return PlacePage(rows[:PAGE_SIZE], words, publication, after if last else "", following)


def personal_data(user: User) -> dict[str, Any]:
    """The roles a person was given on places, for the export that they may ask for."""
    given = PlaceRole.objects.filter(user=user).select_related("place").order_by("pk")
    return {
        "rôles sur des lieux": [
            {"lieu": one.place.name, "rôle": one.get_role_display(), "donné le": one.created_at}
            for one in given
        ]
    }
