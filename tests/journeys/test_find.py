"""The public pages in a browser: wide, narrow, without JavaScript."""

from datetime import timedelta

import pytest

from preau.availability import opening_index
from preau.places.enums import Equipment
from tests.availability.factories import open_space
from tests.find.factories import coming, free_space, hours, place_at, take
from tests.journeys.browser import transferred
from tests.places.factories import hall_in_thirds

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(db, monkeypatch):
    """A hall in thirds, a class room and a place with an eighty-character name."""
    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=40))
    gym = place_at(2, name="Gymnase des Cimes", is_accessible=True, access="Par la rue Haute")
    open_space(hall_in_thirds(gym, name="Grande halle"))
    long_name = "Maison des associations et de la vie locale Marie-Madeleine-Pauline-de-Fontenelle"
    room = free_space(
        place=place_at(4, name=long_name),
        name="Salle de réunion du premier étage, côté jardin",
        equipment=[Equipment.WIFI],
        price_from_cents=2500,
        capacity=20,
    )
    return free_space(1, name="Salle Olympe"), room


ADDRESSES = [
    "/trouver/",
    "/trouver/?ou=Grenoble",
    "/trouver/?ou=Grenoble&jour={day}&debut=18:00&fin=20:00&personnes=20",
    "/trouver/?ou=Grenoble&jours=mardi&jours=jeudi&duree=120",
    "/trouver/?ou=Grenoble&personnes=5000",
    "/trouver/?ou=Nulle-Part-Ville&personnes=beaucoup&jour=hier",
    "/lieux/{room.place.slug}/",
    "/lieux/{room.place.slug}/{room.slug}/",
]


def addresses(room):
    return [one.format(day=coming(), room=room) for one in ADDRESSES]


def test_every_page_is_accessible(visitor, town):
    for address in addresses(town[1]):
        visitor.go(address)
        visitor.assert_accessible()


def test_every_page_works_without_javascript(plain_visitor, town):
    for address in addresses(town[1]):
        page = plain_visitor.go(address)
        plain_visitor.assert_accessible()
        assert page.locator("h1").count() == 1
        for helped_by_script in ("Autour de moi", "Modifier la recherche"):
            assert page.get_by_role("button", name=helped_by_script).count() == 0


def test_search_without_javascript(plain_visitor, town):
    page = plain_visitor.go("/trouver/")
    plain_visitor.fill("Où ?", "38000")
    plain_visitor.fill("Combien de personnes ?", "30")
    plain_visitor.press("Chercher")
    assert page.get_by_role("heading", name="Salle Olympe").is_visible()


def test_search_with_suggestions_and_fragment(visitor, town):
    page = visitor.go("/trouver/")
    page.get_by_label("Où ?").press_sequentially("greno")
    page.get_by_role("option", name="Grenoble").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.get_by_label("Où ?").input_value() == "Grenoble (38000)"
    page.evaluate("window.stillHere = true")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("heading", name="Salle Olympe").wait_for()
    assert page.evaluate("window.stillHere")
    assert page.url.endswith("/trouver/?ou=Grenoble+%2838000%29")
    assert "espaces" in page.locator("#annonce").text_content()
    visitor.assert_accessible()
    page.reload()
    page.get_by_role("heading", name="Salle Olympe").wait_for()
    visitor.check()


def test_errors_take_the_focus(visitor, town):
    page = visitor.go("/trouver/?ou=Grenoble")
    page.get_by_label("Combien de personnes ?").fill("0")
    page.get_by_role("button", name="Chercher").click()
    page.locator("#erreurs").wait_for()
    assert page.evaluate("document.activeElement.id") == "erreurs"
    assert page.get_by_label("Combien de personnes ?").input_value() == "0"


def test_the_map_is_another_view_of_the_list(visitor, town):
    page = visitor.go("/trouver/?ou=Grenoble")
    pin = page.get_by_role("button", name="2. Gymnase des Cimes")
    pin.focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup").get_by_role("link", name="Grande halle", exact=True).wait_for()
    visitor.assert_accessible()


def test_around_me(visitor, town):
    context = visitor.page.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 45.1885, "longitude": 5.7245})
    page = visitor.go("/trouver/")
    page.get_by_role("button", name="Autour de moi").click()
    page.get_by_role("heading", name="autour de vous").wait_for()
    assert "lat=45.18" in page.url


def test_what_comes_nearest_is_one_click_away(visitor, town):
    day = coming()
    take(town[0], hours(day, 18, 20))
    query = (
        f"ou=Grenoble&jour={day}&debut=18:00&fin=20:00&rayon=5&type=salle_activites&personnes=300"
    )
    page = visitor.go(f"/trouver/?{query}")
    take_all = page.get_by_role("link", name="Réserver ce créneau")
    assert take_all.first.is_visible()


def test_first_view_is_light(visitor, town):
    page = visitor.go("/trouver/?ou=Grenoble")
    assert transferred(page) <= 1_200_000  # not compressed in tests
