"""Who asks what of 40,000 projects, drawn with a seed: the same as functions and as addresses."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bench.projects.people import KNOWN_DEPARTEMENT, KNOWN_REGION
from preau.accounts.actors import Actor
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Membership
from preau.portfolio.filters import Filters
from preau.portfolio.queries import board, flows, listing, tallies
from preau.portfolio.queries import map as maps
from preau.projects.enums import ServiceKind
from preau.projects.models import Programme
from preau.resources.enums import Phase, Theme
from preau.territories.models import Commune, Crte

#: Words that people type: common and rare ones, of names and of texts.
WORDS = (
    "école",
    "chaufferie bois",
    "friche",
    "compostage",
    "médecin retraite",
    "gendarmerie",
    "établissement public foncier",
    "voie verte",
    "réno énergétique",
    "inondations",
    "skatepark",
    "halle marché",
)
SERVICES = {
    "ddt": ServiceKind.DDT,
    "region": ServiceKind.REGION,
    "nation": ServiceKind.NATIONAL,
}
PERSONAS = ("ddt", "region", "nation", "mayor")
ZOOMS = (5, 8, 11)


@cache
def _country() -> tuple[dict[str, list[Membership]], list[Commune], list[Crte], list[Programme]]:
    """Who and what is drawn from."""
    found = Membership.objects.select_related("user", "organization").order_by("pk")
    people = {
        name: list(found.filter(organization__state_service__kind=kind))
        for name, kind in SERVICES.items()
    }
    people["mayor"] = list(found.filter(organization__kind=OrganizationKind.COMMUNE)[:4000])
    communes = list(Commune.objects.order_by("-population")[:8000])
    return people, communes, list(Crte.objects.all()), list(Programme.objects.order_by("pk"))


@dataclass
class Crowd:
    """Draws people of each kind, territories, words; two of one seed ask the same."""

    seed: str
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)  # noqa: S311  a repeatable draw, no secret
        self.people, self.communes, self.crtes, self.programmes = _country()

    def actor(self, persona: str) -> Actor:
        membership = self.draw.choice(self.people[persona])
        # A new request knows nothing of the last one.
        membership.user.__dict__.pop("_competences", None)
        membership.user.__dict__.pop("_project_roles", None)
        return Actor(user=membership.user, membership=membership)

    def commune(self) -> Commune:
        weights = range(len(self.communes), 0, -1)
        return self.draw.choices(self.communes, weights)[0]

    def filters(self) -> Filters:
        """One or two criteria, as people do; sometimes none."""
        draw = self.draw
        some: dict[str, Any] = {}
        makers: list[Callable[[], dict[str, Any]]] = [
            lambda: {"states": tuple(draw.sample(["depose", "qualifie", "en_accompagnement"], 2))},
            lambda: {"phase": draw.choice(list(Phase)).value},
            lambda: {"theme": draw.choice(list(Theme)).value},
            lambda: {"programme": draw.choice(self.programmes).pk},
            lambda: {"crte": draw.choice(self.crtes)},
            lambda: {"commune": self.commune()},
            lambda: {"blocked": True},
            lambda: {"late": True},
            lambda: {"dormant": True},
            lambda: {"priority": "haute"},
        ]
        for make in draw.sample(makers, draw.choice([0, 1, 1, 2])):
            some |= make()
        return Filters(**some)

    def view(self, zoom: int) -> maps.View:
        """A screen of 900 by 560 pixels around a town."""
        where, side = self.commune(), 360 / 256 / 2**zoom
        high, wide = 280 * side * 0.7, 450 * side
        latitude, longitude = where.latitude, where.longitude
        return maps.View(
            max(latitude - high, -89),
            longitude - wide,
            min(latitude + high, 89),
            longitude + wide,
            zoom,
        )


@dataclass(frozen=True)
class Kind:
    """One read, as the page does it.

    Attributes:
        ask: what is asked, drawn; `answer` is timed and gives how many rows it shows.
        url: the same as an address.
        mark: what stands once in the page for each thing shown.
        target: milliseconds in the database that p95 should keep under.
    """

    name: str
    title: str
    personas: tuple[str, ...]
    ask: Callable[[Crowd], Any]
    answer: Callable[[Actor, Any], int]
    url: Callable[[str, Any], str]
    mark: str
    target: int


def _list(actor: Actor, filters: Filters) -> int:
    return len(listing.asked(filters, actor)[0].lines)


def _board(actor: Actor, filters: Filters) -> int:
    return sum(len(one.lines) for one in board.columns(filters, actor))


def _map(actor: Actor, asked: tuple[Filters, maps.View]) -> int:
    return len(maps.squares(asked[0], actor, asked[1]))


def _dashboard(actor: Actor, _: Any) -> int:
    reach = tallies.reach_of(actor)
    parts = tallies.by(reach, "crte" if reach.codes and len(reach.codes) == 1 else "departement")
    tallies.whole(reach)
    tallies.by(reach, "programme")
    flows.months(reach)
    return len(parts)


def _contracts(actor: Actor, _: Any) -> int:
    return len(tallies.by(tallies.reach_of(actor), "crte"))


def params(filters: Filters) -> str:
    """The address of these filters."""
    pairs = [("texte", filters.words), *(("etat", one) for one in filters.states)]
    pairs += [("phase", filters.phase), ("theme", filters.theme), ("priorite", filters.priority)]
    pairs += [("crte", filters.crte.pk if filters.crte else "")]
    pairs += [("commune", filters.commune.pk if filters.commune else "")]
    pairs += [("programme", str(filters.programme or ""))]
    pairs += [("bloque", "on" * filters.blocked), ("retard", "on" * filters.late)]
    pairs += [("dormant", "on" * filters.dormant)]
    return "?" + urlencode([(name, value) for name, value in pairs if value])


def _dashboard_url(persona: str) -> str:
    if persona == "nation":
        return reverse("portfolio:nation")
    code = KNOWN_DEPARTEMENT if persona == "ddt" else KNOWN_REGION
    return reverse("portfolio:departement" if persona == "ddt" else "portfolio:region", args=[code])


def _point_url(_: str, asked: tuple[Filters, maps.View]) -> str:
    view = asked[1]
    box = f"{view.south},{view.west},{view.north},{view.east}"
    return f"{reverse('portfolio:points')}?{urlencode({'vue': box, 'zoom': view.zoom})}"


KINDS = (
    Kind(
        "list",
        "List, one or two filters",
        PERSONAS,
        lambda crowd: crowd.filters(),
        _list,
        lambda _, one: reverse("portfolio:projects") + params(one),
        "pr-card--wide",
        30,
    ),
    Kind(
        "text",
        "List, full text",
        PERSONAS,
        lambda crowd: Filters(words=crowd.draw.choice(WORDS)),
        _list,
        lambda _, one: reverse("portfolio:projects") + params(one),
        "pr-card--wide",
        30,
    ),
    Kind(
        "board",
        "Board, 20 newest of 7 states",
        PERSONAS,
        lambda crowd: Filters(),
        _board,
        lambda _, one: reverse("portfolio:board") + params(one),
        "data-card",
        15,
    ),
    *(
        Kind(
            f"map.zoom{zoom}",
            f"What a map shows at zoom {zoom}",
            ("ddt", "region", "nation"),
            lambda crowd, zoom=zoom: (Filters(), crowd.view(zoom)),  # type: ignore[misc]
            _map,
            _point_url,
            '"n"',
            100,
        )
        for zoom in ZOOMS
    ),
    Kind(
        "dashboard",
        "Dashboard of one’s département, région, nation",
        ("ddt", "region", "nation"),
        lambda crowd: None,
        _dashboard,
        lambda persona, _: _dashboard_url(persona),
        "portfolio-tile",
        50,
    ),
    Kind(
        "crtes",
        "Portfolio by CRTE",
        PERSONAS,
        lambda crowd: None,
        _contracts,
        lambda *_: reverse("portfolio:crtes"),
        "<h1>",
        50,
    ),
)
