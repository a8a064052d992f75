"""The search page: each criterion, the order, the pages, the proposals."""

import re
from datetime import timedelta
from html import unescape

import pytest

from preau.availability.opening import RuleData
from preau.core import clock
from preau.places.enums import Equipment, Publication, SpaceKind
from preau.places.models import Photo, Space
from tests.documents.pictures import picture
from tests.find.factories import coming, free_space, hours, place_at, take
from tests.places.factories import hall_in_thirds
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

HEADING = re.compile(r'<h4 class="find-line__title"><a href="([^"]+)"[^>]*>([^<]+)</a>')


def ask(client, **query):
    response = client.get("/trouver/", {"ou": "Grenoble", **query})
    assert response.status_code == 200
    return unescape(response.content.decode()).replace("\xa0", " ")


def names(page):
    return [name for _, name in HEADING.findall(page)]


def test_a_fresh_page_invites_and_blames_for_nothing(client):
    page = unescape(client.get("/trouver/").content.decode())
    assert "Pour commencer" in page
    assert "Indiquez une commune" not in page


def test_nearest_first_with_distance_and_next_free_slot(client):
    free_space(6.0, name="Loin")
    free_space(1.0, name="Près")
    free_space(20.0, name="Hors du rayon")
    page = ask(client)
    assert names(page) == ["Près", "Loin"]
    assert "à 1,0 km" in page
    assert "Prochain créneau libre" in page
    assert "2 espaces à moins de 15 km autour de Grenoble" in page


@pytest.mark.parametrize(("rayon", "seen"), [("5", 1), ("10", 2), ("30", 3)])
def test_how_far(client, rayon, seen):
    for km in (1, 7, 25):
        free_space(km)
    assert len(names(ask(client, rayon=rayon))) == seen


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"personnes": "100"}, ["Gymnase"]),
        ({"type": "salle_classe"}, ["Classe"]),
        ({"type": ["salle_classe", "salle_sport"]}, ["Gymnase", "Classe"]),
        ({"equipement": "piano"}, ["Classe"]),
        ({"equipement": ["piano", "scene"]}, []),
        ({"pmr": "on"}, ["Classe"]),
        ({"tarif": "gratuit"}, ["Gymnase"]),
        ({"tarif": "payant"}, ["Classe"]),
    ],
)
def test_each_criterion(client, query, expected):
    free_space(1, name="Gymnase", kind=SpaceKind.SALLE_SPORT, capacity=300)
    free_space(
        place=place_at(2, is_accessible=True),
        name="Classe",
        kind=SpaceKind.SALLE_CLASSE,
        is_accessible=True,
        equipment=[Equipment.PIANO],
        price_from_cents=2500,
    )
    page = ask(client, **query)
    if expected:
        assert names(page) == expected
    else:
        assert "Aucun espace" in page


def test_only_what_is_free_then(client):
    day = coming()
    taken, free = free_space(1, name="Prise"), free_space(2, name="Libre")
    take(taken, hours(day, 18, 20))
    page = ask(client, jour=day.isoformat(), debut="18:00", fin="20:00")
    assert names(page) == ["Libre"]
    assert f"/reservations/nouvelle/{free.pk}/?debut={day}T18%3A00&fin={day}T20%3A00" in page
    assert "Zoé" not in page


def test_hours_are_those_of_the_place_searched(client):
    region = RegionFactory(code="04", name="La Réunion")
    departement = DepartementFactory(
        code="974",
        name="La Réunion",
        region=region,
        school_zone="REUNION",
        time_zone="Indian/Reunion",
    )
    commune = CommuneFactory(
        code="97411",
        name="Saint-Denis",
        latitude=-20.88,
        longitude=55.45,
        departement=departement,
        postcodes=["97400"],
    )
    from tests.places.factories import PlaceFactory

    evening = [RuleData(weekdays=range(7), start_minute=18 * 60, end_minute=20 * 60)]
    space = free_space(place=PlaceFactory(commune=commune), rules=evening, name="Case")
    day = coming()
    page = ask(client, ou="97400", jour=day.isoformat(), debut="18:00", fin="20:00")
    assert names(page) == ["Case"]
    assert f"/reservations/nouvelle/{space.pk}/?debut={day}T18%3A00" in page


def test_any_of_these_evenings(client):
    evening = [RuleData(weekdays=[3], start_minute=19 * 60, end_minute=21 * 60)]
    free_space(1, rules=evening, name="Le jeudi")
    free_space(2, rules=[RuleData(weekdays=[5], start_minute=0, end_minute=1440)], name="Le samedi")
    page = ask(client, jours=["mardi", "jeudi"], duree="120")
    assert names(page) == ["Le jeudi"]
    assert "19 h – 21 h" in page
    assert "2 h entre 18 h et 22 h" in page


def test_a_day_without_hours(client):
    day = coming()
    space = free_space(1, name="Le soir", rules=[RuleData(list(range(7)), 18 * 60, 20 * 60)])
    assert names(ask(client, jour=day.isoformat())) == ["Le soir"]
    take(space, hours(day, 18, 19))
    assert "Aucun espace libre" in ask(client, jour=day.isoformat())


def test_until_the_small_hours(client):
    space = free_space(1, name="Bal")
    day = coming()
    page = ask(client, jour=day.isoformat(), debut="20:00", fin="02:00")
    assert names(page) == ["Bal"]
    next_day = day + timedelta(days=1)
    assert f"/{space.pk}/?debut={day}T20%3A00&fin={next_day}T02%3A00" in page


def test_pages_are_stable_and_complete(client):
    spaces = [free_space(1 + number / 10, name=f"Salle {number:02d}") for number in range(12)]
    hall = place_at(9)
    spaces += [free_space(place=hall, name=f"Bureau {number:02d}") for number in range(31)]
    seen, address = [], "/trouver/?ou=Grenoble"
    for _ in range(10):
        page = unescape(client.get(address).content.decode())
        seen += [href for href, _ in HEADING.findall(page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        address = following[1]
    assert len(seen) == len(set(seen)) == len(spaces) == 43


def test_a_page_that_does_not_exist_gives_the_beginning(client):
    free_space(1, name="Seule")
    page = ask(client, apres="1e999_abc")
    assert names(page) == ["Seule"]
    assert "La suite demandée n’existe plus" in page


def test_htmx_gets_the_fragment_and_a_clean_address(client):
    free_space(1, name="Seule")
    query = {"ou": "Grenoble", "jour": "", "personnes": "", "rayon": "15", "duree": "120"}
    response = client.get("/trouver/", query, headers={"HX-Request": "true"})
    body = response.content.decode()
    assert body.lstrip().startswith('<div id="recherche"')
    assert "<html" not in body
    assert response["HX-Push-Url"] == "/trouver/?ou=Grenoble"
    assert "HX-Request" in response["Vary"]
    whole = client.get(
        "/trouver/", query, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert b"<html" in whole.content


def test_filters_are_removed_one_by_one(client):
    free_space(1, capacity=200)
    page = ask(client, personnes="30", jours=["mardi", "jeudi"], tarif="gratuit")
    links = {
        label: href
        for href, label in re.findall(
            r'<a class="pr-tag pr-tag--remove" href="([^"]+)"><span[^>]*>[^<]*</span>([^<]+)<', page
        )
    }
    assert set(links) == {"30 personnes", "Mardi", "Jeudi", "Gratuit"}
    assert links["Mardi"] == "/trouver/?ou=Grenoble&personnes=30&jours=jeudi&tarif=gratuit"


def test_drafts_are_not_found(client):
    space = free_space(1, name="Brouillon")
    Space.objects.filter(pk=space.pk).update(publication=Publication.DRAFT)
    from preau.availability.index import index_space

    index_space(Space.objects.get(pk=space.pk))
    assert "Aucun espace" in ask(client)


def test_around_me(client):
    free_space(1, name="Ici")
    response = client.get("/trouver/", {"lat": "45.190", "lon": "5.72"})
    page = unescape(response.content.decode())
    assert names(page) == ["Ici"]
    assert "autour de vous" in page
    assert "hors de France" in unescape(
        client.get("/trouver/", {"lat": "-60", "lon": "-150"}).content.decode()
    )


def test_communes_of_the_same_name_are_offered(client):
    CommuneFactory(code="38000", name="Grenoble", population=12, latitude=47.0)
    assert "Plutôt" in ask(client)


def test_nothing_free_gives_proposals_one_click_away(client):
    space = free_space(1, name="Salle")
    day = coming()
    take(space, hours(day, 18, 20))
    page = ask(client, jour=day.isoformat(), debut="18:00", fin="20:00")
    assert "Aucun espace libre" in page
    assert "2 h plus tard" in page
    assert f"debut={day}T20%3A00&fin={day}T22%3A00" in page
    assert "le lendemain" in page


def test_a_part_of_a_hall_is_proposed(client):
    hall = hall_in_thirds(place_at(1))
    from tests.availability.factories import open_space

    open_space(hall)
    day = coming()
    take(hall.parts.order_by("pk").first(), hours(day, 18, 20))
    page = ask(client, jour=day.isoformat(), debut="18:00", fin="20:00", personnes="250", rayon="5")
    assert "Une partie de la salle, pour 200 personnes" in page


def test_no_time_and_nothing_near_looks_farther(client):
    free_space(20, name="Plus loin")
    page = ask(client)
    assert "Aucun espace" in page
    assert names(page) == ["Plus loin"]


def _photo(space):
    from preau.accounts.actors import SYSTEM
    from preau.places.actions import add_photo

    return add_photo(
        actor=SYSTEM, place=space.place, space=space, upload=picture(), alternative_text="Scène"
    )


@pytest.mark.parametrize(
    ("query", "most"),
    [({}, 11), ({"jours": "mardi"}, 8), ({"debut": "18:00", "fin": "20:00"}, 8)],
    ids=str,
)
def test_queries_of_a_full_page(client, django_assert_max_num_queries, query, most):
    spaces = [
        free_space(1 + n / 10, equipment=[Equipment.WIFI], is_pool=n % 5 == 0) for n in range(21)
    ]
    _photo(spaces[0])
    Photo.objects.update(place=spaces[0].place)
    if "debut" in query:
        query = {"jour": coming().isoformat(), **query}
    ask(client, **query)
    with django_assert_max_num_queries(most):
        page = ask(client, **query)
    assert len(names(page)) == 20


def test_queries_when_nothing_is_free(client, django_assert_max_num_queries):
    day = coming()
    for n in range(12):
        take(free_space(1 + n / 10), hours(day, 18, 20))
    query = {"jour": day.isoformat(), "debut": "18:00", "fin": "20:00", "personnes": "30"}
    with django_assert_max_num_queries(26):
        assert len(names(ask(client, **query))) == 8


def test_communes_while_typing(client):
    page = client.get("/trouver/communes/", {"q": "greno"}).content.decode()
    assert 'data-value="Grenoble (38000)"' in page
    assert client.get("/trouver/communes/", {"q": "g"}).content.strip() == b""
    assert client.get("/trouver/communes/").status_code == 200
    assert client.get("/trouver/communes/", {"q": "\x00é" * 5000}).status_code == 200


def test_past_hours_today_are_refused(client):
    now = clock.now()
    page = ask(client, jour=(now - timedelta(days=400)).date().isoformat())
    assert "Ce jour est passé" in page
