from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.template import engines

from preau.core import formats
from preau.core.timeranges import Period

PARIS = "Europe/Paris"


def at(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def plain(text):
    return text.replace("\u00a0", "~").replace("\u202f", "_")


def test_day_keeps_number_and_month_together():
    assert plain(formats.day(date(2027, 3, 11))) == "jeudi 11~mars 2027"
    assert plain(formats.day(date(2027, 5, 1), year=False)) == "samedi 1er~mai"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(time(18), "18~h"), (time(18, 30), "18~h~30"), (time(0, 5), "0~h~05")],
)
def test_hour(value, expected):
    assert plain(formats.hour(value)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2027-03-11T17:00", "2027-03-11T19:30", "jeudi 11~mars 2027, de 18~h à 20~h~30"),
        ("2027-03-11T17:00", "2027-03-11T23:00", "jeudi 11~mars 2027, de 18~h à minuit"),
        ("2027-03-10T23:00", "2027-03-11T23:00", "jeudi 11~mars 2027, toute la journée"),
        ("2027-03-10T23:00", "2027-03-13T23:00", "du 11 au 13~mars 2027"),
        (
            "2027-03-11T21:00",
            "2027-03-12T01:00",
            "du jeudi 11~mars 2027, 22~h, au vendredi 12~mars 2027, 2~h",
        ),
    ],
)
def test_slot_in_the_zone_of_the_place(start, end, expected):
    assert plain(formats.slot(at(start), at(end), PARIS)) == expected


def test_slot_overseas_is_said_in_local_time():
    text = formats.slot(at("2027-03-11T14:00"), at("2027-03-11T16:00"), "Indian/Reunion")
    assert plain(text) == "jeudi 11~mars 2027, de 18~h à 20~h"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2027, 3, 12), date(2027, 4, 2), "du 12~mars au 2~avril 2027"),
        (date(2026, 12, 31), date(2027, 1, 2), "du 31~décembre 2026 au 2~janvier 2027"),
        (date(2027, 3, 12), date(2027, 3, 12), "le vendredi 12~mars 2027"),
    ],
)
def test_days(first, last, expected):
    assert plain(formats.days(first, last)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (45, "45~min"),
        (60, "1~h"),
        (150, "2~h~30"),
        (timedelta(days=1), "1~jour"),
        (4320, "3~jours"),
    ],
)
def test_duration(value, expected):
    assert plain(formats.duration(value)) == expected


@pytest.mark.parametrize(
    ("cents", "expected"), [(2500, "25,00~€"), (0, "0,00~€"), (123456789, "1_234_567,89~€")]
)
def test_euros(cents, expected):
    assert plain(formats.euros(cents)) == expected


@pytest.mark.parametrize(
    ("km", "expected"),
    [
        (0.01, "moins de 100~m"),
        (0.82, "800~m"),
        (0.97, "1,0~km"),
        (3.24, "3,2~km"),
        (9.96, "10~km"),
        (1234.0, "1_234~km"),
    ],
)
def test_distance(km, expected):
    assert plain(formats.distance(km)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0476000000", "04~76~00~00~00"),
        ("+33 4 76 00 00 00", "04~76~00~00~00"),
        ("3939", "3939"),
        ("+44 20 7946 0000", "+44 20 7946 0000"),
    ],
)
def test_telephone(typed, expected):
    assert plain(formats.telephone(typed)) == expected


def render(source, **context):
    return plain(engines["django"].from_string(source).render(context))


def test_filters_say_the_same_as_the_functions():
    period = Period(at("2027-03-11T17:00"), at("2027-03-11T19:30"))
    context = {"period": period, "zone": PARIS, "pair": (period.start, period.end)}
    assert render("{{ period|creneau:zone }}", **context) == "jeudi 11~mars 2027, de 18~h à 20~h~30"
    assert render("{{ pair|heures:zone }}", **context) == "18~h~–~20~h~30"
    assert render("{{ period.start|moment:zone }}", **context) == "jeudi 11~mars 2027 à 18~h"
    assert render("{{ period.start|jour_court:zone }}", **context) == "jeudi 11~mars"
    assert render(
        "{{ period.duration|duree }} {{ 1|compte:'place' }} {{ 3|compte:'lieu,lieux' }}", **context
    ) == ("2~h~30 1~place 3~lieux")


def test_filters_are_silent_on_nothing():
    source = "{{ x|jour }}{{ x|heure }}{{ x|creneau }}{{ x|euros }}{{ x|km }}{{ x|telephone }}{{ x|duree }}"
    assert render(source, x=None) == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Le Compost des voisins", "du Compost des voisins"),
        ("Les Tilleuls", "des Tilleuls"),
        ("La Tronche", "de La Tronche"),
        ("Mairie de Grenoble", "de la Mairie de Grenoble"),
        ("Gymnase Aimé-Césaire", "du Gymnase Aimé-Césaire"),
        ("Agence nationale", "de l’Agence nationale"),
        ("Allevard", "d’Allevard"),
        ("Élan", "d’Élan"),
        ("Vif", "de Vif"),
        ("Le", "de Le"),
        ("", "de "),
    ],
)
def test_a_name_after_of(name, expected):
    assert formats.of_name(name) == expected
    template = engines["django"].from_string("{{ name|de }}")
    assert template.render({"name": name}) == expected
