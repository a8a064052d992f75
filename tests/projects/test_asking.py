"""What the clock asks holders: where is it, what of the programme."""

from datetime import UTC, date, datetime, timedelta

import pytest

from preau.accounts.actions.people import close_account
from preau.accounts.enums import MembershipRole
from preau.accounts.queries import personal_data
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Notification
from preau.projects.actions import asking, feedback, phases, states
from preau.projects.enums import (
    AskKind,
    EventKind,
    PhaseStatus,
    ProjectRole,
    ProjectState,
    ServiceKind,
)
from preau.projects.models import ImpactAsk, ProgrammeFeedback, Project, ProjectEvent
from preau.projects.queries.feedback import opinion_of, reads_comments
from preau.resources.enums import Phase
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.projects.factories import (
    ProjectFactory,
    actor_for,
    agent_of,
    holder,
    member,
    pair_of,
    programme,
    service,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def filed(mayor, **more):
    with clock.frozen(START):
        return ProjectFactory(
            **(
                {
                    "state": ProjectState.ACCOMPANIED,
                    "holder_organization": mayor.organization,
                    "filed_by": mayor.user,
                }
                | more
            )
        )


def later(days):
    return clock.frozen(START + timedelta(days=days))


def test_asked_at_six_and_at_twelve_months_once():
    mayor = holder()
    filed(mayor)
    for days, count in ((181, 0), (182, 1), (183, 0), (364, 0), (365, 1), (366, 0)):
        with later(days):
            assert asking.ask_where() == count
    kinds = list(ImpactAsk.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [AskKind.FILED_6, AskKind.FILED_12]
    assert {one.user for one in Notification.objects.all()} == {mayor.user}


def test_nobody_is_asked_about_the_distant_past_nor_while_paused():
    mayor = holder()
    filed(mayor)
    paused = filed(mayor)
    with later(100):
        states.pause(paused, until=None, reason="", actor=mayor)
    with later(182 + 31):
        assert asking.ask_where() == 0
    with later(190):
        assert asking.ask_where() == 1
        Project.objects.filter(pk=paused.pk).update(paused_until=clock.today() - timedelta(days=1))
        assert asking.ask_where() == 1  # a pause that is over counts no more


def test_after_the_end_and_not_for_the_refused():
    mayor = holder()
    filed(mayor, state=ProjectState.CLOSED)
    filed(mayor, state=ProjectState.REFUSED)
    with later(182):
        assert asking.ask_where() == 2  # since the deposit and since the end
    assert set(ImpactAsk.objects.values_list("kind", flat=True)) == {
        AskKind.FILED_6,
        AskKind.CLOSED_6,
    }


def test_the_answer_is_a_dated_phase_even_unchanged(client):
    mayor = holder()
    project = filed(mayor)
    with later(182):
        asking.ask_where()
    client = sign_in(client, mayor.user, mayor.membership)
    url = f"/projets/{project.key}/ou-en-est-il/"
    assert client.post(url, {"phase": "idee"}).status_code == 200  # the other box is missing
    client.post(url, {"phase": "idee", "phase_status": "en_retard", "comment": "Le devis tarde."})
    project.refresh_from_db()
    assert (project.phase, project.phase_status) == (Phase.IDEA, PhaseStatus.LATE)
    lines = ProjectEvent.objects.filter(project=project).order_by("pk")
    assert [(one.kind, one.before, one.after) for one in lines] == [
        (EventKind.PHASE, "idee", "idee"),
        (EventKind.STATUS, "en_cours", "en_retard"),
    ]
    assert lines[0].reason == "Le devis tarde."
    assert ImpactAsk.objects.get().answered_at


def test_who_may_say_the_phase():
    mayor = holder()
    project = filed(mayor)
    agent = agent_of(pair_of(project.lead_commune).ddt)
    for who in (member(project, ProjectRole.OBSERVER), agent):
        with pytest.raises(Forbidden):
            phases.tell_phase(project, Phase.STUDY, PhaseStatus.ONGOING, actor=who)


# --- Programmes


def in_programme(made, mayor=None, **more):
    mayor = mayor or holder()
    project = filed(mayor, **more)
    project.programmes.create(programme=made, since=date(2026, 1, 1))
    return mayor, project


def test_users_are_asked_once_a_year_and_at_the_end():
    made = programme()
    mayor, project = in_programme(made)
    agent = agent_of(pair_of(project.lead_commune).ddt)
    assert asking.ask_yearly(date(2026, 11, 14)) == 0
    with clock.frozen(datetime(2026, 11, 16, 9, tzinfo=UTC)):
        asking.ask_yearly(date(2026, 11, 16))
        asking.ask_yearly(date(2026, 11, 17))
        states.move(project, ProjectState.CLOSED, actor=agent)
    told = Notification.objects.filter(topic="projects.feedback")
    assert [one.user for one in told] == [mayor.user]


def test_whoever_answered_is_not_asked_again():
    made = programme()
    mayor, _ = in_programme(made)
    with clock.frozen(datetime(2026, 11, 16, 9, tzinfo=UTC)):
        feedback.give(made, mark=4, comment="", actor=mayor)
        asking.ask_yearly(date(2026, 11, 16))
    assert not Notification.objects.filter(topic="projects.feedback").exists()


def test_only_those_who_carry_a_project_in_it_answer(client):
    made = programme()
    mayor, project = in_programme(made)
    draft_holder = holder()
    ProjectFactory(state=ProjectState.DRAFT, holder_organization=draft_holder.organization)
    for who in (
        holder(),
        draft_holder,
        agent_of(pair_of(project.lead_commune).ddt),
        member(project),
    ):
        with pytest.raises(Forbidden):
            feedback.give(made, mark=4, comment="", actor=who)
    with pytest.raises(Refusal):
        feedback.give(made, mark=6, comment="", actor=mayor)
    client = sign_in(client, mayor.user, mayor.membership)
    url = f"/programmes/{made.slug}/avis/donner/"
    client.post(url, {"mark": "3", "comment": "Trop de papiers."})
    client.post(url, {"mark": "4", "comment": "Mieux."})
    assert [(one.mark, one.comment) for one in ProgrammeFeedback.objects.all()] == [(4, "Mieux.")]


def opinions(made, marks):
    for index, mark in enumerate(marks):
        ProgrammeFeedback.objects.create(
            programme=made, user=UserFactory(), year=2026, mark=mark, comment=f"Avis {index}."
        )


def test_opinions_are_shown_five_by_five(client):
    made = programme()
    opinions(made, [1, 2, 3, 4])
    assert "Moins de 5 avis" in client.get(f"/programmes/{made.slug}/avis/").text
    opinions(made, [5])
    assert (opinion_of(made).count, opinion_of(made).average) == (5, 3.0)
    opinions(made, [5, 5, 5])
    assert (opinion_of(made).count, opinion_of(made).average) == (5, 3.0)
    opinions(made, [5, 5])
    assert (opinion_of(made).count, opinion_of(made).average) == (10, 4.0)
    page = client.get(f"/programmes/{made.slug}/avis/").text
    assert "4 sur 5" in page
    assert "Avis 0." not in page


def test_comments_are_for_those_who_run_it(client):
    made = programme()
    opinions(made, [4] * 6)
    _national, head = service(kind=ServiceKind.NATIONAL)
    _, local = service(kind=ServiceKind.OTHER)
    assert reads_comments(head)
    assert not reads_comments(local)
    operator = actor_for(MembershipFactory(user=UserFactory(operator=True)))
    for who, seen in ((head, True), (operator, True), (local, False), (holder(), False)):
        page = sign_in(client, who.user, who.membership).get(f"/programmes/{made.slug}/avis/").text
        assert ("Avis 3." in page) is seen
        assert "Avis 5." not in page  # of the next five


def test_what_a_person_wrote_is_in_their_export_and_opinions_go_with_the_account():
    made = programme()
    mayor, _ = in_programme(made)
    feedback.give(made, mark=4, comment="Utile.", actor=mayor)
    found = personal_data(mayor.user)
    assert "Utile." in str(found)
    assert "avis sur des programmes" in str(found)


def test_a_closed_account_leaves_no_name_in_projects():
    made = programme()
    mayor, project = in_programme(made)
    feedback.give(made, mark=4, comment="Demandez à Mme Roux.", actor=mayor)
    Project.objects.filter(pk=project.pk).update(
        contact_name="Anne Roux", contact_email=mayor.user.email.upper(), contact_phone="0476000000"
    )
    alone = ProjectFactory(
        state=ProjectState.DRAFT, holder_user=mayor.user, holder_organization=None
    )
    phases.tell_phase(project, Phase.STUDY, PhaseStatus.ONGOING, actor=mayor)
    other = MembershipFactory(organization=mayor.organization, role=MembershipRole.ADMINISTRATOR)
    assert other.user != mayor.user
    close_account(actor=mayor)
    project.refresh_from_db()
    assert (project.contact_name, project.contact_email, project.contact_phone) == ("", "", "")
    assert not Project.objects.filter(pk=alone.pk).exists()
    assert [(one.mark, one.comment) for one in made.feedback.all()] == [(4, "")]
    assert ProjectEvent.objects.filter(project=project, kind=EventKind.PHASE).exists()
