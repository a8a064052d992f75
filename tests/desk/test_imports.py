"""Existing bookings come in: read, shown, imported once, whatever the file."""

import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.enums import MembershipRole
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.enums import BookingState
from preau.booking.models import Booking
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.tables.cells import Unreadable, day_of
from preau.desk.actions import imports
from preau.desk.enums import ImportState
from preau.desk.models import ImportBatch, ImportedUse, ImportLine
from preau.desk.queries.imports import outlook
from preau.desk.reading import ics, read
from preau.desk.reading.found import minute_of
from preau.desk.tasks import run_import
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import evening, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return people(name="Salle Olympe-de-Gouges")


@pytest.fixture
def place(here):
    return here.space.place


@pytest.fixture
def manager(client, here):
    return sign_in(client, here.manager.user, here.manager.membership)


def text(response):
    return response.content.decode()


def wall(here, days):
    return evening(here.space, days=days).start.astimezone(here.space.place.zone).date()


def row(here, days=10, **cells):
    return {
        "Espace": "salle olympe-de-gouges",
        "Jour": f"{wall(here, days):%d/%m/%Y}",
        "Début": "18h",
        "Fin": "20h30",
        "Objet": "Chorale",
        "Nom": "Camille Martin",
    } | cells


def sheet(*rows, delimiter=";", encoding="utf-8"):
    lines = [delimiter.join(rows[0]), *(delimiter.join(one.values()) for one in rows)]
    return "\r\n".join(lines).encode(encoding)


def upload(content, name="agenda.csv"):
    return SimpleUploadedFile(name, content)


def batch_of(here, content):
    return imports.read_file(upload(content), here.space.place, None, actor=here.manager)


def imported(here, content):
    batch = batch_of(here, content)
    imports.start(batch, actor=here.manager)
    batch.refresh_from_db()
    imports.run(batch, actor=here.manager)
    return batch


# --- Reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_spreadsheet_of_any_french_office(here, place, encoding, delimiter):
    content = sheet(row(here, Objet="Répétition d’été"), delimiter=delimiter, encoding=encoding)
    (one,) = read(content, place, None)
    assert one.error == ""
    assert one.space == here.space
    assert one.period.minutes == 150
    assert one.facts["purpose"] == "Répétition d’été"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("12/03/2027", date(2027, 3, 12)),
        ("12-3-27", date(2027, 3, 12)),
        ("2027-03-12", date(2027, 3, 12)),
        ("2027-03-12 00:00:00", date(2027, 3, 12)),
        ("vendredi 12 mars 2027", date(2027, 3, 12)),
        ("1er août 2027", date(2027, 8, 1)),
    ],
)
def test_days_as_people_write_them(written, day):
    assert day_of(written) == day


@pytest.mark.parametrize("written", ["31/02/2027", "demain", "", "12/13/2027", "12 brumaire 2027"])
def test_days_that_are_none(written):
    with pytest.raises(Unreadable, match="n’est pas lisible"):
        day_of(written)


@pytest.mark.parametrize(
    ("written", "minute"),
    [
        ("18:30", 1110),
        ("18h30", 1110),
        ("18 h", 1080),
        ("18", 1080),
        ("24h", 1440),
        ("18:30:00", 1110),
    ],
)
def test_hours_as_people_write_them(written, minute):
    assert minute_of(written) == minute


@pytest.mark.parametrize("written", ["25h", "18h75", "soir", "", "-1"])
def test_hours_that_are_none(written):
    with pytest.raises(Unreadable):
        minute_of(written)


def test_each_line_says_what_is_wrong_with_it(here, place):
    content = sheet(
        row(here),
        row(here, Espace="Piscine"),
        row(here, Jour="31/02/2027"),
        row(here, Fin="soir"),
        row(here, days=-5),
        row(here),
        row(here, days=11, Début="22h", Fin="1h"),
    )
    found = {one.number: one for one in read(content, place, None)}
    assert found[2].error == ""
    assert "« Piscine »" in found[3].error
    assert "31/02/2027" in found[4].error
    assert "« soir »" in found[5].error
    assert "passé" in found[6].error
    assert "répète la ligne 2" in found[7].error
    assert found[8].period.minutes == 180


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Il manque"),
        (b"Nom;Truc\r\na;b", "Il manque : Jour, Début, Fin"),
        (b"Jour;Debut;Fin\r\n", "aucune réservation"),
        (b"PK\x03\x04\0\0", "ni un CSV ni un agenda"),
        (b"BEGIN:VCALENDAR\r\nnimporte", "abîmé"),
        (b"Jour;D\xe9but;Fin\r\n" + b"x;y;z\r\n" * 5100, "plus de 5000"),
    ],
)
def test_files_that_are_not(place, content, sentence):
    with pytest.raises(Refusal, match=sentence):
        read(content, place, None)


def test_a_part_of_a_name_is_enough_when_only_one_space_has_it(here, place):
    content = sheet(row(here, Espace="Olympe"), row(here, days=11, Espace="Sal"))
    first, second = read(content, place, None)
    assert (first.error, first.space) == ("", here.space)
    assert "« Sal »" in second.error


def diary(here, *events):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()


def event(here, days=10, uid="a@b", **more):
    day = f"{wall(here, days):%Y%m%d}"
    lines = {
        "UID": uid,
        "SUMMARY": "Yoga",
        "LOCATION": "Salle Olympe-de-Gouges\\, rez-de-chaussée",
        "DTSTART;TZID=Europe/Paris": f"{day}T180000",
        "DTEND;TZID=Europe/Paris": f"{day}T193000",
    } | more
    return "\r\n".join(
        ["BEGIN:VEVENT", *(f"{key}:{value}" for key, value in lines.items()), "END:VEVENT"]
    )


def test_a_diary_with_events_that_come_back(here, place):
    """Eighteen o'clock stays eighteen o'clock past the change of hour; an exception is left out."""
    skipped = f"{wall(here, 17):%Y%m%d}T180000"
    weekly = event(here, **{"RRULE": "FREQ=WEEKLY;COUNT=30", "EXDATE;TZID=Europe/Paris": skipped})
    cancelled = event(here, uid="c@d", STATUS="CANCELLED")
    found = read(diary(here, weekly, cancelled), place, None)
    assert len(found) == 29
    assert {one.error for one in found} == {""}
    hours = {one.period.start.astimezone(place.zone).hour for one in found}
    assert hours == {18}
    assert len({one.key for one in found}) == 29
    assert found[0].space == here.space


def test_a_date_moved_out_of_its_series_is_there_once(here, place):
    weekly = event(here, RRULE="FREQ=WEEKLY;COUNT=3")
    original = f"{wall(here, 17):%Y%m%d}T180000"
    moved = event(here, days=18, **{"RECURRENCE-ID;TZID=Europe/Paris": original})
    days = [
        one.period.start.astimezone(place.zone).date()
        for one in read(diary(here, weekly, moved), place, None)
    ]
    assert sorted(days) == [wall(here, number) for number in (10, 18, 24)]


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,15,30", "FREQ=WEEKLY;BYDAY=XX"]
)
def test_a_rhythm_made_to_hurt_is_not_followed(here, place, rule):
    try:
        found = read(diary(here, event(here, RRULE=rule)), place, None)
    except Refusal:
        return
    assert len(found) == 1


# --- The dry run, then the import


def test_a_diary_too_long_to_read_is_refused(here, place, monkeypatch):
    monkeypatch.setattr(ics, "MOST_SECONDS", -1)
    with pytest.raises(Refusal, match="trop long"):
        read(diary(here, event(here)), place, None)


def test_nothing_is_taken_before_it_is_agreed(manager, here, place):
    here.book(days=12)
    content = sheet(row(here), row(here, days=12), row(here, Jour="jamais"))
    answer = manager.post(
        reverse("desk:import", args=[place.pk]), {"file": upload(content)}, follow=True
    )
    page = text(answer)
    assert "1\u00a0réservation</strong> à importer" in page
    assert "Ligne 3" in page
    assert "pris par « Répétition de la chorale »" in page
    assert "Ligne 4" in page
    assert Booking.objects.count() == 1
    batch = ImportBatch.objects.get()
    page = text(manager.post(reverse("desk:import_begin", args=[batch.pk]), follow=True))
    assert "Import terminé" in page
    one = Booking.objects.get(caller_name="Camille Martin")
    assert (one.state, one.purpose) == (BookingState.CONFIRMED, "Chorale")
    assert ImportLine.objects.get(number=3).error != ""
    emails = Email.objects.filter(subject__icontains="Chorale")
    assert not emails.exists()


def test_importing_twice_doubles_nothing(here):
    content = sheet(row(here, Nature=""), row(here, days=11, Nature="usage propre"))
    imported(here, content)
    again = imported(here, content)
    assert Booking.objects.count() == 1
    assert Occupancy.objects.filter(kind=OccupancyKind.OWN_USE).count() == 1
    assert ImportedUse.objects.count() == 2
    found = outlook(batch_of(here, content))
    assert (len(found.fit), len(found.known)) == (0, 2)
    assert again.lines.exclude(occupancy=None).count() == 2


def test_two_lines_on_one_slot_are_a_conflict(here):
    content = sheet(row(here), row(here, Début="19h", Objet="Judo"))
    found = outlook(batch_of(here, content))
    assert [line.number for line in found.fit] == [2]
    assert [(line.number, why) for line, why in found.conflicts] == [(3, "la ligne 2")]


def test_a_file_made_to_hurt_hurts_nobody(manager, here, place):
    evil = '=cmd|"/c calc"!A1'
    content = sheet(row(here, Objet="<script>alert(1)</script>", Nom=evil.replace('"', "")))
    answer = manager.post(
        reverse("desk:import", args=[place.pk]), {"file": upload(content)}, follow=True
    )
    assert "<script>alert" not in text(answer)
    deep = b'Jour;D\xc3\xa9but;Fin;Objet\r\n12/03/2027;18h;20h;"' + b"a" * 200_000
    with pytest.raises(Refusal):
        read(deep, place, here.space)


def test_a_long_file_is_a_task_with_its_page(manager, here, place, monkeypatch):
    monkeypatch.setattr("preau.desk.views.imports.AT_ONCE", 1)
    batch = batch_of(here, sheet(row(here), row(here, days=11), row(here, days=12)))
    page = text(manager.post(reverse("desk:import_begin", args=[batch.pk]), follow=True))
    assert "Import en cours" in page
    assert "il en reste 3" in page
    job = ProcrastinateJob.objects.get(task_name="preau.desk.tasks.run_import")
    manager.post(reverse("desk:import_begin", args=[batch.pk]))  # a second click asks nothing more
    assert ProcrastinateJob.objects.filter(task_name=job.task_name).count() == 1
    manager.post(reverse("desk:import_halt", args=[batch.pk]))
    run_import(**job.args)
    assert Booking.objects.count() == 0  # stopped before it began
    assert "Reprendre l’import" in text(manager.get(reverse("desk:import_batch", args=[batch.pk])))
    manager.post(reverse("desk:import_begin", args=[batch.pk]))
    run_import(**job.args)
    batch.refresh_from_db()
    assert (batch.state, Booking.objects.count()) == (ImportState.DONE, 3)


def test_the_dry_run_costs_the_same_however_long(here, django_assert_max_num_queries):
    few = batch_of(here, sheet(row(here)))
    many = batch_of(here, sheet(*(row(here, days=20 + n) for n in range(30))))
    with django_assert_max_num_queries(8):
        outlook(few)
    with django_assert_max_num_queries(8):
        outlook(many)


@pytest.mark.parametrize("role", [MembershipRole.CARETAKER, MembershipRole.APPROVER, None])
def test_who_may_not(client, here, place, role):
    batch = batch_of(here, sheet(row(here)))
    membership = role and MembershipFactory(organization=place.owner, role=role)
    sign_in(client, membership.user if membership else UserFactory(), membership)
    assert client.get(reverse("desk:import", args=[place.pk])).status_code == 403
    assert client.post(reverse("desk:import_begin", args=[batch.pk])).status_code == 403
    assert not Booking.objects.exists()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_one_file_imported_by_two_at_once(here):
    content = sheet(row(here), row(here, days=11))
    batches = [batch_of(here, content) for _ in range(2)]
    barrier = threading.Barrier(2)

    def act(batch):
        imports.start(batch, actor=here.manager)
        barrier.wait()
        try:
            batch.refresh_from_db()
            imports.run(batch, actor=here.manager)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Booking.objects.count() == 2
    assert ImportedUse.objects.count() == 2
    assert not ImportLine.objects.exclude(error="").exists()
    assert clock.now() - ImportBatch.objects.first().started_at < timedelta(minutes=5)
