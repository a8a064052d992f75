"""« Toutes les semaines »: which spaces take all or most of the dates."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from preau.availability import opening_index
from preau.core import clock
from preau.find.forms_series import SeriesSearchForm
from preau.territories.models import SchoolHoliday
from tests.find.factories import coming, free_space, hours, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def far(monkeypatch, grenoble):
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=120))


def asked(**more):
    day = coming(7)
    names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    return {
        "ou": "Grenoble",
        "rythme": "semaine",
        "jour": names[day.weekday()],
        "premier": day.isoformat(),
        "jusquau": (day + timedelta(weeks=9)).isoformat(),
        "de": "18:00",
        "a": "20:00",
        **more,
    }


def words(response):
    return [(card.space.name, card.words) for card in response.context["cards"]]


def test_those_that_take_the_most_dates_come_first_then_the_nearest(client):
    near = free_space(1, name="Près")
    free_space(5, name="Loin")
    free_space(3, name="Milieu")
    take(near, hours(coming(14), 19, 21))
    response = client.get(reverse("find:series"), asked())
    assert words(response) == [
        ("Milieu", "Libre à toutes les dates\xa0(10)".replace("\xa0", " ")),
        ("Loin", "Libre à toutes les dates (10)"),
        ("Près", "9\xa0dates sur 10"),
    ]
    assert "2 espaces libres à toutes les dates" in response.content.decode().replace("\xa0", " ")


def test_the_link_leads_to_the_dates_of_the_space(client):
    space = free_space(1)
    take(space, hours(coming(14), 19, 21))
    [card] = client.get(reverse("find:series"), asked()).context["cards"]
    page = client.get(card.url)
    assert len(page.context["plan"].free) == 9
    assert len(page.context["plan"].conflicts) == 1


def test_school_holidays_count_in_neither_number(client):
    space = free_space(1)
    SchoolHoliday.objects.create(
        zone=space.place.commune.school_zone,
        name="Hiver",
        first_day=coming(12),
        last_day=coming(23),
    )
    response = client.get(reverse("find:series"), asked(sauf_vacances="on"))
    assert words(response) == [(space.name, "Libre à toutes les dates (8)")]


def test_nothing_typed_blames_for_nothing_and_mistakes_are_said(client):
    page = client.get(reverse("find:series"))
    assert not page.context["form"].errors
    wrong = client.get(reverse("find:series"), asked(ou="Zzyzx", de="18:07"))
    assert {"ou", "de"} <= wrong.context["form"].errors.keys()
    backwards = client.get(reverse("find:series"), asked(jusquau=coming(1).isoformat()))
    assert "jusquau" in backwards.context["form"].errors


@pytest.mark.parametrize("page", ["0", "99999", "deux", "-1", "2"])
def test_any_page_number_is_a_page(client, page):
    free_space(1)
    assert client.get(reverse("find:series"), asked(page=page)).status_code == 200


def test_the_number_of_queries_is_bounded(client, django_assert_max_num_queries):
    for km in range(1, 6):
        free_space(km)
    with django_assert_max_num_queries(14):
        client.get(reverse("find:series"), asked(sauf_vacances="on", sauf_feries="on"))


def test_the_days_are_those_of_the_commune(grenoble):
    type(grenoble).objects.filter(pk=grenoble.pk).update(time_zone="America/Guadeloupe")
    typed = {"ou": grenoble.name, "de": "18:00", "a": "20:00", "jusquau": "2027-03-16"}
    typed |= {"jour": "mardi"}
    evening = datetime(2027, 3, 3, 1, tzinfo=UTC)  # Tuesday 2 March there, Wednesday in Paris
    with clock.frozen(evening):
        today = SeriesSearchForm(QueryDict(urlencode(typed | {"premier": "2027-03-02"})))
        assert today.pattern and today.pattern.first_day == date(2027, 3, 2)
        yesterday = SeriesSearchForm(QueryDict(urlencode(typed | {"premier": "2027-03-01"})))
        assert "passé" in str(yesterday.errors["premier"])
        tomorrow = SeriesSearchForm(QueryDict(urlencode(typed | {"jour": "mercredi"})))
        assert tomorrow.pattern and tomorrow.pattern.first_day == date(2027, 3, 3)
