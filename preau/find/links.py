"""Addresses: of a search with one thing changed, of a booking, and the filters one may remove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, get_script_prefix, reverse

from preau.core import clock, formats
from preau.core.navigation import address_of
from preau.core.timeranges import Period
from preau.find.forms import DEFAULT_DURATION, DEFAULT_RADIUS, EQUIPMENT, SearchForm
from preau.places.enums import SpaceKind
from preau.places.models import Space

Params = dict[str, list[str]]
TIME = ("jour", "debut", "fin", "jours", "duree")


def search_url(params: Params) -> str:
    query = urlencode([(name, one) for name, values in params.items() for one in values])
    return address_of("find:search") + (f"?{query}" if query else "")


def params_of(form: SearchForm) -> Params:
    """What the address must say, in a fixed order, without what goes without saying."""
    params = {name: form.query.getlist(name) for name in form.fields if form.query.get(name)}
    if params.get("ou"):
        params.pop("lat", None)
        params.pop("lon", None)
    if params.get("rayon") == [str(DEFAULT_RADIUS)]:
        del params["rayon"]
    if params.get("duree") == [str(DEFAULT_DURATION)] or not params.keys() & {"jour", "jours"}:
        params.pop("duree", None)
    return params


def without(params: Params, *names: str, value: str = "") -> Params:
    """The same with some names gone, or with one value of them gone."""
    kept = {
        name: [one for one in values if value and one != value] if name in names else values
        for name, values in params.items()
    }
    return {name: values for name, values in kept.items() if values}


@dataclass(frozen=True)
class Tag:
    label: str
    href: str


def removable(form: SearchForm, params: Params) -> list[Tag]:
    """One tag a criterion, where and how far excepted."""
    data = form.cleaned_data
    tags = []

    def add(label: str, *names: str, value: str = "") -> None:
        tags.append(Tag(label, search_url(without(params, *names, value=value))))

    if data["jour"]:
        add(formats.day(data["jour"]), *TIME)
    if data["debut"]:
        end = f" à {formats.hour(data['fin'])}" if data["fin"] else ""
        add(f"{'De' if end else 'Dès'} {formats.hour(data['debut'])}{end}", "debut", "fin")
    for name in data["jours"]:
        add(name.capitalize(), "jours", value=name)
    if data["personnes"]:
        add(formats.count(data["personnes"], "personne"), "personnes")
    for kind in data["type"]:
        add(str(SpaceKind(kind).label), "type", value=kind)
    for slug in data["equipement"]:
        add(str(EQUIPMENT[slug].label), "equipement", value=slug)
    if data["pmr"]:
        add("Accessible", "pmr")
    for name, label in _price_labels(data):
        add(label, name)
    return tags


def _price_labels(data: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    if data["tarif"]:
        label = "Gratuit" if data["tarif"] == "gratuit" else "Payant ou sur demande"
        found.append(("tarif", label))
    if data["prix"] is not None:
        found.append(("prix", f"{data['prix']}{formats.NBSP}€ au plus"))
    return found


def quick_choices(form: SearchForm, params: Params) -> list[Tag]:
    """« Ce soir », « Samedi »: the times most asked, one click away."""
    now = clock.now().astimezone(form.zone)
    today = now.date()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    base = without(params, *TIME)

    def on(day: date, *hours: str) -> str:
        times = dict(zip(("debut", "fin"), ([one] for one in hours), strict=False))
        return search_url({**base, "jour": [day.isoformat()], **times})

    tomorrow = today + timedelta(days=1)
    choices = [
        Tag("Demain", on(tomorrow)),
        Tag("Demain soir", on(tomorrow, "18:00", "20:00")),
        Tag("Samedi", on(saturday)),
        Tag(
            "Un soir de semaine",
            search_url({**base, "jours": ["lundi", "mardi", "mercredi", "jeudi", "vendredi"]}),
        ),
    ]
    if now.hour < 18:
        choices.insert(0, Tag("Ce soir", on(today, "18:00", "20:00")))
    return choices


@lru_cache(maxsize=4096)  # a week of slots leads fifty times to the same page
def _booking_page(space_id: int, _prefix: str) -> str:
    try:
        return reverse("booking:start", args=[space_id])
    except NoReverseMatch:
        return f"/reservations/nouvelle/{space_id}/"


def booking_url(space: Space, period: Period, quantity: int = 1) -> str:
    """Where booking that slot begins; the hours are those on the wall of the place."""
    zone = space.place.zone
    start, end = (_wall(at.astimezone(zone)) for at in (period.start, period.end))
    page = _booking_page(space.pk, get_script_prefix())
    stations = f"&postes={quantity}" if quantity > 1 else ""
    return f"{page}?debut={start}&fin={end}{stations}"


def _wall(at: datetime) -> str:
    """`2027-03-12T18%3A00`: as an address says it."""
    return f"{at.year:04d}-{at.month:02d}-{at.day:02d}T{at.hour:02d}%3A{at.minute:02d}"
