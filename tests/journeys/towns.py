"""Owners with real rules, prices and agreements, all written by the real actions; their worker."""

import contextvars
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.db import connection

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.agreements.actions.authorities import appoint, record_opinion
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AuthorityRole, LegalCase
from preau.agreements.loading import load_national_models
from preau.agreements.models import Model
from preau.availability import index
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.availability.presets import BY_KEY
from preau.booking.actions.rules import Asked, Step, Wanted, assign_rules, save_rules
from preau.booking.enums import Approver
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.documents.enums import DocumentKind
from preau.places.enums import ApprovalMode, PlaceKind, PlaceRoleKind, SpaceKind, UserCategory
from preau.places.models import Space
from preau.pricing.actions.tariffs import assign, create_tariff, save_grid, save_lines
from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit, Residence
from preau.pricing.models import CancellationTier, Deposit, Option, Quota
from preau.territories.models import SchoolHoliday
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.availability.factories import open_space
from tests.notifications import factories as queue
from tests.places.factories import PlaceFactory, PlaceRoleFactory, SpaceFactory
from tests.territories.factories import CommuneFactory

INSURANCE = Asked(
    DocumentKind.INSURANCE,
    [UserCategory.ASSOCIATION, UserCategory.COMPANY],
    with_request=True,
)
#: (name, first day, last day) as month, day; the months before July are the next year's.
HOLIDAYS = [
    ("Vacances de la Toussaint", (10, 19), (11, 2)),
    ("Vacances de Noël", (12, 18), (1, 3)),
    ("Vacances d’hiver", (2, 12), (2, 28)),
    ("Vacances de printemps", (4, 8), (4, 24)),
    ("Vacances d’été", (7, 4), (8, 31)),
]


# --- What happens while people wait


def worker():
    """The real worker, until nothing is due, in a thread: a browser's event loop is here.

    It reads the same clock as the test, stopped or not.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(contextvars.copy_context().run, queue.work).result()


def empty_queue():
    """Tests on real connections leave their jobs behind: they are not for this worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def run(task, *args):
    """One task of the worker by itself, in a thread for the same reason; then what it asked for."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(contextvars.copy_context().run, _alone, task, *args).result()
    worker()


def _alone(task, *args):
    try:
        task(*args)
    finally:
        connection.close()


def link_in(mail, start="/"):
    """The address of the first link of the letter that begins with this path."""
    found = [urlsplit(one) for one in re.findall(r"https?://\S+", mail.text)]
    return next(one.path for one in found if one.path.startswith(start))


# --- A collège


@dataclass
class College:
    room: Space
    other: Space
    head: object
    president: object
    clerk: object
    first: date
    last: date
    taken: date


def school_year():
    """From the first September that is at least a month away to the next June."""
    today = clock.today()
    year = today.year if today < date(today.year, 8, 1) else today.year + 1
    return date(year, 9, 1), date(year + 1, 6, 30)


def college():
    """A class room lent on term evenings: two accords, insurance, three signatories."""
    load_national_models()
    first, last = school_year()
    _holidays(first.year)
    owner = OrganizationFactory(
        verified=True, kind=OrganizationKind.DEPARTEMENT, name="Département de l’Isère"
    )
    place = PlaceFactory(
        owner=owner,
        name="Collège Jean-Moulin",
        slug="college-jean-moulin",
        kind=PlaceKind.ETABLISSEMENT_SCOLAIRE,
        house_rules="Rangez les chaises.\nFermez les fenêtres.",
        contact_phone="0476111111",
        commune=CommuneFactory(),
    )
    rooms = [
        SpaceFactory(
            place=place,
            name=name,
            slug=slug,
            kind=SpaceKind.SALLE_CLASSE,
            capacity=30,
            horizon_days=730,
        )
        for name, slug in (("Salle de musique", "musique"), ("Salle d’arts plastiques", "arts"))
    ]
    for room in rooms:
        open_space(room, BY_KEY["classe"].lines(clock.today(place.zone)))
    president = MembershipFactory(
        organization=OrganizationFactory(
            verified=True, name="Chorale des Deux-Rives", commune=place.commune
        ),
        role=MembershipRole.ADMINISTRATOR,
        user=UserFactory(email="presidente@example.org", first_name="Inès", last_name="Favre"),
    )
    head = PlaceRoleFactory(
        place=place,
        role=PlaceRoleKind.HEAD_OF_SCHOOL,
        user=UserFactory(email="principale@example.org", first_name="Hélène", last_name="Roche"),
    ).user
    clerk = MembershipFactory(
        organization=owner,
        role=MembershipRole.MANAGER,
        user=UserFactory(email="education@example.org", first_name="Marc", last_name="Perrin"),
    )
    _college_rules(place, head, clerk.user)
    _college_prices(owner, place)
    tuesday = first + timedelta(days=(1 - first.weekday()) % 7)
    taken = tuesday + timedelta(weeks=2)
    occupy(rooms[0], evening_of(place, taken), _own_use("Réunion de rentrée"), actor=SYSTEM)
    for room in rooms:
        index.index_space(Space.objects.get(pk=room.pk))
    return College(rooms[0], rooms[1], head, president, clerk, tuesday, last, taken)


def _holidays(year):
    for name, (month, day), (last_month, last_day) in HOLIDAYS:
        starts = date(year + (month < 9), month, day)
        ends = date(year + (last_month < 9), last_month, last_day)
        SchoolHoliday.objects.create(zone="A", name=name, first_day=starts, last_day=ends)


def _college_rules(place, head, clerk):
    steps = [
        Step(Approver.HEAD_OF_SCHOOL, Approver.HEAD_OF_SCHOOL.label, 120),
        Step(Approver.OWNER, "Direction de l’éducation", 72),
    ]
    rules = _rules(place.owner, "Collèges, hors temps scolaire", LegalCase.COLLEGE, steps)
    assign_rules(rules, [place], [], actor=SYSTEM)
    _signs(place.owner, clerk, "directeur de l’éducation, par délégation")
    who = Person(name=head.full_name, email=head.email, capacity="principale")
    appoint(place.owner, who, role=AuthorityRole.HEAD_OF_SCHOOL, place=place, actor=SYSTEM)
    record_opinion(
        place,
        board="Le conseil d’administration",
        given_on=clock.today(place.zone) - timedelta(days=45),
        is_favorable=True,
        actor=SYSTEM,
    )


def _college_prices(owner, place):
    """5 € an hour; ten hours a week of term are free for the associations of the commune."""
    tariff = _tariff(owner, "Collèges, salles de classe", {("", RateUnit.HOUR): 500})
    free = {"audience": UserCategory.ASSOCIATION, "residence": Residence.LOCAL}
    free |= {"kind": QuotaKind.MINUTES, "limit": 600, "per": QuotaPer.WEEK, "term_only": True}
    save_lines(tariff, Quota, [free], actor=SYSTEM)
    assign(tariff, places=[place], spaces=[], actor=SYSTEM)


# --- An auditorium


@dataclass
class Auditorium:
    hall: Space
    studio: Space
    agent: object
    company: object
    rival: object


def auditorium():
    """A town's auditorium: by the day, options that run out, a deposit, two signatories."""
    load_national_models()
    town = OrganizationFactory(verified=True, town=True, name="Ville de Grenoble")
    place = PlaceFactory(owner=town, name="La Source", slug="la-source", kind=PlaceKind.AUDITORIUM)
    hall = SpaceFactory(
        place=place,
        name="Auditorium",
        slug="auditorium",
        kind=SpaceKind.AUDITORIUM,
        capacity=250,
        max_minutes=4 * 1440,
    )
    studio = SpaceFactory(
        place=place,
        name="Studio",
        slug="studio",
        kind=SpaceKind.AUDITORIUM,
        capacity=60,
        max_minutes=4 * 1440,
    )
    for space in (hall, studio):
        open_space(space)
        index.index_space(space)
    agent = MembershipFactory(
        organization=town,
        role=MembershipRole.MANAGER,
        user=UserFactory(email="culture@example.org", first_name="Sofia", last_name="Diallo"),
    )
    steps = [Step(Approver.ANY, Approver.ANY.label, 96)]
    rules = _rules(town, "Auditorium", LegalCase.PUBLIC_DOMAIN, steps, economic=True)
    assign_rules(rules, [place], [], actor=SYSTEM)
    _signs(town, agent.user, "adjointe à la culture, par délégation")
    _auditorium_prices(place)
    company, rival = _company("Ateliers Vercors", "ateliers"), _company("Cimes", "cimes")
    return Auditorium(hall, studio, agent, company, rival)


def _auditorium_prices(place):
    """The halls share one stage screen and six microphones."""
    company = UserCategory.COMPANY
    tariff = _tariff(
        place.owner,
        "Auditoriums",
        {("", RateUnit.DAY): 45_000, (company, RateUnit.DAY): 70_000, ("", RateUnit.HOUR): 9_000},
    )
    save_lines(tariff, Deposit, [{"amount_cents": 100_000}], actor=SYSTEM)
    tiers = [{"hours_before": 30 * 24, "fee_percent": 50}]
    save_lines(tariff, CancellationTier, tiers, actor=SYSTEM)
    options = [
        {"name": "Micro sans fil", "amount_cents": 1_000, "unit": OptionUnit.UNIT, "stock": 6},
        {"name": "Écran de 6 mètres", "amount_cents": 6_000, "unit": OptionUnit.DAY, "stock": 1},
        {"name": "Ménage", "amount_cents": 8_000, "unit": OptionUnit.BOOKING},
    ]
    save_lines(tariff, Option, options, actor=SYSTEM)
    assign(tariff, places=[place], spaces=[], actor=SYSTEM)


def _company(name, box):
    return MembershipFactory(
        organization=OrganizationFactory(verified=True, kind=OrganizationKind.COMPANY, name=name),
        role=MembershipRole.ADMINISTRATOR,
        user=UserFactory(email=f"{box}@example.org", first_name="Paul", last_name=name),
    )


# --- A room with a line


@dataclass
class Line:
    room: Space
    agent: object
    people: list


def line():
    """A room of a town, an agent who answers, and four residents who want the same evening."""
    town = OrganizationFactory(verified=True, town=True, name="Ville de Voiron")
    place = PlaceFactory(owner=town, name="Maison des associations", slug="maison-associations")
    room = SpaceFactory(
        place=place, name="Salle Simone-Veil", slug="veil", approval=ApprovalMode.MANAGER
    )
    open_space(room)
    index.index_space(room)
    agent = MembershipFactory(
        organization=town,
        role=MembershipRole.MANAGER,
        user=UserFactory(email="accueil@example.org", first_name="Nadia", last_name="Benali"),
    )
    people = [
        UserFactory(email=f"{name}@example.org", first_name=name.capitalize(), last_name="Petit")
        for name in ("ana", "bruno", "chloe", "driss")
    ]
    return Line(room, agent, people)


# --- What they share


def evening_of(place, day, start=18, end=20):
    zone = place.zone
    return Period(local_instant(day, start * 60, zone), local_instant(day, end * 60, zone))


def _own_use(label):
    return Use(OccupancyKind.OWN_USE, label)


def _rules(owner, name, case, steps, *, economic=False):
    wanted = Wanted(
        name=name,
        completion_days=21,
        offer_hours=24,
        has_waiting_list=True,
        allows_economic_use=economic,
        agreement_model=Model.objects.get(organization=None, case=case),
        steps=steps,
        documents=[INSURANCE],
    )
    return save_rules(owner, wanted, actor=SYSTEM)


def _signs(organization, user, capacity):
    who = Person(name=user.full_name, email=user.email, capacity=capacity)
    appoint(organization, who, role=AuthorityRole.OWNER, actor=SYSTEM)


def _tariff(owner, name, rates):
    tariff = create_tariff(actor=SYSTEM, organization=owner, name=name)
    amounts = {(None, audience, "", unit): cents for (audience, unit), cents in rates.items()}
    return save_grid(tariff, amounts, seen=None, actor=SYSTEM)
