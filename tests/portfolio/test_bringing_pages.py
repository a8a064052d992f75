"""The pages of bringing in, from the file to the way back."""

import io

import pytest
from django.urls import reverse

from preau.portfolio.bringing import actions
from preau.portfolio.bringing.enums import BatchState
from preau.portfolio.bringing.models import PerimeterFile, ProjectBatch
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from preau.territories.models import Crte
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.projects.factories import ProjectFactory, agent_of, pair
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
CSV = (
    "Intitulé;INSEE;Remarque;Montant\n"
    "École;38226;à revoir;1 250 000\n"
    "Halle;38999;;gratuit\n"
    "=Pont;38226;;\n"
)


@pytest.fixture
def agent():
    CommuneFactory(code="38226", name="Mens")
    return agent_of(pair(DepartementFactory()).ddt)


@pytest.fixture
def page(client, agent):
    return sign_in(client, agent.user, agent.membership)


def sent(text=CSV, name="projets.csv"):
    file = io.BytesIO(text.encode())
    file.name = name
    return {"file": file, "default_state": ProjectState.ACKNOWLEDGED, "sheet": ""}


def body(response):
    text = response.getvalue() if response.streaming else response.content
    return " ".join(text.decode().split())


def test_from_the_file_to_the_projects_and_back(page):
    answer = page.post(reverse("portfolio:bringing"), sent())
    batch = ProjectBatch.objects.get()
    here = reverse("portfolio:bringing_look", args=[batch.pk])
    assert answer.headers["location"] == here
    shown = body(page.get(here))
    assert "Quelle colonne est laquelle" in shown
    assert "à revoir" in shown  # an example of the column's values
    match = reverse("portfolio:bringing_match", args=[batch.pk])
    wrong = page.post(match, {"c0": "name", "c1": "", "c2": "", "c3": "budget_cents"})
    assert "où sont les projets" in body(wrong)
    assert 'value="budget_cents" selected' in body(wrong)
    page.post(match, {"c0": "name", "c1": "communes", "c2": "purpose", "c3": "budget_cents"})
    shown = body(page.get(here))
    assert "38999" in shown
    assert "n’est pas lisible" in shown
    rejected = body(page.get(reverse("portfolio:bringing_rejected", args=[batch.pk])))
    assert rejected.startswith("\ufeffIntitulé;INSEE;Remarque;Montant;ligne du fichier;à corriger")
    assert "Halle;38999;;gratuit;3;" in rejected
    page.post(reverse("portfolio:bringing_begin", args=[batch.pk]))
    assert set(Project.objects.values_list("name", flat=True)) == {"École", "=Pont"}
    assert "Annuler cette reprise" in body(page.get(here))
    undo = reverse("portfolio:bringing_undo", args=[batch.pk])
    assert "2 projets" in body(page.get(undo)).replace("\u00a0", " ")
    page.post(undo)
    assert not Project.objects.exists()
    assert "Projets retirés" in body(page.get(here))
    assert "projets.csv" in body(page.get(reverse("portfolio:bringing")))


def test_the_rejected_file_corrected_comes_in(page):
    page.post(reverse("portfolio:bringing"), sent())
    batch = ProjectBatch.objects.get()
    match = reverse("portfolio:bringing_match", args=[batch.pk])
    columns = {"c0": "name", "c1": "communes", "c2": "", "c3": "budget_cents"}
    page.post(match, columns)
    page.post(reverse("portfolio:bringing_begin", args=[batch.pk]))
    answer = page.get(reverse("portfolio:bringing_rejected", args=[batch.pk]))
    mended = answer.getvalue().decode().replace("38999", "38226").replace("gratuit", "0")
    page.post(reverse("portfolio:bringing"), sent(mended))
    second = ProjectBatch.objects.latest("pk")
    assert second.mapping[:4] == ["name", "communes", "", "budget_cents"]
    page.post(reverse("portfolio:bringing_match", args=[second.pk]), columns | {"c4": "", "c5": ""})
    page.post(reverse("portfolio:bringing_begin", args=[second.pk]))
    assert Project.objects.filter(name="Halle").exists()


def test_a_long_file_is_a_workers(page, monkeypatch):
    monkeypatch.setattr(actions, "FEW", 1)
    page.post(reverse("portfolio:bringing"), sent())
    batch = ProjectBatch.objects.get()
    columns = {"c0": "name", "c1": "communes", "c2": "", "c3": "budget_cents"}
    page.post(reverse("portfolio:bringing_match", args=[batch.pk]), columns)
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKING
    shown = body(page.get(reverse("portfolio:bringing_look", args=[batch.pk])))
    assert "0 lignes sur 3" in shown.replace("\u00a0", " ")
    page.post(reverse("portfolio:bringing_stop", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.stop_asked


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Ce fichier est vide"), ("a;b\n", "aucun projet sous ses titres"), ("[1", "abîmé")],
)
def test_what_is_no_file_keeps_the_page(page, text, sentence):
    assert sentence in body(page.post(reverse("portfolio:bringing"), sent(text)))
    assert not ProjectBatch.objects.exists()


def test_under_another_hat_nothing_shows(client, agent, page):
    page.post(reverse("portfolio:bringing"), sent())
    batch = ProjectBatch.objects.get()
    sign_in(client, agent.user)
    shown = client.get(reverse("portfolio:bringing"))
    assert "ouverte aux DDT" in body(shown)
    assert "projets.csv" not in body(shown)
    assert client.get(reverse("portfolio:bringing_look", args=[batch.pk])).status_code == 403
    stranger = MembershipFactory()
    sign_in(client, stranger.user, stranger)
    for name in ("look", "rejected", "undo"):
        address = reverse(f"portfolio:bringing_{name}", args=[batch.pk])
        assert client.get(address).status_code == 403


def test_the_shape_of_mec_holds_what_one_may_see(client, agent, page):
    mine = ProjectFactory(name="Le nôtre", lead_commune_id="38226")
    drome = DepartementFactory(code="26", name="Drôme")
    ProjectFactory(lead_commune=CommuneFactory(code="26362", departement=drome), name="Ailleurs")
    ProjectFactory(state=ProjectState.DRAFT, name="Brouillon", holder_organization=None)
    out = body(client.get(reverse("portfolio:export_mec")))
    assert mine.reference in out
    assert "Ailleurs" not in out
    assert "Brouillon" not in out


def test_the_template_is_read_as_it_is(page):
    template = page.get(reverse("portfolio:bringing_template")).getvalue().decode()
    page.post(reverse("portfolio:bringing"), sent(template))
    assert all(ProjectBatch.objects.get().mapping)


def test_the_operator_changes_perimeters(client):
    CommuneFactory(code="38226", name="Mens")
    sign_in(client, UserFactory(is_operator=True))
    file = io.BytesIO(b"id_crte;lib_crte;insee_com\nc1;CRTE du sud;38226\nc1;CRTE du sud;99999\n")
    file.name = "crte.csv"
    client.post(
        reverse("portfolio:perimeters"), {"file": file, "programme": "", "on": "2026-01-01"}
    )
    made = PerimeterFile.objects.get()
    look = reverse("portfolio:perimeters_look", args=[made.pk])
    shown = body(client.get(look))
    assert "99999" in shown
    assert not Crte.objects.exists()
    client.post(reverse("portfolio:perimeters_apply", args=[made.pk]))
    assert Crte.objects.get().name == "CRTE du sud"
    assert "Ce périmètre est appliqué" in body(client.get(look))
    assert "déjà été appliqué" in body(
        client.post(reverse("portfolio:perimeters_apply", args=[made.pk]), follow=True)
    )
