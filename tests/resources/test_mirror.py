"""Aides-territoires mirrored from its API, over a real connection: whole, cut, refused, twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from preau.core import clock
from preau.outside.models import ServiceState
from preau.resources import mirror, queries, tasks
from preau.resources.enums import ResourceState, Source
from preau.resources.loading import load_aids
from preau.resources.models import Entry, MirrorRun, Resource
from tests.accounts.factories import UserFactory, sign_in
from tests.integrations.misbehaving import door, running
from tests.resources.answers import aid, page
from tests.territories.factories import CommuneFactory

NOW = datetime(2027, 3, 3, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def fake():
    with running("fakes.aides_territoires") as address:
        yield address


@pytest.fixture
def service(fake, settings, monkeypatch):
    settings.AIDES_TERRITOIRES = {"url": fake, "key": "a-key-of-tests"}
    _eager(monkeypatch)
    for path in ("/_mood/none", "/_refuse/0", "/_token/", "/_move/", "/_aids/120", "/_calls"):
        door(fake, path)
    return fake


def _eager(monkeypatch):
    """Nothing is waited for, and one try is enough."""
    usual = mirror._client

    def client(**given):
        return usual(**{"timeout": 0.9, "tries": 1, "sleep": lambda seconds: None} | given)

    monkeypatch.setattr(mirror, "_client", client)


@pytest.fixture(autouse=True)
def _commune():
    CommuneFactory()


def _shown():
    return Resource.objects.filter(source=Source.AIDES_TERRITOIRES, state=ResourceState.PUBLISHED)


def test_every_page_is_read_once_and_taken_part_in_matching(service):
    with clock.frozen(NOW):
        assert mirror.read()
    run = MirrorRun.objects.get()
    assert (run.is_whole, run.read, run.created, run.skipped) == (True, 120, 120, 0)
    calls = door(service, "/_calls")
    assert [one for one in calls if "/aids/" in one] == [
        f"GET /aids/?page={n}&itemsPerPage=50" for n in (1, 2, 3)
    ]
    found = queries.for_need(
        themes=["energie"], blockage_kind="financement", commune_codes=["38185"], on=NOW.date()
    )
    assert len(found) == 120
    assert {one.resource.source for one in found} == {Source.AIDES_TERRITOIRES}


def test_html_is_sanitised_where_it_enters(service):
    mirror.read()
    one = _shown().first()
    assert one.body == "Une aide"
    assert one.snapshot["description"] == "<p>Une <b>aide</b></p>"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href="https://a.fr" target="_blank">a</a>', '<a href="https://a.fr">a</a>'),
        ("<iframe src=//a></iframe><img src=x onerror=y>b", "b"),
        ("<style>p{}</style><svg><script>1</script></svg>c", "c"),
    ],
)
def test_what_could_act_does_not_enter(html, kept):
    load_aids([page(aid(1, description=html, contact=html))])
    snapshot = _shown().get().snapshot
    assert (snapshot["description"], snapshot["contact"]) == (kept, kept)


def test_again_writes_nothing_but_the_day(service):
    with clock.frozen(NOW):
        mirror.read()
    with clock.frozen(NOW + timedelta(days=1)):
        mirror.read()
    run = MirrorRun.objects.latest("pk")
    assert (run.created, run.updated, run.retired) == (0, 0, 0)
    assert Entry.objects.count() == 120
    assert set(_shown().values_list("fetched_at", flat=True)) == {NOW + timedelta(days=1)}


def test_an_aid_that_is_gone_from_a_whole_reading_is_put_away(service):
    mirror.read()
    door(service, "/_aids/110")
    mirror.read()
    assert _shown().count() == 110
    assert MirrorRun.objects.latest("pk").retired == 10


@pytest.mark.parametrize("mood", ["500", "429", "401", "html", "truncated", "slow", "cut"])
def test_a_reading_that_is_cut_half_way_puts_nothing_away(service, mood, monkeypatch):
    mirror.read()
    door(service, "/_aids/110")
    usual, count = mirror.Client._get, iter(range(99))

    def second_page_fails(client, path, query=None):
        if next(count) == 1:
            door(service, f"/_mood/{mood}")
        return usual(client, path, query)

    monkeypatch.setattr(mirror.Client, "_get", second_page_fails)
    assert not mirror.read()
    run = MirrorRun.objects.latest("pk")
    assert (run.is_whole, run.retired, run.read) == (False, 0, 50)
    assert run.told[0].startswith("stopped")
    assert _shown().count() == 120
    assert ServiceState.objects.get(service=mirror.KEY).failures > 0


def test_a_list_that_moves_while_it_is_read_is_not_whole(service):
    mirror.read()
    door(service, "/_move/remove")
    assert not mirror.read()
    assert _shown().count() == 120


def test_a_token_refused_now_and_then_is_asked_again_once(service):
    door(service, "/_refuse/1")
    assert mirror.read()
    assert sum("/connexion/" in one for one in door(service, "/_calls")) == 2


def test_a_short_answer_drops_nothing(service):
    mirror.read()
    door(service, "/_aids/20")  # whole, says the service; a hundred aids would go at once
    assert mirror.read()
    assert _shown().count() == 120
    assert any("would go at once" in line for line in MirrorRun.objects.latest("pk").told)


def test_the_night_tries_each_hour_until_it_was_read_whole(service):
    with clock.frozen(NOW):
        door(service, "/_mood/500?times=1")
        assert not tasks.read_aids.func()
    with clock.frozen(NOW + timedelta(hours=1)):
        assert tasks.read_aids.func()
    with clock.frozen(NOW + timedelta(hours=2)):
        assert not tasks.read_aids.func()
    with clock.frozen(NOW + timedelta(hours=24)):
        assert tasks.read_aids.func()
    assert MirrorRun.objects.count() == 3


def test_without_a_key_nothing_is_asked(settings):
    settings.AIDES_TERRITOIRES = {"url": "http://127.0.0.1:9", "key": ""}
    assert not tasks.read_aids.func()
    assert not MirrorRun.objects.exists()


def test_the_operator_sees_the_readings_and_asks_for_one(client, service):
    sign_in(client, UserFactory(is_operator=True))
    url = reverse("resources:readings")
    assert "Aucune lecture" in client.get(url).content.decode()
    mirror.read()
    door(service, "/_mood/500")
    mirror.read()
    answer = client.get(url).content.decode()
    assert "120\xa0aides proposées" in answer
    assert "Arrêtée en chemin" in answer
    said = client.post(reverse("resources:read_now"), follow=True).content.decode()
    assert "La lecture va commencer" in said
    said = client.post(reverse("resources:read_now"), follow=True).content.decode()
    assert "déjà demandée" in said


def test_an_aid_says_its_source_and_its_day(client, service):
    with clock.frozen(NOW):
        mirror.read()
        answer = client.get(reverse("resources:show", args=[_shown().first().pk]))
    said = answer.content.decode().replace("\xa0", " ")
    assert "Source : Aides-territoires, lue le mercredi 3 mars 2027" in said
