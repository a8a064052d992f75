"""What a territory can tell a project about a place: sites, partners, its catchment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.urls import NoReverseMatch, reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.availability.queries import search
from preau.availability.queries.search import Evenings, Filters, Found, Where
from preau.core import clock, formats
from preau.core.french import by_name
from preau.directory.enums import Profile, SheetState
from preau.directory.models import Sheet
from preau.places.enums import Equipment, SpaceKind
from preau.places.models import Space
from preau.projects.models import Project
from preau.siting.concerning import profile_of
from preau.siting.enums import ScenarioState
from preau.siting.models import Scenario
from preau.siting.outcome import Outcome, outcome_of
from preau.siting.queries.studies import readable
from preau.territories.areas import keys_over
from preau.territories.distances import distance_km, in_box
from preau.territories.models import Commune

#: How far a site or a partner is looked for, by road; and what « à portée » means per profile.
REACH_KM: dict[str, float] = {Profile.MEDIATION: 15.0, Profile.WORK: 20.0, Profile.CREATION: 25.0}
FACTOR = 1.3
#: A site is worth naming when half a day is free in the coming fortnight.
DAYS, FROM, TO, HALF_DAY = 14, 9 * 60, 18 * 60, 240
LOOKED_AT, SITES, PARTNERS = 30, 5, 6
#: Rooms where such a place may begin, and what they would better have.
ROOMS: dict[str, tuple[str, ...]] = {
    Profile.MEDIATION: (SpaceKind.BUREAU, SpaceKind.SALLE_REUNION, SpaceKind.SALLE_CLASSE),
    Profile.WORK: (SpaceKind.BUREAU, SpaceKind.SALLE_REUNION, SpaceKind.ATELIER),
    Profile.CREATION: (SpaceKind.ATELIER, SpaceKind.SALLE_ACTIVITES, SpaceKind.SALLE_DES_FETES),
}
TOOLS: dict[str, tuple[Equipment, ...]] = {
    Profile.MEDIATION: (Equipment.WIFI, Equipment.COMPUTERS, Equipment.TABLES),
    Profile.WORK: (Equipment.WIFI, Equipment.TABLES, Equipment.SCREEN),
    Profile.CREATION: (Equipment.TABLES, Equipment.SEWING_MACHINES, Equipment.PRINTER_3D),
}


@dataclass(frozen=True, slots=True)
class Site:
    """A space where it could begin, and why."""

    name: str
    where: str
    url: str
    reasons: list[str]
    score: float


@dataclass(frozen=True, slots=True)
class Partner:
    name: str
    what: str
    km: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Catchment:
    """Around the project's commune."""

    km: float
    population: int
    existing: int

    @property
    def words(self) -> str:
        return f"À moins de {formats.distance(self.km)} par la route, environ."

    @property
    def people_a_place(self) -> int | None:
        return round(self.population / self.existing) if self.existing else None


@dataclass(frozen=True, slots=True)
class Advice:
    profile: str
    sites: list[Site]
    partners: list[Partner]
    catchment: Catchment
    study: Scenario | None
    #: What that study says of the project's commune.
    verdict: str


def advice(actor: Actor, project: Project) -> Advice | None:
    """None when the project is about no place, or has no commune. The same few statements
    whatever is found."""
    profile = profile_of(project)
    commune = project.lead_commune
    if not profile or commune is None:
        return None
    latitude, longitude = commune.centre
    where = Where(latitude, longitude, REACH_KM[profile] / FACTOR)
    scenario = _last_scenario(actor, commune, profile)
    outcome = outcome_of(scenario) if scenario else None
    near = _near_sheets(where, profile)
    return Advice(
        profile=Profile(profile).label,
        sites=_sites(where, commune, profile, scenario, outcome),
        partners=_partners(where, near, project),
        catchment=_catchment(where, profile, near),
        study=scenario,
        verdict=_verdict(commune.pk, outcome),
    )


# --- What studies say


def _last_scenario(actor: Actor, commune: Commune, profile: str) -> Scenario | None:
    """Of a study of this profile that covers the commune and that the person may read."""
    studies = readable(actor).filter(profile=profile, area_key__in=keys_over(commune))
    found = Scenario.objects.filter(study__in=studies, state=ScenarioState.READY)
    return found.select_related("study").defer("counted").order_by("-computed_at").first()


def _verdict(code: str, outcome: Outcome | None) -> str:
    if outcome is None:
        return ""
    for rank, one in enumerate(outcome.chosen, start=1):
        if one.code == code:
            return f"Elle y place un lieu, le n° {rank} par le nombre d’habitants gagnés."
    if code in outcome.uncovered:
        return "Cette commune y reste sans lieu à portée : le projet comblerait un manque."
    return "Cette commune y est desservie par un lieu voisin."


# --- Sites


def _sites(
    where: Where, commune: Commune, profile: str, scenario: Scenario | None, outcome: Outcome | None
) -> list[Site]:
    today = clock.today(ZoneInfo(commune.time_zone))
    days = tuple(
        day for n in range(1, DAYS + 1) if (day := today + timedelta(days=n)).weekday() < 5
    )
    wanted = Evenings(days, FROM, TO, HALF_DAY)
    found = search.evenings(where, wanted, Filters(), limit=LOOKED_AT).rows
    rows = Space.objects.filter(pk__in=[one.space_id for one in found])
    spaces = {
        one.pk: one for one in rows.select_related("place__commune").prefetch_related("equipment")
    }
    made = [
        _site(spaces[one.space_id], one, profile, outcome)
        for one in found
        if one.space_id in spaces
    ]
    best: dict[str, Site] = {}  # one a place: the parts of a hall are one idea
    for site in sorted(made, key=lambda one: -one.score):
        best.setdefault(site.where, site)
    return list(best.values())[:SITES]


def _site(space: Space, found: Found, profile: str, outcome: Outcome | None) -> Site:
    place = space.place
    reasons, score = [f"À {formats.distance(found.km)} du projet."], -found.km / 5
    if found.period is not None:
        when = formats.slot(found.period.start, found.period.end, place.zone)
        reasons.append(f"Une demi-journée y est libre : {when}.")
        score += 1
    if space.kind in ROOMS[profile]:
        reasons.append(f"{space.get_kind_display()} : ce type d’espace convient à ce profil.")
        score += 2
    has = {one.kind for one in space.equipment.all()}
    tools = [one.label.lower() for one in TOOLS[profile] if one in has]
    if tools:
        reasons.append(f"On y trouve déjà : {', '.join(tools)}.")
        score += len(tools) / 2
    if outcome is not None and place.commune_id in outcome.uncovered:
        reasons.append("Sa commune reste sans lieu de ce profil dans la dernière étude.")
        score += 3
    elif outcome is not None and any(place.commune_id == one.code for one in outcome.chosen):
        reasons.append("La dernière étude place un lieu dans sa commune.")
        score += 3
    if space.is_accessible:
        reasons.append("Accessible aux personnes à mobilité réduite.")
        score += 0.5
    return Site(space.name, f"{place.name}, {place.commune.name}", _page(space), reasons, score)


def _page(space: Space) -> str:
    try:
        return reverse("find:space", args=[space.place.slug, space.slug])
    except NoReverseMatch:  # the room above is not installed
        return ""


# --- Partners and catchment


def _near_sheets(where: Where, profile: str) -> list[Sheet]:
    found = (
        Sheet.objects.filter(in_box(where.latitude, where.longitude, where.km))
        .filter(Q(main_profile=profile) | Q(secondary_profiles__contains=[profile]))
        .filter(state=SheetState.PUBLISHED)
        .annotate(km=distance_km(where.latitude, where.longitude))
        .filter(km__lte=where.km)
        .select_related("commune")
        .order_by("km", "pk")
    )
    return list(found[:200])


def _partners(where: Where, sheets: list[Sheet], project: Project) -> list[Partner]:
    """Places of the same profile, then associations, the nearest first."""
    places = [
        Partner(
            one.name,
            f"{one.get_kind_display()}, {one.commune.name}",
            FACTOR * one.km,  # type: ignore[attr-defined]
            _sheet_page(one),
        )
        for one in sheets[:PARTNERS]
    ]
    return places + list(_associations(where, project))


def _sheet_page(sheet: Sheet) -> str:
    try:
        return reverse("directory:sheet", args=[sheet.slug])
    except NoReverseMatch:
        return ""


def _associations(where: Where, project: Project) -> Iterator[Partner]:
    """Verified ones: an association that has not proven what it is is told to nobody."""
    latitude, longitude = "commune__latitude", "commune__longitude"
    found = (
        Organization.objects.filter(
            in_box(
                where.latitude, where.longitude, where.km, latitude=latitude, longitude=longitude
            ),
            kind=OrganizationKind.ASSOCIATION,
            verified_at__isnull=False,
            merged_into=None,
        )
        .exclude(pk=project.holder_organization_id or 0)
        .annotate(
            km=distance_km(where.latitude, where.longitude, latitude=latitude, longitude=longitude)
        )
        .filter(km__lte=where.km)
        .select_related("commune")
        .order_by("km", *by_name("name"))
    )
    for one in found[:PARTNERS]:
        commune = one.commune.name if one.commune else ""
        yield Partner(one.name, f"Association, {commune}", FACTOR * one.km)


def _catchment(where: Where, profile: str, sheets: list[Sheet]) -> Catchment:
    around = (
        Commune.objects.filter(in_box(where.latitude, where.longitude, where.km), active=True)
        .annotate(km=distance_km(where.latitude, where.longitude))
        .filter(km__lte=where.km)
    )
    people = around.aggregate(people=Sum("population"))["people"] or 0
    return Catchment(REACH_KM[profile], people, len(sheets))
