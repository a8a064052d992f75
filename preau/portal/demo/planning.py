"""What those who plan find in the demonstration: weeks of services, studies, costs, a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, Organization
from preau.core import clock
from preau.directory.enums import Profile
from preau.economics.actions import allocations, economy
from preau.economics.actions.allocations import Wanted, WantedProvider
from preau.economics.enums import CostKind, CostPart, RevenueKind
from preau.economics.figuring import Sort
from preau.places.enums import Publication, SpaceKind
from preau.places.models import Place, Space
from preau.portal.demo.people import People
from preau.portal.demo.shared import acting
from preau.projects.models import Project
from preau.siting.actions import scenarios, studies
from preau.siting.actions.studies import StudyFacts
from preau.siting.enums import ScenarioState, Visibility
from preau.siting.models import Scenario
from preau.territories.areas import Area, area
from preau.timetables.actions import composing, preparing, publishing

WEEKS = 8
#: Where somebody is received: neither a hall nor a pool of desks.
ROOMS = (SpaceKind.SALLE_REUNION, SpaceKind.SALLE_CLASSE, SpaceKind.SALLE_ACTIVITES)
#: Service, whose, times a week, minutes, priority.
SERVICES = (
    ("Aide aux démarches en ligne", "France services", 2, 180, 4),
    ("Rendez-vous sur les droits", "Caisse d’allocations familiales", 1, 180, 3),
    ("Recherche d’emploi", "France Travail", 1, 120, 3),
    ("Permanence juridique", "Point-justice", 1, 180, 2),
)
#: Which cost, its words, cents, size of the room.
CHARGES = (
    (CostPart.OPENING, "Assurance, entretien, abonnements", 1_180_000, None),
    (CostPart.HALF_DAY, "Accueil et gardiennage", 4_800, None),
    (CostPart.HOUR, "Chauffage et électricité", 130, None),
    (CostPart.ROOM, "Petite salle", 90_000, 20),
    (CostPart.ROOM, "Grande salle", 260_000, 80),
)
#: Name, minutes, square metres, half-days of the week.
OCCUPANTS = (
    ("Relais petite enfance", 7_200, 80, ("1:matin", "3:matin")),
    ("France Travail", 5_400, 20, ("1:matin",)),
    ("Atelier théâtre", 4_800, 80, ("4:soir",)),
)
#: Sort, kind, words, cents (low, likely, high), how many a month, from which month, to full speed.
HYPOTHESES = (
    (Sort.REVENUE, RevenueKind.SALES, "Compost mûr", [800, 1_000, 1_200], [30, 60, 90], 1, 6),
    (Sort.REVENUE, RevenueKind.TRAINING, "Ateliers", [1_000, 1_500, 2_000], [10, 20, 30], 2, 6),
    (Sort.REVENUE, RevenueKind.PRIVATE, "Mécénat", [20_000, 30_000, 40_000], [1, 1, 1], 1, 1),
    (Sort.COST, CostKind.MATERIAL, "Seaux et broyat", [9_000, 12_000, 16_000], None, 1, 1),
    (Sort.COST, CostKind.STAFF, "Tournée", [60_000, 70_000, 85_000], None, 1, 1),
)


@dataclass(frozen=True)
class Planner:
    """Somebody who plans, where, and what for."""

    actor: Actor
    where: Area
    season: str
    question: str
    radius_km: float
    owner: Organization  # of the places that the grid counts on

    @property
    def places(self) -> list[Place]:
        shown = Place.objects.filter(owner=self.owner, publication=Publication.PUBLISHED)
        return list(shown.order_by("pk")[:4])


def create_planning(people: People, compost: Project) -> None:
    """One of each, for the three who plan."""
    for one in _planners(people):
        _study(one)
        _costs(one)
        _timetable(one)
    _model(people, compost)


def _planners(people: People) -> list[Planner]:
    who, town = people.personas, people.towns[people.metropole.commune_id]
    state = Membership.objects.get(user=who["ddt"], ended_at=None).organization
    isere = area(f"departement:{people.metropole.commune.departement_id}")
    around = area(f"epci:{people.metropole.epci_id}")
    rights, services = "Accès aux droits", "Médiation et services"
    return [
        Planner(acting(who["agent"], town), around, f"{rights} dans les quartiers",
                "Où recevoir à moins d’un quart d’heure de chez soi ?", 3.0, town),
        Planner(acting(who["departement"], people.departement), isere,
                f"{services} dans les collèges", "Quels collèges ouvrir à des services ?", 10.0,
                people.departement),
        Planner(acting(who["ddt"], state), isere, f"{rights} en Isère",
                "Quelles communes restent loin d’une aide aux démarches ?", 10.0, town),
    ]  # fmt: skip


def _study(planner: Planner) -> None:
    facts = StudyFacts(planner.season, planner.where, Profile.MEDIATION, planner.question)
    study = studies.open_study(facts, actor=planner.actor)
    for name, number in (("Trois lieux", 3), ("Six lieux", 6)):
        scenario = Scenario(
            study=study,
            name=name,
            places=number,
            radius_km=planner.radius_km,
            existing_profile=Profile.MEDIATION,
        )
        scenarios.add(scenario, actor=planner.actor)
    if study.scenarios.filter(state=ScenarioState.READY).exists():
        studies.show_to(study, Visibility.SHARED, actor=planner.actor)


def _costs(planner: Planner) -> None:
    """Of one of their places, its occupants read in the planning, and a few that are typed."""
    today = clock.now().date()
    ours = planner.owner == planner.actor.organization
    place = planner.places[0] if ours and planner.places else None
    wanted = Wanted(
        place=place,
        place_name=place.name if place else "Maison de l’État de Vienne",
        first_day=today - timedelta(days=90),
        last_day=today + timedelta(days=185),
    )
    allocation = allocations.create(wanted, actor=planner.actor)
    for part, label, cents, metres in CHARGES:
        allocations.add_item(
            allocation,
            part=part,
            label=label,
            cents=cents,
            square_metres=metres,
            actor=planner.actor,
        )
    for name, minutes, metres, weekly in OCCUPANTS:
        occupant = WantedProvider(name=name, minutes=minutes, square_metres=metres, weekly=weekly)
        allocations.add_provider(allocation, occupant, actor=planner.actor)


def _timetable(planner: Planner) -> None:
    """Composed and published; the places of others are asked."""
    today = clock.now().date()
    monday = today + timedelta(days=14 - today.weekday())
    season = {
        "name": planner.season,
        "area_key": planner.where.key,
        "first_day": monday,
        "last_day": monday + timedelta(days=WEEKS * 7 - 1),
        "latest": 21 * 60,  # a school has its rooms free from the end of the afternoon
        "least_share": 60,
    }
    timetable = preparing.create(season, actor=planner.actor)
    for label, provider, sessions, minutes, priority in SERVICES:
        need = {
            "label": label,
            "provider_name": provider,
            "sessions": sessions,
            "minutes": minutes,
            "priority": priority,
            "weekdays": [0, 1, 2, 3, 4],
        }
        preparing.save_need(timetable, need, actor=planner.actor)
    for space in _rooms(planner):
        preparing.add_candidate(timetable, space, is_closed_room=True, actor=planner.actor)
    timetable.refresh_from_db()  # each verb made it a new version
    composing.compose(timetable, actor=planner.actor)
    if timetable.sessions.exists():  # a very small demonstration may have no free room
        publishing.publish(timetable, actor=planner.actor, skip=True)


def _rooms(planner: Planner) -> list[Space]:
    """One room of each place."""
    rooms = Space.objects.filter(
        place__in=planner.places,
        kind__in=ROOMS,
        root=None,
        is_pool=False,
        publication=Publication.PUBLISHED,
    )
    return list(rooms.order_by("place", "capacity").distinct("place"))


def _model(people: People, compost: Project) -> None:
    sarah = people.personas["compost"]
    actor = Actor(sarah, Membership.objects.filter(user=sarah, ended_at=None).first())
    model = economy.create(compost, name="La tournée du compost", start_cents=350_000, actor=actor)
    for sort, kind, label, cents, volume, start, ramp in HYPOTHESES:
        line = {
            "sort": sort,
            "kind": kind,
            "label": label,
            "cents": cents,
            "volume": volume,
            "start": start,
            "ramp": ramp,
        }
        model = economy.put_line(model, line, actor=actor)
    economy.compute(model, note="Première version", seed=1, actor=actor)
