"""Money asked and granted: what is kept, what is refused, what it comes to."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.projects.actions import funding
from preau.projects.actions.funding import FundingFacts
from preau.projects.enums import EventKind, FundingState, ProjectRole, ProjectState
from preau.projects.models import FundingRequest, ProjectEvent, Recommendation
from preau.projects.queries.impact import funding_of, proposed_to
from tests.accounts.factories import MembershipFactory, sign_in
from tests.projects.factories import ProjectFactory, actor_for, agent_of, member, pair_of

pytestmark = pytest.mark.django_db
S = FundingState
DAY = date(2026, 3, 2)
ASKED = {"state": S.ASKED, "asked_cents": 1_250_050, "asked_on": DAY}
GRANTED = ASKED | {"state": S.GRANTED, "granted_cents": 900_000, "decided_on": date(2026, 6, 1)}


@pytest.fixture
def project():
    return ProjectFactory(state=ProjectState.ACCOMPANIED, budget_cents=2_000_000)


@pytest.fixture
def mayor(project):
    return actor_for(MembershipFactory(organization=project.holder_organization))


def facts(**more):
    return FundingFacts(**({"label": "DETR 2026"} | more))


def recommendation(project, sent=True):
    moment = clock.now() if sent else None
    return Recommendation.objects.create(
        project=project,
        kind="financement",
        title="La DETR",
        rationale="Taux de 40 %",
        state="proposee" if sent else "brouillon",
        sent_at=moment,
    )


def test_a_request_goes_from_idea_to_money_and_history_tells(project, mayor):
    one = funding.add(project, facts(), actor=mayor)
    one = funding.change(one, facts(**ASKED), actor=mayor, seen_state="envisagee")
    one = funding.change(one, facts(**GRANTED), actor=mayor, seen_state="deposee")
    lines = ProjectEvent.objects.filter(kind=EventKind.FUNDING).order_by("pk")
    assert [(line.before, line.after) for line in lines] == [
        ("", "envisagee"),
        ("envisagee", "deposee"),
        ("deposee", "accordee"),
    ]
    assert "12\u202f500,50\u00a0€ demandés" in lines[2].reason
    assert lines[2].subject == "DETR 2026"
    found = funding_of(project)
    assert (found.asked_cents, found.granted_cents, found.waiting_cents) == (1_250_050, 900_000, 0)
    assert found.rate == "45"


def test_totals_count_what_was_sent_only(project, mayor):
    funding.add(project, facts(asked_cents=99_900), actor=mayor)
    funding.add(project, facts(**ASKED), actor=mayor)
    funding.add(project, facts(**ASKED | {"state": S.REFUSED, "decided_on": DAY}), actor=mayor)
    found = funding_of(project)
    assert (found.asked_cents, found.waiting_cents) == (2_500_100, 1_250_050)
    assert found.rate == "0"
    assert funding_of(ProjectFactory()).rate == ""


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"state": S.ASKED}, "asked_cents"),
        ({"state": S.ASKED, "asked_cents": 0, "asked_on": DAY}, "asked_cents"),
        ({"state": S.ASKED, "asked_cents": 5}, "asked_on"),
        (GRANTED | {"granted_cents": None}, "granted_cents"),
        (GRANTED | {"decided_on": None}, "decided_on"),
        (GRANTED | {"decided_on": date(2026, 1, 1)}, "decided_on"),
        (ASKED | {"asked_on": date(2090, 1, 1)}, "asked_on"),
    ],
)
def test_what_is_missing_is_said_on_its_field(project, mayor, more, field):
    with pytest.raises(Refusal) as caught:
        funding.add(project, facts(**more), actor=mayor)
    assert caught.value.field == field
    assert not FundingRequest.objects.exists()


def test_what_another_state_makes_meaningless_is_dropped(project, mayor):
    one = funding.add(project, facts(**GRANTED), actor=mayor)
    one = funding.change(one, facts(**GRANTED | {"state": S.ASKED}), actor=mayor)
    assert (one.granted_cents, one.decided_on) == (None, None)


def test_the_table_guards_the_same(project):
    for wrong in (
        {"state": "deposee"},
        {"state": "accordee", "granted_cents": 5},
        {"state": "envisagee", "granted_cents": 5},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FundingRequest.objects.create(project=project, label="x", **wrong)


def test_two_people_at_once_the_second_reads_again(project, mayor):
    one = funding.add(project, facts(**ASKED), actor=mayor)
    agent = agent_of(pair_of(project.lead_commune).ddt)
    funding.change(one, facts(**GRANTED), actor=agent, seen_state="deposee")
    with pytest.raises(Refusal) as caught:
        funding.change(
            one, facts(**ASKED | {"state": S.WITHDRAWN}), actor=mayor, seen_state="deposee"
        )
    assert caught.value.code == "moved"


def test_a_withdrawn_one_is_not_granted_at_a_stroke(project, mayor):
    one = funding.add(project, facts(state=S.WITHDRAWN), actor=mayor)
    with pytest.raises(Refusal) as caught:
        funding.change(one, facts(**GRANTED), actor=mayor)
    assert caught.value.code == "transition"


def test_neither_an_observer_nor_a_stranger_writes(project, mayor):
    one = funding.add(project, facts(), actor=mayor)
    for who in (member(project, ProjectRole.OBSERVER), member(ProjectFactory())):
        with pytest.raises(Forbidden):
            funding.add(project, facts(), actor=who)
        with pytest.raises(Forbidden):
            funding.change(one, facts(**ASKED), actor=who)


def test_a_draft_recommendation_is_neither_offered_nor_taken(project, mayor):
    draft, sent = recommendation(project, sent=False), recommendation(project)
    elsewhere = recommendation(ProjectFactory())
    assert list(proposed_to(project)) == [sent]
    for wrong in (draft, elsewhere):
        with pytest.raises(Refusal):
            funding.add(project, facts(recommendation=wrong), actor=mayor)
    assert funding.add(project, facts(recommendation=sent), actor=mayor).recommendation == sent


def client_of(client, actor):
    return sign_in(client, actor.user, actor.membership)


def test_the_page_reads_french_amounts_and_keeps_what_was_typed(client, project, mayor):
    client = client_of(client, mayor)
    url = f"/projets/{project.key}/financements/ajouter/"
    typed = {
        "label": "Fonds vert",
        "state": "deposee",
        "asked_cents": "12 500,50",
        "asked_on": "02/03/2026",
        "granted_cents": "douze",
    }
    page = client.post(url, typed)
    assert "n’est pas lisible" in page.text
    assert "12 500,50" in page.text
    client.post(url, typed | {"granted_cents": ""})
    assert FundingRequest.objects.get().asked_cents == 1_250_050
    shown = client.get(f"/projets/{project.key}/financements/").text
    assert "12\u202f500,50\u00a0€" in shown
    assert "62,5" not in shown


def test_another_projects_request_is_not_found(client, project, mayor):
    client = client_of(client, mayor)
    other = FundingRequest.objects.create(project=ProjectFactory(), label="x")
    assert client.get(f"/projets/{project.key}/financements/{other.pk}/").status_code == 404


def test_what_is_shown_to_an_observer_has_no_button(client, project, mayor):
    funding.add(project, facts(**ASKED), actor=mayor)
    client = client_of(client, member(project, ProjectRole.OBSERVER))
    page = client.get(f"/projets/{project.key}/financements/").text
    assert "DETR 2026" in page
    assert "Ajouter" not in page
    assert "Modifier" not in page
    assert client.get(f"/projets/{project.key}/financements/ajouter/").status_code == 403


def test_dates_are_of_the_place(project, mayor):
    tomorrow = (clock.now() + timedelta(days=2)).date()
    with pytest.raises(Refusal):
        funding.add(project, facts(**ASKED | {"asked_on": tomorrow}), actor=mayor)
