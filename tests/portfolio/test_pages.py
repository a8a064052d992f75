"""What the pages ask of the database does not grow with the projects; files harm nobody."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from preau.portfolio import counting
from preau.portfolio.queries import listing
from preau.projects.models import Project, ProjectText
from tests.accounts.factories import OrganizationFactory
from tests.portfolio.test_seeing import client_of
from tests.projects.factories import ProjectFactory, agent_of, holder, pair_of, service
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
PAGES = {
    "projects": "",
    "board": "",
    "map": "",
    "points": "?vue=40,-10,52,10&zoom=9",
    "crtes": "",
    "programmes": "",
    "nation": "",
    "export_csv": "",
    "export_xlsx": "",
}
MOST = {"projects": 40, "board": 50, "map": 40, "points": 35, "nation": 35}


def asked(client, name):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        answer = client.get(reverse(f"portfolio:{name}") + PAGES[name])
        assert answer.status_code == 200
        _ = answer.getvalue() if answer.streaming else answer.content
    return len(caught)


def test_as_many_statements_for_one_project_as_for_thirty():
    commune = CommuneFactory()
    ProjectFactory.create_batch(2, lead_commune=commune)
    _, nation = service(kind="national")
    client = client_of(nation)
    counting.refresh()
    before = {name: asked(client, name) for name in PAGES}
    for number in range(30):
        ProjectFactory(lead_commune=commune, name=f"École {number}", priority="")
    Project.objects.filter(name__endswith="7").update(priority="haute", priority_reason="Date.")
    counting.refresh()
    after = {name: asked(client, name) for name in PAGES}
    assert after == before
    assert all(before[name] <= most for name, most in MOST.items()), before


def test_full_text_follows_every_word_of_a_project():
    commune = CommuneFactory(code="38382", name="Saint-Égrève")
    project = ProjectFactory(
        lead_commune=commune,
        name="Chaufferies collectives",
        purpose="Réduire la facture",
        holder_siret="20004071500019",
    )
    agent = agent_of(pair_of(commune).ddt)
    client = client_of(agent)

    def finds(words):
        page = client.get(reverse("portfolio:projects"), {"texte": words}).content.decode()
        return project.reference in page

    for words in (
        "chaufferie",
        "collectif chauff",
        "saint egreve",
        "factures",
        project.reference,
        project.reference.lower().replace("-", ""),
        "200 040 715 00019",
    ):
        assert finds(words), words
    for words in ("piscine", "chaufferie piscine", "20004071500018", "'; --", "& | !", "é" * 500):
        assert not finds(words), words
    project.name = "Piscine"
    project.save()
    assert finds("piscine")
    assert not finds("chaufferie")
    other = CommuneFactory(code="38565", name="Voreppe", departement=commune.departement)
    project.communes.create(commune=other)
    assert finds("voreppe")
    project.communes.filter(commune=other).delete()
    assert not finds("voreppe")
    owner = project.holder_organization
    owner.name = "Syndicat du Guiers"
    owner.save(update_fields=["name"])
    assert finds("guiers")
    Project.objects.filter(pk=project.pk).update(holder_organization=OrganizationFactory(name="Om"))
    assert not finds("guiers")


def test_words_go_with_their_draft():
    draft = ProjectFactory(state="brouillon")
    assert ProjectText.objects.filter(project=draft).exists()
    draft.delete()
    assert not ProjectText.objects.exists()


def test_files_cannot_run_formulas():
    project = ProjectFactory(name="=2+3", holder_name="@SUM(A1)", holder_organization=None)
    client = client_of(agent_of(pair_of(project.lead_commune).ddt))
    text = client.get(reverse("portfolio:export_csv")).getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["Projet"], row["Porteur"]) == ("'=2+3", "'@SUM(A1)")
    book = load_workbook(io.BytesIO(client.get(reverse("portfolio:export_xlsx")).getvalue()))
    values = list(next(book.active.iter_rows(min_row=2)))
    assert values[1].value == "'=2+3"
    assert values[1].data_type == "s"


def test_wrong_addresses_are_forgiven():
    project = ProjectFactory()
    client = client_of(agent_of(pair_of(project.lead_commune).ddt))
    for query in ("?apres=x", "?apres=99999999999999999-1", "?etat=zzz", "?charge=abc", "?crte=no"):
        assert client.get(reverse("portfolio:projects") + query).status_code == 200, query
    page = client.get(reverse("portfolio:projects") + "?commune=Xyzzy").content.decode()
    assert "Aucune commune ne porte ce nom" in page
    for view in ("", "?vue=1,2&zoom=3", "?vue=nan,0,1,1&zoom=3", "?vue=0,0,1,1&zoom=x"):
        assert client.get(reverse("portfolio:points") + view).status_code == 400, view


def test_a_list_too_long_is_not_counted_to_its_end(monkeypatch):
    monkeypatch.setattr(listing, "MOST_COUNTED", 2)
    commune = CommuneFactory()
    for _ in range(4):
        ProjectFactory(lead_commune=commune)
    client = client_of(agent_of(pair_of(commune).ddt))
    assert "Plus de 500 projets" in client.get(reverse("portfolio:projects")).content.decode()


def test_no_tab_leads_to_a_page_of_others():
    commune = CommuneFactory()
    town, (_, reader) = holder(commune=commune), service(kind="autre")
    agent = agent_of(pair_of(commune).ddt)
    tabs = {"dashboard", "impact", "bringing"}
    for actor, opens in ((town, set()), (reader, set()), (agent, tabs)):
        client = client_of(actor)
        page = client.get(reverse("portfolio:projects")).content.decode()
        nav = page.split('class="portfolio-sections"')[1].split("</nav>")[0]
        assert {one for one in tabs if reverse(f"portfolio:{one}") in nav} == opens
