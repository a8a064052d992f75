"""The deposit: once, whole, in the right hands, for oneself or for somebody else."""

import pytest
from django.core.cache import cache
from django.test import Client

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.models import Email, Notification
from preau.projects.actions import drafts, filing
from preau.projects.enums import Origin, ProjectRole, ProjectState, QuestionKind
from preau.projects.filers import Filer
from preau.projects.models import ProgrammePerimeter
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.projects.factories import holder, pair, programme, service
from tests.projects.filing import CONTACT, Browser, asked_by, commune, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits():
    cache.clear()


def test_what_is_missing_is_said_with_where_to_go():
    pair(commune().departement)
    browser = Browser(sign_in(Client(), UserFactory())).begin()
    browser.post("file_recap")
    page = browser.get("file_recap").content.decode()
    assert browser.fresh().state == ProjectState.DRAFT
    for step in ("file_who", "file_what", "file_where", "file_contact"):
        assert f"{url(step, browser.project)}?suite=recap" in page
    response = browser.post("file_contact", CONTACT | {"suite": "recap"})
    assert response.url == url("file_recap", browser.project)


def test_without_a_pair_the_draft_is_kept_and_its_holder_told_one_day():
    place = commune()
    person = UserFactory()
    browser = Browser(sign_in(Client(), person)).begin()
    browser.fill()
    browser.post("file_recap")
    assert browser.fresh().state == ProjectState.DRAFT
    page = browser.get("file_recap").content.decode()
    assert "ne sont pas encore sur Préau" in page
    assert drafts.tell_new_pairs() == 0
    pair(place.departement)
    assert drafts.tell_new_pairs() == 1
    assert drafts.tell_new_pairs() == 0
    assert Notification.objects.get(user=person).title == "Vous pouvez déposer votre projet"
    browser.post("file_recap")
    assert browser.fresh().state == ProjectState.DEPOSITED


def test_an_agent_files_for_a_commune_that_is_invited():
    place = commune()
    state = pair(place.departement)
    membership = MembershipFactory(organization=state.ddt.organization)
    browser = Browser(sign_in(Client(), membership.user, membership)).begin()
    browser.fill(acting="compte")
    project = browser.fresh()
    assert project.origin == Origin.AGENT
    browser.post("file_recap")
    project = browser.fresh()
    assert (project.state, project.holder_user) == (ProjectState.DEPOSITED, None)
    assert project.filed_by == membership.user
    invitation = project.invitations.get()
    assert (invitation.email, invitation.role) == ("jeanne@voiron.example", ProjectRole.HOLDER)
    assert Email.objects.filter(recipient="jeanne@voiron.example").exists()
    assert browser.get("filed").status_code == 200


def test_only_an_agent_of_the_state_files_for_somebody_else():
    browser = Browser(sign_in(Client(), UserFactory())).begin()
    browser.post("file_who", {"kind": "commune", "commune": "Voiron", "acting": "compte"})
    assert browser.fresh().origin == Origin.SITE


def test_an_agent_from_elsewhere_keeps_sight_of_what_they_filed():
    place = commune()
    pair(place.departement)
    _, actor = service(kind="autre")
    browser = Browser(sign_in(Client(), actor.user, actor.membership)).begin()
    browser.fill(acting="compte")
    browser.post("file_recap")
    assert browser.fresh().state == ProjectState.DEPOSITED
    assert browser.get("filed").status_code == 200


def test_an_association_files_with_a_commune():
    place = commune()
    pair(place.departement)
    town = OrganizationFactory(kind="commune", name="Ville de Voiron", commune=place, verified=True)
    browser = Browser(sign_in(Client(), UserFactory())).begin()
    browser.fill(kind="association", name="Le Repaire", partner="Voiron 38500")
    project = browser.fresh()
    member = MembershipFactory(organization=town)
    mayor = Actor(user=member.user, membership=member)
    from preau.projects import standing

    assert project not in standing.visible_to(mayor)  # a draft is shown to no partner
    browser.post("file_recap")
    project = browser.fresh()
    assert project.holder_name == "Le Repaire"
    assert project.members.get().organization == town
    assert project in standing.visible_to(mayor)


def test_ones_own_organisation_in_one_click():
    place = commune()
    pair(place.departement)
    mayor = holder(commune=place)
    browser = Browser(sign_in(Client(), mayor.user, None)).begin()
    browser.post("file_who", {"acting": str(mayor.membership.pk)})
    project = browser.fresh()
    assert project.holder_organization == mayor.organization
    assert project.lead_commune == place  # proposed: its own commune
    assert browser.get("file_what").status_code == 200  # the hat is worn from now on
    browser.fill(acting=str(mayor.membership.pk))
    browser.post("file_recap")
    assert browser.fresh().holder_organization == mayor.organization
    # Somebody else's organisation is not offered.
    stranger = Browser(sign_in(Client(), UserFactory())).begin()
    stranger.post("file_who", {"acting": str(mayor.membership.pk), "kind": "commune"})
    assert stranger.fresh().holder_organization is None


def test_programmes_of_the_place_ask_their_questions():
    place = commune()
    pair(place.departement)
    villages, national = programme(is_national=False), programme()
    elsewhere = programme(is_national=False)
    ProgrammePerimeter.objects.create(programme=villages, commune=place, since=clock.today())
    asked_by(villages, ("chef", QuestionKind.YES_NO, True), ("combien", QuestionKind.NUMBER))
    asked_by(national, ("mesure", QuestionKind.CHOICE, True))
    asked_by(elsewhere, ("rien", QuestionKind.TEXT, True))
    browser = Browser(sign_in(Client(), UserFactory())).begin()
    browser.fill()  # unticks every programme
    browser.post("file_programmes", {"programmes": [villages.pk, elsewhere.pk]})
    assert not browser.project.programmes.exists()  # not a programme of this place
    browser.post("file_programmes", {"programmes": [villages.pk]})
    assert [one.programme for one in browser.project.programmes.all()] == [villages]
    browser.post("file_recap")
    assert browser.fresh().state == ProjectState.DRAFT
    assert "questions obligatoires" in browser.get("file_recap").content.decode()
    wrong = browser.post("file_questions", {"q_chef": "oui", "q_combien": "x"}, villages.slug)
    assert 'value="x"' in wrong.content.decode()
    browser.post("file_questions", {"q_chef": "oui", "q_combien": "12"}, villages.slug)
    assert "Oui" in browser.get("file_recap").content.decode()
    browser.post("file_recap")
    assert browser.fresh().state == ProjectState.DEPOSITED
    values = dict(browser.project.assessments.get().answers.values_list("question__code", "value"))
    assert values == {"chef": True, "combien": 12}


def test_too_many_drafts_of_one_person():
    by = Filer(Actor(user=UserFactory()))
    for _ in range(filing.MOST_DRAFTS):
        filing.start_draft(by=by)
    with pytest.raises(Refusal):
        filing.start_draft(by=by)
