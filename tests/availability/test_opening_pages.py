"""The managers' pages on opening hours, as people use them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.actions.opening import add_school_holiday
from preau.availability.enums import OccupancyKind, When
from preau.availability.models import OpeningCalendar, SpaceCalendar
from preau.availability.opening import DayFacts, Opening, RuleData
from preau.availability.queries.screen import outside
from preau.availability.wording import hours_in_words, rule_in_words, weekdays_in_words, weeks
from preau.core import clock
from preau.core.timeranges import Period
from preau.territories.models import SchoolHoliday
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.availability.factories import days_written, open_space
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NBSP = "\u00a0"
NOW = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def place():
    SchoolHoliday.objects.create(
        zone="A",
        name="Vacances de la Toussaint",
        first_day=date(2026, 10, 17),
        last_day=date(2026, 11, 1),
    )
    return PlaceFactory(name="Collège Jean-Moulin")


@pytest.fixture
def room(place):
    return SpaceFactory(place=place, name="Salle 12")


@pytest.fixture
def manager(client, place):
    membership = MembershipFactory(organization=place.owner, role=MembershipRole.MANAGER)
    return sign_in(client, membership.user, membership)


def line(number, **fields):
    values = {"effect": "ouvert", "when": "toujours", "weekdays": ["0"], "start": "18:00"}
    values |= {"end": "22:00"} | fields
    return {f"ligne{number}-{name}": value for name, value in values.items()}


def screen(*lines, faire="enregistrer", **fields):
    data = {"faire": faire, "name": "Classes", "lignes": len(lines)} | fields
    for number, one in enumerate(lines):
        data |= line(number, **one)
    return data


CLASSROOM = [
    {"weekdays": list("01234"), "when": When.TERM},
    {"weekdays": ["5"], "start": "08:00", "when": When.TERM},
    {"weekdays": list("0123456"), "start": "08:00", "when": When.SCHOOL_HOLIDAYS},
    {
        "weekdays": list("0123456"),
        "effect": "ferme",
        "start": "00:00",
        "end": "00:00",
        "valid_from": "2027-08-01",
        "valid_until": "31/08/2027",
    },
]


def test_the_class_room_is_entered_seen_and_saved(manager, place, room):
    new = reverse("availability:new", args=[place.pk])
    seen = manager.post(new, screen(*CLASSROOM, faire="apercu", spaces=[room.pk]))
    page = seen.content.decode()
    assert not OpeningCalendar.objects.exists()
    assert f"Ouvert du lundi au vendredi, de 18{NBSP}h à 22{NBSP}h, en période scolaire" in page
    assert f"Fermé tous les jours, toute la journée, du 1er au 31{NBSP}août 2027" in page
    assert "Vacances de la Toussaint" in page
    assert "Toussaint (férié)" in page
    saved = manager.post(new, screen(*CLASSROOM, spaces=[room.pk]))
    calendar = OpeningCalendar.objects.get()
    assert saved.url == reverse("availability:saved", args=[calendar.pk])
    assert [rule.end_minute for rule in calendar.rules.all()] == [1320, 1320, 1320, 1440]
    assert SpaceCalendar.objects.get().space == room
    # what was seen is what search reads
    written = days_written(calendar)
    for week in seen.context["screen"].weeks:
        for day in week:
            if day.day >= date(2026, 10, 11):
                assert written.get(day.day, 0) == day.bits
    assert date(2027, 8, 3) not in written


def test_beyond_midnight_is_the_next_day(manager, place, room):
    new = reverse("availability:new", args=[place.pk])
    party = {"weekdays": ["4"], "start": "18:00", "end": "02:00"}
    page = manager.post(new, screen(party, faire="apercu")).content.decode()
    assert f"18{NBSP}h{NBSP}–{NBSP}2{NBSP}h le lendemain" in page
    manager.post(new, screen(party))
    assert OpeningCalendar.objects.get().rules.get().end_minute == 1560


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"weekdays": []}, "Cochez au moins un jour."),
        ({"start": "18:07"}, "quart d’heure"),
        ({"end": ""}, "Indiquez une heure."),
        ({"valid_from": "2027-09-01", "valid_until": "2027-08-01"}, "vient avant"),
        ({"valid_from": "31/02/2027"}, "Cette date n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(manager, place, wrong, sentence):
    new = reverse("availability:new", args=[place.pk])
    answer = manager.post(new, screen({"start": "17:45"}, wrong))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert 'value="17:45"' in page
    assert "Classes" in page
    assert not OpeningCalendar.objects.exists()


def test_lines_are_added_removed_and_moved_without_being_judged(manager, place, room):
    new = reverse("availability:new", args=[place.pk])

    def starts(answer):
        return [form["start"].value() for form in answer.context["screen"].lines]

    two = [{"start": "08:00"}, {"start": "n’importe quoi", "weekdays": []}]
    added = manager.post(new, screen(*two, faire="ajouter", spaces=[room.pk]))
    assert starts(added) == ["08:00", "n’importe quoi", None]
    assert "Une chose est à corriger" not in added.content.decode()
    assert added.context["screen"].form["spaces"].value() == [str(room.pk)]
    assert starts(manager.post(new, screen(*two, faire="monter-1"))) == ["n’importe quoi", "08:00"]
    assert starts(manager.post(new, screen(*two, faire="descendre-0")))[1] == "08:00"
    assert starts(manager.post(new, screen(*two, faire="retirer-0"))) == ["n’importe quoi"]
    assert starts(manager.post(new, screen(*two, faire="monter-99"))) == starts_of(two)
    assert manager.post(new, {"faire": "retirer-x", "lignes": "beaucoup"}).status_code == 200


def starts_of(lines):
    return [one["start"] for one in lines]


def test_every_preset_opens_and_can_be_saved_as_it_is(manager, place, room):
    chosen = manager.get(reverse("availability:choose", args=[place.pk])).content.decode()
    assert "Page blanche" in chosen
    for key in ("classe", "salle-des-fetes", "gymnase", "toujours"):
        page = manager.get(reverse("availability:new", args=[place.pk]), {"modele": key})
        shown = page.context["screen"]
        data = {"faire": "enregistrer", "name": key, "lignes": len(shown.lines)}
        for form in shown.lines:
            for name in form.fields:
                value = form[name].value()
                if value not in (None, False):
                    data[f"{form.prefix}-{name}"] = value
        assert manager.post(reverse("availability:new", args=[place.pk]), data).status_code == 302
    assert OpeningCalendar.objects.count() == 4


def test_bookings_outside_are_announced_then_listed_and_stand(manager, place, room):
    calendar = open_space(room)
    start = datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
    occupancy = occupy(
        room,
        Period(start, start + timedelta(hours=2)),
        Use(OccupancyKind.BOOKING, label="Chorale"),
        actor=SYSTEM,
    )
    edit = reverse("availability:edit", args=[calendar.pk])
    monday = screen({"weekdays": ["0"]}, faire="apercu", spaces=[room.pk])
    assert (
        "Des réservations seraient hors de ces horaires"
        in manager.post(edit, monday).content.decode()
    )
    answer = manager.post(edit, monday | {"faire": "enregistrer"}, follow=True)
    assert "Chorale" in answer.content.decode()
    occupancy.refresh_from_db()
    assert occupancy.released_at is None


def test_a_space_may_leave_its_hours_and_unused_hours_be_removed(manager, place, room):
    calendar = open_space(room)
    manager.post(reverse("availability:edit", args=[calendar.pk]), screen({}, spaces=[]))
    assert not SpaceCalendar.objects.exists()
    assert (
        "Salle 12" in manager.get(reverse("availability:place", args=[place.pk])).content.decode()
    )
    manager.post(reverse("availability:remove", args=[calendar.pk]))
    assert not OpeningCalendar.objects.exists()


def booked(room, label="Chorale", **use):
    start = datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
    period = Period(start, start + timedelta(hours=2))
    return occupy(room, period, Use(OccupancyKind.BOOKING, label=label, **use), actor=SYSTEM)


def test_bookings_of_a_space_that_leaves_its_hours_are_listed_and_stand(manager, place, room):
    calendar = open_space(room)
    occupancy = booked(room)
    edit = reverse("availability:edit", args=[calendar.pk])
    seen = manager.post(edit, screen({}, faire="apercu", spaces=[])).content.decode()
    assert "Chorale" in seen[seen.index("seraient hors de ces horaires") :]
    saved = manager.post(edit, screen({}, spaces=[]), follow=True).content.decode()
    assert "ne suivent plus aucun horaire" in saved
    assert "Chorale" in saved
    occupancy.refresh_from_db()
    assert occupancy.released_at is None


def test_a_form_half_filled_in_is_not_a_booking_outside_the_hours(manager, place, room):
    calendar = open_space(room)
    booked(room, label="", hold_until=NOW + timedelta(minutes=15))
    edit = reverse("availability:edit", args=[calendar.pk])
    saved = manager.post(edit, screen({"weekdays": ["0"]}, spaces=[room.pk]), follow=True)
    assert "toutes les réservations à venir tombent" in saved.content.decode()


def test_two_people_who_edit_at_once_do_not_erase_each_other(manager, place, room):
    calendar = open_space(room)
    edit = reverse("availability:edit", args=[calendar.pk])
    before = manager.get(edit).content.decode()
    assert f'name="version" value="{calendar.version}"' in before
    mine = screen({"weekdays": ["1"]}, spaces=[room.pk], version=calendar.version)
    theirs = screen({"weekdays": ["2"]}, spaces=[room.pk], version=calendar.version)
    assert manager.post(edit, theirs).status_code == 302
    page = manager.post(edit, mine)
    text = page.content.decode()
    assert page.status_code == 200
    assert "pendant que vous les modifiiez" in text
    assert "le mercredi" in text  # what they saved
    assert "le mardi" in text  # what I typed
    assert calendar.rules.get().weekdays == [2]
    again = mine | {"version": OpeningCalendar.objects.get(pk=calendar.pk).version}
    assert f'name="version" value="{again["version"]}"' in text
    assert manager.post(edit, again).status_code == 302
    assert calendar.rules.get().weekdays == [1]


def test_hours_that_are_followed_are_not_removed(manager, room):
    calendar = open_space(room)
    answer = manager.post(reverse("availability:remove", args=[calendar.pk]), follow=True)
    assert "suivent encore ces horaires" in answer.content.decode()
    assert OpeningCalendar.objects.exists()


def test_a_space_of_another_place_cannot_be_taken(manager, place, room):
    stranger = SpaceFactory()
    answer = manager.post(
        reverse("availability:new", args=[place.pk]), screen({}, spaces=[stranger.pk])
    )
    assert answer.status_code == 200
    assert not SpaceCalendar.objects.exists()


def test_exceptions_are_added_listed_and_removed(manager, room):
    calendar = open_space(room)
    address = reverse("availability:exceptions", args=[calendar.pk])
    closed = {"effect": "ferme", "first_day": "2026-12-24", "last_day": "2026-12-26"}
    page = manager.post(address, closed | {"reason": "Travaux"}, follow=True).content.decode()
    assert f"Fermé du 24 au 26{NBSP}décembre 2026, toute la journée" in page
    assert date(2026, 12, 25) not in days_written(calendar)
    wrong = manager.post(address, closed | {"last_day": "2026-12-01"}).content.decode()
    assert "Cette date vient avant la première" in wrong
    exception = calendar.exceptions.get()
    manager.post(
        reverse("availability:exception_remove", args=[calendar.pk]), {"exception": exception.pk}
    )
    assert date(2026, 12, 25) in days_written(calendar)


def test_an_exception_that_leaves_bookings_outside_leads_to_their_list(manager, room):
    calendar = open_space(room)
    start = datetime(2026, 12, 24, 10, 0, tzinfo=UTC)
    use = Use(OccupancyKind.BOOKING, label="Goûter")
    occupy(room, Period(start, start + timedelta(hours=1)), use, actor=SYSTEM)
    answer = manager.post(
        reverse("availability:exceptions", args=[calendar.pk]),
        {"effect": "ferme", "first_day": "2026-12-24", "last_day": "2026-12-24"},
        follow=True,
    )
    page = answer.content.decode()
    assert "Rien n’est annulé" in page
    assert "Goûter" in page


def test_where_no_official_calendar_is_known_the_manager_is_told_and_enters_it(client):
    noumea = CommuneFactory(
        code="98818",
        name="Nouméa",
        departement=DepartementFactory(
            code="988",
            name="Nouvelle-Calédonie",
            school_zone="NOUVELLE_CALEDONIE",
            time_zone="Pacific/Noumea",
        ),
    )
    place = PlaceFactory(commune=noumea)
    room = SpaceFactory(place=place)
    membership = MembershipFactory(organization=place.owner)
    sign_in(client, membership.user, membership)
    assert (
        "sont à saisir"
        in client.get(reverse("availability:place", args=[place.pk])).content.decode()
    )
    calendar = open_space(room, [RuleData([0], 480, 960, when=When.SCHOOL_HOLIDAYS)])
    assert not days_written(calendar)
    address = reverse("availability:school_holidays", args=[place.pk])
    client.post(
        address, {"name": "Été austral", "first_day": "2026-12-19", "last_day": "2027-02-14"}
    )
    assert len(days_written(calendar)) == 8
    holiday = place.owner.local_school_holidays.get()
    client.post(
        reverse("availability:school_holiday_remove", args=[place.pk]), {"vacances": holiday.pk}
    )
    assert not days_written(calendar)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (MembershipRole.ADMINISTRATOR, 200),
        (MembershipRole.MANAGER, 200),
        (MembershipRole.APPROVER, 403),
        (MembershipRole.CARETAKER, 403),
        (MembershipRole.MEMBER, 403),
    ],
)
def test_only_managers_edit_hours(client, place, room, role, status):
    calendar = open_space(room)
    membership = MembershipFactory(organization=place.owner, role=role)
    sign_in(client, membership.user, membership)
    for name, pk in (
        ("place", place.pk),
        ("new", place.pk),
        ("edit", calendar.pk),
        ("exceptions", calendar.pk),
        ("school_holidays", place.pk),
    ):
        assert client.get(reverse(f"availability:{name}", args=[pk])).status_code == status


def test_strangers_and_visitors_do_not(client, place, room):
    address = reverse("availability:place", args=[place.pk])
    assert client.get(address).status_code == 302
    sign_in(client, UserFactory())
    assert client.get(address).status_code == 403


def test_the_preview_says_the_change_over_days_as_the_wall_clock_does(place):
    with clock.frozen(datetime(2026, 10, 20, 8, 0, tzinfo=UTC)):
        facts = DayFacts(PARIS, lambda _: False, lambda _: False)
        opening = Opening([RuleData(range(7), 0, 1440)], [], facts)
        days = [day for week in weeks(place, opening, date(2026, 10, 20)) for day in week]
    october = next(day for day in days if day.day == date(2026, 10, 25))
    assert october.hours == ["Toute la journée"]
    assert october.bits.bit_count() == 100


def test_outside_agrees_with_the_engine_across_midnight(place, room):
    calendar = open_space(room, [RuleData([4], 1080, 1560)])
    friday = datetime(2026, 10, 16, 20, 0, tzinfo=UTC)
    inside = Period(friday, friday + timedelta(hours=4))
    beyond = Period(friday + timedelta(hours=4), friday + timedelta(hours=5))
    use = Use(OccupancyKind.BOOKING, label="Bal")
    occupancies = [occupy(room, one, use, actor=SYSTEM) for one in (inside, beyond)]
    assert outside(occupancies, place, calendar.rules.all(), []) == [occupancies[1]]


def test_words():
    assert hours_in_words(0, 1440) == "toute la journée"
    assert hours_in_words(1200, 1560).replace(NBSP, " ") == "de 20 h à 2 h le lendemain"
    assert weekdays_in_words([0, 1, 2, 3, 4]) == "du lundi au vendredi"
    assert weekdays_in_words([5, 6]) == "le samedi et le dimanche"
    assert weekdays_in_words([0, 2, 4]) == "le lundi, le mercredi et le vendredi"
    rule = RuleData([5], 1080, 1560, not_on_public_holidays=True, valid_from=date(2027, 9, 1))
    assert rule_in_words(rule) == (
        f"Ouvert le samedi, de 18{NBSP}h à 2{NBSP}h le lendemain, "
        f"sauf les jours fériés, à partir du 1er{NBSP}septembre 2027"
    )


def test_a_holiday_long_past_does_not_rebuild_centuries(place, room):
    calendar = open_space(room)
    add_school_holiday(place.owner, "Jadis", date(1900, 1, 1), date(1900, 1, 2), actor=SYSTEM)
    assert min(days_written(calendar)) >= date(2026, 1, 1)
