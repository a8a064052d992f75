"""Organisations by number and by name, against a service of the same interface."""

import pytest

from preau.integrations import companies
from preau.integrations.companies import by_number, by_words
from preau.integrations.companies.reading import companies_of
from preau.integrations.http import Rejected, Service, Throttled, Unauthorized, Unavailable
from tests.integrations.misbehaving import door, running

COMMUNE, SCHOOL = "21380563300012", "21380563300129"


@pytest.fixture(scope="session")
def url():
    with running("fakes.companies") as address:
        yield address


@pytest.fixture
def service(url):
    yield Service(url, timeout=5)
    door(url, "/_mood/none")
    door(url, "/_limit/0")


# --- By number ---


def test_a_siren_gives_the_company_and_its_seat(service):
    found = by_number(service, "213 805 633")
    assert (found.siren, found.legal_name) == ("213805633", "COMMUNE DE VOIRON")
    assert found.full_name == "COMMUNE DE VOIRON (MAIRIE)"
    assert (found.legal_form, found.is_closed, found.asked) == ("7210", False, None)
    seat = found.seat
    assert (seat.siret, seat.address) == (COMMUNE, "12 RUE MAINSSIEUX 38500 VOIRON")
    assert (seat.postcode, seat.commune_code, seat.commune_name) == ("38500", "38563", "VOIRON")
    assert (seat.latitude, seat.longitude) == (45.364052, 5.592263)
    assert (seat.is_seat, seat.names) == (True, ("MAIRIE",))


def test_a_siret_gives_its_establishment_and_the_seat(service):
    found = by_number(service, SCHOOL)
    assert (found.asked.siret, found.seat.siret) == (SCHOOL, COMMUNE)
    assert (found.asked.latitude, found.asked.longitude, found.asked.is_seat) == (None, None, False)
    assert by_number(service, COMMUNE).asked.siret == COMMUNE


def test_a_closed_establishment_of_an_open_company(service):
    found = by_number(service, "21380563300228")
    assert (found.is_closed, found.asked.is_closed, found.seat.is_closed) == (False, True, False)


def test_a_closed_company_is_found_and_says_so(service):
    found = by_number(service, "31234567800010")
    assert (found.is_closed, found.seat.is_closed) == (True, True)


def test_a_local_authority_without_its_elected_members(service):
    found = by_number(service, COMMUNE)
    collectivity = found.collectivity
    assert (collectivity.code, collectivity.insee_code, collectivity.level) == (
        "38563",
        "38563",
        "commune",
    )
    assert "DURAND" not in repr(found) and "MARTIN" not in repr(found)


def test_an_association_with_its_number(service):
    found = by_number(service, "812345678")
    assert (found.is_association, found.is_social_economy) == (True, True)
    assert (found.association_number, found.collectivity) == ("W381234567", None)


def test_what_is_hidden_is_empty(service):
    found = by_number(service, "51234567800019")
    assert (found.legal_name, found.full_name, found.is_hidden_in_part) == ("", "", True)
    asked = found.asked
    assert (asked.address, asked.postcode, asked.names) == ("", "", ())
    assert (asked.commune_code, asked.latitude) == ("38563", None)


def test_no_seat_and_no_legal_name(service):
    assert by_number(service, "912345678").seat is None
    abroad = by_number(service, "923456789")
    assert (abroad.legal_name, abroad.seat.commune_code) == ("LA GRANGE INTERNATIONAL", "")


@pytest.mark.parametrize("number", ["999999999", "21380563399999"])
def test_a_number_of_nobody_is_none(service, number):
    assert by_number(service, number) is None


@pytest.mark.parametrize("number", ["", "12345678", "2138056330001", "21380563A", "٢١٣٨٠٥٦٣٣"])
def test_what_is_no_number_is_not_asked(number):
    with pytest.raises(ValueError, match="9 digits"):
        by_number(Service("http://127.0.0.1:9"), number)


def test_another_company_is_nobody():
    class Other:
        def get(self, path, params):
            return self

        def json(self):
            return {"results": [{"siren": "111111111", "etat_administratif": "A"}]}

    assert by_number(Other(), "222222222") is None


# --- By words ---


def test_words_find_and_filters_narrow(service):
    both = by_words(service, " la  grange ").companies
    assert [one.siren for one in both] == ["812345678", "923456789"]
    found = by_words(service, "grange", filters={"est_association": "true"})
    assert [one.siren for one in found.companies] == ["812345678"]
    closed = by_words(service, "voiron", filters={"etat_administratif": "A"}).companies
    assert [one.siren for one in closed] == ["213805633"]
    towns = by_words(service, "", filters={"est_collectivite_territoriale": "true"})
    assert [one.siren for one in towns.companies] == ["213805633"]


def test_pages(service):
    pages = [by_words(service, "boulangerie", page=page) for page in (1, 2, 3, 4)]
    assert [len(one.companies) for one in pages] == [10, 10, 10, 0]
    assert [(one.total, one.page, one.pages) for one in pages[:2]] == [(30, 1, 3), (30, 2, 3)]
    assert len({company.siren for one in pages for company in one.companies}) == 30


@pytest.mark.parametrize(
    "given",
    [
        {"words": "ab"},
        {"words": "abc", "page": 0},
        {"words": "abc", "per_page": 26},
        {"words": "abc", "per_page": 25, "page": 401},
    ],
)
def test_what_it_would_refuse_is_not_asked(given):
    with pytest.raises(ValueError):
        by_words(Service("http://127.0.0.1:9"), **given)


def test_a_wrong_filter_is_rejected(service):
    with pytest.raises(Rejected) as raised:
        by_words(service, "grange", filters={"etat_administratif": "X"})
    assert raised.value.status == 400 and "etat_administratif" in raised.value.said["erreur"]


# --- Its limits and its bad days ---


def test_too_many_in_a_second_wait_for_their_turn(url, service):
    door(url, "/_limit/2")
    with service, pytest.raises(Throttled) as raised:
        for _ in range(20):
            by_number(service, COMMUNE)
    assert raised.value.retry_after == 1


def test_a_batch_waits_as_long_as_it_is_told(url, service):
    pauses = []

    def turn(wait):
        pauses.append(wait)
        door(url, "/_mood/none")

    door(url, "/_mood/429?after=1")
    patient = Service(url, timeout=5, tries=2, sleep=turn)
    assert by_number(patient, COMMUNE).siren == "213805633"
    assert len(pauses) == 1 and 1 <= pauses[0] <= 1.5


@pytest.mark.parametrize("mood", ["slow", "drip", "truncated", "html", "cut", "500", "503"])
@pytest.mark.parametrize("ask", [lambda s: by_number(s, COMMUNE), lambda s: by_words(s, "grange")])
def test_every_bad_day_is_said_the_same_way(url, service, mood, ask):
    door(url, f"/_mood/{mood}")
    service.timeout = 0.3 if mood in {"slow", "drip"} else 5
    with pytest.raises(Unavailable) as raised:
        ask(service)
    assert COMMUNE not in str(raised.value) and "grange" not in str(raised.value)


@pytest.mark.parametrize("status", [401, 403])
def test_a_door_shut(url, service, status):
    door(url, f"/_mood/{status}")
    with pytest.raises(Unauthorized):
        by_number(service, COMMUNE)


def test_a_service_that_is_down():
    with pytest.raises(Unavailable):
        by_number(Service("http://127.0.0.1:9"), COMMUNE)


GOOD = {
    "siren": "213805633",
    "nom_complet": "X",
    "etat_administratif": "A",
    "siege": {"siret": COMMUNE, "etat_administratif": "A", "latitude": "45", "longitude": "5"},
}


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "text",
        {},
        {"results": None},
        {"results": {}},
        {"results": ["text"]},
        {"results": [{}]},
        {"results": [GOOD | {"siren": 213805633}]},
        {"results": [GOOD | {"siren": "21380563"}]},
        {"results": [GOOD | {"nom_complet": ["X"]}]},
        {"results": [GOOD | {"etat_administratif": "Z"}]},
        {"results": [GOOD | {"etat_administratif": None}]},
        {"results": [GOOD | {"siege": "x"}]},
        {"results": [GOOD | {"siege": GOOD["siege"] | {"latitude": "north"}}]},
        {"results": [GOOD | {"siege": GOOD["siege"] | {"latitude": "91"}}]},
        {"results": [GOOD | {"siege": GOOD["siege"] | {"latitude": "nan"}}]},
        {"results": [GOOD | {"siege": GOOD["siege"] | {"siret": None}}]},
        {"results": [GOOD | {"complements": ["x"]}]},
        {"results": [GOOD | {"matching_etablissements": {"a": 1}}]},
    ],
)
def test_another_shape_is_never_guessed(said):
    with pytest.raises(Unavailable, match="shape"):
        companies_of(said)


def test_half_a_position_is_none():
    siege = GOOD["siege"] | {"longitude": None}
    assert companies_of({"results": [GOOD | {"siege": siege}]})[0].seat.latitude is None


def test_a_count_that_is_none_is_not_guessed():
    class Strange:
        def get(self, path, params):
            return self

        def json(self):
            return {"results": [], "total_results": "many", "page": 1, "total_pages": 1}

    with pytest.raises(Unavailable):
        companies.by_words(Strange(), "grange")
