"""The planning: week, day, own use, closures with their decisions, export."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.actions.requests import cancel
from preau.booking.enums import BookingState, Side
from preau.booking.models import Booking
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period, local_instant
from preau.desk.actions.planning import close, take_for_own_use
from preau.desk.queries import planning as planning_queries
from preau.places.models import Place
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.availability.factories import open_space
from tests.booking.factories import evening, held, people
from tests.places.factories import PlaceRoleFactory, SpaceFactory, hall_in_thirds

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture
def here():
    return people(name="Salle Olympe-de-Gouges")


@pytest.fixture
def place(here):
    return here.space.place


@pytest.fixture
def manager(client, here):
    return sign_in(client, here.manager.user, here.manager.membership)


def url(name, thing):
    return reverse(f"desk:{name}", args=[thing.pk])


def text(response):
    return response.content.decode()


def day_of(period, place):
    return period.start.astimezone(place.zone).date()


# --- The week and the day


def test_the_week_says_each_use_with_its_state(manager, here, place):
    one = here.book(confirmed=True)
    monday = day_of(one.period, place).isoformat()
    page = text(manager.get(url("planning", place), {"semaine": monday}))
    hours = f"18{NBSP}h{NBSP}–{NBSP}20{NBSP}h"
    assert f"{hours} · {here.occupant.user.full_name} · Confirmée" in page
    assert reverse("booking:page", args=[one.reference]) in page
    assert "Libre" in page
    listed = text(manager.get(url("planning", place), {"semaine": monday, "vue": "liste"}))
    assert f"{hours} · {here.occupant.user.full_name} · Confirmée" in listed
    assert "Rien de prévu" in listed


@pytest.mark.parametrize("odd", ["2026-W99", "hier", "9999-12-31", "0001-01-01", "2026-W", "-W"])
def test_an_unreadable_week_is_this_week(manager, place, odd):
    answer = manager.get(url("planning", place), {"semaine": odd})
    assert answer.status_code == 200
    today = clock.today(place.zone)
    assert answer.context["week"].monday == today - timedelta(days=today.weekday())
    assert manager.get(url("day", place), {"jour": odd}).status_code == 200


def test_the_week_is_asked_for_by_its_number(manager, place):
    answer = manager.get(url("planning", place), {"semaine": "2026-W53"})
    assert answer.context["week"].monday == date(2026, 12, 28)
    assert answer.context["next"] == "2027-W01"


def test_the_week_costs_the_same_however_full_it_is(manager, here, place):
    def cost():
        monday = day_of(evening(here.space, days=14), place).isoformat()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert manager.get(url("planning", place), {"semaine": monday}).status_code == 200
        return len(queries)

    here.book(days=14, start=8, end=9, confirmed=True)
    few = cost()
    for hour in range(9, 20):
        here.book(days=14, start=hour, end=hour + 1, confirmed=hour % 2 == 0)
    assert cost() == few
    assert few <= 16


def test_parts_of_a_hall_show_that_they_are_taken_with_it(place):
    hall = hall_in_thirds(place)
    open_space(hall)
    third = hall.parts.order_by("pk").first()
    period = evening(hall)
    take_for_own_use(third, period, "Judo", actor=people().manager)
    found = planning_queries.week_of(place, monday_of(period, place))
    lines = {
        row.space.name: [(line.who, line.through) for cell in row.cells for line in cell.lines]
        for row in found.rows
    }
    assert lines[third.name] == [("Judo", None)]
    assert lines["Gymnase"] == [("Judo", third)]
    assert lines["Gymnase, tiers 3"] == []
    assert sum(len(uses) for _, uses in found.by_day()) == 1
    assert [row.space.name for row in found.rows][0:2] == ["Gymnase", "Gymnase, tiers 1"]


def monday_of(period, place):
    day = day_of(period, place)
    return day - timedelta(days=day.weekday())


def test_change_over_weeks_and_nights_are_said_by_the_wall_clock(here, place):
    with clock.frozen(datetime(2026, 10, 1, tzinfo=UTC)):
        night = Period(
            local_instant(date(2026, 10, 24), 22 * 60, place.zone),
            local_instant(date(2026, 10, 25), 4 * 60, place.zone),
        )
        assert night.minutes == 7 * 60  # the clock goes back during that night
        take_for_own_use(here.space, night, "Nuit blanche", actor=here.manager)
        cells = planning_queries.week_of(place, date(2026, 10, 19)).rows[0].cells
    assert cells[5].lines[0].hours == f"22{NBSP}h{NBSP}–{NBSP}minuit"
    assert cells[6].lines[0].hours == f"0{NBSP}h{NBSP}–{NBSP}4{NBSP}h"
    whole = Period(
        local_instant(date(2027, 3, 28), 0, place.zone),
        local_instant(date(2027, 3, 29), 0, place.zone),
    )
    close([here.space], whole, "Travaux", kept=[], actor=here.manager)
    cells = planning_queries.week_of(place, date(2027, 3, 22)).rows[0].cells
    assert [line.hours for line in cells[6].lines] == ["Toute la journée"]


def test_a_space_without_hours_is_not_said_free(manager, place):
    SpaceFactory(place=place, name="Cave")
    page = text(manager.get(url("planning", place)))
    assert "Pas d’ouverture" in page


def test_the_caretaker_has_the_day_on_the_phone(client, here, place):
    late = here.book(start=20, end=22, confirmed=True)
    here.book(start=8, end=9)
    caretaker = PlaceRoleFactory(place=place).user
    sign_in(client, caretaker)
    day = day_of(late.period, place).isoformat()
    page = text(client.get(url("day", place), {"jour": day}))
    assert page.index(f"8{NBSP}h{NBSP}–{NBSP}9{NBSP}h") < page.index(
        f"20{NBSP}h{NBSP}–{NBSP}22{NBSP}h"
    )
    assert 'href="tel:0476000000"' in page
    assert f"12{NBSP}personnes" in page
    assert "Réserver pour nos besoins" not in text(client.get(url("planning", place)))
    for name in ("own_use", "close"):
        assert client.get(url(name, place)).status_code == 403


@pytest.mark.parametrize("role", [MembershipRole.MEMBER, None])
def test_others_do_not_see_the_planning(client, place, role):
    membership = role and MembershipFactory(organization=place.owner, role=role)
    sign_in(client, membership.user if membership else UserFactory(), membership)
    assert client.get(url("planning", place)).status_code == 403


# --- Own use


def own_use(space, period, **fields):
    day = day_of(period, space.place)
    return {
        "space": space.pk,
        "day": day.isoformat(),
        "start": "18:00",
        "end": "20:00",
        "label": "Conseil municipal",
    } | fields


def test_own_use_is_taken_then_given_back(manager, here, place):
    period = evening(here.space)
    page = manager.post(url("own_use", place), own_use(here.space, period), follow=True)
    assert "Conseil municipal · Usage du propriétaire" in text(page)
    use = Occupancy.objects.get(kind=OccupancyKind.OWN_USE)
    assert use.span == period
    assert "Rendre ce créneau" in text(manager.get(url("occupancy", use)))
    manager.post(url("give_back", use), follow=True)
    use.refresh_from_db()
    assert use.released_at is not None
    assert "a été rendu" in text(manager.get(url("occupancy", use)))
    assert manager.get(url("give_back", use)).status_code == 302


def test_own_use_where_somebody_stands_says_who(manager, here, place):
    one = here.book()
    page = text(manager.post(url("own_use", place), own_use(here.space, one.period)))
    assert "déjà pris" in page
    assert here.occupant.user.full_name in page
    assert "En attente de réponse" in page
    assert "Conseil municipal" in page


def test_own_use_beyond_midnight_and_in_the_past(manager, here, place):
    period = evening(here.space)
    manager.post(url("own_use", place), own_use(here.space, period, start="22:00", end="01:00"))
    assert Occupancy.objects.get(kind=OccupancyKind.OWN_USE).span.minutes == 180
    past = clock.today(place.zone) - timedelta(days=2)
    page = text(
        manager.post(url("own_use", place), own_use(here.space, period, day=past.isoformat()))
    )
    assert "est passé" in page
    far = text(manager.post(url("own_use", place), own_use(here.space, period, day="2199-12-31")))
    assert "plus proche" in far


def test_a_booking_is_not_given_back(manager, here):
    one = here.book()
    page = manager.post(url("give_back", one.occupancy), follow=True)
    assert "annulez la réservation" in text(page)
    assert manager.get(url("occupancy", one.occupancy)).url == reverse(
        "booking:page", args=[one.reference]
    )


# --- Closures


def closure(spaces, first, last, **fields):
    return {
        "spaces": [space.pk for space in spaces],
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "label": "Travaux",
    } | fields


def decided(*pairs, **fields):
    data = {"vu": [booking.occupancy_id for booking, _ in pairs]}
    for booking, answer in pairs:
        prefix = f"o{booking.occupancy_id}-"
        choice = answer if isinstance(answer, dict) else {"verb": answer}
        data |= {prefix + name: value for name, value in choice.items()}
    return data | fields


def test_closing_an_empty_week_closes(manager, here, place):
    first = clock.today(place.zone) + timedelta(days=5)
    data = closure([here.space], first, first + timedelta(days=6))
    page = manager.post(url("close", place), data, follow=True)
    assert "C’est fermé" in text(page)
    one = Occupancy.objects.get(kind=OccupancyKind.CLOSURE)
    assert one.label == "Travaux"
    assert "Rouvrir" in text(manager.get(url("occupancy", one)))


def test_bookings_are_listed_first_then_kept_moved_and_cancelled(manager, here, place):
    kept, moved, cancelled = (here.book(days=days, confirmed=True) for days in (10, 11, 12))
    first = day_of(kept.period, place)
    data = closure([here.space], first, first + timedelta(days=3))
    listed = text(manager.post(url("close", place), data))
    assert f"3{NBSP}usages tombent pendant la fermeture" in listed
    assert not Occupancy.objects.filter(kind=OccupancyKind.CLOSURE).exists()
    target = first + timedelta(days=20)
    move = {"verb": "deplacer", "day": target.isoformat(), "start": "18:00", "end": "20:00"}
    answers = decided(
        (kept, "garder"), (moved, move), (cancelled, {"verb": "annuler", "reason": "Le toit fuit"})
    )
    page = manager.post(url("close", place), data | answers, follow=True)
    assert f"1{NBSP}usage gardé" in text(page)
    kept, moved, cancelled = (Booking.objects.get(pk=b.pk) for b in (kept, moved, cancelled))
    assert kept.state == moved.state == BookingState.CONFIRMED
    assert day_of(moved.period, place) == target
    assert moved.reason == "Fermeture : Travaux"
    assert (cancelled.state, cancelled.reason) == (BookingState.CANCELLED, "Le toit fuit")
    one = Occupancy.objects.get(kind=OccupancyKind.CLOSURE)
    assert one.units.count() == 2  # before and after the booking that stays


def test_a_booking_that_arrives_meanwhile_is_listed_again(manager, here, place):
    seen = here.book(days=10)
    first = day_of(seen.period, place)
    data = closure([here.space], first, first + timedelta(days=3))
    manager.post(url("close", place), data)
    late = here.book(days=11)
    page = text(manager.post(url("close", place), data | decided((seen, "annuler"))))
    assert "Le planning a changé entre-temps" in page
    assert "Nouveau" in page
    seen.refresh_from_db()
    assert seen.state == BookingState.REQUESTED
    assert not Occupancy.objects.filter(kind=OccupancyKind.CLOSURE).exists()
    manager.post(url("close", place), data | decided((seen, "annuler"), (late, "garder")))
    assert Occupancy.objects.filter(kind=OccupancyKind.CLOSURE).count() == 1


def test_a_booking_that_slips_in_at_the_last_moment_undoes_everything(
    manager, here, place, monkeypatch
):
    """Between the list and the lock: the engine refuses, nothing is cancelled."""
    seen = here.book(days=10)
    first = day_of(seen.period, place)
    data = closure([here.space], first, first + timedelta(days=3)) | decided((seen, "annuler"))
    from preau.desk.views import closing

    real = closing.close_with

    def slipping(*args, **kwargs):
        here.book(days=11)
        return real(*args, **kwargs)

    monkeypatch.setattr(closing, "close_with", slipping)
    page = text(manager.post(url("close", place), data))
    assert "Le planning a changé entre-temps" in page
    seen.refresh_from_db()
    assert seen.state == BookingState.REQUESTED


def test_a_move_that_cannot_be_is_said_on_its_line(manager, here, place):
    one, other = here.book(days=10), here.book(days=30)
    first = day_of(one.period, place)
    data = closure([here.space], first, first + timedelta(days=3))
    move = {"verb": "deplacer", "start": "18:00", "end": "20:00"}

    def answer(day):
        return text(
            manager.post(
                url("close", place), data | decided((one, move | {"day": day.isoformat()}))
            )
        )

    assert "est déjà pris" in answer(day_of(other.period, place))
    assert "tombe encore pendant la fermeture" in answer(first + timedelta(days=1))
    assert "est passé" in answer(first - timedelta(days=40))
    unsaid = text(manager.post(url("close", place), data | decided((one, {"verb": "deplacer"}))))
    assert "Indiquez une date" in unsaid
    nothing = text(manager.post(url("close", place), data | decided((one, {}))))
    assert "Choisissez une réponse" in nothing
    assert not Occupancy.objects.filter(kind=OccupancyKind.CLOSURE).exists()


def test_own_uses_and_older_closures_are_kept_or_replaced(manager, here, place):
    use = take_for_own_use(here.space, evening(here.space, days=10), "Conseil", actor=here.manager)
    first = day_of(use.span, place)
    data = closure([here.space], first, first)
    assert "La rendre" in text(manager.post(url("close", place), data))
    manager.post(url("close", place), data | {"vu": [use.pk], f"o{use.pk}-verb": "annuler"})
    use.refresh_from_db()
    assert use.released_at is not None
    older = Occupancy.objects.get(kind=OccupancyKind.CLOSURE, released_at=None)
    wider = closure([here.space], first, first + timedelta(days=2))
    assert "La remplacer" in text(manager.post(url("close", place), wider))
    manager.post(url("close", place), wider | {"vu": [older.pk], f"o{older.pk}-verb": "garder"})
    assert Occupancy.objects.filter(kind=OccupancyKind.CLOSURE, released_at=None).count() == 2


def test_a_closure_takes_the_time_of_what_it_went_around(manager, here, place):
    """Works are on: the evening that a kept booking gives back is not for somebody else."""
    kept = here.book(days=10, confirmed=True)
    first = day_of(kept.period, place)
    data = closure([here.space], first, first)
    manager.post(url("close", place), data | decided((kept, "garder")))
    cancel(kept, "Empêchement", side=Side.OCCUPANT, actor=here.occupant)
    one = Occupancy.objects.get(kind=OccupancyKind.CLOSURE)
    assert [row.busy for row in one.units.all()] == [one.busy]
    with pytest.raises(Refusal, match="déjà pris"):
        here.book(days=10)


def test_a_form_left_half_filled_in_leaves_no_hole_in_a_closure(manager, here, place):
    left = held(here.space, days=10)
    first = day_of(left.period, place)
    data = closure([here.space], first, first)
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert "C’est fermé" in text(manager.post(url("close", place), data, follow=True))
    one = Occupancy.objects.get(kind=OccupancyKind.CLOSURE)
    assert [row.busy for row in one.units.all()] == [one.busy]


def test_the_whole_place_closes_with_its_halls(manager, here, place):
    hall = hall_in_thirds(place)
    open_space(hall)
    first = clock.today(place.zone) + timedelta(days=5)
    spaces = list(Place.objects.get(pk=place.pk).spaces.all())
    page = manager.post(url("close", place), closure(spaces, first, first), follow=True)
    assert "C’est fermé" in text(page)
    assert Occupancy.objects.filter(kind=OccupancyKind.CLOSURE).count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"label": ""}, "nécessaire"),
        ({"spaces": []}, "Cochez au moins un espace"),
        ({"last_day": "2020-01-01"}, "plus proche"),
        ({"start": "18:00", "end": "17:00"}, "après l’heure de début"),
        ({"start": "18:05"}, "quart d’heure"),
    ],
)
def test_a_closure_badly_typed_is_said(manager, here, place, wrong, sentence):
    first = clock.today(place.zone) + timedelta(days=5)
    page = text(manager.post(url("close", place), closure([here.space], first, first) | wrong))
    assert sentence in page


def test_numbers_of_rows_are_written_bare_in_pages():
    """A thousands separator in a hidden field or an address would lose the row."""
    assert Template("{{ number }}").render(Context({"number": 12345})) == "12345"
