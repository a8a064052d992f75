"""The pages of calls: what is public, what is kept when it comes too late."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from preau.core import clock, formats
from preau.initiatives.models import CallForInitiatives
from tests.accounts.factories import sign_in
from tests.initiatives.factories_calls import (
    association,
    draft,
    keeper,
    over,
    published,
    sent,
    written,
)
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db


def test_the_public_list_costs_the_same_with_many(client, django_assert_num_queries):
    town = keeper()
    published(town)
    with django_assert_num_queries(3) as few:
        client.get(reverse("initiatives:calls"))
    for _ in range(5):
        published(town)
    with django_assert_num_queries(len(few)):
        assert client.get(reverse("initiatives:calls")).content.count(b"Faire vivre") >= 6


def test_a_draft_call_is_not_on_public_pages(client):
    call = draft(keeper())
    assert client.get(reverse("initiatives:call", args=[call.key])).status_code == 404
    assert call.title not in client.get(reverse("initiatives:calls")).content.decode()


def test_a_late_answer_is_said_and_what_was_typed_stays(client):
    people = association()
    call = published(keeper())
    one = written(call, people)
    over(call)
    sign_in(client, people.user, people.membership)
    typed = {"title": "Tout autre", "summary": "Texte tapé", "commune": "Grenoble", "phone": ""}
    page = client.post(reverse("initiatives:submission_idea", args=[one.key]), typed)
    text = page.content.decode()
    assert "Cet appel est fermé" in text
    assert "Texte tapé" in text


def test_a_call_is_prepared_through_its_pages(client):
    town = keeper()
    sign_in(client, town.user, town.membership)
    day = clock.today()
    client.post(
        reverse("initiatives:call_add"),
        {
            "title": "Animer la Halle",
            "area": "Isère",
            "brief": "Des ateliers.",
            "opens_on": (day - timedelta(days=1)).isoformat(),
            "closes_on": (day + timedelta(days=9)).isoformat(),
        },
    )
    call = CallForInitiatives.objects.get()
    closing = call.closes_at.astimezone(call.zone)
    assert (closing.date(), closing.time()) == (day + timedelta(days=10), time(0))
    assert call.until.endswith("à minuit")
    again = client.get(reverse("initiatives:call_edit", args=[call.key])).content.decode()
    assert f'value="{(day + timedelta(days=9)).isoformat()}"' in again
    client.post(
        reverse("initiatives:call_criteria", args=[call.key]), {"title": "Utile", "weight": 3}
    )
    client.post(
        reverse("initiatives:call_questions", args=[call.key]),
        {"label": "Quand ?", "kind": "choix", "choices": "Matin\nSoir", "required": "on"},
    )
    client.post(reverse("initiatives:call_publish", args=[call.key]))
    call.refresh_from_db()
    assert call.is_open
    assert call.questions.get().choices == ["Matin", "Soir"]


def test_hours_are_those_of_the_territory_that_is_chosen(client):
    """A draft moved from Isère to La Réunion keeps the hour that was typed."""
    island = DepartementFactory(code="974", name="La Réunion", time_zone="Indian/Reunion")
    CommuneFactory(code="97411", name="Saint-Denis", departement=island)
    town = keeper()
    call = draft(town)
    sign_in(client, town.user, town.membership)
    day = (clock.today() + timedelta(days=30)).isoformat()
    typed = {"title": "Appel", "area": "commune:97411", "closes_on": day}
    url = reverse("initiatives:call_edit", args=[call.key])
    client.post(url, typed | {"closes_time": "18:00"})
    call.refresh_from_db()
    assert call.time_zone == "Indian/Reunion"
    assert call.closes_at.astimezone(call.zone).hour == 18


def test_who_has_answered_is_told_so_before_beginning_again(client):
    people, call = association(), published(keeper())
    sign_in(client, people.user, people.membership)
    url = reverse("initiatives:call_answer", args=[call.key])
    assert "Vous avez déjà répondu" not in client.get(url).content.decode()
    one = sent(call, people, "Repair café du samedi")
    for page in (url, reverse("initiatives:call", args=[call.key])):
        shown = client.get(page).content.decode()
        assert "Vous avez déjà répondu" in shown
        assert reverse("initiatives:submission", args=[one.key]) in shown
    assert "Commencer une autre réponse" in client.get(url).content.decode()


def test_a_name_is_said_once_when_the_territory_has_it_too(client):
    call = published(keeper())
    CallForInitiatives.objects.filter(pk=call.pk).update(area_name=call.organization.name)
    for url in (reverse("initiatives:calls"), reverse("initiatives:call", args=[call.key])):
        page = client.get(url).content.decode()
        assert f"{call.organization}, {call.organization}" not in page


def test_who_is_told_of_a_later_closing_and_until_when_the_jury_has(client):
    town = keeper()
    call = published(town, review_until=clock.today() + timedelta(days=30))
    sign_in(client, town.user, town.membership)
    url = reverse("initiatives:call_postpone", args=[call.key])
    said = []
    for days in (2, 22):
        day = call.closes_at.astimezone(call.zone).date() + timedelta(days=days)
        page = client.post(url, {"closes_on": day.isoformat(), "closes_time": ""}, follow=True)
        said.append([str(one) for one in page.context["messages"]])
    call.refresh_from_db()
    told = "La fermeture est repoussée. Les personnes qui ont un brouillon sont prévenues."
    assert said == [[told], [f"{told} Le jury a jusqu’au {formats.day(call.review_until)}."]]
