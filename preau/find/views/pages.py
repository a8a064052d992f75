"""The public pages of a place and of a space."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.availability.queries.search import Where
from preau.availability.queries.space import Timeline, free_slots
from preau.core import causes, clock
from preau.core.french import by_name
from preau.core.registries import public_place_panels
from preau.find import weeks
from preau.find.opening_words import opening_sentences
from preau.find.perms import is_archived, require_readable
from preau.find.prices import payer_in_words, prices
from preau.find.queries import grouped, nearby_cards, upcoming
from preau.find.shown import first_photos
from preau.find.structured import place_data, space_data
from preau.payments.queries import asks_vat
from preau.places.enums import ErpType, Publication
from preau.places.models import Place, Space
from preau.places.queries import album
from preau.pricing.loading import Loaded, load
from preau.pricing.models import Tariff
from preau.pricing.payers import payer_of
from preau.pricing.queries import options_for
from preau.pricing.reading import price_in_words, read

NEXT_DAYS = 28
NEXT_SHOWN = 4


def load_place(slug: str) -> Place:
    place = Place.objects.select_related("owner", "commune").filter(slug=slug).first()
    if place is None:
        raise Http404
    return place


def load_space(slug: str, space_slug: str) -> Space:
    space = (
        Space.objects.select_related("place__owner", "place__commune", "root")
        .filter(place__slug=slug, slug=space_slug)
        .first()
    )
    if space is None:
        raise Http404
    return space


@permission("find.read", load=load_place)
def place(request: HttpRequest, place: Place) -> HttpResponse:
    causes.carry(request)
    if is_archived(place):
        return _gone(request, place)
    public = require_readable(request, place)
    spaces = _shown_spaces(place, public)
    photos = list(album(place))
    context = {
        "place": place,
        "is_draft": not public,
        "photos": photos,
        "lines": _space_lines(spaces),
        "safety": _safety(place),
        "position": _position(place),
        "panels": [panel for make in public_place_panels if (panel := make(request, place))],
        "structured": place_data(
            place, request.build_absolute_uri(), photos, request.build_absolute_uri("/")[:-1]
        ),
    }
    return render(request, "find/place.html", context)


def _shown_spaces(place: Place, public: bool) -> list[Space]:
    """Halls first, each followed by its parts; drafts for those who may see them."""
    spaces = place.spaces.exclude(publication=Publication.ARCHIVED)
    if public:
        spaces = spaces.filter(publication=Publication.PUBLISHED)
    found = list(spaces.order_by(*by_name("name"), "pk"))
    for one in found:
        one.place = place
    shown = {one.pk for one in found}
    ordered = []
    for root in (one for one in found if one.root_id not in shown):
        ordered += [root, *(one for one in found if one.root_id == root.pk)]
    return ordered


def _space_lines(spaces: list[Space]) -> list[dict[str, Any]]:
    photos, slots = first_photos(spaces), upcoming(spaces)
    shown = {space.pk for space in spaces}
    return [
        {
            "space": space,
            "photo": photos.get(space.pk),
            "slot": slots.get(space.pk),
            "is_part": space.root_id in shown,
        }
        for space in spaces
    ]


def _safety(place: Place) -> str:
    """« Établissement de type L, 3e catégorie »"""
    if not place.erp_type:
        return ""
    label = str(ErpType(place.erp_type).label)
    if place.erp_category is None:
        return label
    return f"{label}, {place.erp_category}{'re' if place.erp_category == 1 else 'e'} catégorie"


def _position(place: Place) -> str:
    return f"{place.latitude:.6f},{place.longitude:.6f}"


@permission("find.read", load=load_space)
def space(request: HttpRequest, space: Space) -> HttpResponse:
    causes.carry(request)
    if is_archived(space):
        return _gone(request, space.place)
    public = require_readable(request, space)
    minutes = _minutes(request, space)
    line = weeks.line_from_this_week(space, minutes, NEXT_DAYS)
    upcoming = _next_slots(space, minutes, line)
    week = weeks.week_of(space, _day(request) or _first_day(space, upcoming), minutes, line=line)
    photos = list(album(space.place, space)) or list(album(space.place))
    equipment = list(space.equipment.all())
    tariffs = load([space])
    context = {
        "space": space,
        "place": space.place,
        "place_url": reverse("find:place", args=[space.place.slug]),
        "is_draft": not public,
        "photos": photos,
        "equipment": equipment,
        "layouts": list(space.layouts.order_by("-capacity")),
        "opening": opening_sentences(space),
        "siblings": _siblings(space, public),
        "stations": space.units.count() if space.is_pool else 0,
        "week": week,
        "durations": weeks.durations(space),
        "minutes": minutes,
        **_money(request, space, tariffs, upcoming),
        "today": clock.today(space.place.zone),
        "safety": _safety(space.place),
        "position": _position(space.place),
        "structured": space_data(
            space,
            request.build_absolute_uri(request.path),
            photos,
            equipment,
            request.build_absolute_uri("/")[:-1],
            has_tariff=bool(tariffs.each),
        ),
    }
    return render(request, "find/space.html", context)


def _money(
    request: HttpRequest, space: Space, tariffs: Loaded, upcoming: list[Any]
) -> dict[str, Any]:
    """The next slots with their price for whoever looks, the grid, the options."""
    payer, tariff = payer_of(actor_of(request)), tariffs.tariff_of(space)
    quotes = prices([(space, slot.period, 1) for slot in upcoming], payer, tariffs)
    return {
        "next_slots": list(zip(upcoming, map(price_in_words, quotes), strict=True)),
        "tariff": tariff,
        "reading": read(tariff) if tariff else None,
        "vat_words": _vat_words(tariff, space.place),
        "options": options_for(space, payer, tariffs),
        "for_whom": payer_in_words(payer, str(actor_of(request))),
    }


def _vat_words(tariff: Tariff | None, place: Place) -> str:
    if tariff is None:
        return ""
    return tariff.vat_words(asked=tariff.vat_rate is not None and asks_vat(place))


def _day(request: HttpRequest) -> date | None:
    """A day of the week asked in the address, if it says one."""
    try:
        return date.fromisoformat(request.GET.get("semaine", "")[:10])
    except ValueError:
        return None


def _first_day(space: Space, upcoming: list[Any]) -> date | None:
    """Where the table opens when nothing is asked: the first week with something free."""
    return upcoming[0].start.astimezone(space.place.zone).date() if upcoming else None


def _minutes(request: HttpRequest, space: Space) -> int:
    """The length asked in the address; what it does not say well is the usual."""
    typed = request.GET.get("duree", "")
    asked = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    return asked if asked in weeks.durations(space) else weeks.usual_duration(space)


def _next_slots(space: Space, minutes: int, line: Timeline) -> list[Any]:
    """The first free slot of each of the next few days that have one."""
    today = clock.today(space.place.zone)
    found: list[Any] = []
    for number in range(NEXT_DAYS + 1):
        day = today + timedelta(days=number)
        found += free_slots(space, day, day, minutes, line=line)[:1]
        if len(found) == NEXT_SHOWN:
            break
    return found


def _siblings(space: Space, public: bool) -> list[Space]:
    """The hall and its parts, when the space is one of them."""
    root = space.root_id_or_self
    hall = Space.objects.filter(pk=root) | Space.objects.filter(root=root)
    shown = hall.exclude(publication=Publication.ARCHIVED).exclude(pk=space.pk)
    if public:
        shown = shown.filter(publication=Publication.PUBLISHED)
    return list(shown.order_by("-capacity", *by_name("name"), "pk"))


def _gone(request: HttpRequest, place: Place) -> HttpResponse:
    """A place that has closed: say so without naming it, and show what is near."""
    cards = nearby_cards(Where(place.latitude, place.longitude, 15.0))
    return render(request, "find/gone.html", {"groups": grouped(cards)}, status=410)
