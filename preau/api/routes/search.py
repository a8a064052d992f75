"""Free spaces: the search of the site, its rules and its prices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest, QueryDict
from ninja import Query, Router, Schema
from pydantic import Field

from preau.accounts.actors import actor_of
from preau.api.enums import Scope
from preau.api.http.problems import INPUT, Problem
from preau.api.http.validation import of_form
from preau.api.routes.kit import read
from preau.api.routes.places import Code, lost_cursor
from preau.api.routes.shown import absolute, price_of_quote, space_line
from preau.api.schemas.kit import Cursor, Day, Wall
from preau.api.schemas.places import FoundOut, SearchOut
from preau.find.forms import DURATIONS, EQUIPMENT, RADII, WEEKDAYS, SearchForm
from preau.find.queries import Card, answers, cursor_text, proposals, read_cursor
from preau.places.enums import SpaceKind
from preau.pricing.payers import payer_of
from preau.territories.models import Commune

router = Router(tags=["Recherche"])
#: Our field → the search form’s.
NAMES = {
    "lat": "lat",
    "lon": "lon",
    "radius_km": "rayon",
    "people": "personnes",
    "day": "jour",
    "from_time": "debut",
    "to_time": "fin",
    "weekdays": "jours",
    "minutes": "duree",
    "kinds": "type",
    "equipment": "equipement",
    "accessible": "pmr",
    "max_price_euros": "prix",
}
_BACK = {theirs: ours for ours, theirs in NAMES.items()} | {"ou": "commune"}


def _one_of(values: Iterable[int]) -> dict[str, Any]:
    return {"enum": list(values)}


class SearchIn(Schema):
    commune: Code | None = Field(None, description="Code Insee ; ou bien lat et lon.")
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    radius_km: int = Field(15, json_schema_extra=_one_of(RADII))
    people: int = Field(1, ge=1, le=100_000)
    day: Day | None = Field(None, description="Un jour précis.")
    weekdays: list[str] = Field(
        [], max_length=7, json_schema_extra={"items": {"type": "string", "enum": list(WEEKDAYS)}}
    )
    from_time: Wall | None = Field(None, description="Heure du lieu.")
    to_time: Wall | None = None
    minutes: int | None = Field(None, json_schema_extra=_one_of(DURATIONS))
    kinds: list[SpaceKind] = Field([], max_length=20)
    equipment: list[str] = Field(
        [], max_length=20, json_schema_extra={"items": {"type": "string", "enum": list(EQUIPMENT)}}
    )
    accessible: bool = False
    max_price_euros: int | None = Field(None, ge=0, le=100_000)
    cursor: Cursor | None = None


@read(
    router,
    "/search",
    scope=Scope.SEARCH,
    public=True,
    answer=SearchOut,
    summary="Chercher des espaces libres",
)
def search_spaces(request: HttpRequest, asked: Query[SearchIn]) -> SearchOut:
    """Autour d’une commune ou d’un point, du plus près au plus loin. Avec `day`, `from_time` et
    `to_time` : libres à ces heures. Avec `day` ou `weekdays` seuls : libres `minutes` dans la
    journée, ou dans ces soirées. Sans date : tous, avec leur prochain créneau libre."""
    form = SearchForm(_query(asked))
    if not form.is_valid():
        raise of_form(form, _BACK)
    after = read_cursor(asked.cursor) if asked.cursor else None
    if asked.cursor and after is None:
        raise lost_cursor()
    criteria, payer = form.criteria(), payer_of(actor_of(request))
    cards, following = answers(criteria, after, payer)
    near = [] if cards or after or following else proposals(criteria, payer)
    return SearchOut(
        items=[_found(one) for one in cards],
        next=cursor_text(following) if following else None,
        proposals=[_found(one) for one in near],
    )


def _query(asked: SearchIn) -> QueryDict:
    """What the search form of the site would have been sent."""
    query = QueryDict(mutable=True)
    if asked.commune:
        commune = Commune.objects.filter(pk=asked.commune).first()
        if commune is None:
            raise _where("Cette commune n’est pas connue.")
        asked = asked.model_copy(update=dict(zip(("lat", "lon"), commune.centre, strict=True)))
    if asked.lat is None or asked.lon is None:
        raise _where("Indiquez une commune, ou une latitude et une longitude.")
    for ours, theirs in NAMES.items():
        value = getattr(asked, ours)
        values = value if isinstance(value, list) else [value]
        query.setlist(theirs, [_typed(one) for one in values if one not in (None, False)])
    return query


def _typed(value: object) -> str:
    return "on" if value is True else str(getattr(value, "value", value))


def _where(sentence: str) -> Problem:
    line = {"field": "commune", "code": "commune", "detail": sentence}
    return Problem(INPUT, sentence, code="fields", errors=[line])


def _found(card: Card) -> FoundOut:
    zone = card.place.zone
    return FoundOut(
        space=space_line(card.space),
        distance_km=round(card.km, 2) if card.km is not None else None,
        start=card.slot.start.astimezone(zone) if card.slot else None,
        end=card.slot.end.astimezone(zone) if card.slot else None,
        quantity=card.quantity,
        note=card.note,
        price=price_of_quote(card.quote) if card.quote else None,
        book_url=absolute(card.book_url),
    )
