"""A commune's project, from its first line to its impact: holder, DDT, préfecture, observer."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.availability import index
from preau.core import clock
from preau.notifications.models import Email
from preau.projects.enums import (
    BlockageState,
    ProjectRole,
    ProjectState,
    RecommendationState,
    ServiceKind,
)
from preau.projects.models import ImpactReview, Project, StatePair
from preau.resources.enums import BlockageKind, ResourceKind, Theme
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.availability.factories import open_space
from tests.journeys.world import letter
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.projects.factories import ProjectFactory, member, service
from tests.resources.factories import published
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MAYOR = "maire@seyssins.example"


@pytest.fixture
def isere(db):
    """A commune, its pair with one person each, an aid that fits, a hall that is free."""
    commune = CommuneFactory()
    ddt, paul = service(commune.departement, ServiceKind.DDT)
    prefecture, ines = service(commune.departement, ServiceKind.PREFECTURE)
    pair = StatePair.objects.create(departement=commune.departement, ddt=ddt, prefecture=prefecture)
    published(
        title="Dotation d’équipement des territoires ruraux",
        kind=ResourceKind.AID,
        themes=[Theme.CENTRE_VILLE, Theme.AMENAGEMENT],
        blockage_kinds=[BlockageKind.FINANCEMENT],
        areas=["fr"],
    )
    place = PlaceFactory(commune=commune, name="Maison des habitants")
    room = SpaceFactory(place=place, name="Grande salle", capacity=80)
    open_space(room)
    index.index_space(room)
    return pair, paul, ines


def link_in(mail):
    return urlsplit(re.search(r"https?://\S+", mail.text)[0]).path


def look(visitor):
    if visitor.javascript:
        visitor.assert_accessible()


def begin(mayor):
    """Without an account, as far as the third step; then a link by e-mail."""
    mayor.go(reverse("projects:start"))
    look(mayor)
    mayor.press("Commencer")
    mayor.page.get_by_label("Nature de la structure").select_option("commune")
    mayor.fill("Commune de la structure", "Grenoble (38000)")
    look(mayor)
    mayor.press("Enregistrer et continuer")
    mayor.press("Enregistrer et continuer")  # nothing typed: said, and nothing lost
    assert mayor.page.locator(".fr-alert--error, .pr-errors").first.is_visible()
    mayor.fill("Nom du projet", "Halle couverte du marché")
    mayor.fill("Pourquoi ce projet ?", "Le marché se vide dès qu’il pleut.")
    mayor.page.get_by_label("Étude", exact=False).first.check(force=True)
    mayor.page.get_by_label("Centre-ville et commerces").check(force=True)
    look(mayor)
    mayor.press("Enregistrer et continuer")
    look(mayor)
    mayor.press("Finir plus tard")
    mayor.fill("Votre adresse électronique", MAYOR)
    mayor.press("Recevoir le lien")
    look(mayor)


def finish(mayor):
    """In another browser, by the link, to the deposit."""
    mayor.go(link_in(letter(MAYOR, "Reprendre")))
    look(mayor)
    mayor.press("Reprendre le dépôt")
    while not mayor.page.get_by_label("Prénom et nom").count():
        mayor.press("Enregistrer et continuer")
    mayor.fill("Prénom et nom", "Lucie Berger")
    mayor.fill("Adresse électronique", MAYOR)
    look(mayor)
    mayor.press("Enregistrer et continuer")
    look(mayor)
    mayor.fill("Adresse électronique", MAYOR)
    mayor.press("Recevoir un code")
    mayor.fill("Code reçu", letter(MAYOR, "code").subject[:9])
    mayor.press("Me connecter")
    mayor.page.locator("#id_first_name").fill("Lucie")
    mayor.page.locator("#id_last_name").fill("Berger")
    mayor.press("Continuer")
    look(mayor)
    mayor.press("Déposer le projet")
    look(mayor)
    return Project.objects.get()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_commune_files_and_the_pair_takes_it(open_visitor, isere, javascript):
    _pair, paul, ines = isere
    begin(open_visitor(javascript=javascript))
    mayor = open_visitor(javascript=javascript)
    project = finish(mayor)
    assert project.state == ProjectState.DEPOSITED
    assert project.name == "Halle couverte du marché"
    assert {one.recipient for one in Email.objects.all()} >= {paul.user.email, ines.user.email}

    ddt = open_visitor(javascript=javascript)
    ddt.sign_in(paul.user, paul.membership)
    ddt.go(reverse("projects:inbox"))
    look(ddt)
    ddt.press("Prendre en compte", exact=False)
    project.refresh_from_db()
    assert project.state == ProjectState.ACKNOWLEDGED

    prefecture = open_visitor(javascript=javascript)
    prefecture.sign_in(ines.user, ines.membership)
    prefecture.go(reverse("projects:triage", args=[project.key]))
    look(prefecture)
    prefecture.press("Confier à quelqu’un d’autre", role="link")
    herself = prefecture.page.locator("#id_person option", has_text=str(ines.user)).first
    prefecture.page.locator("#id_person").select_option(value=herself.get_attribute("value"))
    prefecture.fill("Pourquoi ?", "Le centre-ville est suivi à la préfecture.")
    look(prefecture)
    prefecture.press("Confier le projet")
    project.refresh_from_db()
    assert project.in_charge == ines.user

    mayor.go(reverse("projects:sheet", args=[project.key]))
    assert mayor.page.get_by_text("Pris en compte").first.is_visible()
    look(mayor)


@pytest.fixture
def accompanied(isere):
    """A project of a commune in the hands of the DDT."""
    _, paul, _ = isere
    town = OrganizationFactory(kind=OrganizationKind.COMMUNE, verified=True, name="Mairie")
    lucie = MembershipFactory(
        organization=town, role=MembershipRole.ADMINISTRATOR, user=UserFactory(email=MAYOR)
    )
    project = ProjectFactory(
        name="Halle couverte du marché",
        state=ProjectState.ACCOMPANIED,
        holder_organization=town,
        holder_user=lucie.user,
        themes=[Theme.CENTRE_VILLE],
        budget_cents=54_000_000,
    )
    return project, lucie, paul


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_blockage_is_lifted_by_advice_and_a_free_space(open_visitor, accompanied, javascript):
    project, lucie, paul = accompanied
    mayor = open_visitor(javascript=javascript)
    mayor.sign_in(lucie.user, lucie)
    mayor.go(reverse("projects:sheet", args=[project.key]))
    look(mayor)
    mayor.go(reverse("projects:blockage_new", args=[project.key]) + "?nature=financement")
    mayor.fill("Ce qui bloque, en une phrase", "Il manque un tiers du financement")
    if not mayor.page.get_by_label("Nous cherchons un lieu").is_visible():
        mayor.page.locator("summary", has_text="Un lieu vous aiderait").click()
    mayor.page.get_by_label("Nous cherchons un lieu").check(force=True)
    mayor.fill("Pour combien de personnes ?", "30")
    look(mayor)
    mayor.press("Signaler ce blocage")
    look(mayor)
    main = mayor.page.get_by_role("main").inner_text()
    assert "Dotation d’équipement" not in main  # a suggestion is not advice

    agent = open_visitor(javascript=javascript)
    agent.sign_in(paul.user, paul.membership)
    [blockage] = project.blockages.all()
    address = reverse("projects:blockage", args=[project.key, blockage.pk])
    agent.go(address)
    look(agent)
    agent.press("Envoyer : Dotation d’équipement des territoires ruraux")
    agent.go(address)
    agent.press("Envoyer : Grande salle", exact=False)
    sent = list(project.recommendations.order_by("pk"))
    assert [one.state for one in sent] == [RecommendationState.SENT] * 2
    assert sent[1].space is not None

    reader = open_visitor(javascript=javascript)  # from the e-mail, signed out
    reader.go(link_in(letter(MAYOR, "Dotation")))
    look(reader)
    assert reader.page.get_by_text("Dotation d’équipement").first.is_visible()
    sent[0].refresh_from_db()
    assert sent[0].answered_at is None  # a link shows, a button acts
    reader.page.get_by_label("Oui").first.check(force=True)
    reader.press("C’est engagé")
    look(reader)
    sent[0].refresh_from_db()
    assert sent[0].state == RecommendationState.ENGAGED

    mayor.go(address)
    mayor.press("C’est réglé, ou terminé", role="link")
    mayor.page.get_by_label("Levé").check(force=True)
    mayor.fill("Ce qui a permis d’avancer", "La dotation est accordée.")
    look(mayor)
    mayor.leave_by(mayor.page.get_by_role("main").locator("form button[type=submit]").first)
    blockage.refresh_from_db()
    assert blockage.state == BlockageState.LIFTED


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_closing_with_what_came_of_it(open_visitor, accompanied, javascript):
    project, lucie, paul = accompanied
    agent = open_visitor(javascript=javascript)
    agent.sign_in(paul.user, paul.membership)
    agent.go(reverse("projects:close", args=[project.key]))
    look(agent)
    agent.press("Demander d’abord le bilan")

    mayor = open_visitor(javascript=javascript)
    mayor.sign_in(lucie.user, lucie)
    mayor.go(reverse("projects:review_write", args=[project.key]))
    mayor.press("Terminer le bilan")
    assert mayor.page.locator(".fr-alert--error, .pr-errors").first.is_visible()
    for field, text in (("goals", "Abriter le marché."), ("results", "Seize bancs.")):
        mayor.page.locator(f"#id_{field}").fill(text)
    mayor.page.locator("input[name=difference]").first.check(force=True)
    look(mayor)
    mayor.press("Terminer le bilan")
    look(mayor)
    assert ImpactReview.objects.get().finished_at is not None

    agent.go(reverse("projects:close", args=[project.key]))
    agent.press("Clore le projet")
    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED
    agent.go(reverse("projects:sheet", args=[project.key]))
    look(agent)
    assert project.ended_at <= clock.now()


def test_an_observer_reads_and_writes_nothing(open_visitor, accompanied):
    project, *_ = accompanied
    actor = member(project, ProjectRole.OBSERVER)
    observer = open_visitor()
    observer.sign_in(actor.user)
    page = observer.go(reverse("projects:sheet", args=[project.key]))
    observer.assert_accessible()
    main = page.get_by_role("main")
    assert main.locator("form[method=post]").count() == 0
    observer.expected = {403}
    for name in ("edit", "invite", "thread_begin", "file_add", "step_add", "blockage_new"):
        answer = page.goto(observer.origin + reverse(f"projects:{name}", args=[project.key]))
        assert answer.status == 403, name
    assert page.get_by_role("heading", level=1).is_visible()
