"""What is read: what the pages show to the same person, no more and no less."""

import itertools
from datetime import timedelta

import pytest
from django.test import Client

from preau.accounts.actors import Actor
from preau.agreements.queries import held_by
from preau.api.enums import Scope
from preau.booking.queries import mine
from preau.core import clock
from preau.places.enums import Publication
from preau.portfolio.filters import Filters
from preau.stats.models import MonthlyFigure
from tests.accounts.factories import sign_in
from tests.api.factories import Api, administrator, api_of, token_of
from tests.api.test_calls import problem
from tests.booking.factories import bookable_space, booking, evening
from tests.permissions.samples import World

pytestmark = pytest.mark.django_db


def everything(api, path, **query):
    """Every page, from cursor to cursor."""
    found, cursor = [], None
    while True:
        answer = api.get(path, **query, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.content
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


class TestPlaces:
    def test_published_ones_and_drafts_for_their_managers(self):
        space = bookable_space()
        assert [one["id"] for one in everything(Api(), "places")] == [space.place_id]
        said = Api().get(f"spaces/{space.pk}").json()
        assert said["place"]["id"] == space.place_id
        assert Api().get(f"places/{space.place_id}").json()["spaces"][0]["id"] == space.pk
        space.publication = Publication.DRAFT
        space.save()
        problem(Api().get(f"spaces/{space.pk}"), 404, "introuvable")
        manager = administrator(space.place.owner)
        assert api_of(manager).get(f"spaces/{space.pk}").status_code == 200

    def test_pages_follow_each_other(self, monkeypatch):
        monkeypatch.setattr("preau.api.routes.places.PAGE", 2)
        spaces = [bookable_space() for _ in range(5)]
        found = [one["id"] for one in everything(Api(), "places")]
        assert found == sorted(one.place_id for one in spaces)
        problem(Api().get("places", cursor="n’importe"), 422, "fields")
        problem(Api().get("places", cursor="abc"), 422, "cursor")

    def test_one_statement_more_for_a_hundred_places(self, django_assert_max_num_queries):
        for _ in range(3):
            bookable_space()
        with django_assert_max_num_queries(3):
            Api().get("places")


class TestFreeAndBusy:
    def test_what_is_taken_by_nobody_named(self):
        space = bookable_space()
        one = booking(space, confirmed=True)
        day = evening(space).start.date()
        said = Api().get(f"spaces/{space.pk}/free-busy", first_day=str(day), days=1).json()
        busy = [span for span in said["spans"] if span["status"] == "busy"]
        assert len(busy) == 1
        assert busy[0]["start"].startswith(f"{day}T18:00")
        assert busy[0]["end"].startswith(f"{day}T20:00")
        assert one.purpose not in str(said)
        assert said["spans"][0]["start"] < said["spans"][-1]["end"]

    def test_spans_touch_and_cover_the_days(self):
        space = bookable_space()
        said = Api().get(f"spaces/{space.pk}/free-busy", days=31).json()["spans"]
        for one, following in itertools.pairwise(said):
            assert one["end"] == following["start"]

    def test_slots_can_be_booked(self):
        space = bookable_space()
        booking(space)
        day = evening(space).start.date()
        found = Api().get(f"spaces/{space.pk}/slots", first_day=str(day), days=1).json()["items"]
        starts = {one["start"][11:16] for one in found}
        assert "18:00" not in starts
        assert "16:00" in starts


class TestSearch:
    def test_free_at_that_time_for_that_price(self):
        space = bookable_space(price_from_cents=0)
        commune = space.place.commune
        day = evening(space).start.date()
        query = {"commune": commune.code, "day": str(day), "from_time": "18:00"}
        [found] = everything(Api(), "search", to_time="20:00", **query)
        assert found["space"]["id"] == space.pk
        assert found["price"]["words"] == "Gratuit"
        booking(space)
        said = Api().get("search", to_time="20:00", **query).json()
        assert said["items"] == []
        assert said["proposals"][0]["note"]

    def test_what_is_asked_wrongly_names_the_field(self):
        said = problem(Api().get("search"), 422, "fields")
        assert said["errors"][0]["field"] == "commune"
        space = bookable_space()
        query = {"commune": space.place.commune_id, "day": "2020-01-01"}
        said = problem(Api().get("search", **query), 422, "fields")
        assert said["errors"][0]["field"] == "day"


class TestAsOnThePages:
    """For each person, what the API lists is what the page lists under the same hat."""

    WORN = ("member", "caretaker", "approver", "manager", "administrator", "holder_member")

    def test_bookings(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        world = World()
        assert world.booking
        for name in self.WORN:
            actor = Actor(*world.people[name])
            api = as_anybody(actor, Scope.BOOKINGS_READ)
            listed = {one["reference"] for one in everything(api, "bookings")}
            assert listed == set(mine(actor).values_list("reference", flat=True)), name
            page = sign_in(Client(), actor.user, actor.membership).get(
                f"/reservations/{world.booking.reference}/"
            )
            asked = api.get(f"bookings/{world.booking.reference}")
            assert (page.status_code == 200) == (asked.status_code == 200), name

    def test_agreements(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        world = World()
        agreement = world.agreement
        for name in self.WORN:
            actor = Actor(*world.people[name])
            api = as_anybody(actor, Scope.AGREEMENTS)
            listed = {one["number"] for one in everything(api, "agreements")}
            assert set(held_by(actor).values_list("number", flat=True)) <= listed
            page = sign_in(Client(), actor.user, actor.membership).get(
                f"/conventions/{agreement.number}/"
            )
            asked = api.get(f"agreements/{agreement.number}")
            assert (page.status_code == 200) == (asked.status_code == 200), name
            if agreement.number in listed:
                assert asked.status_code == 200, name

    def test_projects(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        world = World(projects=True)
        project = world.project
        seen = 0
        for name, (user, membership) in world.people.items():
            if membership is None:
                continue
            actor = Actor(user, membership)
            api = as_anybody(actor, Scope.PROJECTS)
            listed = {one["key"] for one in everything(api, "projects")}
            assert listed == {str(one) for one in Filters().of(actor).values_list("key", flat=True)}
            page = sign_in(Client(), user, membership).get(f"/projets/{project.key}/")
            asked = api.get(f"projects/{project.key}")
            assert (page.status_code == 200) == (asked.status_code == 200), name
            seen += asked.status_code == 200
        assert seen


def as_anybody(actor, scope):
    """A token of somebody who could not make one: they were administrator that day."""
    made = administrator(actor.organization)
    row, token = token_of(made, scope)
    row.membership = actor.membership
    row.save()
    return Api(token)


class TestFigures:
    def test_public_ones(self):
        month = clock.today().replace(day=1) - timedelta(days=1)
        MonthlyFigure.objects.create(
            month=month.replace(day=1), places=3, spaces=4, asked=7, held=6, minutes=120
        )
        said = Api().get("statistics").json()
        assert (said["months"][0]["asked"], said["departement"]) == (7, None)
        problem(Api().get("statistics", departement="38"), 404, "introuvable")

    def test_files(self):
        names = [one["name"] for one in Api().get("open-data").json()["items"]]
        assert "preau-statistiques.csv" in names


def test_a_cookie_shows_no_draft():
    space = bookable_space()
    space.publication = Publication.DRAFT
    space.save()
    manager = administrator(space.place.owner)
    client = sign_in(Client(), manager.user, manager.membership)
    problem(Api(client=client).get(f"spaces/{space.pk}"), 404, "introuvable")
