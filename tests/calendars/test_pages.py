"""The managers' pages of outside calendars, and one's own feed."""

import shutil
import subprocess
from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse

from preau.calendars.actions import personal, reading
from preau.calendars.models import OutsideCalendar, PersonalFeed
from preau.core import sealed
from tests.accounts.factories import MembershipFactory, sign_in
from tests.booking.factories import booking, people
from tests.calendars.factories import followed, space_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    space = space_open()
    member = MembershipFactory(organization=space.place.owner, role="gestionnaire")
    sign_in(client, member.user, member)
    return space


def test_following_keeps_the_address_secret(client, manager):
    url = reverse("calendars:follow", args=[manager.place_id])
    page = client.get(url)
    sent = {
        "space": manager.pk,
        "name": "Danse",
        "address": "webcal://agenda.example/secret-42.ics",
        "csrfmiddlewaretoken": "x",
    }
    answer = client.post(url, sent, follow=True)
    calendar = OutsideCalendar.objects.get()
    assert sealed.unseal(calendar.address, purpose="calendars.address") == (
        "https://agenda.example/secret-42.ics"
    )
    assert page.status_code == answer.status_code == 200
    assert "agenda.example" in answer.content.decode()
    assert "secret-42" not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "agenda",
        "ftp://a.fr/x.ics",
        "https://",
        "https://moi:secret@a.fr/x.ics",
        "://",
        "https://a.fr:port/x.ics",
        "https://é..fr/x.ics",
        f"https://{'a' * 254}/x.ics",
    ],
)
@override_settings(CALLS_PUBLIC_ONLY=True)
def test_what_is_no_address_is_refused_and_kept(client, manager, address):
    url = reverse("calendars:follow", args=[manager.place_id])
    answer = client.post(url, {"space": manager.pk, "name": "Danse", "address": address})
    assert not OutsideCalendar.objects.exists()
    assert "Collez l’adresse" in answer.content.decode()
    assert address in answer.content.decode()


def test_the_pages_say_where_it_stands(client, manager, django_assert_max_num_queries):
    calendar = followed(manager)
    reading._note(calendar, "disparu")
    for view, args in (("of_place", [manager.place_id]), ("show", [calendar.key])):
        with django_assert_max_num_queries(30):
            page = client.get(reverse(f"calendars:{view}", args=args)).content.decode()
        assert "Non repris" in page
    assert "n’existe plus" in page
    client.post(reverse("calendars:stop", args=[calendar.key]), {"fate": "garder"})
    calendar.refresh_from_db()
    assert calendar.stopped_at


def test_ones_own_feed_is_given_replaced_and_taken_back(client):
    here = people()
    one = here.book(confirmed=True)
    sign_in(client, here.occupant.user)
    client.post(reverse("calendars:give"))
    first = reverse("calendars:personal", args=[PersonalFeed.objects.get().secret])
    client.logout()
    answer = client.get(first)
    assert one.reference in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    sign_in(client, here.occupant.user)
    assert (
        PersonalFeed.objects.get().secret in client.get(reverse("calendars:mine")).content.decode()
    )
    client.post(reverse("calendars:give"))
    assert client.get(first).status_code == 404
    client.post(reverse("calendars:take_back"))
    assert not PersonalFeed.objects.exists()


def test_a_feed_asks_few_queries_however_many_bookings(client, django_assert_num_queries):
    here = people()
    counts = []
    secret = personal.give(here.occupant.user).secret
    for _ in range(2):
        for days in range(3):
            here.book(confirmed=True, days=10 + 3 * len(counts) + days)
        with django_assert_num_queries(8, exact=False) as seen:
            client.get(reverse("calendars:personal", args=[secret]))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_nobody_but_its_managers_sees_an_outside_calendar(client):
    calendar = followed()
    for address in (
        reverse("calendars:show", args=[calendar.key]),
        reverse("calendars:of_place", args=[calendar.place_id]),
    ):
        assert client.get(address).status_code in (302, 403, 404)
    stranger = MembershipFactory(role="gestionnaire")
    sign_in(client, stranger.user, stranger)
    assert client.get(reverse("calendars:show", args=[calendar.key])).status_code in (403, 404)


@pytest.mark.django_db(transaction=True)
def test_a_real_calendar_program_reads_the_feeds(live_server, tmp_path):
    """vdirsyncer fetches, khal shows: one's own bookings, the planning of a place, busy times."""
    here = people()
    one = here.book(confirmed=True)
    space = here.space
    feeds = {
        "mine": reverse("calendars:personal", args=[personal.give(here.occupant.user).secret]),
        "place": reverse("find:place_feed", args=[space.place.feed_secret]),
        "space": f"/lieux/{space.place.slug}/{space.slug}/disponibilites.ics",
    }
    start = one.occupancy.span.start.astimezone(space.place.zone)
    for name, path in feeds.items():
        shown = _read_with_khal(tmp_path / name, live_server.url + path, start.date())
        assert f"{start:%H:%M}" in shown, (name, shown)
    booking(space, actor=here.occupant, confirmed=True, days=12)
    shown = _read_with_khal(
        tmp_path / "mine", live_server.url + feeds["mine"], start.date() + timedelta(days=2)
    )
    assert f"{start:%H:%M}" in shown


def _read_with_khal(folder, url, day):
    khal, fetcher = shutil.which("khal"), shutil.which("vdirsyncer")
    assert khal, "khal is missing: `make test` installs it"
    assert fetcher, "vdirsyncer is missing: `make test` installs it"
    kept = folder / "kept"
    kept.mkdir(parents=True, exist_ok=True)
    (folder / "vdirsyncer").write_text(
        f"""[general]
status_path = "{folder}/status"
[pair feed]
a = "here"
b = "there"
collections = null
[storage here]
type = "filesystem"
path = "{kept}"
fileext = ".ics"
[storage there]
type = "http"
url = "{url}"
"""
    )
    (folder / "khal").write_text(
        f"""[calendars]
[[feed]]
path = {kept}
readonly = True
[locale]
local_timezone = Europe/Paris
default_timezone = Europe/Paris
timeformat = %H:%M
dateformat = %d/%m/%Y
longdateformat = %d/%m/%Y
datetimeformat = %d/%m/%Y %H:%M
longdatetimeformat = %d/%m/%Y %H:%M
[sqlite]
path = {folder}/khal.db
"""
    )
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    for words in (
        [fetcher, "-c", folder / "vdirsyncer", "discover"],
        [fetcher, "-c", folder / "vdirsyncer", "sync"],
    ):
        subprocess.run(words, env=environment, check=True, capture_output=True, timeout=60)
    found = subprocess.run(
        [khal, "-c", folder / "khal", "list", f"{day:%d/%m/%Y}", "1d"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return found.stdout
