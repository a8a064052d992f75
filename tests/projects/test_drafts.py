"""Drafts left alone are thrown away after a warning; « Mes projets »."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from preau.accounts.actions import close_account
from preau.accounts.actors import Actor
from preau.core import clock
from preau.notifications.models import Email, Notification
from preau.projects.actions import drafts, filing
from preau.projects.enums import ProjectRole, ProjectState
from preau.projects.filers import Filer
from preau.projects.models import Filing, Project
from preau.projects.queries.drafts import PAGE, mine
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.projects.factories import ProjectFactory, actor_for, days_ago, member

pytestmark = pytest.mark.django_db


def draft(days, *, user=None, email="", warned=None):
    made = filing.start_draft(by=Filer(Actor(user=user)))
    Filing.objects.filter(project=made).update(
        resume_email=email, warned_at=days_ago(warned) if warned is not None else None
    )
    Project.objects.filter(pk=made.pk).update(updated_at=days_ago(days))
    return made


def left():
    return set(Project.objects.values_list("pk", flat=True))


def test_six_months_and_a_warning():
    person = UserFactory()
    fresh, soon = draft(10), draft(170, user=person)
    by_mail, nobody = draft(170, email="jeanne@voiron.example"), draft(170)
    filed = ProjectFactory()
    Project.objects.filter(pk=filed.pk).update(updated_at=days_ago(900))
    assert drafts.warn_forgotten() == 2
    assert drafts.warn_forgotten() == 0
    assert "bientôt effacé" in Email.objects.get(recipient="jeanne@voiron.example").subject
    assert Notification.objects.filter(user=person).count() == 1
    assert drafts.purge_forgotten() == 0
    with clock.frozen(clock.now() + timedelta(days=15)):
        assert drafts.purge_forgotten() == 3
    assert left() == {fresh.pk, filed.pk}
    assert {soon.pk, by_mail.pk, nobody.pk}.isdisjoint(left())


def test_nobody_loses_a_draft_unwarned_nor_one_taken_up_again():
    late = draft(400, email="jeanne@voiron.example")  # the task had not run
    assert drafts.purge_forgotten() == 0
    drafts.warn_forgotten()
    assert drafts.purge_forgotten() == 0
    with clock.frozen(clock.now() + timedelta(days=20)):
        by = Filer(Actor(), frozenset({late.visitor_key}))
        filing.save_money(late, by=by, budget_cents=1, starts_on=None, ends_on=None)
        assert drafts.purge_forgotten() == 0
    assert left() == {late.pk}


def test_mine_lists_what_the_hat_holds_and_nothing_else():
    town = OrganizationFactory(verified=True)
    membership = MembershipFactory(organization=town)
    actor, alone = actor_for(membership), Actor(user=membership.user)
    of_town = ProjectFactory(holder_organization=town)
    own = ProjectFactory(holder_organization=None, holder_user=membership.user)
    shared = ProjectFactory()
    member(shared, ProjectRole.OBSERVER, user=membership.user)
    begun = ProjectFactory(
        state=ProjectState.DRAFT, holder_organization=None, holder_user=membership.user
    )
    ProjectFactory(state=ProjectState.DRAFT)
    ProjectFactory()
    assert {one.pk for one in mine(actor).projects} == {of_town.pk, own.pk, shared.pk, begun.pk}
    assert {one.pk for one in mine(alone).projects} == {own.pk, shared.pk, begun.pk}


def test_pages_follow_without_a_hole_and_cost_the_same(django_assert_max_num_queries):
    town = OrganizationFactory(verified=True)
    membership = MembershipFactory(organization=town)
    at = clock.now()
    for rank in range(PAGE + 5):
        made = ProjectFactory(holder_organization=town)
        Project.objects.filter(pk=made.pk).update(updated_at=at - timedelta(hours=rank // 3))
    client = sign_in(Client(), membership.user, membership)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("projects:mine"))
    seen = [one.pk for one, _ in page.context["projects"]]
    rest = client.get(reverse("projects:mine") + page.context["next_url"])
    seen += [one.pk for one, _ in rest.context["projects"]]
    assert len(seen) == len(set(seen)) == PAGE + 5
    assert not rest.context["next_url"]
    for odd in ("x", "1-2-3", "9" * 40 + "-1", "-", "१-१"):
        assert client.get(reverse("projects:mine"), {"apres": odd}).status_code == 200


def test_drafts_leave_with_their_person_but_not_those_of_an_organisation():
    membership = MembershipFactory()
    own = draft(1, user=membership.user)
    common = draft(1, user=membership.user)
    Project.objects.filter(pk=common.pk).update(holder_organization=membership.organization)
    MembershipFactory(organization=membership.organization, role="administrateur")
    close_account(actor=Actor(user=membership.user))
    assert not Project.objects.filter(pk=own.pk).exists()
    common.refresh_from_db()
    assert (common.holder_user, common.holder_organization) == (None, membership.organization)
