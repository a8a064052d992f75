"""The town receives people in its place; its member keeps a file."""

from datetime import timedelta
from functools import cached_property

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership
from preau.core import clock
from preau.mediation.actions import following
from preau.mediation.models import Training
from tests.accounts.factories import MembershipFactory
from tests.mediation.factories import event, file_of, sheet_of, visit


class MediationWorld:
    """Added to `samples.World`."""

    @cached_property
    def town_member(self):
        return Actor(*self.people["member"])

    @cached_property
    def visited(self):
        return sheet_of(self.place)

    @cached_property
    def visit(self):
        return visit(self.visited, self.town_member)

    @cached_property
    def follow_up(self):
        return file_of(self.visited, self.town_member)

    @cached_property
    def left_file(self):
        """One whose mediator has left since."""
        gone = MembershipFactory(organization=self.town, role=MembershipRole.MEMBER)
        made = file_of(self.visited, Actor(gone.user, gone))
        Membership.objects.filter(pk=gone.pk).update(ended_at=clock.now())
        return made

    @cached_property
    def follow_step(self):
        today = clock.today(self.visited.zone)
        return following.add_step(
            self.follow_up,
            day=today,
            theme="droits",
            text="Dossier envoyé",
            next_on=today + timedelta(days=9),
            actor=self.town_member,
        )

    @cached_property
    def mandate(self):
        today = clock.today(self.visited.zone)
        return following.give_mandate(
            self.follow_up,
            scope="Carte grise",
            signed_on=today,
            until=today,
            actor=self.town_member,
        )

    @cached_property
    def training(self):
        return Training.objects.create(
            organization=self.town,
            person=self.people["member"][0],
            title="Accueillir",
            followed_on=clock.today(),
            hours=14,
        )

    @cached_property
    def place_event(self):
        return event(self.visited, self.town_member)[0]


#: view name → arguments, as a function of the world.
MEDIATION_SAMPLES = {
    "mediation:reassign": lambda world: {"file_key": world.left_file.key},
}
#: argument of an address → its value.
MEDIATION_SAMPLES_BY_ARGUMENT = {
    "visited_key": lambda world: world.visited.key,
    "visit_id": lambda world: world.visit.pk,
    "file_key": lambda world: world.follow_up.key,
    "follow_step_id": lambda world: world.follow_step.pk,
    "mandate_id": lambda world: world.mandate.pk,
    "training_id": lambda world: world.training.pk,
    "agenda_slug": lambda world: world.visited.slug,
    "event_key": lambda world: world.place_event.key,
}
