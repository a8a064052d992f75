"""A commune files: nothing typed is lost, nothing is filed twice, nobody else gets in."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, Actor
from preau.core import clock
from preau.core.errors import Forbidden
from preau.notifications.models import Email
from preau.projects import draft_links
from preau.projects.actions import depositing, drafts, filing
from preau.projects.enums import EventKind, ProjectState
from preau.projects.events import project_deposited
from preau.projects.filers import Filer
from preau.projects.models import Assignment, Project
from preau.projects.queries import drafts as reads
from tests.accounts.factories import UserFactory, sign_in
from tests.projects.factories import holder, pair
from tests.projects.filing import CONTACT, SIRET, WHAT, Browser, commune, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits():
    cache.clear()


def test_a_commune_files_without_an_account_then_signs_in():
    place = commune()
    state = pair(place.departement)
    browser = Browser().begin()
    project = browser.fill()
    assert project.state == ProjectState.DRAFT
    assert (project.holder_name, project.lead_commune_id) == ("Commune de Voiron", "38563")
    assert (project.departement_code, project.departement_codes) == ("38", ["38"])
    assert project.budget_cents == 120_000_000
    page = browser.get("file_recap").content.decode()
    assert "Recevoir un code" in page and "Déposer le projet" not in page
    browser.post("file_recap")  # not signed in: nothing happens
    assert browser.fresh().state == ProjectState.DRAFT

    person = UserFactory(email="jeanne@voiron.example")
    session = browser.client.session
    kept = dict(session.items())
    sign_in(browser.client, person)
    session = browser.client.session
    session.update(kept)
    session.save()
    assert "Déposer le projet" in browser.get("file_recap").content.decode()
    told = []
    project_deposited.connect(lambda **found: told.append(found["project"].pk), weak=False)
    response = browser.post("file_recap")
    assert response.url == url("filed", project)
    project = browser.fresh()
    assert (project.state, project.holder_user, project.filed_by) == ("depose", person, person)
    assert project.visitor_key == ""
    assert (project.in_charge, project.service_in_charge) == (state.ddt.referent, state.ddt)
    assert project.acknowledge_by > clock.now() + timedelta(days=1)
    assert Assignment.objects.filter(project=project).count() == 2
    assert told == [project.pk]
    after = browser.get("filed").content.decode()
    assert str(state.ddt.referent) in after and project.reference in after
    assert Email.objects.filter(recipient=person.email, subject__contains="est déposé").count() == 1
    # The button once more, and an old tab: still one deposit.
    browser.post("file_recap")
    assert project.events.filter(kind=EventKind.STATE).count() == 1


@pytest.mark.parametrize(
    ("step", "data", "said"),
    [
        ("file_who", {"name": "Les Amis"}, "Choisissez la nature"),
        ("file_who", {"kind": "commune", "siret": "12345678901234"}, "contient une erreur"),
        ("file_who", {"kind": "commune", "commune": "Nulle-Part-sur-Rien"}, "ne trouvons pas"),
        ("file_who", {"kind": "association", "siret": SIRET}, "ne connaissons pas ce numéro"),
        ("file_what", WHAT | {"name": ""}, "nécessaire"),
        (
            "file_what",
            WHAT | {"themes": ["energie", "eau_biodiversite", "sport", "culture", "sante"]},
            "Gardez les",
        ),
        ("file_what", WHAT | {"phase": "finie"}, "phase"),
        ("file_where", {}, "au moins une commune"),
        ("file_where", {"commune": "Nulle-Part"}, "ne trouvons pas"),
        ("file_where", {"kept": ["99999"]}, "kept"),
        ("file_money", {"budget": "cher"}, "pas lisible"),
        ("file_money", {"starts_on": "2027-03-01", "ends_on": "2027-02-01"}, "précéder"),
        ("file_contact", CONTACT | {"contact_email": "jeanne"}, "complète"),
    ],
)
def test_bad_input_is_said_and_stays_typed(step, data, said):
    browser = Browser().begin()
    before = Project.objects.values().get()
    response = browser.post(step, data)
    assert response.status_code == 200
    page = response.content.decode()
    assert said in page and "à corriger" in page
    for name, value in data.items():
        if isinstance(value, str) and value:
            assert str(response.context["form"][name].value()) == value
    assert Project.objects.values().get() == before


def test_several_communes_and_the_whole_epci_are_one_project():
    from preau.territories.models import Epci

    place = commune()
    epci = Epci.objects.create(siren="243800604", name="Pays Voironnais", kind="CA")
    near = commune("Coublevie", "38133", "38500")
    far = CommuneFactory_in_drome()
    type(place).objects.filter(pk__in=[place.pk, near.pk]).update(epci=epci)
    browser = Browser().begin()
    response = browser.post("file_where", {"commune": "Voiron 38500", "action": "ajouter"})
    assert response.url == url("file_where", browser.project)
    browser.post("file_where", {"kept": [place.pk], "commune": "Valence", "action": "ajouter"})
    project = browser.fresh()
    assert project.lead_commune == place
    assert project.departement_codes == ["38", "26"]
    assert project.latitude == pytest.approx((place.latitude + far.latitude) / 2)
    assert "file_where" not in project.filing.done
    browser.post("file_where", {"kept": [place.pk, far.pk], "whole": "on"})
    project = browser.fresh()
    assert set(project.communes.values_list("commune", flat=True)) == {place.pk, near.pk}
    assert project.epci == epci
    assert project.departement_codes == ["38"]


def CommuneFactory_in_drome():
    from tests.territories.factories import CommuneFactory, DepartementFactory

    drome = DepartementFactory(code="26", name="Drôme")
    return CommuneFactory(
        code="26362", name="Valence", departement=drome, postcodes=["26000"], latitude=44.9
    )


def test_namesakes_are_asked_apart():
    commune("Saint-Denis", "38001", "38111")
    commune("Saint-Denis", "38002", "38222")
    browser = Browser().begin()
    response = browser.post("file_where", {"commune": "Saint-Denis"})
    assert "Plusieurs communes portent ce nom" in response.content.decode()
    browser.post("file_where", {"commune": "Saint-Denis 38222"})
    assert browser.fresh().lead_commune_id == "38002"


# --- Who gets in


def test_a_draft_is_nobody_elses():
    browser = Browser().begin()
    browser.post("file_what", WHAT)
    stranger = sign_in(Client(), UserFactory())
    steps = ["file_who", "file_what", "file_where", "file_money", "file_contact", "file_recap"]
    steps += ["file_later", "draft_delete", "draft_resume", "file_programmes"]
    for client in (Client(), stranger, sign_in(Client(), holder().user)):
        for step in steps:
            for response in (
                client.get(url(step, browser.project)),
                client.post(url(step, browser.project), WHAT | {"name": "Volé"}),
            ):
                assert response.status_code == 404
                assert "Jules-Ferry" not in response.content.decode()
    assert browser.fresh().name == WHAT["name"]
    someone = Filer(Actor(user=UserFactory()), frozenset({"", "autre"}))
    with pytest.raises(Forbidden):
        filing.save_money(browser.project, by=someone, budget_cents=1, starts_on=None, ends_on=None)
    with pytest.raises(Forbidden):
        drafts.delete(browser.project, by=someone)
    with pytest.raises(Forbidden):
        depositing.deposit(browser.project, actor=ANONYMOUS)


def link_in(email):
    return re.search(r"/projets/reprendre/[^/\s]+/", email.text)[0]


def test_another_browser_takes_it_up_by_link():
    browser = Browser().begin()
    browser.post("file_what", WHAT)
    browser.post("file_later", {"email": "jeanne@voiron.example"})
    email = Email.objects.get(recipient="jeanne@voiron.example")
    # Whoever gets it learns nothing before opening it, and we carry no word of the sender.
    assert WHAT["name"] not in email.text + email.subject + email.html
    elsewhere = Client()
    page = elsewhere.get(link_in(email))
    assert WHAT["name"] not in page.content.decode()
    assert elsewhere.get(url("file_what", browser.project)).status_code == 404  # GET opens nothing
    response = elsewhere.post(link_in(email))
    assert response.url == url("draft_resume", browser.project)
    assert elsewhere.get(response.url).url == url("file_who", browser.project)  # what is left
    assert WHAT["name"] in elsewhere.get(url("file_what", browser.project)).content.decode()


def test_a_forwarded_link_opens_nothing_once_somebody_signed_in():
    browser = Browser().begin()
    browser.post("file_later", {"email": "jeanne@voiron.example"})
    link = link_in(Email.objects.get())
    by = Filer(Actor(user=UserFactory()), frozenset({browser.project.visitor_key}))
    drafts.adopt(browser.project, by=by)
    elsewhere = Client()
    assert "connectez-vous" in elsewhere.get(link).content.decode()
    assert elsewhere.post(link).url.startswith(reverse("account_login"))
    assert elsewhere.get(url("file_what", browser.project)).status_code == 404
    stranger = sign_in(Client(), UserFactory())
    assert stranger.post(link, follow=True).status_code == 404
    assert browser.get("file_what").status_code == 404  # the first browser too: it is a person's


def test_a_link_over_its_time_offers_another_to_the_same_address_only():
    browser = Browser().begin()
    browser.post("file_later", {"email": "jeanne@voiron.example"})
    with clock.frozen(clock.now() - timedelta(days=draft_links.DAYS + 1)):
        old = draft_links.page_for(browser.project)
    elsewhere = Client()
    response = elsewhere.get(old)
    assert response.status_code == 410
    assert elsewhere.post(old).status_code == 410
    ask = reverse("projects:draft_link_ask")
    known = elsewhere.post(ask, {"email": "jeanne@voiron.example"}, follow=True)
    assert Email.objects.count() == 2
    unknown = elsewhere.post(ask, {"email": "inconnue@voiron.example"}, follow=True)
    assert Email.objects.count() == 2
    same = [
        re.sub(r"[a-z]+@voiron.example|value=\"\w+\"|nonce-?\S+", "", one.content.decode())
        for one in (known, unknown)
    ]
    assert same[0] == same[1]


def test_links_that_are_not_ours_lead_nowhere():
    for token in ("n-importe-quoi", "a:b:c"):
        assert Client().get(reverse("projects:draft_by_link", args=[token])).status_code == 404


def test_drafts_and_links_are_limited():
    browser = Browser()
    codes = [browser.client.post(reverse("projects:start")).status_code for _ in range(22)]
    assert codes.count(302) == 20 and codes[-1] == 429
    browser.project = Project.objects.first()
    browser.project = Project.objects.order_by("-pk").first()
    for _ in range(5):
        browser.post("file_later", {"email": "jeanne@voiron.example"})
    assert Email.objects.count() == 3


# --- Tabs, back, refresh


def test_two_tabs_and_the_back_button_lose_nothing():
    pair(commune().departement)
    browser = Browser().begin()
    other = browser.project
    browser.begin()
    assert other.key != browser.project.key  # two drafts do not mix
    browser.post("file_what", WHAT)
    assert Project.objects.get(pk=other.pk).name == ""
    browser.post("file_what", WHAT | {"name": "Autre nom"})  # back, then again
    assert browser.fresh().name == "Autre nom"
    assert 'value="Autre nom"' in browser.get("file_what").content.decode()


def test_an_old_tab_after_the_deposit_keeps_what_was_typed():
    pair(commune().departement)
    person = UserFactory()
    browser = Browser(sign_in(Client(), person)).begin()
    browser.fill()
    browser.post("file_recap")
    response = browser.post("file_what", WHAT | {"name": "Trop tard"})
    page = response.content.decode()
    assert "vient d’être déposé" in page and "Trop tard" in page
    assert browser.fresh().name == WHAT["name"]
    assert browser.get("file_what").url == url("filed", browser.project)
    browser.post("draft_delete")
    assert browser.fresh().state == ProjectState.DEPOSITED


# --- « Finir plus tard »


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("file_who", {"kind": "association", "name": "", "partner": "Voi"}),
        ("file_what", WHAT | {"purpose": "", "themes": ["energie"]}),
        ("file_where", {"commune": "Nulle-Part"}),
        ("file_money", {"budget": "cher", "starts_on": "2027-03-01"}),
        ("file_contact", CONTACT | {"contact_email": "jeanne"}),
    ],
)
def test_finishing_later_loses_nothing_half_written(step, data):
    browser = Browser().begin()
    assert browser.post(step, data | {"later": "1"}).url == url("file_later", browser.project)
    assert "Votre brouillon est gardé" in browser.get("file_later").content.decode()
    response = browser.get(step)
    assert "Page à finir" in response.content.decode()
    for name, value in data.items():
        assert response.context["form"][name].value() == value
    # The recap says that it is not finished; nothing was taken for good.
    assert url(step, browser.project) in [page.url for page, _ in _missing(browser)]
    assert browser.fresh().budget_cents is None and not browser.project.contact_email


def _missing(browser):
    return browser.get("file_recap").context["missing"]


def test_finishing_later_saves_what_is_complete_and_what_is_said_twice_stays():
    browser = Browser().begin()
    browser.post("file_what", WHAT | {"later": "1"})
    assert browser.fresh().purpose == WHAT["purpose"] and not browser.project.filing.typed
    assert browser.get("draft_resume").url == url("file_who", browser.project)
    # Gone through, then gone back to: the recap sends there before anything is filed.
    browser.fill()
    browser.post("file_what", WHAT | {"purpose": "", "name": "Autre école", "later": "1"})
    assert browser.get("draft_resume").url == url("file_what", browser.project)
    assert "Autre école" in browser.client.get(reverse("projects:start")).content.decode()
    assert [sentence for _, sentence in _missing(browser)] == [
        "Relisez ce que vous aviez commencé à écrire : Quel projet, et pourquoi ?"
    ]
    browser.post("file_what", WHAT)
    assert _missing(browser) == []


def test_finishing_later_with_nothing_written_goes_through_no_page():
    new = Browser().begin()
    new.post("file_money", {"budget": "", "starts_on": "", "ends_on": "", "later": "1"})
    new.post("file_what", {"name": "a\0b" + "x" * 30_000, "later": "1"})
    assert new.fresh().filing.done == []
    assert list(new.project.filing.typed) == ["projet"]


def test_pages_of_one_step_are_told_apart():
    browser = Browser().begin()
    browser.fill()
    assert "Étape 1 sur 6</span>" in browser.get("file_who").content.decode()
    assert "Étape 3 sur 6, page 1 sur 2" in browser.get("file_where").content.decode()
    page = browser.get("file_programmes").content.decode()
    assert "Étape 3 sur 6, page 2 sur 2" in page and "Budget et calendrier" in page


# --- A draft begun signed out, by a member of a structure that is verified


def test_the_verified_structure_is_offered_on_resuming_and_never_taken_alone():
    browser = Browser().begin()
    browser.fill()
    town = holder(commune=browser.fresh().lead_commune)
    elsewhere = holder(commune=commune("Coublevie", "38133", "38500"))
    kept = browser.project.visitor_key
    for actor, offered in ((elsewhere, False), (town, True)):
        client = sign_in(Client(), actor.user, actor.membership)
        session = client.session
        session["project_drafts"] = [kept]
        session.save()
        if not offered:  # before anybody has made it theirs
            by = Filer(actor, frozenset({kept}))
            assert reads.structure_for(by, browser.project) is None
            continue
        page = client.get(url("draft_resume", browser.project)).content.decode()
        assert "structure non vérifiée" in page and town.organization.name in page
        assert browser.fresh().holder_organization is None
        assert "au nom de" in client.get(url("file_recap", browser.project)).content.decode()
        client.post(url("draft_resume", browser.project), {"structure": "oui"})
        project = browser.fresh()
        assert project.holder_organization == town.organization
        assert (project.holder_name, project.holder_hint) == (town.organization.name, "")
        assert client.get(url("draft_resume", browser.project)).status_code == 302
