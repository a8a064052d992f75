"""How far people no longer have to go, what it emits no more, what they found in one visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.capacity.impact.base import Definition, Figure, Question, Section
from preau.capacity.models import EmissionFactor
from preau.capacity.queries.scopes import Scope
from preau.capacity.visits import Visits, visits
from preau.core import formats
from preau.directory.models import Sheet
from preau.directory.queries.points import existing_points
from preau.mediation.queries import SMALL
from preau.places.models import Place
from preau.territories.areas import communes_of
from preau.territories.models import Commune, Departement

DISTANCE = Definition(
    "distance_evitee",
    "Distance évitée",
    "km",
    "Somme, pour chaque visite, de deux fois la distance entre la commune d’origine et le point "
    "le plus proche qui rend le même service ailleurs, moins la distance jusqu’au lieu ; jamais "
    "moins de zéro.",
    "À vol d’oiseau, de centre de commune à lieu. Les visites d’origine inconnue, ou sans autre "
    "point connu pour ce service, n’y sont pas.",
)
CARBON = Definition(
    "co2_evite",
    "CO₂ évité",
    "kg",
    "Distance évitée multipliée par le facteur d’émission en vigueur le dernier jour de la "
    "période, saisi et sourcé par l’exploitant de la plateforme.",
)
UNKNOWN = Definition(
    "origine_inconnue",
    "Visites d’origine inconnue",
    "%",
    "Part des visites dont la commune d’origine n’a pas été dite.",
)
SERVICES = Definition(
    "services_par_visite",
    "Services par visite",
    "services",
    "Services rendus divisés par visites : ce que l’on fait « en une seule fois ».",
    decimals=2,
)
NO_VISIT = "aucune visite enregistrée"
FEW = f"moins de {SMALL} visites"


@dataclass(frozen=True)
class Avoided:
    """Of the visits whose origin is known.

    Attributes:
        alone: visits for a service that no other known point renders.
    """

    km: float
    counted: int
    alone: int
    unknown: int


def communes(question: Question) -> list[str]:
    """Those whose places are counted."""
    scope = question.scope
    if scope.area is not None:
        return list(communes_of(scope.area).values_list("pk", flat=True))
    where = {"spaces": scope.pk} if scope.kind == "espace" else {"pk": scope.pk}
    places = Place.objects.filter(**({"owner": scope.pk} if scope.kind == "structure" else where))
    return sorted(set(places.values_list("commune", flat=True)))


def _known(question: Question) -> list[Visits]:
    found = visits(communes(question), question.first, question.last)
    if question.scope.area is not None:
        return found
    kept = set(_sheets(question.scope).values_list("pk", flat=True))
    return [one for one in found if one.sheet_id in kept]


def compute(question: Question) -> list[Figure]:
    known = _known(question)
    total = sum(one.visits for one in known)
    least = 1 if question.inside else SMALL
    if total < least or not total:
        every = (DISTANCE, CARBON, UNKNOWN, SERVICES)
        return [Figure(one.key, None, FEW if total else NO_VISIT) for one in every]
    found = avoided(known, *_around(known))
    words = formats.count(total, "visite", "visites")
    services = Figure(SERVICES.key, sum(one.services for one in known) / total, counted=words)
    return [*_way(question, found, least), _unknown(found, total, words, least), services]


def _way(question: Question, found: Avoided, least: int) -> list[Figure]:
    """Kilometres and what they emit: of a few visits, they would tell from where."""
    if any(0 < n < least for n in (found.counted, found.counted - found.alone)):
        return [Figure(one.key, None, FEW) for one in (DISTANCE, CARBON)]
    counted = formats.count(found.counted, "visite d’origine connue", "visites d’origine connue")
    if 0 < found.alone < least:
        counted += f", dont moins de {SMALL} sans autre point connu pour ce service"
    elif found.alone:
        counted += f", dont {formats.number(found.alone)} sans autre point connu pour ce service"
    return [Figure(DISTANCE.key, found.km, counted=counted), _carbon(question, found.km)]


def _unknown(found: Avoided, total: int, words: str, least: int) -> Figure:
    """A share tells both parts: neither may be a few."""
    if any(0 < n < least for n in (found.unknown, total - found.unknown)):
        return Figure(UNKNOWN.key, None, FEW)
    return Figure(UNKNOWN.key, 100 * found.unknown / total, counted=words)


def reads_small(actor: Actor, scope: Scope) -> bool:
    """Whether all the visits of the scope are counted by the actor's own people."""
    if scope.area is not None:
        return False
    sheets = list(_sheets(scope).select_related("commune"))
    return bool(sheets) and all(allowed(actor, "mediation.read_figures", one) for one in sheets)


def _sheets(scope: Scope) -> QuerySet[Sheet]:
    """Of the places of an organisation, of a place, of the place of a space."""
    sheets = Sheet.objects.filter(place__isnull=False)
    if scope.kind == "structure":
        return sheets.filter(place__owner=scope.pk)
    if scope.kind == "lieu":
        return sheets.filter(place=scope.pk)
    return sheets.filter(place__spaces=scope.pk)


def _carbon(question: Question, km: float) -> Figure:
    factor = EmissionFactor.objects.filter(since__lte=question.last).first()
    if factor is None:
        return Figure(CARBON.key, None, "facteur à renseigner")
    grams = float(factor.grams_per_km)
    said = f"{formats.number(grams, 1)} g par km depuis le {formats.day(factor.since)}"
    return Figure(CARBON.key, km * grams / 1000, counted=f"{said}, source : {factor.source}")


#: Latitude and longitude, in degrees.
Position = tuple[float, float]


def avoided(
    known: Iterable[Visits],
    origins: Mapping[str, Position],
    places: Mapping[int, Position],
    others: Mapping[str, Mapping[int, Position]],
) -> Avoided:
    """Pure.

    Args:
        origins: centres of communes, by code.
        places: positions of the places visited, by sheet.
        others: by theme, the points that render it, by sheet.
    """
    km, counted, alone, unknown = 0.0, 0, 0, 0
    for one in known:
        origin, place = origins.get(one.origin), places.get(one.sheet_id)
        if origin is None or place is None:
            unknown += one.visits
            continue
        counted += one.visits
        elsewhere = [at for pk, at in others.get(one.theme, {}).items() if pk != one.sheet_id]
        if not elsewhere:
            alone += one.visits
            continue
        nearest = float(_km(origin, np.array(elsewhere)).min())
        saved = max(nearest - float(_km(origin, np.array([place]))[0]), 0.0)
        km += 2 * saved * one.visits
    return Avoided(km, counted, alone, unknown)


def _km(origin: Position, points: Any) -> Any:
    lat, lon = np.radians(origin)
    lats, lons = np.radians(points).T
    half = np.sin((lats - lat) / 2) ** 2
    half += np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    return np.asarray(2 * 6371.0088 * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def _around(
    known: Iterable[Visits],
) -> tuple[dict[str, Position], dict[int, Position], dict[str, dict[int, Position]]]:
    rows = list(known)
    codes = {one.origin for one in rows if one.origin}
    found = Commune.objects.filter(pk__in=codes, latitude__isnull=False)
    origins = {one.pk: one.centre for one in found}
    sheets = Sheet.objects.filter(pk__in={one.sheet_id for one in rows})
    places = {pk: (lat, lon) for pk, lat, lon in sheets.values_list("pk", "latitude", "longitude")}
    near = set(found.values_list("departement_id", flat=True))
    near |= set(sheets.values_list("departement_code", flat=True))
    # The neighbour that was nearest may be across the border of the département.
    regions = set(Departement.objects.filter(pk__in=near).values_list("region_id", flat=True))
    wide = list(Departement.objects.filter(region__in=regions).values_list("pk", flat=True))
    others = {
        theme: {
            one.sheet_id: (one.latitude, one.longitude)
            for one in existing_points(wide, theme=theme)
        }
        for theme in {one.theme for one in rows}
        if theme
    }
    return origins, places, others


SECTION = Section("venues", "Venir moins loin", (DISTANCE, CARBON, UNKNOWN, SERVICES), compute)
