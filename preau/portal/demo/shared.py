"""Shared places of the demonstration: counters and workshops of the directory, what is done there,
who signs a charter, who belongs to a network, whom mediators receive."""

from __future__ import annotations

import uuid
from datetime import timedelta
from random import Random

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Membership, Organization, User
from preau.agreements.actions import authorities, library
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AuthorityRole
from preau.agreements.queries import draft
from preau.availability.opening import RuleData
from preau.charters.actions import adhesions, charters, networks
from preau.charters.actions.charters import Wanted as CharterWanted
from preau.charters.actions.networks import Welcome
from preau.core import clock
from preau.core.formats import of_name
from preau.directory.actions.hours import set_hours
from preau.directory.actions.offers import set_offers
from preau.directory.actions.sheets import create_sheet
from preau.directory.enums import OpeningMode, Profile, ServiceFamily, ServiceLevel, Staffing
from preau.directory.models import Sheet
from preau.mediation.actions import agenda, visits
from preau.mediation.actions.agenda import Wanted as EventWanted
from preau.mediation.actions.visits import Seen
from preau.mediation.enums import EventKind, Mode, Outcome, Theme
from preau.places.enums import PlaceKind
from preau.places.models import Place
from preau.portal.demo.people import People
from preau.territories.models import Commune

VISITS = 240
RIGHTS = "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits"
DIGITAL = "numerique--acceder-a-des-services-en-ligne"
WORK = "preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi"
LINK = "remobilisation--lien-social"
K, P, F, L = PlaceKind, Profile, ServiceFamily, ServiceLevel

#: Name, kind, profile, services (name, family, theme, level), hours (weekdays, from, to in hours).
COUNTERS = (
    ("France services", K.MAISON_SERVICES, P.MEDIATION,
     (("Aide aux démarches en ligne", F.PUBLIC_SOCIAL, DIGITAL, L.FULL),
      ("Caisse d’allocations familiales", F.PUBLIC_SOCIAL, RIGHTS, L.PARTIAL),
      ("France Travail", F.WORKERS, WORK, L.BASIC)),
     (([0, 1, 3, 4], 9, 12), ([0, 1, 3, 4], 13.5, 17), ([2], 9, 12))),
    ("Espace public numérique", K.EPN, P.MEDIATION,
     (("Apprendre à se servir d’internet", F.PUBLIC_SOCIAL, DIGITAL, L.FULL),),
     (([1, 3], 14, 18), ([5], 9, 12))),
    ("Café-épicerie du bourg", K.COMMERCE, P.MEDIATION,
     (("Relais postal", F.ESSENTIAL, "", L.BASIC), ("Retrait d’argent", F.ESSENTIAL, "", L.BASIC)),
     (([1, 2, 3, 4, 5], 7.5, 12.5), ([1, 2, 3, 4], 16, 19.5), ([6], 8, 12.5))),
    ("Atelier vélo et réparation", K.REPAIR_CAFE, P.CREATION,
     (("Réparer ensemble", F.LIFE, LINK, L.FULL), ("Prêt d’outils", F.TRAINING, "", L.FULL)),
     (([2], 17, 20), ([5], 9.5, 12.5))),
    ("La Station, bureaux partagés", K.COWORKING, P.WORK,
     (("Postes de travail", F.WORKERS, "", L.FULL), ("Appui aux projets", F.TRAINING, "", L.BASIC)),
     (([0, 1, 2, 3, 4], 8.5, 18.5),)),
)  # fmt: skip


def create_shared(
    rng: Random, people: People, communes: list[Commune], places: list[Place]
) -> list[Sheet]:
    """Everything of shared places but initiatives. Returns the counters of the directory."""
    agent = acting(people.personas["agent"], people.metropole)
    sheets = [
        _counter(rng, people, commune, number) for number, commune in enumerate(communes[:30])
    ]
    _receive(rng, people, sheets, communes)
    _agenda(agent, [one for one in sheets if one.manager_id == people.metropole.pk])
    _charter(agent, people, places)
    _network(agent, people, places)
    return sheets


def acting(user: User, structure: Organization) -> Actor:
    """The persona under the hat of that structure."""
    return Actor(user, Membership.objects.get(user=user, organization=structure, ended_at=None))


def _counter(rng: Random, people: People, commune: Commune, number: int) -> Sheet:
    name, kind, profile, services, hours = COUNTERS[number % len(COUNTERS)]
    latitude, longitude = commune.centre
    near = commune.epci_id == people.metropole.epci_id
    sheet = create_sheet(
        {
            "name": f"{name} {of_name(commune.name)}" if kind == K.MAISON_SERVICES else name,
            "kind": kind,
            "main_profile": profile,
            "commune": commune,
            "address": f"{rng.randint(1, 40)} rue de la République",
            "postcode": commune.main_postcode,
            "latitude": latitude + rng.uniform(-0.004, 0.004),
            "longitude": longitude + rng.uniform(-0.004, 0.004),
            "opening_mode": OpeningMode.PUBLIC,
            "staffing": [Staffing.PERMANENT if number % 3 else Staffing.ASSOCIATIONS],
            "is_accessible": number % 4 != 3,
            "phone": f"04 76 00 00 {number:02d}",
        },
        actor=SYSTEM,
        manager=people.metropole if near else people.towns.get(commune.code),
    )
    rules = [RuleData(days, int(start * 60), int(end * 60)) for days, start, end in hours]
    for rule in rules:
        rule.not_on_public_holidays = True
    set_hours(sheet, rules, [], actor=SYSTEM)
    set_offers(
        sheet,
        [
            {"name": words, "family": family, "theme": theme, "level": level}
            for words, family, theme, level in services
        ],
        actor=SYSTEM,
    )
    return sheet


def _receive(rng: Random, people: People, sheets: list[Sheet], communes: list[Commune]) -> None:
    """Two months of visits in the counters of the metropolis."""
    agent = acting(people.personas["agent"], people.metropole)
    mine = [one for one in sheets if one.manager_id == people.metropole.pk][:4]
    for _ in range(VISITS if mine else 0):
        sheet = rng.choice(mine)
        themes = rng.sample(list(Theme), rng.choice([1, 1, 1, 2, 3]))
        visits.count(
            sheet,
            Seen(
                day=clock.today(sheet.zone) - timedelta(days=rng.randrange(58)),
                themes=themes,
                services=len(themes),
                people=rng.choice([1, 1, 1, 2]),
                mode=Mode.ON_SITE,
                outcome=rng.choice(list(Outcome)),
                origin=rng.choice([sheet.commune, rng.choice(communes[:25]), None]),
                token=uuid.UUID(int=rng.getrandbits(128), version=4),
            ),
            actor=agent,
        )


def _agenda(agent: Actor, sheets: list[Sheet]) -> None:
    told = (
        (K.MAISON_SERVICES, EventKind.DESK, "Permanence de l’écrivain public", 5, 9, 12, 12),
        (K.EPN, EventKind.TRAINING, "Premiers pas sur internet", 8, 14, 16, 6),
        (K.COMMERCE, EventKind.SALE, "Vente d’invendus à petit prix", 4, 16, 19, 12),
        (K.REPAIR_CAFE, EventKind.WORKSHOP, "Réparer son vélo", 3, 18, 20, 8),
    )
    by_kind = {sheet.kind: sheet for sheet in reversed(sheets)}
    for place_kind, kind, title, days, start, end, weeks in told:
        sheet = by_kind.get(place_kind)
        if sheet is None:
            continue
        day = clock.today(sheet.zone) + timedelta(days=days)
        wanted = EventWanted(
            kind=kind,
            title=title,
            day=day,
            start_minute=start * 60,
            end_minute=end * 60,
            weekly_until=day + timedelta(weeks=weeks),
            how_to_come="Gratuit, sans inscription",
        )
        agenda.write(sheet, wanted, actor=agent, announce=True)


def _charter(agent: Actor, people: People, places: list[Place]) -> None:
    """Open, with two places whose charter waits for its signatures."""
    wanted = CharterWanted(
        name="Lieux partagés de la métropole",
        purpose="Des lieux qui disent leurs heures, prêtent celles qui sont libres et accueillent"
        " chacun. La métropole les aide à partager leurs coûts.",
        label="Lieu partagé",
        area_key=f"epci:{people.metropole.epci_id}",
    )
    charter = charters.create(wanted, actor=agent)
    text = draft(charter.model)
    assert text is not None
    library.publish(text, note="", actor=agent)
    _signs(people.metropole, "Claude Reynaud", "vice-président, par délégation du 8 juillet 2026")
    charter = charters.open_to_places(charter, actor=agent)
    town = people.towns[people.metropole.commune_id]
    host = acting(people.personas["agent"], town)
    for place in [one for one in places if one.owner_id == town.pk][:2]:
        _signs(town, "Camille Durand", "maire")
        adhesions.join(charter, place, actor=host)


def _signs(structure: Organization, name: str, capacity: str) -> None:
    if structure.signing_authorities.filter(ended_at=None, role=AuthorityRole.OWNER).exists():
        return
    who = Person(name=name, email=structure.official_email, capacity=capacity)
    authorities.appoint(structure, who, role=AuthorityRole.OWNER, actor=SYSTEM)


def _network(agent: Actor, people: People, places: list[Place]) -> None:
    """Three places, and a card for the president of the association."""
    network = networks.create(
        "Les ateliers de la cuvette",
        "Un membre d’un atelier travaille et répare dans les autres, à leurs heures creuses.",
        actor=agent,
    )
    town = people.towns[people.metropole.commune_id]
    host = acting(people.personas["agent"], town)
    mine = [one for one in places if one.owner_id == town.pk][:3]
    for number, place in enumerate(mine):
        seat = networks.invite_place(network, place, actor=agent)
        rule = Welcome(
            weekdays=[0, 1, 2, 3, 4][number:],
            start_minute=9 * 60,
            end_minute=18 * 60,
            price_cents=300 * number,
            visits_per_month=4 if number else None,
        )
        networks.welcome(seat, rule, actor=host)
    amina = people.personas["presidente"]
    until = clock.now().date() + timedelta(days=300)
    member = networks.invite_member(mine[0], amina.email, until, actor=host)
    networks.accept_member(member, actor=Actor(amina))
