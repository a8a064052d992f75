"""The first page of a grid: what it proposes, what it folds, sent twice."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.core import clock
from preau.timetables.models import Timetable
from tests.accounts.factories import sign_in
from tests.timetables.factories import Territory

pytestmark = pytest.mark.django_db


def typed(form, **changes):
    """What the page proposes, as a browser would send it back."""
    given = {name: form[name].value() for name in form.fields}
    given |= {name: given[name].strftime("%H:%M") for name in ("earliest", "latest")}
    kept = {name: value for name, value in given.items() if value not in (False, None)}
    return kept | {"name": "Permanences", "csrfmiddlewaretoken": "of one page"} | changes


def test_a_grid_begins_on_a_monday_and_its_calculation_is_folded(client):
    land = Territory()
    sign_in(client, land.actor.user, land.membership)
    page = client.get(reverse("timetables:create"))
    form = page.context["form"]
    first, last = form.initial["first_day"], form.initial["last_day"]
    assert first.weekday() == 0
    assert first > clock.today() + timedelta(days=7)
    assert last.weekday() == 6
    assert '<details class="pr-details"><summary>Réglages du calcul' in page.content.decode()
    wrong = client.post(reverse("timetables:create"), typed(form, radius_km="900"))
    assert '<details class="pr-details" open><summary>Réglages' in wrong.content.decode()


def test_a_grid_sent_twice_is_one(client):
    land = Territory()
    sign_in(client, land.actor.user, land.membership)
    form = client.get(reverse("timetables:create")).context["form"]
    said = typed(form, area_key=f"departement:{land.commune.departement_id}")
    first, second = (client.post(reverse("timetables:create"), said) for _ in range(2))
    assert first.url == second.url
    assert Timetable.objects.filter(name="Permanences").count() == 1
