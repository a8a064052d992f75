"""The two calendars: busy times for anyone, the whole planning behind a secret."""

import pytest
from icalendar import Calendar

from preau.accounts.enums import MembershipRole
from preau.places.enums import Publication
from preau.places.models import Place, Space
from tests.accounts.factories import MembershipFactory, sign_in
from tests.availability.factories import open_space
from tests.find.factories import coming, free_space, hours, place_at, take
from tests.places.factories import pool


def events(response):
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def busy_url(space):
    return f"/lieux/{space.place.slug}/{space.slug}/disponibilites.ics"


def test_anyone_reads_when_a_space_is_taken_and_nothing_else(client):
    space = free_space(1)
    evening = hours(coming(), 18, 20)
    take(
        space, evening, label="Anniversaire de Zoé", contact_name="Zoé", contact_phone="0600000000"
    )
    response = client.get(busy_url(space))
    (event,) = events(response)
    assert event.start == evening.start
    assert event.end == evening.end
    assert str(event["SUMMARY"]) == "Occupé"
    assert b"Zo" not in response.content.replace(b"Zoom", b"")
    assert b"0600000000" not in response.content


def test_a_pool_is_taken_when_no_station_is_left(client):
    desks = pool(place_at(1), 2)
    open_space(desks)
    desks = Space.objects.get(pk=desks.pk)
    take(desks, hours(coming(), 8, 12))
    assert events(client.get(busy_url(desks))) == []
    take(desks, hours(coming(), 10, 14))
    (event,) = events(client.get(busy_url(desks)))
    assert (event.start, event.end) == (hours(coming(), 10, 12).start, hours(coming(), 10, 12).end)


def test_a_name_written_on_two_lines_breaks_no_calendar(client):
    space = free_space(1, name="Salle\r\nBEGIN:VEVENT")
    take(space, hours(coming(), 18, 20))
    assert len(events(client.get(busy_url(space)))) == 1


def test_a_draft_has_no_public_calendar(client):
    space = free_space(1)
    Space.objects.filter(pk=space.pk).update(publication=Publication.DRAFT)
    assert client.get(busy_url(space)).status_code == 404


def test_managers_read_labels_and_contacts_by_the_secret(client):
    place = place_at(1)
    first, second = free_space(place=place, name="Salle A"), free_space(place=place, name="Salle B")
    take(first, hours(coming(), 18, 20), label="Chorale", contact_name="Zoé")
    take(second, hours(coming(11), 9, 12), label="Élections")
    response = client.get(f"/agenda/{place.feed_secret}.ics")
    found = events(response)
    assert [str(one["SUMMARY"]) for one in found] == ["Salle A : Chorale", "Salle B : Élections"]
    assert "Zoé" in str(found[0]["DESCRIPTION"])
    assert response["Cache-Control"] == "private, no-store"


def test_another_secret_opens_nothing(client):
    place = place_at(1)
    for secret in ("x", place.feed_secret[:-1], place.feed_secret + "x", "é" * 43, "a" * 5000):
        assert client.get(f"/agenda/{secret}.ics").status_code == 404
    Place.objects.filter(pk=place.pk).update(publication=Publication.ARCHIVED)
    assert client.get(f"/agenda/{place.feed_secret}.ics").status_code == 404


def test_held_slots_are_not_in_the_planning(client):
    from preau.core import clock

    place = place_at(1)
    space = free_space(place=place)
    row = take(space, hours(coming(), 18, 20))
    row.hold_until = clock.now()
    row.save()
    assert events(client.get(f"/agenda/{place.feed_secret}.ics")) == []


@pytest.mark.parametrize(
    ("role", "sees", "renews"),
    [
        (MembershipRole.MANAGER, True, True),
        (MembershipRole.CARETAKER, True, False),
        (MembershipRole.MEMBER, False, False),
    ],
)
def test_the_secret_address_is_given_to_those_who_run_the_place(client, role, sees, renews):
    place = place_at(1)
    membership = MembershipFactory(organization=place.owner, role=role)
    sign_in(client, membership.user, membership)
    page = client.get(f"/gerer/lieux/{place.pk}/").content.decode()
    assert (f"http://testserver/agenda/{place.feed_secret}.ics" in page) is sees
    assert ("La remplacer" in page) is renews
    assert client.get(f"/gerer/lieux/{place.pk}/agenda/").status_code == (200 if renews else 403)


def test_a_new_secret_address_closes_the_old_one(client):
    place = place_at(1)
    old = f"/agenda/{place.feed_secret}.ics"
    membership = MembershipFactory(organization=place.owner, role=MembershipRole.MANAGER)
    sign_in(client, membership.user, membership)
    assert client.post(f"/gerer/lieux/{place.pk}/agenda/").status_code == 302
    place.refresh_from_db()
    assert client.get(old).status_code == 404
    assert client.get(f"/agenda/{place.feed_secret}.ics").status_code == 200
