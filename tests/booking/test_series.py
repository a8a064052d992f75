"""A rhythm held, asked for and kept up, by the real actions."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from preau.accounts.actors import Actor
from preau.availability.actions.occupancies import SlotTaken
from preau.availability.models import Occupancy, OccupiedUnit
from preau.booking import calendars
from preau.booking.actions import dates as date_actions
from preau.booking.actions import holds
from preau.booking.actions.quoting import decide_price
from preau.booking.actions.requests import accept, cancel, submit
from preau.booking.actions.series import add_dates, change_hours, hold_series
from preau.booking.enums import BookingState, DateState, Frequency, Side
from preau.booking.models import Booking, BookingDate
from preau.booking.patterns import Pattern
from preau.booking.queries import held_slot, live_holds
from preau.booking.series_queries import further_dates, plan_series
from preau.core import clock
from preau.core.errors import Refusal
from preau.places.enums import PlaceKind, SpaceKind
from preau.places.models import Space
from tests.accounts.factories import UserFactory
from tests.availability.factories import open_space
from tests.booking.factories import bookable_space, details, evening, people
from tests.booking.test_series_plan import first_day, take, weekly
from tests.places.factories import PlaceFactory, SpaceFactory, pool
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db


def reloaded(space):
    return Space.objects.select_related("place__commune", "place__owner").get(pk=space.pk)


def hold(space, pattern=None, *, actor=None, key="", slots=None, quantity=1, skipped=()):
    actor = actor or Actor(UserFactory())
    pattern = pattern or weekly(space, weeks=6)
    if slots is None:
        plan = plan_series(space, pattern, quantity=quantity)
        slots = [(space, one.period) for one in plan.free]
    return hold_series(
        space,
        slots,
        pattern,
        actor=actor,
        visitor_key=key or f"user:{actor.user_id}",
        quantity=quantity,
        skipped=skipped,
    )


def asked(who, weeks=6, confirmed=True, **kwargs):
    space = reloaded(who.space)
    booking = hold(space, weekly(space, weeks=weeks), actor=who.occupant, **kwargs)
    booking = submit(booking, details(), actor=who.occupant)
    return accept(booking, actor=who.manager) if confirmed else booking


def test_a_rhythm_is_one_claim_with_its_dates_held_together():
    space = reloaded(bookable_space())
    booking = hold(space, weekly(space, weeks=36), skipped=[{"day": "2030-01-01", "why": "ferie"}])
    assert booking.dates.count() == 36
    assert booking.series.skipped == [{"day": "2030-01-01", "why": "ferie"}]
    ends = {one.occupancy.hold_until for one in booking.dates.select_related("occupancy")}
    assert len(ends) == 1 and ends.pop() > clock.now()
    first = booking.dates.first()
    assert (booking.occupancy_id, booking.starts_at) == (first.occupancy_id, first.period.start)
    assert list(live_holds([booking.visitor_key])) == [booking]


def test_one_date_taken_and_none_is_held():
    space = reloaded(bookable_space())
    pattern = weekly(space)
    slots = [(space, one.period) for one in plan_series(space, pattern).free]
    take(space, first_day(space) + timedelta(weeks=3))
    before = OccupiedUnit.objects.count()
    with pytest.raises(SlotTaken, match="vient d’être prise"), transaction.atomic():
        hold(space, pattern, slots=slots)
    assert OccupiedUnit.objects.count() == before
    assert not Booking.objects.exists()


def test_an_alternative_room_holds_the_date_in_conflict():
    place = PlaceFactory()
    space, other = SpaceFactory(place=place), SpaceFactory(place=place)
    for one in (space, other):
        open_space(one)
    space = reloaded(space)
    take(space, first_day(space) + timedelta(weeks=2))
    plan = plan_series(space, weekly(space, weeks=6))
    [conflict] = plan.conflicts
    slots = [(space, one.period) for one in plan.free]
    slots.append((conflict.others[0].space, conflict.period))
    booking = hold(space, plan.pattern, slots=slots)
    spaces = [one.occupancy.space_id for one in booking.dates.select_related("occupancy")]
    assert spaces == [space.pk] * 2 + [other.pk] + [space.pk] * 3


def test_somebody_elses_room_is_refused():
    space, stranger = reloaded(bookable_space()), reloaded(bookable_space())
    period = evening(space)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        hold(space, slots=[(space, period), (stranger, evening(space, days=17))])
    assert refused.value.code == "not_public"


def test_held_twice_is_held_once_and_counts_as_one_claim():
    space = reloaded(bookable_space())
    actor = Actor(UserFactory())
    pattern = weekly(space)
    slots = [(space, one.period) for one in plan_series(space, pattern).free]
    first = hold(space, pattern, actor=actor, slots=slots)
    assert hold(space, pattern, actor=actor, slots=slots) == first
    key = f"user:{actor.user_id}"
    assert held_slot([key], space, slots[0][1], 1) is None  # the first date is not a single hold
    holds.hold(space, evening(space, days=3), actor=actor, visitor_key=key)
    with pytest.raises(Refusal) as refused:
        hold(space, weekly(space, start=9 * 60), actor=actor)
    assert refused.value.code == "too_many_holds"


def test_too_many_dates_are_refused():
    space = reloaded(bookable_space(horizon_days=730))
    period = evening(space)
    with pytest.raises(Refusal) as refused:
        hold(space, slots=[(space, period.shifted(timedelta(days=n))) for n in range(121)])
    assert refused.value.code == "too_many_dates"


def test_a_lapsed_series_comes_back_whole_or_not_at_all(monkeypatch):
    place = PlaceFactory()
    space, other = SpaceFactory(place=place), SpaceFactory(place=place)
    for one in (space, other):
        open_space(one)
    space, other = reloaded(space), reloaded(other)
    free = plan_series(space, weekly(space, weeks=4)).free
    slots = [(space, one.period) for one in free[:3]] + [(other, free[3].period)]
    booking = hold(space, weekly(space, weeks=4), slots=slots)
    later = clock.now() + timedelta(minutes=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    take(space, first_day(space) - timedelta(days=3))  # clears one hall, not the other
    booking.refresh_from_db()
    assert booking.state == BookingState.LAPSED
    booking = holds.hold_again(booking, actor=Actor())
    assert booking.state == BookingState.HELD
    assert OccupiedUnit.objects.filter(occupancy__booking_date__booking=booking).count() == 4
    evenlater = clock.now() + timedelta(minutes=20)
    monkeypatch.setattr(clock, "now", lambda: evenlater)
    take(other, free[3].day)
    with pytest.raises(SlotTaken), transaction.atomic():
        holds.hold_again(booking, actor=Actor())
    assert not OccupiedUnit.objects.filter(
        occupancy__booking_date__booking=booking, occupancy__hold_until__gt=clock.now()
    ).exists()


def test_one_request_one_accord_for_all_the_dates():
    who = people()
    booking = asked(who)
    assert booking.state == BookingState.CONFIRMED
    assert booking.approvals.count() == 1
    settled = Occupancy.objects.filter(booking_date__booking=booking)
    assert {one.hold_until for one in settled} == {None}
    assert {one.label for one in settled} == {"Répétition de la chorale"}


# --- Kept up


def test_one_date_the_following_ones_or_all_are_given_back():
    who = people()
    booking = asked(who)
    rows = list(booking.dates.all())
    date_actions.cancel_dates(booking, [rows[1].pk], "", side=Side.OCCUPANT, actor=who.occupant)
    after = [one.pk for one in rows[4:]]
    date_actions.cancel_dates(booking, after, "Travaux", side=Side.MANAGER, actor=who.manager)
    states = [one.state for one in booking.dates.all()]
    planned, gone = DateState.PLANNED, DateState.CANCELLED
    assert states == [planned, gone, planned, planned, gone, gone]
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED
    assert booking.ends_at == rows[3].period.end
    everything = [one.pk for one in rows]
    date_actions.cancel_dates(booking, everything, "Travaux", side=Side.MANAGER, actor=who.manager)
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    assert not OccupiedUnit.objects.filter(occupancy__booking_date__booking=booking).exists()


def test_other_hours_from_a_date_on_all_or_nothing():
    who = people()
    booking = asked(who)
    rows = list(booking.dates.all())
    zone = who.space.place.zone
    take(who.space, rows[4].period.start.astimezone(zone).date(), 20, 21)
    with pytest.raises(SlotTaken, match="Rien n’est changé") as refused:
        change_hours(rows[2], 19 * 60, 120, "Cours", actor=who.manager)
    assert refused.value.sentence.count("20") >= 1
    starts = [f"{one.period.start.astimezone(zone):%H:%M}" for one in booking.dates.all()]
    assert starts == ["18:00"] * 6
    change_hours(rows[2], 17 * 60, 120, "Cours", actor=who.manager)
    starts = [f"{one.period.start.astimezone(zone):%H:%M}" for one in booking.dates.all()]
    assert starts == ["18:00"] * 2 + ["17:00"] * 4
    booking.series.refresh_from_db()
    assert booking.series.start_minute == 17 * 60


def test_a_skipped_day_is_put_back_and_the_rhythm_carried_on():
    who = people()
    space = reloaded(who.space)
    pattern = weekly(space, weeks=6)
    free = plan_series(space, pattern).free
    skipped = [{"day": free[2].day.isoformat(), "why": "choix", "name": ""}]
    slots = [(space, one.period) for one in free if one != free[2]]
    booking = hold(space, pattern, actor=who.occupant, slots=slots, skipped=skipped)
    booking = submit(booking, details(), actor=who.occupant)
    until = pattern.last_day + timedelta(weeks=2)
    further = further_dates(booking, until)
    assert [one.day for one in further] == [
        free[2].day,
        pattern.last_day + timedelta(weeks=1),
        until,
    ]
    booking = accept(booking, actor=who.manager)
    with pytest.raises(Refusal), transaction.atomic():
        add_dates(booking, [further[0].period], actor=who.occupant, by_manager=False)
    add_dates(booking, [one.period for one in further], actor=who.manager, by_manager=True)
    booking = Booking.objects.get(pk=booking.pk)
    assert booking.dates.count() == 8
    assert (booking.series.skipped, booking.series.last_day) == ([], until)
    assert booking.state == BookingState.CONFIRMED


def test_what_the_occupant_adds_is_asked_again():
    who = people()
    booking = asked(who, confirmed=False)
    period = booking.dates.last().period.shifted(timedelta(days=1))
    add_dates(booking, [period], actor=who.occupant, by_manager=False)
    booking.refresh_from_db()
    assert (booking.state, booking.dates.count()) == (BookingState.REQUESTED, 7)
    assert booking.ends_at == period.end


def test_what_the_occupant_adds_is_priced():
    who = people()
    tariff_for(who.space)
    booking = asked(who, confirmed=False)
    before = booking.price.total_cents
    period = booking.dates.last().period.shifted(timedelta(days=1))
    add_dates(booking, [period], actor=who.occupant, by_manager=False)
    booking = Booking.objects.get(pk=booking.pk)
    assert booking.price.total_cents * 6 == before * 7 > 0


@pytest.mark.parametrize("side", Side)
def test_a_price_set_by_hand_is_shared_among_the_dates_left(side):
    who = people()
    tariff_for(who.space)
    booking = asked(who, confirmed=False)
    decide_price(booking, 600, "Partenariat.", actor=who.manager)
    booking = accept(booking, actor=who.manager)
    date_actions.cancel_dates(
        booking, [booking.dates.first().pk], "Férié", side=side, actor=who.manager
    )
    booking = Booking.objects.get(pk=booking.pk)
    assert booking.price.total_cents == 500


def test_what_took_place_is_not_given_back():
    who = people()
    tariff_for(who.space)
    booking = asked(who)
    each = booking.price.total_cents // 6
    first = booking.dates.first()
    with clock.frozen(first.period.end + timedelta(hours=1)):
        cancel(booking, "", side=Side.OCCUPANT, actor=who.occupant)
    booking = Booking.objects.get(pk=booking.pk)
    assert (booking.state, booking.price.total_cents) == (BookingState.CONFIRMED, each)
    assert booking.ends_at == first.period.end
    assert Occupancy.objects.filter(released_at=None).count() == 1


def test_a_date_moves_into_another_room_and_keeps_its_identity_in_the_calendar():
    who = people()
    other = SpaceFactory(place=who.space.place, name="Ida")
    open_space(other)
    booking = asked(who, weeks=3)
    rows = list(booking.dates.all())
    before, _ = calendars.file_of(Booking.objects.get(pk=booking.pk))
    date_actions.move_date(
        rows[1], rows[1].period, "Travaux", actor=who.manager, space=reloaded(other)
    )
    date_actions.cancel_dates(booking, [rows[2].pk], "", side=Side.OCCUPANT, actor=who.occupant)
    after, method = calendars.file_of(Booking.objects.get(pk=booking.pk))

    def names(text):
        return sorted(line for line in text.split("\r\n") if line.startswith("UID"))

    assert names(before) == names(after) and len(set(names(after))) == 3
    assert (after.count("STATUS:CONFIRMED"), after.count("STATUS:CANCELLED")) == (2, 1)
    assert (method, after.count("Ida")) == ("PUBLISH", 1)


# --- Nights, several days, a square


def test_every_friday_night_is_held_over_midnight():
    space = reloaded(bookable_space(max_minutes=720))
    pattern = weekly(space, weeks=30, start=22 * 60, minutes=8 * 60)
    booking = hold(space, pattern)
    zone = space.place.zone
    hours = {
        (f"{one.period.start.astimezone(zone):%H:%M}", f"{one.period.end.astimezone(zone):%H:%M}")
        for one in booking.dates.select_related("occupancy")
    }
    assert hours == {("22:00", "06:00")}
    with pytest.raises(SlotTaken):
        take(space, first_day(space) + timedelta(days=1), 5, 7)


def test_a_public_square_takes_a_monthly_market_of_two_days():
    place = PlaceFactory(kind=PlaceKind.PLACE_PUBLIQUE)
    square = SpaceFactory(place=place, kind=SpaceKind.PLACE_PUBLIQUE, max_minutes=3 * 1440)
    open_space(square)
    square = reloaded(square)
    first = first_day(square, weekday=5)
    pattern = Pattern(
        Frequency.MONTHLY,
        first,
        first + timedelta(days=180),
        6 * 60,
        1440 + 14 * 60,
        skips_public_holidays=False,
    )
    plan = plan_series(square, pattern)
    assert len(plan.free) == plan.wanted >= 5
    booking = hold(square, pattern)
    ranks = {(one.day.day - 1) // 7 for one in plan.free if (first.day - 1) // 7 < 4}
    assert ranks <= {(first.day - 1) // 7}
    with pytest.raises(SlotTaken):
        take(square, first + timedelta(days=1), 10, 12)
    assert booking.ends_at - booking.starts_at > timedelta(days=120)


def test_desks_of_a_pool_are_taken_every_week():
    desks = pool(PlaceFactory(), 4)
    open_space(desks)
    desks = reloaded(desks)
    booking = hold(desks, weekly(desks), quantity=3)
    assert OccupiedUnit.objects.filter(occupancy__booking_date__booking=booking).count() == 30
    assert not plan_series(desks, weekly(desks), quantity=2).free
    assert len(plan_series(desks, weekly(desks), quantity=1).free) == 10


def test_a_date_is_not_lost_when_a_series_is_given_back():
    space = reloaded(bookable_space())
    booking = hold(space)
    holds.abandon(booking, actor=Actor())
    assert not OccupiedUnit.objects.exists()
    assert BookingDate.objects.filter(booking=booking).count() == 6
    assert isinstance(booking.series.first_day, date)
