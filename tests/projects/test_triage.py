"""What the pair decides: taken into account, priority, who answers, assignments, no, elsewhere."""

from datetime import timedelta

import pytest

from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email, Notification
from preau.projects.actions import assigning, identity, states, triage
from preau.projects.enums import (
    AssignmentState,
    EventKind,
    Priority,
    ProjectRole,
    ProjectState,
    ServiceKind,
    Visibility,
)
from preau.projects.events import project_deposited
from preau.projects.models import Assignment, Project, ThemeRule
from preau.resources.enums import Theme
from tests.accounts.factories import UserFactory
from tests.projects.factories import (
    ProjectFactory,
    agent_of,
    assigned,
    member,
    pair_of,
    service,
)
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
S = ProjectState


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        holder_organization=mayor.organization, filed_by=mayor.user, themes=[Theme.SPORT]
    )


@pytest.fixture
def pair(project):
    return pair_of(project.lead_commune)


@pytest.fixture
def agent(pair):
    return agent_of(pair.ddt)


def told(user):
    return list(
        Notification.objects.filter(user=user).order_by("pk").values_list("title", flat=True)
    )


def test_a_deposit_alerts_both_services_and_only_those_concerned(project, pair, agent):
    bystander = agent_of(pair.prefecture)
    for _ in range(2):  # the same arrival is told once
        project_deposited.send(Project, project=project, actor=agent)
    assert len(told(pair.ddt.referent)) == len(told(pair.prefecture.referent)) == 1
    assert "à prendre en compte" in told(pair.ddt.referent)[0]
    assert told(bystander.user) == told(agent.user) == []
    assert Notification.objects.count() == 2


def test_a_referent_who_has_left_is_told_nothing(project, pair, agent):
    left = pair.prefecture.referent
    left.memberships.update(ended_at=clock.now())
    stays = agent_of(pair.prefecture)
    project_deposited.send(Project, project=project, actor=agent)
    assert told(left) == []
    assert len(told(stays.user)) == 1


def test_taken_into_account_the_holder_knows_whom_to_call(project, pair, agent, mayor):
    pair.ddt.referent.phone = "0476000000"
    pair.ddt.referent.save()
    assigned(project, pair.ddt)
    Assignment.objects.filter(project=project).update(state=AssignmentState.PROPOSED)
    done = triage.acknowledge(project, actor=agent, seen_state=S.DEPOSITED)
    assert done.state == S.ACKNOWLEDGED
    assert Assignment.objects.get(project=project).state == AssignmentState.ACCEPTED
    [mail] = Email.objects.filter(recipient=mayor.user.email)
    assert "pris en compte" in mail.subject
    for known in (
        str(pair.ddt.referent),
        pair.ddt.referent.email,
        "04\u00a076\u00a000\u00a000\u00a000",
    ):
        assert known in mail.text


def test_the_holder_does_not_triage_nor_does_another_departement(project, mayor):
    valence = CommuneFactory(
        code="26362", name="Valence", departement=DepartementFactory(code="26", name="Drôme")
    )
    stranger = agent_of(pair_of(valence).ddt)
    other, person = service(kind=ServiceKind.OTHER)
    assigned(project, other)
    verbs = [
        lambda actor: triage.acknowledge(project, actor=actor),
        lambda actor: triage.prioritise(project, Priority.HIGH, reason="Oui.", actor=actor),
        lambda actor: triage.refuse(project, reason="Non.", actor=actor),
        lambda actor: assigning.assign(project, other, actor=actor),
        lambda actor: triage.hand_over(
            project, person.user, service=other, reason="Oui.", actor=actor
        ),
    ]
    for actor in (mayor, stranger, member(project), person):
        for verb in verbs:
            with pytest.raises(Forbidden):
                verb(actor)


def test_a_priority_has_its_reason_that_the_holder_does_not_read(project, agent):
    with pytest.raises(Refusal, match="pourquoi"):
        triage.prioritise(project, Priority.HIGH, reason=" ", actor=agent)
    with pytest.raises(Refusal):
        triage.prioritise(project, "urgente", reason="Oui.", actor=agent)
    done = triage.prioritise(project, Priority.HIGH, reason="Crue de l’automne", actor=agent)
    assert (done.priority, done.priority_reason) == (Priority.HIGH, "Crue de l’automne")
    assert project.events.get(kind=EventKind.PRIORITY).visibility == Visibility.STATE
    done = triage.prioritise(project, Priority.NONE, reason="", actor=agent)
    assert (done.priority, done.priority_reason) == ("", "")


def test_handing_over_changes_the_name_and_the_pilot(project, pair, agent, mayor):
    assigned(project, pair.ddt, ProjectRole.PILOT)
    new = agent_of(pair.prefecture).user
    asked = {"service": pair.prefecture, "reason": "Elle connaît la commune.", "actor": agent}
    done = triage.hand_over(project, new, seen=project.in_charge_id, **asked)
    assert (done.in_charge, done.service_in_charge) == (new, pair.prefecture)
    roles = dict(Assignment.objects.filter(project=project).values_list("service", "role"))
    assert roles == {pair.ddt_id: ProjectRole.SUPPORT, pair.prefecture_id: ProjectRole.PILOT}
    assert "vous confie un projet" in told(new)[0]
    with pytest.raises(Refusal, match="vient de confier ce projet à") as said:
        triage.hand_over(project, agent.user, seen=project.in_charge_id, **asked)
    assert str(agent.user) in said.value.sentence and str(new) in said.value.sentence


def test_the_holder_hears_that_the_name_has_changed_once_they_know_it(project, pair, agent, mayor):
    asked = {"service": pair.ddt, "reason": "Je le connais.", "actor": agent}
    triage.hand_over(project, agent.user, **asked)
    assert not Email.objects.filter(recipient=mayor.user.email).exists()
    triage.acknowledge(project, actor=agent)
    triage.hand_over(project, pair.ddt.referent, **asked)
    letter = Email.objects.filter(recipient=mayor.user.email).latest("pk")
    assert "interlocuteur change" in letter.subject and pair.ddt.referent.email in letter.text


@pytest.mark.parametrize("case", ["stranger", "no_reason", "same", "unassigned", "ended"])
def test_handing_over_says_no(project, pair, agent, case):
    other, person = service(kind=ServiceKind.OTHER)
    asked = {
        "stranger": (UserFactory(), pair.ddt, "Oui."),
        "no_reason": (agent.user, pair.ddt, "  "),
        "same": (pair.ddt.referent, pair.ddt, "Oui."),
        "unassigned": (person.user, other, "Oui."),
        "ended": (agent.user, pair.ddt, "Oui."),
    }
    if case == "ended":
        triage.refuse(project, reason="Non.", actor=agent)
    user, to, reason = asked[case]
    with pytest.raises(Refusal):
        triage.hand_over(project, user, service=to, reason=reason, actor=agent)
    project.refresh_from_db()
    assert project.in_charge == pair.ddt.referent


def test_a_rule_proposes_and_a_person_confirms(project, pair, agent):
    other, person = service(kind=ServiceKind.OTHER)
    ThemeRule.objects.create(
        departement=pair.departement, theme=Theme.SPORT, service=other, user=person.user
    )
    [proposal] = assigning.proposals(project)
    assert "Sport et loisirs" in proposal.reason and str(other) in proposal.reason
    assert not Assignment.objects.filter(project=project, service=other).exists()
    made = assigning.assign(
        project, other, user=person.user, theme=Theme.SPORT, due_on=None, actor=agent
    )
    assert made.state == AssignmentState.PROPOSED
    assert assigning.proposals(project) == []
    assert "Votre appui est demandé" in told(person.user)[0]
    assigning.answer(made, accept=True, actor=person)
    assigning.answer(made, accept=True, actor=person)
    assert told(agent.user) == [f"{other} accepte : {project.name}"]


def test_declining_needs_a_reason_and_takes_the_rights_away(project, agent):
    other, person = service(kind=ServiceKind.OTHER)
    made = assigning.assign(project, other, actor=agent)
    with pytest.raises(Refusal, match="pourquoi"):
        assigning.answer(made, accept=False, reason=" ", actor=person)
    with pytest.raises(Forbidden):
        assigning.answer(made, accept=True, actor=agent)  # asked of another service
    assigning.answer(made, accept=False, reason="Nous n’intervenons pas là.", actor=person)
    with pytest.raises(Forbidden):
        states.move(project, S.ACKNOWLEDGED, actor=person)
    with pytest.raises(Forbidden):
        assigning.answer(made, accept=True, actor=person)


def test_the_second_to_assign_reads_who_was_first(project, pair, agent):
    other, _ = service(kind=ServiceKind.OTHER)
    assigning.assign(project, other, role=ProjectRole.PILOT, actor=agent)
    late = agent_of(pair.prefecture)
    with pytest.raises(Refusal) as said:
        assigning.assign(project, other, actor=late)
    assert (said.value.code, said.value.field) == ("taken", "service")
    assert str(agent.user) in said.value.sentence
    with pytest.raises(Refusal) as said:
        assigning.assign(project, pair.prefecture, role=ProjectRole.PILOT, actor=late)
    assert said.value.field == "role"


def test_an_observer_service_is_asked_nothing(project, agent):
    other, _ = service(kind=ServiceKind.OTHER)
    made = assigning.assign(project, other, role=ProjectRole.OBSERVER, actor=agent)
    assert made.state == AssignmentState.ACCEPTED


def test_who_answers_for_the_project_is_not_taken_off_it(project, pair, agent):
    made = assigned(project, pair.ddt, ProjectRole.PILOT)
    with pytest.raises(Refusal, match="confiez-le d’abord"):
        assigning.end(made, actor=agent)
    other = assigned(project, service(kind=ServiceKind.OTHER)[0])
    assert assigning.end(other, actor=agent).state == AssignmentState.ENDED


def test_refused_the_holder_reads_why_and_may_come_back(project, pair, agent, mayor):
    triage.refuse(project, reason="Le terrain est inondable.", actor=agent)
    [mail] = Email.objects.filter(recipient=mayor.user.email)
    assert "Le terrain est inondable." in mail.text
    Project.objects.filter(pk=project.pk).update(escalated_at=clock.now())
    before = project.acknowledge_by
    done = states.move(project, S.DEPOSITED, actor=mayor, reason="Un autre terrain.")
    done.refresh_from_db()
    assert done.escalated_at is None and done.acknowledge_by != before
    assert "à prendre en compte" in told(pair.ddt.referent)[0]


def test_redirected_outside_with_words(project, agent, mayor):
    with pytest.raises(Refusal, match="vers qui"):
        triage.redirect(project, " ", reason="Pas nous.", actor=agent)
    done = triage.redirect(project, "L’agence de l’eau", reason="Elle finance.", actor=agent)
    assert (done.state, done.redirected_to) == (S.REDIRECTED, "L’agence de l’eau")
    [mail] = Email.objects.filter(recipient=mayor.user.email)
    assert "L’agence de l’eau" in mail.text and "Elle finance." in mail.text


def test_passed_to_another_pair_it_arrives_there_with_its_past(project, pair, agent):
    drome = DepartementFactory(code="26", name="Drôme")
    valence = CommuneFactory(code="26362", name="Valence", departement=drome)
    theirs = pair_of(valence)
    stranger = agent_of(theirs.ddt)
    assigned(project, pair.ddt, ProjectRole.PILOT)
    with clock.frozen(clock.now() + timedelta(days=9)):
        done = triage.pass_to_pair(project, drome, reason="Le projet est à Valence.", actor=agent)
    done.refresh_from_db()
    assert (done.state, done.departement_code) == (S.DEPOSITED, "26")
    assert (done.service_in_charge, done.in_charge) == (theirs.ddt, theirs.ddt.referent)
    assert done.escalated_at is None
    standing = Assignment.objects.filter(project=project, state=AssignmentState.PROPOSED)
    assert set(standing.values_list("service", flat=True)) == {theirs.ddt_id, theirs.prefecture_id}
    moves = (
        project.events.filter(kind=EventKind.STATE).order_by("pk").values_list("after", flat=True)
    )
    assert list(moves) == [S.REDIRECTED, S.DEPOSITED]
    assert "à prendre en compte" in told(theirs.ddt.referent)[0]
    assert triage.acknowledge(done, actor=stranger).state == S.ACKNOWLEDGED
    assert identity.place(done, [project.lead_commune, valence], actor=stranger)
    done.refresh_from_db()
    assert (done.departement_code, len(done.departement_codes)) == ("26", 2)  # still theirs
    with pytest.raises(Refusal, match="déjà"):
        triage.pass_to_pair(project, drome, reason="Encore.", actor=stranger)
    nowhere = DepartementFactory(code="05", name="Hautes-Alpes")
    with pytest.raises(Refusal) as said:
        triage.pass_to_pair(project, nowhere, reason="Là-haut.", actor=stranger)
    assert said.value.code == "no_pair"


def test_a_holder_without_account_is_written_to_at_the_address_given(agent):
    alone = ProjectFactory(
        holder_organization=None, holder_name="Mairie de X", contact_email="mairie@x.example"
    )
    triage.acknowledge(alone, actor=agent)
    assert Email.objects.filter(recipient="mairie@x.example").count() == 1
