"""What no commune bounds: asked where, or read once for everybody."""

import math
import random

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from preau.core import clock
from preau.directory import themes
from preau.directory.filters import Asked
from preau.directory.queries import map as maps
from tests.directory.factories import OfferFactory, SheetFactory, opened
from tests.directory.test_open_now import OFFICE, at
from tests.directory.test_pages import text
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
THEME = f"theme={next(iter(themes.themes()))}"
NATION = maps.View(41, -5, 51, 9, 6)


@pytest.mark.parametrize("query", ["ouvert=on", "famille=public_social", THEME])
@pytest.mark.parametrize("page", ["", "carte/"])
def test_what_is_open_in_all_of_france_is_not_asked(client, query, page):
    CommuneFactory(code="38185", name="Grenoble")
    OfferFactory(sheet=opened(*OFFICE, name="Maison de quartier"))
    with clock.frozen(at(16, 10)), CaptureQueriesContext(connection) as queries:
        found = client.get(f"/annuaire/{page}?{query}&ou=")
    shown = text(found)
    assert "Dites d’abord où vous cherchez" in shown and "Maison de quartier" not in shown
    assert not [one for one in queries if 'FROM "directory_sheet"' in one["sql"]]
    assert query.split("=")[0] in found.context["form"].data  # nothing is lost
    assert found.context["tags"]


def test_around_a_commune_it_is_answered(client):
    with clock.frozen(at(16, 10)):
        opened(*OFFICE, name="Maison de quartier")
        assert "Maison de quartier" in text(client.get("/annuaire/?ouvert=on&ou=Grenoble"))
        shut = text(client.get("/annuaire/?ouvert=on&ou=Atlantis"))
    assert "Nous ne trouvons pas cette commune" in shut and "Dites d’abord" in shut


def test_the_map_of_the_nation_is_gathered_once_a_while():
    SheetFactory()
    asked = Asked()
    first = maps.squares(asked, NATION)
    assert [one["n"] for one in first] == [1]
    maps.first_view(asked)
    SheetFactory()
    with CaptureQueriesContext(connection) as queries:
        assert maps.squares(asked, NATION) == first
        assert maps.squares(asked, maps.View(41, -5, 44, 9, 6)) == []
        maps.first_view(asked)
    assert not [one for one in queries if 'FROM "directory_sheet"' in one["sql"]]
    assert [one["n"] for one in maps.squares(Asked(accessible=True), NATION)] == []
    assert [one["n"] for one in maps.squares(asked, maps.View(44, 5, 46, 6, 9))] == [2]
    cache.clear()
    assert [one["n"] for one in maps.squares(asked, NATION)] == [2]


@pytest.mark.parametrize("seed", range(6))
def test_rounds_hide_no_other_and_lose_nobody(seed):
    draw = random.Random(seed)
    view = maps.View(43, 2, 48, 7, draw.choice([4, 6, 8, 11]))
    side, high = view.sides
    squares = {}
    for number in range(400):
        latitude, longitude = draw.uniform(43, 48), draw.uniform(2, 7)
        cell = (math.floor(latitude / high), math.floor(longitude / side))
        squares.setdefault(cell, (latitude, longitude, draw.randrange(1, 500), number))
    before = sorted(squares.values(), key=lambda one: -one[2])
    after = maps._apart(before, view)
    assert sum(one[2] for one in after) == sum(one[2] for one in before)
    places = [(one[0] / high, one[1] / side) for one in after]
    for number, here in enumerate(places):
        for there in places[number + 1 :]:
            assert math.dist(here, there) >= 0.8  # the largest round is 52 pixels wide, a square 64


def test_the_map_opens_on_what_answers(client):
    commune = CommuneFactory(code="38185", name="Grenoble")
    for latitude in (45.10, 45.15):
        SheetFactory(latitude=latitude, longitude=5.7, commune=commune)
    for address in ("?ou=", "?ou=Grenoble"):
        view = client.get(f"/annuaire/carte/{address}").context["view"]
        assert (view.south, view.north, view.west, view.east) == (45.10, 45.15, 5.7, 5.7)
    empty = client.get("/annuaire/carte/?ou=Grenoble&texte=piscine").context["view"]
    assert empty.south < 45.1 and empty.north > 45.2
