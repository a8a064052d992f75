"""Models of a project: who works on them, what is kept, what pages show."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.core.errors import Forbidden, Refusal
from preau.economics.actions import economy
from preau.economics.figuring import result_of
from preau.economics.models import EconomicModel, ModelVersion
from preau.projects.enums import ProjectRole
from tests.accounts.factories import MembershipFactory, sign_in
from tests.projects.factories import ProjectFactory, actor_for, member

pytestmark = pytest.mark.django_db

RENT = {"sort": "depense", "kind": "loyer", "label": "Loyer", "cents": [90_000, 100_000, 120_000],
        "volume": None, "start": 1, "ramp": 1}  # fmt: skip
HIRE = {"sort": "recette", "kind": "location", "label": "Salle", "cents": [400, 500, 600],
        "volume": [100, 300, 500], "start": 2, "ramp": 6}  # fmt: skip
LATHE = {"sort": "investissement", "label": "Tour", "cents": [500_000] * 3, "start": 1}


@pytest.fixture
def holder(db):
    return actor_for(MembershipFactory())


@pytest.fixture
def project(holder):
    return ProjectFactory(holder_organization=holder.organization, state="qualifie")


@pytest.fixture
def model(project, holder):
    made = economy.create(project, name="Atelier", start_cents=100_000, actor=holder)
    for line in (RENT, HIRE, LATHE):
        made = economy.put_line(made, line, actor=holder)
    return made


def test_a_version_keeps_hypotheses_and_result(model, holder):
    first = economy.compute(model, note="Départ", seed=7, actor=holder)
    assert first.result == result_of(first.lines, first.start_cents, 7)
    economy.put_line(model, RENT | {"id": 1, "cents": [80_000] * 3}, actor=holder)
    second = economy.compute(model, note="Loyer négocié", seed=7, actor=holder)
    first.refresh_from_db()
    assert first.lines[0]["cents"] == [90_000, 100_000, 120_000]
    assert second.number == 2
    assert second.result["balanced"][35] >= first.result["balanced"][35]
    economy.resume(first, actor=holder)
    model.refresh_from_db()
    assert model.lines == first.lines


def test_a_version_never_changes(model, holder):
    version = economy.compute(model, note="", seed=1, actor=holder)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.filter(pk=version.pk).update(result={})
    ModelVersion.objects.filter(pk=version.pk).update(made_by=None)


def test_an_observer_reads_and_writes_nothing(model, project, client):
    watcher = member(project, ProjectRole.OBSERVER)
    for verb in (
        lambda: economy.put_line(model, RENT, actor=watcher),
        lambda: economy.remove_line(model, 1, actor=watcher),
        lambda: economy.compute(model, note="", seed=1, actor=watcher),
        lambda: economy.create(project, name="Autre", start_cents=0, actor=watcher),
        lambda: economy.edit(model, name="Autre", start_cents=0, actor=watcher),
    ):
        with pytest.raises(Forbidden):
            verb()
    sign_in(client, watcher.user, watcher.membership)
    page = client.get(model.get_absolute_url()).content.decode()
    assert "Salle" in page
    assert "Calculer" not in page


def test_a_stranger_reads_nothing(model, client):
    stranger = MembershipFactory()
    sign_in(client, stranger.user, stranger)
    assert client.get(model.get_absolute_url()).status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cents": [3, 2, 1]}, "du plus bas au plus haut"),
        ({"volume": [3, 2, 5]}, "du plus bas au plus haut"),
        ({"kind": "location"}, "nature"),
        ({"start": 37}, "1 à 36"),
    ],
)
def test_a_hypothesis_out_of_order_is_refused(model, holder, change, sentence):
    with pytest.raises(Refusal, match=sentence):
        economy.put_line(model, RENT | change, actor=holder)


def test_nothing_to_compute_is_said(project, holder):
    model = economy.create(project, name="Vide", start_cents=0, actor=holder)
    with pytest.raises(Refusal, match="au moins une"):
        economy.compute(model, note="", seed=1, actor=holder)
    with pytest.raises(Refusal, match="déjà ce nom"):
        economy.create(project, name="Vide", start_cents=0, actor=holder)
    assert EconomicModel.objects.count() == 1


def test_the_pages_from_a_hypothesis_to_a_comparison(model, holder, client, project):
    sign_in(client, holder.user, holder.membership)
    add = reverse("economics:add_line", args=[model.key]) + "?nature=recette"
    given = {"kind": "machines", "label": "Laser", "low": "10", "likely": "20,5", "high": "30",
             "start": "1", "ramp": "1", "volume_low": "5"}  # fmt: skip
    assert "Remplissez les trois" in client.post(add, given).content.decode()
    given |= {"volume_likely": "6", "volume_high": "7,5"}
    assert client.post(add, given).status_code == 302
    model.refresh_from_db()
    assert model.lines[-1]["cents"] == [1000, 2050, 3000]
    assert model.lines[-1]["volume"] == [5, 6, 7.5]
    compute = reverse("economics:compute", args=[model.key])
    for _ in range(2):
        response = client.post(compute, {"seed": "1"})
    page = client.get(response["Location"]).content.decode()
    assert "Ce qui pèse le plus" in page
    assert 'points="92.0,' in page  # no comma of French decimals in the picture
    assert "sont les mêmes" in client.get(f"{response['Location']}comparer/").content.decode()
    csv = client.get(f"{response['Location']}tableau.csv").content.decode()
    assert len(csv.splitlines()) == 37
    edit = reverse("economics:edit_line", args=[model.key])
    assert client.get(f"{edit}?ligne=99").status_code == 302
    assert 'value="20,5"' in client.get(f"{edit}?ligne=4").content.decode()
    assert model.name in client.get(f"/projets/{project.key}/").content.decode()
