"""The page of figures: for whom, of what, and its file."""

import csv
import io

import pytest

from preau.accounts.actors import Actor
from preau.core import clock
from preau.portfolio.figures import catalogue, charts, scopes, summaries
from preau.portfolio.figures.enums import Period, ScopeKind
from preau.projects.enums import ServiceKind
from preau.projects.models import Project
from preau.territories.models import Crte
from tests.accounts.factories import UserFactory, sign_in
from tests.portfolio.random_projects import NOW, fill
from tests.projects.factories import ProjectFactory, agent_of, holder, pair_of, programme, service
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
PAGE = "/piloter/impact/"


@pytest.fixture
def communes():
    region = RegionFactory(code="84", name="Auvergne-Rhône-Alpes")
    return [
        CommuneFactory(
            code=insee, departement=DepartementFactory(code=code, name=f"Dép {code}", region=region)
        )
        for code, insee in (("38", "38185"), ("26", "26362"))
    ]


def agent(commune):
    return agent_of(pair_of(commune).ddt)


def page_for(client, actor, query=""):
    return sign_in(client, actor.user, actor.membership).get(PAGE + query)


def test_a_service_sees_its_departement_and_no_other(client, communes):
    fill(communes, 20, 1)
    programme(slug="vda", name="Villages d’avenir")
    ddt = agent(communes[0])
    offered = scopes.offered_to(ddt)
    assert [(one.kind, one.code) for one in offered] == [
        (ScopeKind.DEPARTEMENT, "38"),
        (ScopeKind.PROGRAMME, "vda"),
    ]
    assert offered[1].within == {"38"}
    for asked in ("departement-26", "region-84", "nation", "x", "programme-x", "crte-x", ""):
        page = page_for(client, ddt, f"?territoire={asked}").text
        assert "Impact : Dép 38 (38)" in page
        assert "Dép 26" not in page


def test_a_region_sees_its_own_and_the_nation_everything(client, communes):
    region = communes[0].departement.region
    _, regional = service(kind=ServiceKind.REGION, region=region)
    _, national = service(kind=ServiceKind.NATIONAL)
    _, other = service(kind=ServiceKind.OTHER)
    assert [one.value for one in scopes.offered_to(regional)] == [
        "region-84",
        "departement-26",
        "departement-38",
    ]
    assert scopes.offered_to(national)[0].value == "nation"
    for nobody in (other, holder(), Actor(user=UserFactory(operator=True))):
        assert scopes.offered_to(nobody) == []
        page = page_for(client, nobody)
        assert "Cette page est celle des services de l’État" in page.text
        assert "Délai" not in page.text


def test_a_crte_over_two_departements_is_cut_down_to_one_s_own(communes):
    fill(communes, 30, 2)
    crte = Crte.objects.create(code="crte-84-1", name="Vercors", departement_id="38")
    Project.objects.exclude(state="brouillon").update(crte=crte)
    ddt = agent(communes[0])
    found = scopes.asked_for(ddt, "crte-crte-84-1")
    assert found.within == {"38"}
    counted = scopes.population(found, Period.ALL, NOW).projects
    assert set(counted.values_list("departement_code", flat=True)) == {"38"}


def test_a_draft_is_in_no_figure(communes):
    fill(communes, 20, 3)
    ProjectFactory(state="brouillon", lead_commune=communes[0])
    counted = scopes.population(scopes.NATION, Period.ALL, NOW).projects
    assert counted.count() == Project.objects.exclude(state="brouillon").count()
    assert Project.objects.filter(state="brouillon").exists()


def test_the_page_shows_each_definition_and_denominator(
    client, communes, django_assert_max_num_queries
):
    fill(communes, 30, 4)
    _, national = service(kind=ServiceKind.NATIONAL)
    with clock.frozen(NOW):
        summaries.refresh()
        client = sign_in(client, national.user, national.membership)
        with django_assert_max_num_queries(14):
            page = client.get(PAGE).text
    for one in catalogue.DEFINITIONS.values():
        assert one.label in page
        assert one.sentence in page
    assert page.count("Comment ce chiffre est fait") == len(catalogue.DEFINITIONS)
    assert "Une association, pas une preuve" in page
    assert page.count("<svg viewBox") == 2


def test_no_project_at_all_is_a_page_too(client, communes):
    page = page_for(client, agent(communes[0])).text
    assert "Impact : Dép 38" in page
    assert "<svg viewBox" not in page


def test_the_file_says_the_same(client, communes):
    fill(communes, 30, 5)
    ddt = agent(communes[0])
    client = sign_in(client, ddt.user, ddt.membership)
    found = client.get(f"{PAGE}chiffres.csv?territoire=departement-26&periode=douze-mois")
    text = b"".join(found.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {row["territoire ou programme"] for row in rows} == {"Dép 38 (38)"}
    assert [row["clé"] for row in rows] == list(catalogue.DEFINITIONS)
    assert {row["période"] for row in rows} == {"Déposés depuis douze mois"}
    sent = next(row for row in rows if row["clé"] == "sent")
    assert sent["sur"].isdecimal()


def test_bars_of_nothing():
    chart = charts.rows("k", "T", [("A", None, "–"), ("B", 0.0, "0")])
    assert [bar.width for bar in chart.bars] == [0, 0]
    assert "A : –" in chart.description
