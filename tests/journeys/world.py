"""A small world to walk through: a college with its head, a town with its agents, their public."""

from dataclasses import dataclass
from datetime import timedelta

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.availability import index
from preau.availability.facts import day_facts
from preau.availability.presets import BY_KEY
from preau.core import clock
from preau.notifications.models import Email
from preau.places.enums import ApprovalMode, PlaceKind, PlaceRoleKind, SpaceKind
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, PlaceRoleFactory, SpaceFactory, hall_in_thirds
from tests.territories.factories import CommuneFactory

ASSOCIATION = "Chorale des Deux-Rives"
TUESDAY = 1


@dataclass
class College:
    room: object
    head: object
    president: object
    association: object


def college():
    """A class room open on term evenings, a few kilometres from an association's commune."""
    departement = OrganizationFactory(
        verified=True, kind=OrganizationKind.DEPARTEMENT, name="Département de l’Isère"
    )
    home = CommuneFactory(
        code="38382",
        name="Saint-Égrève",
        latitude=45.2338,
        longitude=5.6837,
        postcodes=["38120"],
        population=16000,
    )
    place = PlaceFactory(
        owner=departement,
        name="Collège Jean-Moulin",
        slug="college-jean-moulin",
        kind=PlaceKind.ETABLISSEMENT_SCOLAIRE,
        house_rules="Rangez les chaises.\nFermez les fenêtres.",
        commune=CommuneFactory(),
    )
    room = SpaceFactory(
        place=place, name="Salle de musique", slug="musique", kind=SpaceKind.SALLE_CLASSE
    )
    open_space(room, BY_KEY["classe"].lines(clock.today(place.zone)))
    index.index_space(room)
    association = OrganizationFactory(verified=True, name=ASSOCIATION, commune=home)
    president = MembershipFactory(
        organization=association,
        role=MembershipRole.ADMINISTRATOR,
        user=UserFactory(email="presidente@example.org", first_name="Inès", last_name="Favre"),
    )
    head = PlaceRoleFactory(
        place=place,
        role=PlaceRoleKind.HEAD_OF_SCHOOL,
        user=UserFactory(email="principale@example.org", first_name="Hélène", last_name="Roche"),
    )
    return College(room, head.user, president, association)


@dataclass
class Gym:
    hall: object
    thirds: list
    resident: object


def gym():
    """A hall in thirds that says yes at once."""
    place = PlaceFactory(name="Gymnase des Cimes", slug="gymnase-des-cimes", kind=PlaceKind.GYMNASE)
    hall = hall_in_thirds(
        place, name="Grande halle", slug="grande-halle", approval=ApprovalMode.IMMEDIATE
    )
    open_space(hall)
    parts = list(hall.parts.order_by("pk"))
    for space in (hall, *parts):
        index.index_space(space)
    return Gym(hall, parts[:3], UserFactory(first_name="Nour", last_name="Blanc"))


@dataclass
class Town:
    place: object
    room: object
    agent: object
    caretaker: object
    occupant: Actor

    @property
    def manager(self):
        return Actor(self.agent.user, self.agent)


def town():
    """A town hall's house with one busy room, its agent and its caretaker."""
    organization = OrganizationFactory(verified=True, town=True, name="Ville de Grenoble")
    place = PlaceFactory(
        owner=organization, name="Maison des habitants", slug="maison-des-habitants"
    )
    room = SpaceFactory(place=place, name="Salle Olympe-de-Gouges", slug="olympe")
    open_space(room)
    index.index_space(room)
    caretaker = MembershipFactory(organization=organization, role=MembershipRole.CARETAKER)
    agent = MembershipFactory(organization=organization, role=MembershipRole.MANAGER)
    occupant = Actor(UserFactory(first_name="Karim", last_name="Benali"))
    return Town(place, room, agent, caretaker, occupant)


def term_evening(place, weekday=TUESDAY):
    """The first such weekday, from ten days on, with school and without public holiday."""
    first = clock.today(place.zone) + timedelta(days=10)
    days = [first + timedelta(days=n) for n in range(120)]
    facts = day_facts(place, days[0], days[-1])
    return next(
        day
        for day in days
        if day.weekday() == weekday
        and not facts.is_school_holiday(day)
        and not facts.is_public_holiday(day)
    )


def letter(to, word):
    """The last e-mail written to somebody whose subject contains this."""
    found = Email.objects.filter(recipient=to, subject__contains=word).order_by("-pk").first()
    subjects = list(Email.objects.values_list("recipient", "subject"))
    assert found, f"No e-mail to {to} about « {word} » among {subjects}"
    return found
