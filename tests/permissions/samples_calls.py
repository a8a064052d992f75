"""What the addresses of calls, kits and workshops take."""

from datetime import timedelta
from functools import cached_property

from preau.accounts.actors import Actor
from preau.core import clock
from preau.initiatives import jury_links, kit_files, support_links, workshop_links
from preau.initiatives.actions import calls, kit_uses, kits, submissions, supports, workshops
from preau.initiatives.actions.workshops import WorkshopFacts
from preau.initiatives.enums.calls import CallQuestionKind
from preau.initiatives.models import KitVersion
from tests.initiatives.factories_calls import facts_of, reviewing, written
from tests.projects.factories import actor_for


class CallsWorld:
    """Things of calls, kits and workshops; the town organises, the association answers."""

    def _hat(self, name):
        user, membership = self.people[name]
        return Actor(user, membership)

    @cached_property
    def _organiser(self):
        return self._hat("manager")

    @cached_property
    def call(self):
        return self._published_call()

    def _published_call(self):
        call = calls.draft_call(
            self.town,
            title="Faire vivre la Halle",
            brief="Des ateliers.",
            area_key=f"commune:{self.town.commune_id}",
            actor=self._organiser,
        )
        calls.edit_call(call, facts_of(call), actor=self._organiser)
        calls.add_criterion(call, title="Utilité", weight=2, actor=self._organiser)
        calls.add_question(
            call,
            kind=CallQuestionKind.TEXT,
            label="Quand ?",
            required=False,
            actor=self._organiser,
        )
        seat = calls.invite_reviewer(
            call, email="jury@example.org", role="jury", actor=self._organiser
        )
        calls.join_jury(seat, actor=self._hat("resident"))
        return calls.publish(call, actor=self._organiser)

    @cached_property
    def reviewer(self):
        return self.call.reviewers.get()

    @cached_property
    def submission(self):
        """Under examination: the jury reads it."""
        made = written(self._published_call(), self._hat("holder_member"))
        made = submissions.send(made, actor=self._hat("holder_member"))
        reviewing(made.call, self._organiser)
        return made

    @cached_property
    def submission_draft(self):
        return written(self.call, self._hat("holder_member"))

    @cached_property
    def kit_version(self):
        version = kits.draft_kit(
            title="Bourse aux plants", purpose="Échanger.", themes=[], actor=self._organiser
        )
        kits.add_step(version, {"title": "Trouver le soutien"}, actor=self._organiser)
        return version

    @cached_property
    def kit_use(self):
        kit_files.load_kits()
        version = KitVersion.objects.get(kit__slug="repair-cafe")
        project = self.project
        holder = actor_for(project.holder_organization.memberships.first() or self._mayor())
        use = kit_uses.take(version, project, actor=holder)
        return kit_uses.open_support(use, appeal="Venez !", actor=holder)

    def _mayor(self):
        from tests.accounts.factories import MembershipFactory

        return MembershipFactory(organization=self.project.holder_organization)

    @cached_property
    def support(self):
        return supports.give(
            self.kit_use,
            first_name="Ana",
            commune=self.town.commune,
            email="",
            actor=self._hat("resident"),
        )

    @cached_property
    def currency(self):
        holder = actor_for(self.project.holder_organization.memberships.first() or self._mayor())
        return kit_uses.record_currency(
            self.project,
            name="Le Cairn",
            partners="Épicerie",
            since=clock.today(),
            actor=holder,
        )

    @cached_property
    def workshop(self):
        start = clock.now() + timedelta(days=3)
        facts = WorkshopFacts(
            title="Que faire de la Halle ?",
            area_key=f"commune:{self.town.commune_id}",
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            location="Mairie",
            is_public=True,
        )
        return workshops.announce(self.town, facts, actor=self._organiser)

    @cached_property
    def workshop_guest(self):
        people = [("anne@example.org", "Anne", "")]
        return workshops.invite(self.workshop, people, actor=self._organiser)[0]

    @cached_property
    def watch_note(self):
        return workshops.watch(
            self.town,
            text="Une friche",
            area_key=f"commune:{self.town.commune_id}",
            actor=self._organiser,
        )


CALLS_SAMPLES = {
    "initiatives:submission_idea": lambda world: {"submission_key": world.submission_draft.key},
    "initiatives:submission_questions": lambda world: {
        "submission_key": world.submission_draft.key,
        "screen_number": 1,
    },
    "initiatives:submission_recap": lambda world: {"submission_key": world.submission_draft.key},
}
CALLS_SAMPLES_BY_ARGUMENT = {
    "call_key": lambda world: world.call.key,
    "submission_key": lambda world: world.submission.key,
    "screen_number": lambda world: 1,
    "call_question_id": lambda world: world.call.questions.get().pk,
    "criterion_id": lambda world: world.call.criteria.get().pk,
    "reviewer_id": lambda world: world.reviewer.pk,
    "jury_token": lambda world: jury_links.page_for(world.reviewer).split("/")[-2],
    "answering_key": lambda world: world.project.key,
    "kit_slug": lambda world: world.kit_use.version.kit.slug,
    "kept_kit_id": lambda world: world.kit_version.kit_id,
    "kit_version_id": lambda world: world.kit_version.pk,
    "kit_step_id": lambda world: world.kit_version.steps.get().pk,
    "kit_use_key": lambda world: world.kit_use.key,
    "support_page_key": lambda world: world.kit_use.key,
    "support_id": lambda world: world.support.pk,
    "support_token": lambda world: support_links.page_for(world.support).split("/")[-2],
    "currency_key": lambda world: world.project.key,
    "currency_id": lambda world: world.currency.pk,
    "workshop_key": lambda world: world.workshop.key,
    "workshop_guest_id": lambda world: world.workshop_guest.pk,
    "workshop_token": lambda world: workshop_links.page_for(world.workshop_guest).split("/")[-2],
    "watch_id": lambda world: world.watch_note.pk,
}
