"""The places of the demonstration, made and published by the managers' own actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from random import Random

from preau.accounts.actors import SYSTEM
from preau.accounts.models import Organization
from preau.availability.actions.opening import create_calendar, follow
from preau.availability.models import OpeningCalendar
from preau.core import clock
from preau.places.actions import Combination, Part, create_place, create_space, divide_space
from preau.places.actions.places import publish_place
from preau.places.enums import PlaceRoleKind, SpaceKind
from preau.places.models import Photo, Place, PlaceRole, Space
from preau.portal.demo import names
from preau.portal.demo.kinds import SKETCHES, PlaceSketch, SpaceSketch
from preau.portal.demo.people import People
from preau.portal.demo.pictures import picture
from preau.territories.models import Commune

HOUSE_RULES = (
    "Laissez la salle comme vous l’avez trouvée : tables rangées, sol balayé, lumières éteintes.\n"
    "Pas de bruit au-dehors après 22 h.\nLes issues de secours restent dégagées."
)


@dataclass
class Made:
    """A place, the hours its spaces follow, and the spaces booked on their own or divided."""

    place: Place
    calendar: OpeningCalendar
    roots: list[Space]


def create_places(rng: Random, people: People, communes: list[Commune]) -> Iterator[Made]:
    """Every place in turn; the first of each kind is in the first commune, Grenoble."""
    honoured, nature = cycle(names.HONOURED), cycle(names.NATURE)
    for sketch in SKETCHES:
        spread = [communes[0], *rng.sample(communes[1:], sketch.count - 1)]
        for number, commune in enumerate(spread):
            title = sketch.title.format(h=next(honoured), n=next(nature))
            made = create_one(rng, sketch, title, owner_of(sketch, people, commune), commune)
            if sketch.owner == "departement" and number == 0:
                _school_roles(people, made.place)
            yield made


def owner_of(sketch: PlaceSketch, people: People, commune: Commune) -> Organization:
    if sketch.owner == "departement":
        return people.departement
    if sketch.owner == "metropole":
        return people.metropole
    return people.towns[commune.code]


def _school_roles(people: People, place: Place) -> None:
    for key, role in (
        ("principale", PlaceRoleKind.HEAD_OF_SCHOOL),
        ("gardien", PlaceRoleKind.CARETAKER),
    ):
        PlaceRole.objects.create(place=place, user=people.personas[key], role=role)


def create_one(
    rng: Random, sketch: PlaceSketch, title: str, owner: Organization, commune: Commune
) -> Made:
    latitude, longitude = commune.centre
    accessible = rng.random() < 0.7
    place = create_place(
        actor=SYSTEM,
        owner=owner,
        commune=commune,
        position=(latitude + rng.uniform(-0.008, 0.008), longitude + rng.uniform(-0.01, 0.01)),
        name=title,
        kind=sketch.kind,
        description=sketch.description,
        address=f"{rng.randint(1, 60)} {rng.choice(names.STREETS)}",
        access="Arrêt de bus à deux minutes, stationnement devant l’entrée.",
        is_accessible=accessible,
        accessibility="Entrée de plain-pied, sanitaires adaptés." if accessible else "",
        erp_type=sketch.erp[0] if sketch.erp else "",
        erp_category=sketch.erp[1] if sketch.erp else None,
        max_attendance=sum(space.capacity for space in sketch.spaces) if sketch.erp else None,
        safety="Extincteurs et plan d’évacuation dans l’entrée." if sketch.erp else "",
        house_rules=HOUSE_RULES,
        contact_phone="04 76 00 00 00",
    )
    roots = [_create_space(place, one, accessible) for one in sketch.spaces]
    rules = sketch.hours(clock.today(place.zone).year)
    with clock.frozen(clock.now() - timedelta(days=60)):  # so that past weeks have their hours
        calendar = create_calendar(place, "Horaires habituels", rules, actor=SYSTEM)
    for root in roots:
        for space in [root, *root.parts.order_by("pk")]:
            follow(space, calendar, actor=SYSTEM)
    _illustrate(place, sketch.spaces[0].kind, rng.randrange(3))
    publish_place(actor=SYSTEM, place=place, with_spaces=True)
    return Made(place, calendar, list(place.spaces.filter(root=None).select_related("place")))


def _illustrate(place: Place, kind: SpaceKind, palette: int) -> None:
    """A drawing of the place, and one of each of its spaces."""
    for space in [None, *place.spaces.order_by("pk")]:
        drawn, words = picture(SpaceKind(space.kind) if space else kind, palette)
        Photo.objects.create(
            place=place,
            space=space,
            file=drawn.full,
            thumbnail=drawn.thumbnail,
            alternative_text=words,
        )


def _create_space(place: Place, sketch: SpaceSketch, accessible: bool) -> Space:
    space = create_space(
        actor=SYSTEM,
        place=place,
        pool_size=sketch.stations,
        equipment=sketch.equipment,
        layouts=sketch.layouts,
        name=sketch.name,
        kind=sketch.kind,
        capacity=sketch.capacity,
        is_accessible=accessible,
        surface=max(sketch.capacity, 12),
        **sketch.rules,
    )
    if sketch.parts:
        divide_space(
            actor=SYSTEM,
            space=space,
            parts=[
                Part(f"{sketch.name}, partie {letter}", sketch.capacity // sketch.parts)
                for letter in "ABC"[: sketch.parts]
            ],
            combinations=_combinations(sketch),
        )
    return space


def _combinations(sketch: SpaceSketch) -> list[Combination]:
    if sketch.parts < 3:
        return []
    return [Combination(f"{sketch.name}, parties A et B", sketch.capacity * 2 // 3, (0, 1))]
