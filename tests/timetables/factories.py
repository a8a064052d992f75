"""A small territory: two communes, two places with hours, services and a mediator."""

from datetime import timedelta

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.availability.opening import RuleData
from preau.core import clock
from preau.timetables.actions import composing, preparing
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.territories.factories import CommuneFactory

WORKING = [RuleData(weekdays=(0, 1, 2, 3, 4), start_minute=9 * 60, end_minute=18 * 60)]


def season(**given):
    """Eight weeks from next Monday but one."""
    today = clock.today()
    monday = today + timedelta(days=14 - today.weekday())
    return {
        "name": "Permanences d’hiver",
        "area_key": given.pop("area_key"),
        "first_day": monday,
        "last_day": monday + timedelta(days=8 * 7 - 1),
        "in_school_holidays": True,
        "on_public_holidays": True,
    } | given


class Territory:
    """A coordinator, a place of theirs, a place of another town, two services."""

    def __init__(self, **given):
        self.commune = CommuneFactory(population=5000)
        self.town = OrganizationFactory(verified=True, town=True, commune=self.commune)
        self.membership = MembershipFactory(organization=self.town, role=MembershipRole.MANAGER)
        self.actor = Actor(self.membership.user, self.membership)
        self.place = PlaceFactory(owner=self.town, commune=self.commune, name="Maison Commune")
        self.space = SpaceFactory(place=self.place, name="Bureau", capacity=10)
        open_space(self.space, WORKING)
        self.timetable = preparing.create(
            season(area_key=f"departement:{self.commune.departement_id}", **given),
            actor=self.actor,
        )

    def other_place(self, name="Mairie voisine"):
        """A place of another town, whose manager answers."""
        commune = CommuneFactory(
            population=3000,
            departement=self.commune.departement,
        )
        town = OrganizationFactory(verified=True, town=True, commune=commune)
        membership = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
        place = PlaceFactory(owner=town, commune=commune, name=name)
        space = SpaceFactory(place=place, name="Salle", capacity=10)
        open_space(space, WORKING)
        return space, Actor(membership.user, membership)

    def need(self, label="Aide aux démarches", **given):
        values = {
            "label": label,
            "provider_name": "CAF",
            "sessions": 2,
            "minutes": 180,
            "weekdays": [0, 1, 2, 3, 4],
        } | given
        return preparing.save_need(self.timetable, values, actor=self.actor)

    def candidate(self, space=None, *, closed=False):
        return preparing.add_candidate(
            self.timetable, space or self.space, is_closed_room=closed, actor=self.actor
        )

    def compose(self):
        self.timetable.refresh_from_db()
        run = composing.compose(self.timetable, actor=self.actor)
        self.timetable.refresh_from_db()
        return run


def published(**given):
    """A territory whose grid of one service is published."""
    from preau.timetables.actions import publishing

    land = Territory(**given)
    land.need()
    land.candidate()
    land.compose()
    publishing.publish(land.timetable, actor=land.actor)
    land.timetable.refresh_from_db()
    return land
