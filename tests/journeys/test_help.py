"""A commune says what blocks it, its services advise, it answers; with and without JavaScript."""

import re

import pytest
from django.urls import reverse

from preau.notifications.models import Email
from preau.projects.actions import recommendations
from preau.projects.actions.recommendations import Advice
from preau.projects.enums import ProjectRole, ProjectState, RecommendationState
from preau.projects.models import Recommendation, ServiceMember
from preau.projects.tasks.help import tell_blockage
from preau.resources.enums import HelpKind
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.projects.factories import ProjectFactory, agent_of, holder, member, pair_of
from tests.resources.factories import published

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mayor():
    return holder()


@pytest.fixture
def project(mayor):
    project = ProjectFactory(
        name="Rénover la halle",
        state=ProjectState.ACCOMPANIED,
        themes=["energie"],
        holder_organization=mayor.organization,
        filed_by=mayor.user,
    )
    published(title="Fonds chaleur", audiences=["commune"])
    published(title="Dotation de soutien à l’investissement", themes=["energie", "education"])
    open_space(
        SpaceFactory(
            name="Salle Olympe", place=PlaceFactory(commune=project.lead_commune, name="La Ruche")
        )
    )
    return project


@pytest.fixture
def agent(project):
    agent = agent_of(pair_of(project.lead_commune).ddt)
    ServiceMember.objects.create(
        service=pair_of(project.lead_commune).ddt, user=agent.user, themes=["energie"]
    )
    return agent


def link_in_letter(user):
    """The address of the button in the last letter, without the site."""
    text = Email.objects.filter(recipient=user.email).latest("pk").text
    return re.search(r"https?://[^/]+(/recommandation/\S+)", text)[1]


def tick(visitor, words):
    """A box or a choice, by the words beside it, which cover it."""
    visitor.page.get_by_role("main").get_by_text(words, exact=True).first.click()


def declare(visitor, project):
    visitor.go(reverse("projects:sheet", args=[project.key]))
    visitor.press("Signaler un blocage", role="link")
    visitor.assert_accessible()
    visitor.press("Financement", role="link", exact=False)
    visitor.press("Signaler ce blocage")
    assert visitor.page.get_by_text("Dites en une phrase ce qui bloque.").first.is_visible()
    visitor.fill("Ce qui bloque, en une phrase", "Il manque 40 000 € pour la chaudière")
    visitor.assert_accessible()
    visitor.page.get_by_text("Un lieu vous aiderait-il").first.click()
    tick(visitor, "Nous cherchons un lieu")
    visitor.fill("Pour combien de personnes ?", "20")
    visitor.press("Signaler ce blocage")
    visitor.assert_accessible()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_blockage_to_an_answer(open_visitor, project, mayor, agent, javascript):
    town = open_visitor(javascript=javascript)
    town.sign_in(mayor.user, mayor.membership)
    declare(town, project)
    assert town.page.get_by_text("Vos services de l’État sont prévenus").first.is_visible()
    assert not town.page.get_by_text("Fonds chaleur").count()

    blockage = project.blockages.get()
    tell_blockage(blockage.pk)
    letter = Email.objects.filter(recipient=project.in_charge.email).latest("pk")
    assert "Fonds chaleur" in letter.text

    ddt = open_visitor(javascript=javascript)
    ddt.sign_in(agent.user, agent.membership)
    ddt.go(reverse("projects:blockage", args=[project.key, blockage.pk]))
    ddt.assert_accessible()
    ddt.press("Je m’en occupe")
    ddt.press("Envoyer : Fonds chaleur", exact=False)
    ddt.press("Adapter : Salle Olympe", role="link", exact=False)
    ddt.assert_accessible()
    ddt.fill("Pourquoi vous la proposez", "La salle est libre : réunissez-y vos partenaires.")
    ddt.press("Garder en brouillon")
    ddt.press("Écarter : Dotation de soutien à l’investissement", role="link", exact=False)
    ddt.assert_accessible()
    ddt.fill("Motif", "La campagne est close.")
    ddt.press("Écarter cette piste")
    ddt.assert_accessible()

    town.go(reverse("projects:blockage", args=[project.key, blockage.pk]))
    assert town.page.get_by_text("Fonds chaleur").first.is_visible()
    assert not town.page.get_by_text("Salle Olympe").count()
    ddt.go(reverse("projects:recommendations", args=[project.key]))
    ddt.assert_accessible()
    ddt.press("Envoyer au porteur")

    phone = open_visitor(javascript=javascript)  # signed out
    phone.go(link_in_letter(mayor.user))
    phone.assert_accessible()
    phone.press("Non, pas pour nous")
    assert phone.page.get_by_text("Dites pourquoi en quelques mots").first.is_visible()
    tick(phone, "Oui")
    phone.press("C’est engagé")
    assert phone.page.get_by_text("Votre réponse est transmise").first.is_visible()
    phone.assert_accessible()
    place = Recommendation.objects.get(space__isnull=False)
    assert place.state == RecommendationState.ENGAGED
    assert f"projet={project.key}" in place.url

    town.go(reverse("projects:sheet", args=[project.key]))
    town.assert_accessible()
    town.press("Fonds chaleur", role="link")
    town.assert_accessible()
    town.press("Nous l’étudions")
    town.go(reverse("projects:blockage", args=[project.key, blockage.pk]))
    town.press("C’est réglé, ou terminé", role="link")
    town.assert_accessible()
    tick(town, "Levé : le problème est réglé")
    town.fill("Ce qui a permis d’avancer", "Le fonds chaleur a payé.")
    town.press("Terminer ce blocage")
    town.go(reverse("projects:blockages", args=[project.key]))
    town.assert_accessible()
    for one in (town, ddt, phone):
        one.check()


def test_an_observer_reads_what_was_sent_and_writes_nothing(open_visitor, project, agent):
    watcher = member(project, ProjectRole.OBSERVER)
    secret = Advice(HelpKind.FUNDING, "Une piste secrète", "À vérifier.")
    recommendations.draft(project, secret, actor=agent)
    known = Advice(HelpKind.FUNDING, "Le fonds vert", "Il finance les halles.")
    made = recommendations.draft(project, known, actor=agent)
    recommendations.send([made], actor=agent)
    visitor = open_visitor()
    visitor.sign_in(watcher.user)
    for page in (
        reverse("projects:sheet", args=[project.key]),
        reverse("projects:recommendations", args=[project.key]),
        reverse("projects:recommendation", args=[project.key, made.pk]),
    ):
        visitor.go(page)
        assert visitor.page.get_by_text("Le fonds vert").first.is_visible()
        main = visitor.page.get_by_role("main")
        assert not main.get_by_text("secrète").count()
        assert not main.get_by_role("button", name="Nous l’étudions").count()
        assert not main.get_by_role("link", name="Signaler un blocage").count()
    made.refresh_from_db()
    assert made.state == RecommendationState.SENT  # an observer leaves no trace


def test_setting_a_place_first(open_visitor, project, mayor):
    visitor = open_visitor()
    visitor.sign_in(mayor.user, mayor.membership)
    visitor.go(reverse("projects:blockage_new", args=[project.key]) + "?nature=foncier")
    assert visitor.page.get_by_label("Nous cherchons un lieu").is_checked()
    visitor.assert_accessible()
