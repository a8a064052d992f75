"""The mirror's client against a service with all the traps of Aides-territoires."""

import contextlib
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preau.integrations.aides_territoires import Client, aid_of
from preau.integrations.aides_territoires.reading import page_of, perimeter_of
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from tests.integrations.misbehaving import door, running

KEY = "a-key-of-tests"


@pytest.fixture(scope="session")
def url():
    with running("fakes.aides_territoires") as address:
        yield address


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def client(url, pauses):
    for path in ("/_mood/none", "/_refuse/0", "/_token/", "/_move/", "/_aids/120", "/_calls"):
        door(url, path)
    return Client(url, KEY, timeout=5, tries=3, sleep=pauses.append)


def calls(client):
    return door(client.url, "/_calls")


def numbers(pages):
    return [number for page in pages for number in page.ids]


# --- Sign-in ---


def test_one_token_serves_a_day(client):
    at = [0.0]
    client.now = lambda: at[0]
    for hour in (0, 1, 22.9):
        at[0] = hour * 3600
        client.aid("7")
    assert [call.split()[0] for call in calls(client)] == ["POST", "GET", "GET", "GET"]
    at[0] = 23.1 * 3600
    client.aid("7")
    assert [call.split()[0] for call in calls(client)] == ["POST", "GET"]


def test_a_token_that_ended_early_is_renewed_at_once(client, pauses):
    client.aid("7")
    door(client.url, "/_expire")
    assert client.aid("7").id == "7"
    assert [call.split()[0] for call in calls(client)] == ["POST", "GET", "GET", "POST", "GET"]
    assert pauses == []


def test_a_valid_token_refused_twice_waits(client, pauses):
    client.aid("7")
    calls(client)
    door(client.url, "/_refuse/3")
    assert client.aid("7").id == "7"
    assert [call.split()[0] for call in calls(client)] == ["GET", "POST", "GET", "GET", "GET"]
    assert len(pauses) == 2 and 0.5 <= pauses[0] <= 0.75 and 1 <= pauses[1] <= 1.5


def test_a_token_always_refused_is_given_up_and_forgotten(client, pauses):
    door(client.url, "/_refuse/4")
    with pytest.raises(Unauthorized):
        client.aid("7")
    assert len(pauses) == 2
    calls(client)
    assert client.aid("7").id == "7"
    assert [call.split()[0] for call in calls(client)] == ["POST", "GET"]


def test_a_wrong_key_is_said_at_once(client, pauses):
    client.key = "another"
    with pytest.raises(Unauthorized):
        client.aid("7")
    assert calls(client) == ["POST /connexion/"] and pauses == []


@pytest.mark.parametrize("what", ["none", "empty", "list"])
def test_a_sign_in_without_a_token(client, what):
    door(client.url, f"/_token/{what}")
    with pytest.raises(Unavailable, match="no token"):
        client.aid("7")


def test_neither_key_nor_token_is_shown(client):
    client.aid("7")
    assert KEY not in repr(client) and "jwt" not in repr(client)


# --- Pages ---


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 100, 120])
def test_every_aid_comes_once(client, count):
    door(client.url, f"/_aids/{count}")
    with client:
        pages = list(client.pages())
    assert sorted(map(int, numbers(pages))) == list(range(1, count + 1))
    assert {page.count for page in pages} == {count}
    assert len(calls(client)) == 1 + max(1, -(-count // 50))


def test_repeated_filters_hold_on_every_page(client):
    door(client.url, "/_aids/200")
    found = numbers(client.pages({"organization_type_slugs": ["commune", "epci"]}))
    assert len(found) == 133 and {int(one) % 3 for one in found} == {0, 1}


def test_the_length_is_what_everybody_gets(client):
    """A page that somebody asked for without a length is served from the cache to us."""
    list(client.pages())
    assert all("itemsPerPage=50" in call for call in calls(client)[1:])


@pytest.mark.parametrize("name", ["page", "size", "page_size", "itemsPerPage"])
def test_pages_are_counted_here(client, name):
    with pytest.raises(ValueError, match="counted"):
        list(client.pages({name: "2"}))


@pytest.mark.parametrize("how", ["add", "remove", "swap"])
def test_what_moved_while_it_was_read_is_never_whole(client, how):
    door(client.url, f"/_move/{how}")
    pages = client.pages()
    assert len(next(pages).lines) == 50
    with pytest.raises(Unavailable, match="each other"):
        list(pages)


class Answers:
    """A client whose service says what it is told to."""

    def __init__(self, *said):
        self.client = Client("http://127.0.0.1:9", KEY)
        left = iter(said)
        self.client._get = lambda path, query: next(left)


def page(count, first, last):
    return {"count": count, "results": [{"id": n} for n in range(first, last)]}


@pytest.mark.parametrize(
    "said",
    [
        [page(120, 0, 100)],  # longer than asked
        [page(120, 0, 30)],  # shorter, out of a cache
        [page(120, 0, 50), page(120, 50, 100), page(120, 100, 110)],
        [page(120, 0, 50), page(120, 50, 100), page(120, 100, 100)],
        [page(120, 0, 50), page(119, 50, 100)],
        [page(120, 0, 50), page(121, 50, 100)],
        [page(120, 0, 50), page(120, 49, 99)],
        [page(2, 0, 1)],
        [{"count": 2, "results": [{"id": 1}, {"id": "1"}]}],
        [{"count": 2, "results": [{"id": 1}, {"id": 2}, {"id": 2}]}],
        [page(100_001, 0, 50)],
        [{"count": 1, "results": [{}]}],
        [{"count": 1, "results": [{"id": True}]}],
        [{"count": 1, "results": ["x"]}],
        [{"count": 1}],
        [{"results": []}],
        [{"count": -1, "results": []}],
        [{"count": True, "results": [{"id": 1}]}],
        [[]],
        [None],
    ],
)
def test_pages_that_are_not_whole_are_said(said):
    with pytest.raises(Unavailable):
        list(Answers(*said).client.pages())


@given(count=st.integers(0, 260), cut=st.integers(0, 5), lost=st.integers(0, 60))
def test_whole_or_said(count, cut, lost):
    """Whatever page loses whatever lines, it is never taken for the whole."""
    pages = [page(count, n, min(n + 50, count)) for n in range(0, max(count, 1), 50)]
    spoiled = pages[cut % len(pages)]
    whole = not (lost and spoiled["results"])
    spoiled["results"] = spoiled["results"][lost:]
    client = Answers(*pages).client
    if whole:
        assert len(numbers(client.pages())) == count
    else:
        with pytest.raises(Unavailable):
            list(client.pages())


def test_a_page_keeps_the_shape_that_files_have(client):
    found = next(client.pages())
    assert set(found.answer) == {"count", "previous", "next", "results"}
    assert found.answer["results"][0]["financers_full"][0]["id"] == 3
    assert json.loads(json.dumps(found.answer)) == found.answer


def test_a_filter_it_refuses(client):
    with pytest.raises(Rejected):
        list(client.pages({"refused": "1"}))


# --- One aid ---


def test_an_aid_with_all_that_it_says(client):
    found = client.aid("7")
    assert (found.id, found.slug, found.path) == ("7", "aide-7", "/aides/aide-7/")
    assert (found.name, found.initial_name, found.short_title) == (
        "Rénover les écoles 7",
        "Fonds écoles",
        "",
    )
    assert (found.financers, found.instructors) == (
        ("Conseil départemental de l'Isère",),
        ("Préfecture",),
    )
    assert found.description_html == "<p>Une <b>aide</b><script>alert(1)</script></p>"
    assert found.contact_html == "<p>M. Martin, 04 76 00 00 00</p>"
    assert found.rate_comment_html == "Selon la <i>richesse</i>"
    assert (found.perimeter, found.perimeter_scale) == ("Isère", "Département")
    assert (found.steps, found.audiences) == (("Réflexion / conception",), ("Communes",))
    assert found.types == ("Subvention", "Ingénierie technique")
    assert found.type_groups == ("Aide financière", "Aide en ingénierie")
    assert (found.is_call, found.is_charged, found.is_live) == (False, False, True)
    assert (found.opens_on, found.preapplies_on) == (date(2026, 1, 1), None)
    assert found.closes_on == date(2027, 6, 30)
    assert (found.rate_min, found.rate_max) == (20, 60)
    assert (found.loan_euros, found.advance_euros) == (150000.5, None)
    assert found.created_at == datetime(2025, 1, 1, 9, tzinfo=UTC) and found.updated_at is None
    assert (found.recurrence, found.europe, found.licence) == ("Ponctuelle", "", "")
    assert found.line["financers_full"][0]["name"] == "Conseil départemental de l'Isère"
    assert "Martin" not in repr(found)


def test_an_aid_by_its_name_and_aids_that_are_gone(client):
    assert client.aid_named("aide-7").id == "7"
    assert client.aid("999") is None
    assert client.aid_named("../connexion") is None


WRONG = {
    "id": [None, True, "", [1]],
    "name": [1, ["x"]],
    "description": [{"a": 1}],
    "financers": ["text", [1], {"a": 1}],
    "is_live": ["yes", 1],
    "subvention_rate_upper_bound": ["much", True, [1], -1, "nan", "inf", 10**400],
    "start_date": ["soon", 20260101, "2026-13-01"],
    "date_created": ["soon", "2025-01-01T10:00:00"],
    "aid_types_full": [[{"group": {"name": 1}}]],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in WRONG.items() for v in values])
def test_another_shape_is_never_guessed(name, value):
    with pytest.raises(Unavailable) as raised:
        aid_of({"id": 1, "name": "École"} | {name: value})
    assert "École" not in str(raised.value)


@pytest.mark.parametrize("line", [None, [], "text", 3])
def test_no_aid_at_all(line):
    with pytest.raises(Unavailable):
        aid_of(line)


@given(
    st.dictionaries(
        st.sampled_from(["id", *WRONG, "url", "aid_types_full", "categories"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
            lambda inner: st.lists(inner) | st.dictionaries(st.just("group"), inner),
            max_leaves=4,
        ),
    )
)
def test_nothing_breaks_the_reading(line):
    with contextlib.suppress(Unavailable):
        assert aid_of(line).line is line


# --- Perimeters ---


def test_perimeters_by_code_and_by_words(client):
    (found,) = client.perimeters({"insees": "38007"})
    assert (found.id, found.name, found.scale) == ("70007-commune-7", "Commune 7", "Commune")
    assert (found.code, found.postcodes) == ("38007", ("38007",))
    assert len(list(client.perimeters({"q": "commune"}))) == 120
    (basin,) = client.perimeters({"q": "bassin"})
    assert (basin.id, basin.code, basin.postcodes) == ("99", "", ())


def test_a_perimeter_without_an_id():
    with pytest.raises(Unavailable):
        perimeter_of({"name": "Isère"})


def test_a_page_needs_its_count():
    with pytest.raises(Unavailable):
        page_of({"results": [], "count": "3"})


# --- Bad days ---


@pytest.mark.parametrize("mood", ["slow", "drip", "truncated", "html", "cut", "500", "503"])
@pytest.mark.parametrize("signed", [False, True])
def test_every_bad_day_is_said_the_same_way(client, mood, signed):
    if signed:
        client.aid("7")
    door(client.url, f"/_mood/{mood}")
    client._service.timeout = 0.3 if mood in {"slow", "drip"} else 5
    with pytest.raises(Unavailable) as raised:
        client.aid("7")
    assert KEY not in str(raised.value) and "jwt" not in str(raised.value)


def test_a_passing_failure_is_not_seen(client, pauses):
    client.aid("7")
    door(client.url, "/_mood/503?times=2")
    assert client.aid("7").id == "7" and len(pauses) == 2


def test_too_many_requests_wait_as_long_as_it_says(client, pauses):
    client.aid("7")
    door(client.url, "/_mood/429?times=1&after=5")
    assert client.aid("7").id == "7"
    assert len(pauses) == 1 and 5 <= pauses[0] <= 5.5
    door(client.url, "/_mood/429?after=600")
    with pytest.raises(Throttled) as raised:
        client.aid("7")
    assert raised.value.retry_after == 600


def test_a_door_shut(client):
    door(client.url, "/_mood/403")
    with pytest.raises(Unauthorized):
        client.aid("7")


def test_a_service_that_is_down(pauses):
    with pytest.raises(Unavailable):
        Client("http://127.0.0.1:9", KEY, sleep=pauses.append).aid("7")
    assert len(pauses) == 3
