"""Bringing the planning in step with a calendar kept elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.accounts.actors import SYSTEM
from preau.availability.actions.occupancies import SlotTaken, Use, occupy, release
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.calendars import queries
from preau.calendars.actions import following, reading
from preau.calendars.enums import EventState
from preau.calendars.models import OutsideCalendar, OutsideEvent
from preau.core import clock
from preau.core.models import AuditEvent
from preau.core.timeranges import Period
from preau.integrations.ics import Feed
from preau.notifications.models import Notification
from preau.places.models import Space
from tests.accounts.factories import MembershipFactory
from tests.calendars.factories import event, followed, space_open, written
from tests.places.factories import PlaceFactory, pool

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(NOW):
        yield


def at(hours, length=1):
    start = NOW + hours * HOUR
    return start, start + length * HOUR


def bring(calendar, *events, accept_loss=False):
    wanted = reading._wanted(reading.occurrences(written(*events), calendar.place))
    return reading.place(calendar, wanted, accept_loss=accept_loss)


def live(calendar):
    found = Occupancy.objects.filter(space=calendar.space, released_at=None)
    return sorted((one.span.start, one.span.end, one.label) for one in found)


def book(space, hours, length=1):
    use = Use(OccupancyKind.BOOKING, label="Réservation")
    return occupy(space, Period(*at(hours, length)), use, actor=SYSTEM)


@pytest.mark.django_db
def test_events_take_time_and_what_is_unchanged_is_left_alone():
    calendar = followed()
    assert bring(calendar, event("a", *at(2)), event("b", *at(5, 2), label="Chorale"))
    first = live(calendar)
    assert first == [(*at(2), "Danse"), (*at(5, 2), "Chorale")]
    ids = set(OutsideEvent.objects.values_list("pk", "occupancy"))
    assert bring(calendar, event("b", *at(5, 2), label="Chorale"), event("a", *at(2)))
    assert set(OutsideEvent.objects.values_list("pk", "occupancy")) == ids
    assert bring(calendar, event("a", *at(2)))
    assert live(calendar) == [(*at(2), "Danse")]


@pytest.mark.django_db
def test_a_booking_is_never_moved_and_the_conflict_is_told_once():
    calendar = followed()
    people = MembershipFactory(organization=calendar.place.owner, role="gestionnaire")
    booking = book(calendar.space, 2, 2)
    bring(calendar, event("a", *at(3)), event("b", *at(6)))
    data = AuditEvent.objects.get(verb="calendars.placed").data
    assert (data["taken"], data["conflicts"]) == (1, 1)
    assert live(calendar) == [(*at(2, 2), "Réservation"), (*at(6), "Danse")]
    assert OutsideEvent.objects.get(state=EventState.CONFLICT).span == Period(*at(3))
    bring(calendar, event("a", *at(3)), event("b", *at(6)))
    assert Notification.objects.filter(user=people.user).count() == 1
    release(booking, actor=SYSTEM)
    bring(calendar, event("a", *at(3)), event("b", *at(6)))
    assert live(calendar) == [(*at(3), "Danse"), (*at(6), "Danse")]


@pytest.mark.django_db
def test_losing_most_of_it_at_once_is_asked_about():
    calendar = followed()
    many = [event(str(n), *at(2 * n)) for n in range(1, 7)]
    bring(calendar, *many)
    before = live(calendar)
    assert not bring(calendar)
    assert not bring(calendar, *many[:2])
    assert live(calendar) == before
    assert bring(calendar, *many[:3])
    assert len(live(calendar)) == 3
    assert bring(calendar, accept_loss=True)
    assert live(calendar) == []


@pytest.mark.django_db
def test_what_is_over_stays_in_the_past():
    calendar = followed()
    bring(calendar, event("a", *at(2)))
    with clock.frozen(NOW + 4 * HOUR):
        bring(calendar, event("b", *at(6)))
    assert [row[2] for row in live(calendar)] == ["Danse", "Danse"]


@pytest.mark.django_db
def test_what_the_manager_gave_back_stays_free():
    calendar = followed()
    bring(calendar, event("a", *at(2)))
    release(Occupancy.objects.get(), actor=SYSTEM)
    bring(calendar, event("a", *at(2)))
    assert live(calendar) == []


@pytest.mark.django_db
def test_rhythms_keep_the_wall_time_through_the_change_of_hour():
    """Every Friday at 18 h in Paris, from winter to summer time, one moved, one cancelled."""
    calendar = followed()
    weekly = {
        "UID": "s",
        "DTSTART;TZID=Europe/Paris": "20270305T180000",
        "DTEND;TZID=Europe/Paris": "20270305T200000",
        "RRULE": "FREQ=WEEKLY;COUNT=6",
        "SUMMARY": "Chorale",
    }
    moved = {
        "UID": "s",
        "RECURRENCE-ID;TZID=Europe/Paris": "20270319T180000",
        "DTSTART;TZID=Europe/Paris": "20270320T100000",
        "DTEND;TZID=Europe/Paris": "20270320T120000",
        "SUMMARY": "Chorale",
    }
    cancelled = {
        "UID": "s",
        "RECURRENCE-ID;TZID=Europe/Paris": "20270326T180000",
        "DTSTART;TZID=Europe/Paris": "20270326T180000",
        "DTEND;TZID=Europe/Paris": "20270326T200000",
        "STATUS": "CANCELLED",
    }
    bring(calendar, weekly, moved, cancelled)
    starts = [row[0].strftime("%d/%m %H:%M") for row in live(calendar)]
    assert starts == ["05/03 17:00", "12/03 17:00", "20/03 09:00", "02/04 16:00", "09/04 16:00"]


def paris(uid, start, end, **more):
    zone = "VALUE=DATE" if len(start) == 8 else "TZID=Europe/Paris"
    return {"UID": uid, f"DTSTART;{zone}": start, f"DTEND;{zone}": end, "SUMMARY": "Stage", **more}


def local_ends(calendar):
    return [f"{end.astimezone(calendar.place.zone):%d/%m %H:%M}" for _, end, _ in live(calendar)]


@pytest.mark.django_db
def test_whole_days_end_at_midnight_when_the_hour_changes():
    """The last Sunday of March lasts 23 hours."""
    calendar = followed()
    bring(
        calendar,
        paris("weekend", "20270327", "20270329"),
        paris("stage", "20270403T100000", "20270405T100000"),
        paris("sundays", "20270411", "20270412", RRULE="FREQ=WEEKLY;COUNT=2"),
    )
    assert local_ends(calendar) == ["29/03 00:00", "05/04 10:00", "12/04 00:00", "19/04 00:00"]


@pytest.mark.django_db
def test_a_rhythm_that_begins_when_the_hour_changes_keeps_its_length():
    calendar = followed()
    bring(calendar, paris("sundays", "20270328", "20270329", RRULE="FREQ=WEEKLY;COUNT=3"))
    assert local_ends(calendar) == ["29/03 00:00", "05/04 00:00", "12/04 00:00"]


@pytest.mark.django_db
def test_a_long_time_that_comes_back_is_kept_until_its_end():
    """Friday evening to Sunday evening, each week: read again on Sunday afternoon."""
    calendar = followed()
    camp = paris("camp", "20270305T180000", "20270307T200000", RRULE="FREQ=WEEKLY;COUNT=3")
    bring(calendar, camp)
    before = live(calendar)
    with clock.frozen(datetime(2027, 3, 7, 17, tzinfo=UTC)):
        bring(calendar, camp)
        assert live(calendar) == before


@pytest.mark.django_db
def test_works_that_last_months_take_their_time():
    calendar = followed()
    bring(calendar, paris("works", "20270601", "20270901"))
    assert local_ends(calendar) == ["01/09 00:00"]


@pytest.mark.django_db
@pytest.mark.parametrize("order", [(1, 3), (3, 1)])
def test_of_two_events_of_one_name_and_start_the_longer_is_taken(order):
    calendar = followed()
    bring(calendar, *[event("same", *at(2, hours)) for hours in order])
    assert live(calendar) == [(*at(2, 3), "Danse")]


@pytest.mark.django_db
def test_years_of_past_events_hide_none_to_come(monkeypatch):
    monkeypatch.setattr("preau.desk.reading.ics.MOST_LINES", 5)
    monkeypatch.setattr(reading, "MOST_LINES", 5)
    calendar = followed()
    past = [event(f"old{n}", *at(-100 * n)) for n in range(1, 9)]
    text = written(*past, event("a", *at(2)))
    reading._brought_in(calendar, Feed(text), whole=True, accept_loss=False)
    assert live(calendar) == [(*at(2), "Danse")]
    with pytest.raises(reading._Trouble):
        free = [event(f"f{n}", *at(n), TRANSP="TRANSPARENT") for n in range(3, 12)]
        text = written(*free, event("a", *at(2)))
        reading._brought_in(calendar, Feed(text), whole=True, accept_loss=False)


@pytest.mark.django_db
def test_while_an_event_waits_for_its_time_the_calendar_is_read_whole():
    calendar = followed()
    booking = book(calendar.space, 2)
    reading._note(
        calendar, **reading._brought_in(calendar, Feed(written(event("a", *at(2)))), True, False)
    )
    assert reading._is_to_read_whole(calendar)
    release(booking, actor=SYSTEM)
    reading._note(
        calendar, **reading._brought_in(calendar, Feed(written(event("a", *at(2)))), True, False)
    )
    assert live(calendar) == [(*at(2), "Danse")]
    assert not reading._is_to_read_whole(calendar)


@pytest.mark.django_db
def test_what_leaves_its_owner_free_takes_no_time():
    calendar = followed()
    bring(calendar, event("a", *at(2), TRANSP="TRANSPARENT"), event("b", *at(4)))
    assert live(calendar) == [(*at(4), "Danse")]


@pytest.mark.django_db
@pytest.mark.parametrize("free", [True, False])
def test_leaving_it_frees_or_keeps_as_was_chosen(free):
    calendar = followed()
    bring(calendar, event("a", *at(2)))
    following.stop(calendar, free=free, actor=SYSTEM)
    assert bool(live(calendar)) is not free
    assert not OutsideEvent.objects.exists()
    assert OutsideCalendar.objects.get().address == ""
    assert bring(calendar, event("b", *at(4)))
    assert len(live(calendar)) == (0 if free else 1)


@pytest.mark.django_db
def test_its_own_events_are_not_said_to_stand_in_the_way():
    calendar = followed()
    booking = book(calendar.space, 2)
    bring(calendar, event("a", *at(2, 2)), event("b", *at(3, 2)))
    [clash] = queries.clashes(calendar)
    assert [one.occupancy for one in clash.standing] == [booking]


def spans(calendar):
    return {one.label: one.occupancy_id for one in calendar.events.order_by("period")}


@pytest.mark.django_db
def test_its_own_events_that_overlap_take_the_space_once():
    calendar = followed()
    bring(calendar, event("a", *at(2, 2), label="Danse"), event("b", *at(3, 3), label="Chorale"))
    assert live(calendar) == [(*at(2, 4), "Danse, Chorale")]
    assert len(set(spans(calendar).values())) == 1
    more = event("c", *at(5, 2), label="Judo"), event("d", *at(9), label="Yoga")
    both = event("a", *at(2, 2), label="Danse"), event("b", *at(3, 3), label="Chorale")
    bring(calendar, *both, *more)
    assert live(calendar) == [(*at(2, 5), "Danse, Chorale, Judo"), (*at(9), "Yoga")]
    before = spans(calendar)
    bring(calendar, *both, *more)
    assert spans(calendar) == before
    bring(calendar, both[0], *more)
    assert live(calendar) == [(*at(2, 2), "Danse"), (*at(5, 2), "Judo"), (*at(9), "Yoga")]
    assert spans(calendar)["Yoga"] == before["Yoga"]
    assert not calendar.events.filter(state=EventState.CONFLICT).exists()


@pytest.mark.django_db
def test_what_waits_beside_its_own_events_does_not_move_them_at_each_reading():
    calendar = followed()
    book(calendar.space, 3)
    both = event("a", *at(1, 2)), event("b", *at(2, 2), label="Chorale")
    bring(calendar, *both)
    before = spans(calendar)
    assert before["Danse"] is not None
    assert before["Chorale"] is None
    bring(calendar, *both)
    assert spans(calendar) == before


@pytest.mark.django_db
def test_its_own_events_share_the_time_to_prepare_the_space():
    space = space_open()
    Space.objects.filter(pk=space.pk).update(buffer_before=15, buffer_after=30)
    space.refresh_from_db()
    calendar = followed(space)
    bring(calendar, event("a", *at(2)), event("b", *at(3)), event("c", *at(5)))
    assert live(calendar) == [(*at(2, 2), "Danse"), (*at(5), "Danse")]
    assert not calendar.events.filter(state=EventState.CONFLICT).exists()


@pytest.mark.django_db
def test_in_a_pool_each_event_takes_a_unit_while_there_are_some():
    desks = pool(PlaceFactory(), 2)
    calendar = followed(desks)
    many = [event(name, *at(2, 2), label=name) for name in "abc"]
    bring(calendar, *many)
    assert len(live(calendar)) == 2
    assert calendar.events.filter(state=EventState.CONFLICT).count() == 1


@pytest.mark.django_db
def test_what_is_not_understood_is_listed_with_why_and_told_once():
    calendar = followed()
    people = MembershipFactory(organization=calendar.place.owner, role="gestionnaire")
    text = written(
        event("fine", *at(2)),
        event("hourly", *at(4), label="Garde", RRULE="FREQ=HOURLY;COUNT=4"),
        event("broken", *at(6), label="Bal", RRULE="FREQ=SOMETIMES"),
        {"UID": "dateless", "SUMMARY": "Loto"},
        event("upside", *at(8, -1), label="Marché"),
        event("free", *at(4), label="Congés", TRANSP="TRANSPARENT", RRULE="FREQ=HOURLY"),
    )
    for _ in range(2):
        reading._note(calendar, **reading._brought_in(calendar, Feed(text), True, False))
    assert live(calendar) == [(*at(2), "Danse")]
    assert calendar.left_aside == [
        ["Garde", "Ce rythme n’est pas compris."],
        ["Bal", "Ce rythme n’est pas compris."],
        ["Loto", "Ses dates ne sont pas lisibles."],
        ["Marché", "Il se termine avant de commencer."],
    ]
    assert Notification.objects.get(user=people.user).title.endswith("4\xa0événements non repris")
    mended = Feed(written(event("fine", *at(2))))
    reading._note(calendar, **reading._brought_in(calendar, mended, True, False))
    assert calendar.left_aside == []


@pytest.mark.parametrize(("year", "told"), [("2026", 0), ("2028", 3)])
@pytest.mark.django_db
def test_what_is_not_understood_is_not_told_once_over(year, told):
    period = {
        "RDATE;VALUE=PERIOD": f"{year}0901T100000Z/PT1H,{year}0908T100000Z/{year}0908T110000Z"
    }
    weekly = {"RRULE": f"FREQ=WEEKLY;UNTIL={year}1001T100000Z"}
    since = {"RECURRENCE-ID;RANGE=THISANDFUTURE": "20260201T080000Z"}
    text = written(
        event("a", *at(-9000), label="Garde", RRULE=f"FREQ=HOURLY;UNTIL={year}0902T100000Z"),
        event("b", *at(-9000), label="Loto", **period),
        event("c", *at(-9000), label="Bal", **weekly),
        event("c", *at(-9000), label="Bal", **since),
    )
    found = reading.occurrences(text, followed().place)
    assert len(reading._left_aside(found)) == told


@pytest.mark.django_db
def test_dates_added_one_by_one_are_taken():
    calendar = followed()
    rhythm = {"RRULE": "FREQ=WEEKLY;COUNT=2", "RDATE;TZID=Europe/Paris": "20270309T100000"}
    start = "20270302T100000"
    alone = {"RDATE;TZID=Europe/Paris": f"{start},20270304T100000"}
    bring(
        calendar,
        paris("a", start, "20270302T110000", **rhythm),
        paris("b", start, "20270302T110000", **alone),
    )
    assert local_ends(calendar) == ["02/03 11:00", "04/03 11:00", "09/03 11:00"]


times = st.tuples(st.integers(1, 20), st.integers(1, 3))
versions = st.dictionaries(st.sampled_from("abcdefgh"), times, max_size=6)
steps = st.lists(
    st.one_of(versions.map(lambda v: ("read", v)), times.map(lambda t: ("book", t))), max_size=8
)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_after_each_reading_the_planning_is_what_a_patient_clerk_would_make(steps):
    """Any versions, any bookings between: bookings stand; each event that falls on none has its
    time, shared with those that it overlaps; nothing else is taken."""
    space = space_open()
    calendar = followed(space)
    booked = set()
    for what, given_ in steps:
        if what == "book":
            try:
                booked.add(book(space, *given_).span)
            except SlotTaken:
                continue
            continue
        bring(calendar, *[event(k, *at(*v)) for k, v in given_.items()], accept_loss=True)
        placed = [Period(s, e) for s, e, label in live(calendar) if label == "Danse"]
        standing = {Period(s, e) for s, e, label in live(calendar) if label == "Réservation"}
        wanted = [Period(*at(*value)) for value in given_.values()]
        clashing = [one for one in wanted if any(one.overlaps(other) for other in booked)]
        assert standing == booked
        assert placed == together([one for one in wanted if one not in clashing])
        conflicts = OutsideEvent.objects.filter(calendar=calendar, state=EventState.CONFLICT)
        assert sorted(one.span for one in conflicts) == sorted(clashing)


def together(periods):
    """Overlapping times made one."""
    found = []
    for one in sorted(periods):
        if found and one.overlaps(found[-1]):
            found[-1] = Period(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found
