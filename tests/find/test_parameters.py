"""Whatever stands in the address: a sentence, what was typed kept, never a fault of ours."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.core import clock
from preau.find.forms import SearchForm
from preau.find.queries import read_cursor
from tests.find.factories import coming, free_space

NAMES = [*SearchForm.base_fields, "apres", "semaine"]


def page_of(client, **query):
    response = client.get("/trouver/", {"ou": "Grenoble", **query})
    assert response.status_code == 200
    return unescape(response.content.decode())


def day():
    return coming().isoformat()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"ou": ""}, "Indiquez une commune ou un code postal."),
        ({"ou": "Xyzzyville"}, "Nous ne trouvons pas « Xyzzyville »"),
        ({"ou": "G" * 150}, "écrivez moins"),
        ({"jour": "2020-01-01"}, "Ce jour est passé"),
        ({"jour": "2199-12-31"}, "si longtemps à l’avance"),
        ({"jour": "0001-01-01"}, "Cette date est trop éloignée"),
        ({"jour": "9999-12-31"}, "Cette date est trop éloignée"),
        ({"jour": "demain"}, "Écrivez-la ainsi : 12/03/2027"),
        ({"jour": "DAY", "debut": "18:10"}, "de quart d’heure en quart d’heure"),
        ({"jour": "DAY", "debut": "20:00", "fin": "18:00"}, "après l’heure de début"),
        ({"jour": "DAY", "fin": "18:00"}, "Indiquez aussi l’heure de début"),
        ({"jour": "DAY", "debut": "25:99"}, "Écrivez-la ainsi : 18:30"),
        ({"debut": "18:00"}, "Indiquez aussi le jour"),
        ({"jour": "DAY", "jours": "mardi"}, "soit un jour précis, soit des jours"),
        ({"jours": "mardi", "debut": "18:00", "fin": "19:00"}, "la durée demandée ne tient pas"),
        ({"jours": "primidi"}, "jours de la semaine"),
        ({"personnes": "-5"}, "au moins une personne"),
        ({"personnes": "beaucoup"}, "nombre entier"),
        ({"personnes": "9" * 190}, "autant de personnes"),
        ({"rayon": "-5"}, "Choisissez une distance de la liste"),
        ({"type": "chateau"}, "nature d’espace de la liste"),
        ({"equipement": "dragon"}, "équipement de la liste"),
        ({"tarif": "cher"}, "tarif de la liste"),
        ({"duree": "7"}, "durée de la liste"),
        ({"ou": "", "lat": "nan", "lon": "5"}, "Une chose est à corriger"),
    ],
    ids=str,
)
def test_a_sentence_and_what_was_typed(client, query, sentence):
    query = {name: day() if value == "DAY" else value for name, value in query.items()}
    page = page_of(client, personnes=query.pop("personnes", "30"), **query)
    assert sentence in page
    assert 'id="erreurs"' in page
    for name in ("ou", "jour", "debut"):
        if name in query and len(query[name]) < 100 and query[name]:
            assert f'value="{query[name]}"' in page


def test_three_hundred_people_is_a_question_like_another(client):
    free_space(1, capacity=300, name="Halle")
    assert "Halle" in page_of(client, personnes="300")


def test_ten_megabytes_are_not_given_back(client):
    page = page_of(client, ou="g" * 10_000_000)
    assert "écrivez moins" in page
    assert len(page) < 60_000


def test_control_characters_are_not_text(client):
    assert "autour de Grenoble" in page_of(client, ou="\x00Grenoble\x1b")
    assert page_of(client, jour="\x00\x01")


def test_a_name_is_shown_as_text(client):
    page = client.get("/trouver/", {"ou": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_an_hour_that_does_not_exist(client):
    free_space(1)
    with clock.frozen(datetime(2027, 3, 1, tzinfo=UTC)):
        page = page_of(client, jour="2027-03-28", debut="02:00", fin="03:00")
        assert "Ces heures n’existent pas ce jour-là" in page
        page_of(client, jours=["dimanche"], debut="02:00", fin="03:00", duree="60")


@pytest.mark.parametrize(
    "text", ["", "x", "1_", "_1", "-1_2", "1e999_1x", "1.5_1_2", "٣_١", "nan_1"]
)
def test_a_cursor_says_something_or_nothing(text):
    assert read_cursor(text) is None


_VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "Grenoble",
            "38000",
            "18:00",
            "00:00",
            "23:59",
            "2027-03-28",
            "2026-10-25",
            "0001-01-01",
            "9999-12-31",
            "mardi",
            "dimanche",
            "120",
            "-1",
            "0",
            "1e308",
            "-0.0",
            "inf",
            "90",
            "180",
            "1.5_12",
            "99999.9_999999999999999999",
            "salle_classe",
            "piano",
            "gratuit",
            "on",
            "15",
            "\x00",
        ]
    ),
    st.integers().map(str),
    st.floats().map(repr),
    st.dates().map(str),
    st.times().map(str),
)
_QUERIES = st.dictionaries(st.sampled_from(NAMES), st.lists(_VALUES, min_size=1, max_size=3))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=_QUERIES)
def test_no_query_string_is_a_fault(query):
    response = Client().get("/trouver/", {"ou": "Grenoble", **query})
    assert response.status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(week=_VALUES, length=_VALUES)
def test_no_week_is_a_fault(space_page, week, length):
    assert Client().get(space_page, {"semaine": week, "duree": length}).status_code == 200


@pytest.fixture
def space_page():
    space = free_space(1)
    return f"/lieux/{space.place.slug}/{space.slug}/"
