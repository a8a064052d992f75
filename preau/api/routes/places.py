"""Places, spaces, their free and taken time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Annotated

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import Field

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.api.enums import Scope
from preau.api.http.problems import INPUT, Problem
from preau.api.routes.kit import read
from preau.api.routes.shown import place_ref, space_line, space_ref
from preau.api.schemas.kit import LARGEST_ID, Cursor, Day, PathId
from preau.api.schemas.places import (
    EquipmentOut,
    FreeBusyOut,
    PlaceOut,
    PlacesPage,
    SlotOut,
    SlotsOut,
    SpaceOut,
    SpanOut,
)
from preau.availability.queries.space import Timeline, free_slots, timeline
from preau.core import clock
from preau.core.timeranges import QUARTER, local_instant
from preau.find.forms import EQUIPMENT
from preau.places.enums import Equipment, Publication
from preau.places.models import Place, Space

router = Router(tags=["Lieux et espaces"])
PAGE = 50
LONGEST_DAYS = 31
_SLUGS = {one: slug for slug, one in EQUIPMENT.items()}
Code = Annotated[str, Field(pattern=r"^[0-9][0-9AB][0-9]{3}$")]
Departement = Annotated[str, Field(pattern=r"^([0-9]{2,3}|2[AB])$")]


@read(
    router,
    "/places",
    scope=Scope.PLACES,
    public=True,
    answer=PlacesPage,
    summary="Les lieux publiés",
)
def list_places(
    request: HttpRequest,
    departement: Departement | None = None,
    commune: Code | None = None,
    cursor: Cursor | None = None,
) -> PlacesPage:
    """Dans l’ordre de leur numéro, cinquante par page."""
    found = Place.objects.filter(publication=Publication.PUBLISHED).select_related("commune")
    if departement:
        found = found.filter(departement_code=departement)
    if commune:
        found = found.filter(commune=commune)
    rows = list(found.filter(pk__gt=_after(cursor)).order_by("pk")[: PAGE + 1])
    following = str(rows[PAGE - 1].pk) if len(rows) > PAGE else None
    return PlacesPage(items=[place_ref(one) for one in rows[:PAGE]], next=following)


def _after(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= LARGEST_ID):
        raise lost_cursor()
    return int(cursor)


def lost_cursor() -> Problem:
    sentence = "Ce curseur ne vient pas de la page précédente : reprenez au début."
    line = {"field": "cursor", "code": "cursor", "detail": sentence}
    return Problem(INPUT, sentence, code="cursor", errors=[line])


@read(
    router,
    "/places/{place_id}",
    scope=Scope.PLACES,
    public=True,
    answer=PlaceOut,
    summary="Un lieu et ses espaces",
)
def read_place(request: HttpRequest, place_id: PathId) -> PlaceOut:
    """Un lieu publié ; aussi un brouillon, pour qui le gère."""
    place = Place.objects.select_related("commune", "owner").filter(pk=place_id).first()
    if place is None or not _is_shown(request, place):
        raise Http404
    spaces = _spaces_of(place)
    return PlaceOut(
        **place_ref(place).model_dump(),
        description=place.description,
        address=place.address,
        postcode=place.postcode,
        departement=place.departement_code,
        time_zone=place.time_zone,
        owner=place.owner.name,
        is_accessible=place.is_accessible,
        house_rules=place.house_rules,
        spaces=[space_ref(one, place) for one in spaces],
    )


def _spaces_of(place: Place) -> QuerySet[Space]:
    shown = Q(publication=Publication.PUBLISHED)
    if not place.is_public:
        shown = ~Q(publication=Publication.ARCHIVED)
    return place.spaces.filter(shown).order_by("name", "pk")


def _is_shown(request: HttpRequest, subject: Place | Space) -> bool:
    """As on the pages: what is public to all, drafts to those who may look at them first."""
    place = subject.place if isinstance(subject, Space) else subject
    if Publication.ARCHIVED in (subject.publication, place.publication):
        return False
    return subject.is_public or allowed(actor_of(request), "place.preview", subject)


def shown_space(request: HttpRequest, space_id: int) -> Space:
    """
    Raises:
        Http404: there is none, or not for who calls.
    """
    spaces = Space.objects.select_related("place__commune", "place__owner")
    space = spaces.filter(pk=space_id).first()
    if space is None or not _is_shown(request, space):
        raise Http404
    return space


@read(
    router,
    "/spaces/{space_id}",
    scope=Scope.PLACES,
    public=True,
    answer=SpaceOut,
    summary="Un espace et ses règles",
)
def read_space(request: HttpRequest, space_id: PathId) -> SpaceOut:
    """Ce qu’il contient, qui peut le réserver, pour combien de temps."""
    space = shown_space(request, space_id)
    equipment = [
        EquipmentOut(
            kind=_SLUGS[Equipment(one.kind)], label=one.get_kind_display(), quantity=one.quantity
        )
        for one in space.equipment.all()
    ]
    rules = {
        name: getattr(space, name)
        for name in (
            *("description", "surface", "min_minutes", "max_minutes", "step_minutes"),
            *("lead_minutes", "horizon_days", "categories", "approval", "house_rules"),
        )
    }
    stations = space.units.count() if space.is_pool else 0
    line = space_line(space).model_dump()
    return SpaceOut(**line, **rules, stations=stations, equipment=equipment)


@read(
    router,
    "/spaces/{space_id}/free-busy",
    scope=Scope.OCCUPANCIES,
    public=True,
    answer=FreeBusyOut,
    summary="Le libre et l’occupé",
)
def read_free_busy(
    request: HttpRequest,
    space_id: PathId,
    first_day: Day | None = None,
    days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)] = 7,
) -> FreeBusyOut:
    """Les jours sont ceux du lieu, à partir d’aujourd’hui si rien n’est dit. Les temps de
    préparation comptent comme occupés. Pour savoir ce qui se réserve, voyez `slots`."""
    space = shown_space(request, space_id)
    first = first_day or clock.today(space.place.zone)
    line = timeline(space, first, first + timedelta(days=days - 1))
    return FreeBusyOut(space_id=space.pk, time_zone=space.place.time_zone, spans=_spans(line))


def _spans(line: Timeline) -> list[SpanOut]:
    """Neighbouring quarters that say the same, together."""
    end = line.position(_midnight_after(line))
    said = [(at, _state(line, at)) for at in range(end)]
    found = []
    for (status, units), together in groupby(said, key=lambda one: one[1]):
        quarters = [at for at, _ in together]
        start, stop = line.instant(quarters[0]), line.instant(quarters[-1]) + QUARTER
        zone = line.zone
        found.append(
            SpanOut(
                start=start.astimezone(zone),
                end=stop.astimezone(zone),
                status=status,
                free_units=units,
            )
        )
    return found


def _midnight_after(line: Timeline) -> datetime:
    return local_instant(line.last + timedelta(days=1), 0, line.zone)


def _state(line: Timeline, at: int) -> tuple[str, int]:
    bit = 1 << at
    if not line.open & bit:
        return "closed", 0
    units = sum(1 for lane in line.lanes if not lane & bit)
    return ("free" if units else "busy"), units


@read(
    router,
    "/spaces/{space_id}/slots",
    scope=Scope.OCCUPANCIES,
    public=True,
    answer=SlotsOut,
    summary="Les créneaux qui se réservent",
)
def list_slots(
    request: HttpRequest,
    space_id: PathId,
    first_day: Day | None = None,
    days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)] = 7,
    minutes: Annotated[int, Query(ge=15, le=43_200)] = 120,
    quantity: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> SlotsOut:
    """Tous les débuts possibles pour cette durée, délais et horizon de l’espace compris."""
    space = shown_space(request, space_id)
    first, zone = first_day or clock.today(space.place.zone), space.place.zone
    last = first + timedelta(days=days - 1)
    found = free_slots(space, first, last, minutes, quantity=quantity)
    items = [
        SlotOut(start=one.start.astimezone(zone), end=one.end.astimezone(zone)) for one in found
    ]
    return SlotsOut(space_id=space.pk, minutes=minutes, items=items)
