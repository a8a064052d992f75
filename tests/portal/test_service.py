"""The operator's page on the health of the service."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.availability import opening_index
from preau.availability.models import IndexCheck, OpeningCalendar, SpaceDay
from preau.availability.tasks import check_index
from preau.core import clock
from preau.portal.service.tasks_health import tasks_health
from tests.accounts.factories import UserFactory, sign_in
from tests.availability.factories import open_space
from tests.places.factories import SpaceFactory

pytestmark = pytest.mark.django_db
SERVICE = "/exploitation/"


@pytest.fixture(autouse=True)
def _an_empty_queue(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def operator(client):
    return sign_in(client, UserFactory(operator=True))


@pytest.fixture
def space(db, monkeypatch):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=10))
    space = SpaceFactory()
    open_space(space)
    return space


@pytest.fixture
def _a_worker():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def text(client, path=SERVICE):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def test_the_page_is_the_operator_s(client):
    assert client.get(SERVICE).status_code == 302
    sign_in(client, UserFactory())
    assert client.get(SERVICE).status_code == 403
    assert "Santé du service" not in text(client, "/")


@pytest.mark.usefixtures("_a_worker")
def test_all_is_well(operator, space, django_assert_max_num_queries):
    check_index(0)
    with django_assert_max_num_queries(16):
        page = text(operator)
    assert page.count("En ordre") == 3
    assert "À regarder" not in page
    assert "Tout est en ordre." in text(operator, "/")


def test_before_the_first_night_nothing_is_sure(operator):
    assert "Aucune vérification n’est encore terminée" in text(operator)
    home = text(operator, "/")
    assert "Aucune vérification de l’index cette nuit" in home
    assert "aucun exécutant de tâches" in home


@pytest.mark.usefixtures("_a_worker")
def test_differences_are_counted_and_told(operator, space):
    SpaceDay.objects.create(
        day=clock.today() + timedelta(days=3),
        tile=4,
        space_id=space.pk,
        departement_code="38",
        bits="1" * 100,
    )
    check_index(0)
    page = text(operator)
    assert "Des écarts ont été trouvés, puis corrigés" in page
    assert f"space_day of space {space.pk}" in page
    assert "1 écart de l’index de recherche" in text(operator, "/")
    check_index(0)
    assert "Des écarts" not in text(operator)


@pytest.mark.usefixtures("_a_worker")
def test_an_old_check_and_late_hours_are_seen(operator, space):
    check_index(0)
    IndexCheck.objects.update(started_at=clock.now() - timedelta(hours=40))
    OpeningCalendar.objects.update(built_until=clock.today())
    IndexCheck.objects.create(repaired=True)
    page = text(operator)
    assert "Pas de vérification la nuit dernière" in page
    assert "n’est pas terminée" in page
    assert "1 calendrier en retard" in text(operator, "/")


def fail(job):
    with connection.cursor() as cursor:
        for status in ("doing", "failed"):
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s",
                [status, job.pk],
            )


def test_tasks_that_wait_or_failed_are_seen(operator):
    app.configure_task("availability.check_index").defer(timestamp=0)
    app.configure_task("availability.trim_index").defer(timestamp=0)
    later = clock.now() + timedelta(hours=1)
    app.configure_task("booking.remind", schedule_at=later).defer(timestamp=0)
    assert (tasks_health().late, tasks_health().failures) == (0, [])
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        assert tasks_health().late == 2
    fail(ProcrastinateJob.objects.get(task_name="availability.trim_index"))
    app.configure_task("availability.trim_index").defer(timestamp=1)
    long_ago = ProcrastinateJob.objects.get(task_name="availability.trim_index", status="todo")
    fail(long_ago)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id = %s",
            [long_ago.pk],
        )
    health = tasks_health()
    assert [(one.name, one.count) for one in health.failures] == [("availability.trim_index", 1)]
    assert "1 tâche en échec" in text(operator, "/")
    assert "availability.trim_index" in text(operator)
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert tasks_health().failures == []
