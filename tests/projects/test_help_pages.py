"""The pages of blockages and recommendations: what each reads, and the links of letters."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from preau.accounts.models import User
from preau.core import clock
from preau.core.models import AuditEvent
from preau.notifications.models import Email
from preau.projects import answer_links
from preau.projects.actions import recommendations
from preau.projects.actions.recommendations import Advice
from preau.projects.enums import ProjectRole, ProjectState, RecommendationState, ServiceKind
from preau.projects.models import Blockage, ProjectMember, Recommendation
from preau.resources.enums import HelpKind
from tests.accounts.factories import UserFactory, sign_in
from tests.projects.factories import (
    ProjectFactory,
    agent_of,
    assigned,
    blockage,
    member,
    pair_of,
    service,
)
from tests.resources.factories import published
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
R = RecommendationState
SECRET = Advice(HelpKind.FUNDING, "Une piste secrète", "À vérifier d’abord.")
KNOWN = Advice(HelpKind.FUNDING, "Le fonds vert", "Il finance les halles.")


@pytest.fixture(autouse=True)
def _nobody_is_hurried():
    cache.clear()


@pytest.fixture
def project(mayor):
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        themes=["energie"],
        holder_organization=mayor.organization,
        filed_by=mayor.user,
    )


@pytest.fixture
def stuck(project):
    return blockage(project)


@pytest.fixture
def sent(project, stuck, agent):
    draft = recommendations.draft(project, KNOWN, blockage=stuck, actor=agent)
    return recommendations.send([draft], actor=agent)[0]


def browser(actor):
    return sign_in(Client(), actor.user, actor.membership)


def pages(project, stuck):
    key = project.key
    return [
        reverse("projects:sheet", args=[key]),
        reverse("projects:blockages", args=[key]),
        reverse("projects:blockage", args=[key, stuck.pk]),
        reverse("projects:recommendations", args=[key]),
    ]


# --- Nothing leaks


def test_a_draft_is_on_no_page_but_those_of_the_state_side(project, stuck, sent, agent, mayor):
    draft = recommendations.draft(project, SECRET, blockage=stuck, actor=agent)
    published(title="Une suggestion calculée", themes=["energie"])
    own = reverse("projects:recommendation", args=[project.key, draft.pk])
    follower, _ = service(kind=ServiceKind.OTHER)
    assigned(project, follower, ProjectRole.OBSERVER)
    for actor in [mayor, member(project), member(project, ProjectRole.OBSERVER)]:
        client = browser(actor)
        for page in pages(project, stuck):
            said = client.get(page).content.decode()
            assert "secrète" not in said, page
            assert "suggestion calculée" not in said, page
            assert "brouillon" not in said.lower(), page
        assert client.get(own).status_code == 404
        assert client.post(own).status_code in {404, 405}
    for actor in [agent, agent_of(follower)]:
        client = browser(actor)
        assert "secrète" in client.get(pages(project, stuck)[3]).content.decode()
        assert client.get(own).status_code == 200
    assert "suggestion calculée" in browser(agent).get(pages(project, stuck)[2]).content.decode()


def test_another_departement_reads_nothing(project, stuck, sent):
    drome = DepartementFactory(code="26", name="Drôme")
    elsewhere = pair_of(CommuneFactory(code="26362", name="Valence", departement=drome)).ddt
    client = browser(agent_of(elsewhere))
    for page in [
        *pages(project, stuck),
        reverse("projects:recommendation", args=[project.key, sent.pk]),
    ]:
        assert client.get(page).status_code == 403


def test_a_page_of_one_project_does_not_open_under_another(project, sent, mayor):
    mine = ProjectFactory(holder_organization=mayor.organization)
    client = browser(mayor)
    for name, pk in [("recommendation", sent.pk), ("blockage", sent.blockage_id)]:
        assert client.get(reverse(f"projects:{name}", args=[mine.key, pk])).status_code == 404


def test_drafts_cannot_be_sent_from_another_project(project, agent):
    """An agent of two projects sends those of this one only."""
    other = ProjectFactory(lead_commune=project.lead_commune)
    theirs = recommendations.draft(other, SECRET, actor=agent)
    url = reverse("projects:recommendations_send", args=[project.key])
    browser(agent).post(url, {"recommandation": [theirs.pk]})
    theirs.refresh_from_db()
    assert theirs.state == R.DRAFT


def test_an_observer_writes_nothing(project, stuck, sent):
    client = browser(member(project, ProjectRole.OBSERVER))
    before = AuditEvent.objects.count()
    names = ["blockage_edit", "blockage_end", "blockage_reopen", "blockage_take", "suggestion_send"]
    urls = [reverse(f"projects:{name}", args=[project.key, stuck.pk]) for name in names]
    urls += [reverse("projects:recommendation_answer", args=[project.key, sent.pk])]
    urls += [reverse("projects:blockage_new", args=[project.key])]
    assert {client.post(url, {"state": R.ENGAGED}).status_code for url in urls} == {403}
    assert AuditEvent.objects.count() == before


# --- The agent's page


def test_sending_a_suggestion_from_the_page(project, stuck, agent):
    aid = published(title="Fonds chaleur", themes=["energie"])
    client = browser(agent)
    url = reverse("projects:suggestion_send", args=[project.key, stuck.pk])
    back = client.post(url, {"piste": f"resource:{aid.pk}"}, follow=True)
    assert "est envoyée au porteur" in back.content.decode()
    assert Recommendation.objects.get().resource == aid
    again = client.post(url, {"piste": f"resource:{aid.pk}"}, follow=True).content.decode()
    assert "déjà reprise" in again
    gone = client.post(url, {"piste": "resource:0"}, follow=True).content.decode()
    assert "n’est plus faite" in gone
    assert Recommendation.objects.count() == 1


def test_what_is_typed_is_kept_when_it_is_refused(project, stuck, agent, mayor):
    url = reverse("projects:recommendation_new", args=[project.key])
    said = browser(agent).post(url, {"title": "La DETR", "url": "javascript:alert(1)"})
    assert "La DETR" in said.content.decode()
    assert "commence par https" in said.content.decode()
    assert not Recommendation.objects.exists()
    url = reverse("projects:blockage_end", args=[project.key, stuck.pk])
    said = browser(mayor).post(url, {"reason": "Le terrain est acheté."})
    assert "Le terrain est acheté." in said.content.decode()


def test_pages_cost_the_same_with_many_rows(
    project, stuck, agent, mayor, django_assert_max_num_queries
):
    drafts = []
    for n in range(12):
        one = blockage(project, title=f"Blocage {n}")
        advice = Advice(HelpKind.FUNDING, f"Aide {n}", "Elle convient.")
        drafts.append(recommendations.draft(project, advice, blockage=one, actor=agent))
        published(title=f"Fiche {n}", themes=["energie"])
    recommendations.send(drafts[:8], actor=agent)
    for actor, most in [(mayor, 14), (agent, 32)]:
        client = browser(actor)
        for page in pages(project, stuck)[1:]:
            client.get(page)
            with django_assert_max_num_queries(most):
                assert client.get(page).status_code == 200


def test_opening_dates_the_first_time_only(project, sent, agent, mayor):
    url = reverse("projects:recommendation", args=[project.key, sent.pk])
    browser(agent).get(url)
    sent.refresh_from_db()
    assert sent.state == R.SENT
    browser(mayor).get(url)
    sent.refresh_from_db()
    assert sent.state == R.SEEN


# --- The link of a letter


def link(sent, user):
    return answer_links.page_for(sent, user)


def answer(client, url, state=R.ENGAGED, **more):
    return client.post(url, {"state": state, **more}, follow=True)


def test_the_letter_has_the_link_and_the_link_answers_signed_out(sent, mayor):
    letter = Email.objects.get(recipient=mayor.user.email)
    url = letter.text.split("/recommandation/")[1].split()[0]
    client = Client()
    page = client.get(f"/recommandation/{url}")
    assert "Le fonds vert" in page.content.decode()
    sent.refresh_from_db()
    assert (sent.state, sent.seen_at) == (R.SENT, None)  # mail programs open links
    said = answer(client, f"/recommandation/{url}", helpful="oui").content.decode()
    assert "Votre réponse est transmise" in said
    made = sent.answers.get()
    assert (made.state, made.by_link, made.user, made.helpful) == (
        R.ENGAGED,
        True,
        mayor.user,
        True,
    )


def test_a_link_used_already_shows_the_answer_and_changes_nothing(sent, mayor):
    client, url = Client(), link(sent, mayor.user)
    answer(client, url)
    said = answer(client, url, R.REFUSED, reason="Finalement non.").content.decode()
    assert "« Engagée »" in said
    assert "connectez-vous" in said
    assert sent.answers.count() == 1


def test_an_answer_without_a_button_or_a_reason_is_asked_again(sent, mayor):
    client, url = Client(), link(sent, mayor.user)
    assert "Choisissez une réponse" in client.post(url, {"reason": "Mon mot"}).content.decode()
    said = answer(client, url, R.REFUSED, helpful="non").content.decode()
    assert "Dites pourquoi" in said
    assert not sent.answers.exists()


def test_a_forwarded_link_opened_by_somebody_signed_in(sent, mayor, agent):
    client = sign_in(Client(), UserFactory())
    for response in (client.get(link(sent, mayor.user)), answer(client, link(sent, mayor.user))):
        assert "envoyé à une autre personne" in response.content.decode()
    assert not sent.answers.exists()


def test_whoever_may_answer_and_is_signed_in_does_so_as_themself(project, sent, mayor):
    partner = member(project)
    response = browser(partner).get(link(sent, mayor.user))
    assert response.status_code == 302
    assert response.url == reverse("projects:recommendation", args=[project.key, sent.pk])


@pytest.mark.parametrize("gone", ["left", "ended"])
def test_a_removed_member_reads_why(project, sent, mayor, gone):
    partner = member(project)
    url = link(sent, mayor.user if gone == "left" else partner.user)
    if gone == "left":
        mayor.membership.ended_at = clock.now()
        mayor.membership.save()
        type(project).objects.filter(pk=project.pk).update(filed_by=None)
    else:
        ProjectMember.objects.filter(user=partner.user).update(ended_at=clock.now())
    for response in (Client().get(url), answer(Client(), url)):
        said = response.content.decode()
        assert "ne participez plus" in said
        assert "Le fonds vert" not in said
    assert not sent.answers.exists()


def test_a_closed_account_has_no_link(sent, mayor):
    url = link(sent, mayor.user)
    User.objects.filter(pk=mayor.user.pk).update(is_active=False)
    assert Client().get(url).status_code == 404


def test_an_expired_link(sent, mayor):
    with clock.frozen(clock.now() - timedelta(days=answer_links.DAYS + 1)):
        url = link(sent, mayor.user)
    for response in (Client().get(url), answer(Client(), url)):
        assert response.status_code == 410
        assert "trop ancien" in response.content.decode()


def test_a_link_made_up_leads_nowhere(sent, mayor, project, agent):
    draft = recommendations.draft(project, SECRET, actor=agent)
    for url in [
        reverse("projects:answer_by_link", args=["n-importe-quoi"]),
        link(sent, mayor.user)[:-3] + "AA/",
        link(draft, mayor.user),
    ]:
        assert Client().get(url).status_code == 404


def test_the_link_of_what_was_withdrawn_says_so(sent, mayor, agent):
    url = link(sent, mayor.user)
    recommendations.withdraw(sent, reason="L’aide est close.", actor=agent)
    said = answer(Client(), url).content.decode()
    assert "L’aide est close." in said
    assert not sent.answers.exists()


def test_those_sent_together_are_one_press_away(project, agent, mayor):
    drafts = [recommendations.draft(project, one, actor=agent) for one in (KNOWN, SECRET)]
    first, _ = recommendations.send(drafts, actor=agent)
    page = Client().get(link(first, mayor.user)).content.decode()
    assert "Une piste secrète" in page  # sent: no longer a secret
    assert page.count("/recommandation/") >= 1


def test_answers_by_link_are_limited(sent, mayor, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"act_by_link": "2/m/ip"}
    client, url = Client(), link(sent, mayor.user)
    codes = [client.post(url, {}).status_code for _ in range(4)]
    assert codes[-1] == 429
    assert Blockage.objects.count() == 1
