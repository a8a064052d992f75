"""Addresses of the room `timetables`, and the things of the world they lead to."""

from datetime import timedelta
from functools import cached_property

from preau.core import clock
from preau.timetables.enums import HostingState, RunState, TimetableState
from preau.timetables.models import (
    Candidate,
    Forbidding,
    Hosting,
    HostingAgreement,
    Mediator,
    Run,
    ServiceNeed,
    Session,
    Timetable,
)


class TimetablesWorld:
    """Added to `samples.World`."""

    @cached_property
    def timetable(self):
        """A grid of the town, still open, and what is in it."""
        today = clock.today()
        return Timetable.objects.create(
            organization=self.town,
            area_key=f"departement:{self.town.commune.departement_id}",
            name="Permanences",
            first_day=today + timedelta(days=7),
            last_day=today + timedelta(days=60),
            state=TimetableState.PROPOSED,
        )

    @cached_property
    def live_timetable(self):
        """One that is published."""
        today = clock.today()
        return Timetable.objects.create(
            organization=self.town,
            area_key=f"departement:{self.town.commune.departement_id}",
            name="Permanences publiées",
            first_day=today + timedelta(days=7),
            last_day=today + timedelta(days=60),
            state=TimetableState.PUBLISHED,
            published_at=clock.now(),
        )

    @cached_property
    def service_need(self):
        return ServiceNeed.objects.create(
            timetable=self.timetable, provider_name="CAF", label="Aide aux démarches"
        )

    @cached_property
    def mediator(self):
        return Mediator.objects.create(timetable=self.timetable, name="Inès")

    @cached_property
    def candidate(self):
        return Candidate.objects.create(timetable=self.timetable, space=self.space)

    @cached_property
    def sitting(self):
        return Session.objects.create(
            timetable=self.timetable,
            need=self.service_need,
            candidate=self.candidate,
            day=0,
            start=540,
        )

    @cached_property
    def forbidding(self):
        return Forbidding.objects.create(
            timetable=self.timetable, need=self.service_need, half_day=3
        )

    @cached_property
    def computation(self):
        return Run.objects.create(
            timetable=self.timetable,
            number=1,
            words="Composée en une fois",
            state=RunState.DONE,
            ended_at=clock.now(),
        )

    @cached_property
    def hosting(self):
        """Asked of the town's place."""
        return Hosting.objects.create(
            timetable=self.live_timetable, place=self.place, state=HostingState.ASKED
        )

    @cached_property
    def hosting_agreement(self):
        return HostingAgreement.objects.create(hosting=self.hosting, provider_name="CAF")


#: view name → arguments, as a function of the world.
TIMETABLES_SAMPLES = {
    "timetables:stop": lambda world: {"timetable_key": world.live_timetable.key},
    "timetables:feed": lambda world: {
        "timetable_key": world.live_timetable.key,
        "feed_kind": "lieu",
        "feed_id": world.place.pk,
    },
}
#: argument of an address → its value.
TIMETABLES_SAMPLES_BY_ARGUMENT = {
    "timetable_key": lambda world: world.timetable.key,
    "need_id": lambda world: world.service_need.pk,
    "mediator_id": lambda world: world.mediator.pk,
    "candidate_id": lambda world: world.candidate.pk,
    "sitting_id": lambda world: world.sitting.pk,
    "forbidding_id": lambda world: world.forbidding.pk,
    "computation_id": lambda world: world.computation.pk,
    "hosting_id": lambda world: world.hosting.pk,
    "hosting_agreement_id": lambda world: world.hosting_agreement.pk,
}
