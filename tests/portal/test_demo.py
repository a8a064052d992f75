"""The demonstration: it holds together, and one click makes you someone."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.models import User
from preau.availability.models import OccupiedUnit
from preau.booking.models import Booking
from preau.core import clock
from preau.documents.enums import DocumentKind
from preau.documents.queries import valid_documents
from preau.economics.models import CostAllocation, EconomicModel
from preau.initiatives.models import Listing
from preau.places.models import Place, Space
from preau.portal.demo import compost as compost_story
from preau.portal.demo import loading
from preau.portal.demo.kinds import SKETCHES
from preau.portal.demo.people import PERSONAS
from preau.projects.enums import TRANSITIONS, BlockageState, EventKind, ProjectState
from preau.projects.models import Project
from preau.siting.models import SitingStudy
from preau.stats.models import MonthlyFigure
from preau.stats.tasks import write_missing
from preau.territories.models import Commune, Epci
from preau.timetables.models import Timetable
from tests.territories.factories import CommuneFactory

PARIS = ZoneInfo("Europe/Paris")
pytestmark = pytest.mark.django_db


@pytest.fixture
def small_isere(monkeypatch):
    for number in range(1, 63):
        CommuneFactory(
            code=f"38{number:03d}",
            name=f"Commune {number}",
            population=100_000 - number,
            latitude=45 + number / 100,
            longitude=5 + number / 100,
        )
    epci = Epci.objects.create(siren="200040715", name="Métropole", kind="METRO", population=1)
    Commune.objects.update(epci=epci)
    few = [replace(SKETCHES[number], count=1) for number in (0, 1, 2, 5)]
    monkeypatch.setattr("preau.portal.demo.places.SKETCHES", few)
    # The library names départements of all France; this one has Isère alone.
    monkeypatch.setattr("preau.portal.demo.loading.load_delivered", lambda: None)


def test_it_loads_once_and_is_coherent(small_isere, client):
    loading.load(lambda *_: None, bookings=120)
    assert loading.is_loaded()
    assert Place.objects.count() == 4
    assert Space.objects.count() > 10
    assert 100 <= Booking.objects.count() <= 200
    assert OccupiedUnit.objects.filter(occupancy__released_at__isnull=False).count() == 0
    for persona in PERSONAS:
        answer = client.post(reverse("portal:become", args=[persona.key]))
        assert answer.status_code == 302
        assert client.get("/").wsgi_request.user == User.objects.get(email=persona.email)
    assert client.get(reverse("portal:demo")).status_code == 200


def test_its_figures_and_its_first_vault(small_isere):
    loading.load(lambda *_: None, bookings=120)
    jobs = ProcrastinateJob.objects.filter(task_name="stats.write_missing")
    assert jobs.count() == 1
    write_missing(**jobs.get().args)
    assert MonthlyFigure.objects.filter(places=Place.objects.count()).count() >= 12
    president = User.objects.get(email=PERSONAS[0].email)
    association = president.memberships.get().organization
    day = clock.today() + timedelta(days=300)
    found = valid_documents(organization=association, kind=DocumentKind.INSURANCE, on=day)
    assert found.count() == 1


def test_those_who_plan_find_one_of_each(small_isere, client):
    loading.load(lambda *_: None, bookings=60)
    said = client.post(reverse("portal:become", args=["ddt"]), follow=True).content.decode()
    assert "agent de la DDT" in said
    for key, organization in (
        ("departement", "Département de l’Isère"),
        ("ddt", "DDT de l’Isère"),
        ("agent", "Mairie de la Commune 1"),
    ):
        client.post(reverse("portal:become", args=[key]))
        assert client.get("/").wsgi_request.actor.organization.name == organization
        for name in ("timetables:list", "siting:list", "economics:allocations"):
            page = client.get(reverse(name)).content.decode()
            assert "<h1" in page
        assert Timetable.objects.filter(organization__name=organization).exists()
        assert CostAllocation.objects.get(organization__name=organization).items.count() == 5
        study = SitingStudy.objects.get(organization__name=organization)
        assert study.scenarios.filter(state="calcule").count() == 2
    assert EconomicModel.objects.get().versions.count() == 1
    states = Counter(Listing.objects.values_list("state", flat=True))
    assert states["publiee"] == 2
    assert states.total() > 2


def test_an_unknown_person_is_not_found(client):
    assert client.post(reverse("portal:become", args=["personne"])).status_code == 404
    assert client.get(reverse("portal:become", args=["agent"])).status_code == 405


def test_its_projects_tell_a_coherent_story(small_isere):
    loading.load(lambda *_: None, bookings=120)
    filed = Project.objects.exclude(state=ProjectState.DRAFT)
    assert Project.objects.count() == 150
    assert set(Project.objects.values_list("state", flat=True)) == set(ProjectState)
    for project in filed.prefetch_related("events"):
        events = sorted(project.events.all(), key=lambda one: one.pk)
        moments = [one.at for one in events if one.kind == EventKind.STATE]
        assert moments == sorted(moments)
        assert max(one.at for one in events) <= clock.now()
        told = [one.after for one in events if one.kind == EventKind.STATE]
        assert told[-1] == project.state
        assert all(after in TRANSITIONS[before] for before, after in pairwise(told))
    promised = filed.exclude(acknowledge_by=None).values_list("acknowledge_by", flat=True)
    assert {one.astimezone(PARIS).weekday() for one in promised} <= {0, 1, 2, 3, 4}
    reasons = Project.objects.exclude(priority_reason="").values_list("priority_reason", flat=True)
    assert len(set(reasons)) > 1
    compost = Project.objects.get(name=compost_story.NAME)
    assert compost.blockages.filter(state=BlockageState.LIFTED).count() == 3
    assert compost.blockages.filter(state=BlockageState.OPEN).count() == 1


def test_the_list_of_people_is_in_columns(capsys):
    call_command("demo_accounts")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PERSONAS)
    assert len({line.index(one.email) for line, one in zip(lines, PERSONAS, strict=True)}) == 1
