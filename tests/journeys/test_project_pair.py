"""The pair at work in a browser: every page of theirs with axe, and a morning without a script."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.projects.actions import assigning
from preau.projects.enums import Priority, ProjectState, ServiceKind
from preau.projects.models import Absence, Project, ThemeRule
from preau.resources.enums import Theme
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, agent_of, assigned, blockage, pair_of, service
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
OF_PROJECT = ("sheet", "triage", "priority", "hand_over", "assign", "refuse", "redirect", "qualify")
OF_SERVICE = ("service", "referent", "absence_add", "rule_add")


@pytest.fixture
def pair():
    return pair_of(CommuneFactory())


@pytest.fixture
def agent(pair):
    return agent_of(pair.ddt, MembershipRole.MANAGER)


@pytest.fixture
def project(pair, agent):
    """Late, high in the list, its person in charge away, another service asked."""
    one = ProjectFactory(
        name="Renaturation des berges, de la confluence au parc des sports intercommunal",
        themes=[Theme.EAU_BIODIVERSITE, Theme.SPORT],
        acknowledge_by=clock.now() - timedelta(days=1),
        priority=Priority.HIGH,
        priority_reason="Crue de l’automne",
    )
    today = clock.today()
    Absence.objects.create(
        service=pair.ddt,
        user=one.in_charge,
        first_day=today - timedelta(days=1),
        last_day=today + timedelta(days=2),
        replaced_by=agent.user,
    )
    assigned(one, pair.ddt, "pilote", user=one.in_charge)
    asked, other = service(kind=ServiceKind.OTHER)[0], service(kind=ServiceKind.OTHER)[0]
    assigning.assign(one, asked, due_on=today + timedelta(days=9), actor=agent)
    ThemeRule.objects.create(departement=pair.departement, theme=Theme.SPORT, service=other)
    blockage(one)
    ProjectFactory(updated_at=clock.now() - timedelta(days=99))
    return one


def visit(visitor, addresses):
    for address in addresses:
        visitor.go(address)
        visitor.assert_accessible()


def test_every_page_of_the_pair(pair, agent, project, open_visitor):
    visitor = open_visitor()
    visitor.sign_in(agent.user, agent.membership)
    inbox = reverse("projects:inbox")
    lists = ("a-trier", "en-charge", "affectations", "dormants", "blocages")
    visit(visitor, [f"{inbox}?vue={name}" for name in lists])
    visit(visitor, [f"{inbox}?theme=numerique", reverse("projects:follow_up")])
    visit(visitor, [reverse(f"projects:{name}", args=[project.key]) for name in OF_PROJECT])
    visit(visitor, [reverse(f"projects:{name}", args=[pair.ddt_id]) for name in OF_SERVICE])
    made = project.assignments.get(state="proposee")
    visit(visitor, [reverse("projects:assignment", args=[made.pk])])
    visit(visitor, [reverse("projects:service_person", args=[pair.ddt_id, agent.user_id])])
    visitor.check()


def test_the_operator_s_pages(pair, open_visitor):
    visitor = open_visitor()
    visitor.sign_in(UserFactory(is_operator=True))
    names = ("services", "service_new", "pair_new")
    visit(visitor, [reverse(f"projects:{name}") for name in names])
    visit(visitor, [reverse("projects:pair_edit", args=[pair.departement_id])])
    visit(visitor, [reverse("projects:service_edit", args=[pair.ddt_id])])
    visitor.check()


def test_a_morning_without_a_script(pair, agent, project, open_visitor):
    """From the list: taken into account in one tap, then given to somebody by a rule."""
    visitor = open_visitor(javascript=False)
    visitor.sign_in(agent.user, agent.membership)
    page = visitor.go(reverse("projects:inbox"))
    page.get_by_role("button", name=f"Prendre en compte : {project.name}").click()
    page.get_by_text("est pris en compte").wait_for()
    visitor.go(reverse("projects:triage", args=[project.key]))
    page.get_by_role("button", name="Affecter à").first.click()
    page.get_by_text("Sa réponse s’affichera ici").wait_for()
    assert Project.objects.get(pk=project.pk).state == ProjectState.ACKNOWLEDGED
    assert project.assignments.count() == 3
