"""Calls in each state, who answers them, who judges."""

from datetime import timedelta

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import clock
from preau.initiatives.actions import calls, submissions
from preau.initiatives.actions.calls import CallFacts
from preau.initiatives.enums.calls import CallQuestionKind, ReviewerRole
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.projects.factories import actor_for
from tests.territories.factories import CommuneFactory


def keeper(organization=None) -> Actor:
    """Somebody who manages a verified commune."""
    organization = organization or OrganizationFactory(
        kind=OrganizationKind.COMMUNE, verified=True, commune=CommuneFactory()
    )
    return actor_for(MembershipFactory(organization=organization, role=MembershipRole.MANAGER))


def association() -> Actor:
    return actor_for(MembershipFactory(role=MembershipRole.MANAGER))


def facts_of(call, **more) -> CallFacts:
    now = clock.now()
    return CallFacts(
        **(
            {
                "title": call.title,
                "brief": "Des ateliers le samedi.",
                "area_key": call.area_key,
                "opens_at": now - timedelta(days=1),
                "closes_at": now + timedelta(days=20),
            }
            | more
        )
    )


def draft(actor, **more):
    call = calls.draft_call(
        actor.organization,
        title="Faire vivre la Halle",
        brief="Des ateliers le samedi.",
        area_key="departement:38",
        actor=actor,
    )
    return calls.edit_call(call, facts_of(call, **more), actor=actor)


def published(actor, *, weights=(1,), questions=(), **more):
    """A call that is open; `questions` are (kind, required)."""
    call = draft(actor, **more)
    for number, weight in enumerate(weights, start=1):
        calls.add_criterion(call, title=f"Critère {number}", weight=weight, actor=actor)
    for number, (kind, required) in enumerate(questions, start=1):
        choices = ("Matin", "Soir") if kind == CallQuestionKind.CHOICE else ()
        calls.add_question(
            call,
            kind=kind,
            label=f"Question {number}",
            choices=choices,
            required=required,
            actor=actor,
        )
    return calls.publish(call, actor=actor)


def written(call, actor, title="Repair café de la Halle"):
    """A draft whose first screen is done."""
    made = submissions.start(call, actor=actor)
    return submissions.save_idea(
        made,
        title=title,
        summary="On répare ensemble, le samedi matin.",
        commune=CommuneFactory(),
        phone="0476000000",
        actor=actor,
    )


def sent(call, actor, title="Repair café de la Halle"):
    return submissions.send(written(call, actor, title), actor=actor)


def juror(call, actor, role=ReviewerRole.JUROR) -> Actor:
    """One more of the jury, who has accepted."""
    user = UserFactory()
    seat = calls.invite_reviewer(call, email=user.email, role=role, actor=actor)
    calls.join_jury(seat, actor=Actor(user))
    return Actor(user)


def over(call):
    """The call, after its closing day."""
    now = clock.now()
    type(call).objects.filter(pk=call.pk).update(
        opens_at=now - timedelta(days=30), closes_at=now - timedelta(minutes=1)
    )
    call.refresh_from_db()
    return call


def reviewing(call, actor):
    return calls.begin_review(over(call), actor=actor)
