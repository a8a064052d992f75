"""The pages of the pair, as agents, managers and the operator use them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import clock
from preau.projects.enums import AssignmentState, Priority, ProjectState, ServiceKind
from preau.projects.models import (
    Absence,
    Assignment,
    FollowUp,
    ServiceMember,
    StatePair,
    StateService,
    ThemeRule,
)
from preau.projects.words.naming import named
from preau.resources.enums import Theme
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.projects.factories import ProjectFactory, agent_of, assigned, holder, pair_of, service
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
S = ProjectState


def page_of(actor):
    return sign_in(Client(), actor.user, actor.membership)


@pytest.fixture
def pair():
    return pair_of(CommuneFactory())


@pytest.fixture
def agent(pair):
    return agent_of(pair.ddt, MembershipRole.MANAGER)


@pytest.fixture
def page(agent):
    return page_of(agent)


def url(name, project):
    return reverse(f"projects:{name}", args=[project.key])


def test_one_tap_from_the_inbox(page, agent):
    project = ProjectFactory(acknowledge_by=clock.now() + timedelta(days=3))
    shown = page.get(reverse("projects:inbox")).content.decode()
    assert project.name in shown and "Pourquoi ici" in shown and "Prendre en compte" in shown
    sent = {"seen_state": "depose", "retour": "a-trier"}
    answer = page.post(url("acknowledge", project), sent, follow=True)
    assert "est pris en compte" in answer.content.decode()
    answer = page.post(url("acknowledge", project), sent, follow=True)
    assert "a changé d’état entre-temps" in answer.content.decode()


def test_every_list_of_the_inbox_costs_the_same(page, agent):
    def costs():
        found = []
        for name in ("a-trier", "en-charge", "affectations", "dormants", "blocages"):
            with CaptureQueriesContext(connection) as seen:
                assert page.get(f"{reverse('projects:inbox')}?vue={name}").status_code == 200
            found.append(len(seen))
        return found

    ProjectFactory(in_charge=agent.user)
    before = costs()
    for _ in range(12):
        ProjectFactory(in_charge=agent.user, updated_at=clock.now() - timedelta(days=99))
    after = costs()
    assert all(late <= early + 1 for early, late in zip(before, after, strict=True)), (
        before,
        after,
    )
    assert max(after) <= 40


def test_a_person_without_a_service_is_told_so(db):
    assert "services de l’État" in page_of(holder()).get(reverse("projects:inbox")).content.decode()


def test_what_was_typed_is_kept_when_somebody_was_quicker(page, agent, pair):
    project = ProjectFactory()
    other = service(kind=ServiceKind.OTHER)[0]
    form = page.get(url("assign", project))
    assert form.status_code == 200
    assigned(project, other)
    sent = {"whom": f"{pair.ddt_id}:{agent.user_id}", "role": "pilote", "theme": "sport"}
    assigned(project, pair.prefecture, "pilote")
    answer = page.post(url("assign", project), sent)
    shown = answer.content.decode()
    assert "Votre choix n’est pas enregistré" in shown
    assert f'value="{pair.ddt_id}:{agent.user_id}" selected' in shown
    assert 'value="sport" selected' in shown


def test_the_rule_s_proposal_is_confirmed_in_one_tap(page, pair):
    other, person = service(kind=ServiceKind.OTHER)
    project = ProjectFactory(themes=[Theme.SPORT])
    ThemeRule.objects.create(
        departement=pair.departement, theme=Theme.SPORT, service=other, user=person.user
    )
    shown = page.get(url("triage", project)).content.decode()
    assert "que la règle du département confie à" in shown
    sent = {"whom": f"{other.pk}:{person.user_id}", "role": "appui", "theme": "sport"}
    assert page.post(url("assign", project), sent).status_code == 302
    made = Assignment.objects.get(project=project)
    answers = page_of(person)
    where = reverse("projects:assignment", args=[made.pk])
    assert "Votre appui est demandé" in answers.get(where).content.decode()
    refused = answers.post(where, {"reponse": "non", "reason": ""})
    assert "Dites pourquoi" in refused.content.decode()
    answers.post(where, {"reponse": "oui", "reason": ""})
    made.refresh_from_db()
    assert made.state == AssignmentState.ACCEPTED


def test_priority_hand_over_refuse_redirect_by_page(page, pair, agent):
    project = ProjectFactory()
    sent = {"priority": "haute", "priority_reason": "Crue de l’automne"}
    page.post(url("priority", project), sent)
    project.refresh_from_db()
    assert project.priority == Priority.HIGH
    person = f"{pair.ddt_id}:{agent.user_id}"
    sent = {"person": person, "reason": "Je le connais.", "seen": project.in_charge_id}
    page.post(url("hand_over", project), sent)
    answer = page.post(
        url("hand_over", project), sent | {"person": f"{pair.ddt_id}:{pair.ddt.referent_id}"}
    )
    assert "vient de confier ce projet à" in answer.content.decode()
    page.post(url("acknowledge", project), {})
    old = page.post(url("refuse", project), {"reason": "Non.", "seen_state": "depose"})
    assert "entre-temps" in old.content.decode() and "Non." in old.content.decode()
    both = {"departement": "", "redirected_to": "", "reason": "Pas nous."}
    assert "Dites vers qui" in page.post(url("redirect", project), both).content.decode()
    page.post(url("redirect", project), both | {"redirected_to": "L’agence de l’eau"})
    project.refresh_from_db()
    assert project.state == S.REDIRECTED
    page.post(url("come_back", project), {"reason": "Elle nous le renvoie."})
    project.refresh_from_db()
    assert project.state == S.DEPOSITED
    page.post(url("acknowledge", project), {})
    page.post(url("qualify", project), {"reason": "", "seen_state": "pris_en_compte"})
    page.post(url("accompany", project), {"reason": "À bientôt."})
    project.refresh_from_db()
    assert project.state == S.ACCOMPANIED


def test_what_next_is_said_to_each_in_their_words(page, pair):
    mayor = holder()
    project = ProjectFactory(
        holder_organization=mayor.organization, acknowledge_by=clock.now() - timedelta(days=1)
    )
    ours = page.get(url("sheet", project)).content.decode()
    assert "Prendre en compte" in ours and "En retard" in ours
    theirs = page_of(mayor).get(url("sheet", project)).content.decode()
    assert "prend connaissance de votre projet" in theirs
    assert "Trier et affecter" not in theirs and url("acknowledge", project) not in theirs


# --- Services


def test_absences_are_one_s_own_or_those_of_one_s_service(pair, agent, page):
    member = agent_of(pair.ddt)
    where = reverse("projects:absence_add", args=[pair.ddt_id])
    sent = {"first_day": "2027-03-01", "last_day": "2027-03-05", "replaced_by": agent.user_id}
    page_of(member).post(where, sent | {"user": member.user_id})
    other = page_of(member).post(where, sent | {"user": pair.ddt.referent_id, "replaced_by": ""})
    assert other.status_code == 200 and Absence.objects.count() == 1
    twice = page_of(member).post(where, sent | {"user": member.user_id})
    assert "Une autre absence couvre déjà ces jours." in twice.content.decode()
    backwards = page.post(where, sent | {"user": member.user_id, "last_day": "2027-02-01"})
    assert "ne peut pas précéder" in backwards.content.decode()
    page.post(where, sent | {"user": pair.ddt.referent_id})
    assert Absence.objects.count() == 2
    shown = page.get(reverse("projects:service", args=[pair.ddt_id])).content.decode()
    assert "du lundi 1er\u00a0mars 2027" in shown
    mine = Absence.objects.get(user=member.user)
    gone = reverse("projects:absence_remove", args=[pair.ddt_id])
    page_of(member).post(gone, {"absence": mine.pk})
    assert Absence.objects.count() == 1


def test_themes_referent_and_rules_of_a_service(pair, agent, page):
    person = agent_of(pair.ddt).user
    page.post(
        reverse("projects:service_person", args=[pair.ddt_id, person.pk]),
        {"function": "Chargée de mission", "themes": ["sport", "culture"]},
    )
    assert ServiceMember.objects.get(user=person).themes == ["sport", "culture"]
    page.post(reverse("projects:referent", args=[pair.ddt_id]), {"referent": person.pk})
    rule = reverse("projects:rule_add", args=[pair.ddt_id])
    page.post(rule, {"theme": "mobilites", "whom": f"{pair.ddt_id}:{person.pk}"})
    again = page.post(rule, {"theme": "mobilites", "whom": f"{pair.ddt_id}:"})
    assert "déjà une règle" in again.content.decode()
    shown = page.get(reverse("projects:service", args=[pair.ddt_id])).content.decode()
    assert "Mobilités" in shown and "Chargée de mission" in shown
    made = ThemeRule.objects.get()
    page.post(reverse("projects:rule_remove", args=[pair.ddt_id]), {"rule": made.pk})
    assert not ThemeRule.objects.exists()
    pair.ddt.refresh_from_db()
    assert pair.ddt.referent == person


def test_the_operator_makes_services_and_pairs(db):
    drome = DepartementFactory(code="26", name="Drôme")
    operator = sign_in(Client(), UserFactory(is_operator=True))
    made = []
    for kind in (ServiceKind.DDT, ServiceKind.PREFECTURE):
        organization = OrganizationFactory(kind=OrganizationKind.STATE_SERVICE, name=kind.label)
        member = MembershipFactory(organization=organization)
        sent = {
            "organization": organization.pk,
            "kind": kind,
            "departement": "26",
            "referent": member.user.email,
            "active": "on",
        }
        where = reverse("projects:service_new")
        stranger = operator.post(where, sent | {"referent": UserFactory().email})
        assert "ne fait pas partie" in stranger.content.decode()
        assert operator.post(where, sent).status_code == 302
        made.append(StateService.objects.get(organization=organization))
    sent = {
        "departement": "26",
        "ddt": made[0].pk,
        "prefecture": made[1].pk,
        "acknowledge_days": 3,
        "advice_days": 5,
    }
    assert operator.post(reverse("projects:pair_new"), sent).status_code == 302
    pair = StatePair.objects.get(departement=drome)
    assert (pair.ddt, pair.prefecture, pair.acknowledge_days) == (made[0], made[1], 3)
    sent["acknowledge_days"] = 8
    operator.post(reverse("projects:pair_edit", args=["26"]), sent)
    pair.refresh_from_db()
    assert pair.acknowledge_days == 8
    assert "Drôme" in operator.get(reverse("projects:services")).content.decode()


def test_the_rhythm_of_follow_up_is_chosen_on_a_page(page, agent, pair):
    where = reverse("projects:follow_up")
    assert str(pair.ddt) in page.get(where).content.decode()
    sent = {"interval_0": "jamais", "weekday_0": "0"}
    sent |= {f"interval_{pair.ddt_id}": "jour", f"weekday_{pair.ddt_id}": "2"}
    assert page.post(where, sent).status_code == 302
    chosen = dict(FollowUp.objects.filter(user=agent.user).values_list("service", "interval"))
    assert chosen == {None: "jamais", pair.ddt_id: "jour"}


def test_the_home_page_counts_what_waits(page, pair):
    ProjectFactory(acknowledge_by=clock.now() - timedelta(days=1))
    ProjectFactory(acknowledge_by=clock.now() + timedelta(days=1))
    shown = page.get("/").content.decode()
    assert "2\u00a0projets à prendre en compte" in shown and "1 en retard" in shown


def test_the_buttons_of_a_panel_carry_their_token_and_what_was_seen(agent):
    """A panel is drawn apart from its page: a button without its token would be refused."""
    project = ProjectFactory()
    strict = sign_in(Client(enforce_csrf_checks=True), agent.user, agent.membership)
    shown = strict.get(url("sheet", project)).content.decode()
    panel = shown.partition(f'action="{url("acknowledge", project)}"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', panel))
    assert sent["seen_state"] == "depose"
    assert strict.post(url("acknowledge", project), sent).status_code == 302
    project.refresh_from_db()
    assert project.state == S.ACKNOWLEDGED
    form = strict.get(url("hand_over", project)).content.decode()
    assert re.search(rf'name="seen" value="{project.in_charge_id}"', form)


def test_a_reason_that_is_needed_is_not_called_optional(page, agent):
    project = ProjectFactory(state=S.ACKNOWLEDGED)
    shown = page.get(url("priority", project)).content.decode()
    assert "Nécessaire pour toute priorité" in shown and "facultatif" not in shown
    shown = page.post(url("priority", project), {"priority": Priority.HIGH}).content.decode()
    assert "Dites pourquoi cette priorité" in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DDT de l’Isère", "La DDT de l’Isère"),
        ("Préfecture de l’Isère", "La préfecture de l’Isère"),
        ("ANCT", "L’ANCT"),
        ("Agence de l’eau", "L’agence de l’eau"),
        ("Le Compost des voisins", "Le Compost des voisins"),
        ("Grenoble-Alpes-Métropole", "Grenoble-Alpes-Métropole"),
    ],
)
def test_a_service_begins_a_sentence_with_its_article(name, said):
    assert named(name) == said
