"""A confirmed booking changes without losing its time: the new one is kept until the answer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.availability.models import Occupancy, OccupiedUnit
from preau.booking import tasks
from preau.booking.actions import changes, requests
from preau.booking.actions.changes import Wanted
from preau.booking.enums import BookingState, ChangeRequestState, Side
from preau.booking.models import ChangeRequest
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.models import Email
from preau.pricing.enums import OptionUnit
from preau.pricing.models import Option, OptionTaken, TariffAssignment
from tests.accounts.factories import sign_in
from tests.booking.factories import bookable_space, details, evening, held, people
from tests.pricing.factories import tariff_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


@pytest.fixture
def one(them):
    return them.book(confirmed=True)


def ask(one, them, *, days=11, attendance=None, reason="Match reporté", **hours):
    wanted = Wanted(reason, evening(one.space, days=days, **hours), attendance)
    return changes.ask(one, one.dates.get().pk, wanted, actor=them.occupant)


def live_spans(space):
    return {one.span for one in Occupancy.objects.filter(space=space, released_at=None)}


def subjects():
    return [one.subject for one in Email.objects.order_by("id")]


def test_both_times_are_kept_until_the_answer(one, them):
    ask(one, them)
    assert live_spans(one.space) == {evening(one.space), evening(one.space, days=11)}
    with pytest.raises(Refusal):
        held(one.space, days=11)
    assert subjects()[-2].startswith("Votre demande de changement est envoyée")
    assert subjects()[-1].startswith("Changement demandé, à traiter")


def test_accepted_the_booking_moves_and_the_old_time_is_free(one, them):
    change = ask(one, them, attendance=20)
    changes.accept(change, actor=them.manager)
    one.refresh_from_db()
    assert one.period == evening(one.space, days=11)
    assert (one.attendance, one.state) == (20, BookingState.CONFIRMED)
    assert live_spans(one.space) == {one.period}
    assert held(one.space)  # the old one
    letter = Email.objects.get(subject__startswith="Votre changement est accepté")
    assert "BEGIN:VCALENDAR" in letter.calendar


def test_accepted_twice_counts_once(one, them):
    change = ask(one, them)
    changes.accept(change, actor=them.manager)
    assert changes.accept(change, actor=them.manager).state == ChangeRequestState.ACCEPTED
    assert sum("changement est accepté" in one for one in subjects()) == 1


def test_a_time_that_overlaps_the_own_one_is_kept_too(one, them):
    change = ask(one, them, days=10, start=19, end=21)
    assert change.occupancy is None
    assert OccupiedUnit.objects.count() == 1
    with pytest.raises(Refusal):
        held(one.space, start=20, end=21)
    with pytest.raises(Refusal):
        held(one.space, start=18, end=19)
    changes.accept(change, actor=them.manager)
    one.refresh_from_db()
    assert one.period == evening(one.space, start=19, end=21)
    assert held(one.space, start=18, end=19)


@pytest.mark.parametrize("hours", [{"days": 11}, {"days": 10, "start": 19, "end": 21}])
@pytest.mark.parametrize("how", ["refused", "withdrawn", "expired", "cancelled"])
def test_otherwise_nothing_changes_and_the_kept_time_is_free(one, them, hours, how):
    change = ask(one, them, **hours)
    if how == "refused":
        changes.refuse(change, "La salle est promise", actor=them.manager)
    elif how == "withdrawn":
        changes.withdraw(change, actor=them.occupant)
    elif how == "cancelled":
        requests.cancel(one, "", side=Side.OCCUPANT, actor=them.occupant)
    else:
        with clock.frozen(change.answer_by + timedelta(minutes=1)):
            tasks.expire_changes(0)
            tasks.expire_changes(0)
    change.refresh_from_db()
    one.refresh_from_db()
    assert change.state != ChangeRequestState.ASKED
    assert one.period == evening(one.space)
    expected = set() if how == "cancelled" else {evening(one.space)}
    assert live_spans(one.space) == expected
    assert held(one.space, start=20, end=21)


def test_a_taken_time_is_refused_and_nothing_is_asked(one, them):
    held(one.space, days=11)
    with pytest.raises(Refusal) as refusal:
        ask(one, them)
    assert refusal.value.code == "slot_taken"
    assert not ChangeRequest.objects.exists()


def test_two_tabs_ask_one_change(one, them):
    first = ask(one, them)
    assert ask(one, them) == first  # the same again
    with pytest.raises(Refusal) as refusal:
        ask(one, them, days=12)
    assert refusal.value.code == "already_asked"
    assert live_spans(one.space) == {evening(one.space), evening(one.space, days=11)}


def test_an_answer_that_comes_after_another_is_told(one, them):
    change = ask(one, them)
    changes.withdraw(change, actor=them.occupant)
    with pytest.raises(Refusal) as refusal:
        changes.accept(change, actor=them.manager)
    assert refusal.value.code == "gone"


def test_the_price_follows_and_options_are_given_back(them):
    tariff = tariff_for(them.space, HOUR=1000)
    chairs = Option.objects.create(
        organization=tariff.organization,
        tariff=tariff,
        name="Sono",
        unit=OptionUnit.BOOKING,
        amount_cents=500,
        stock=1,
    )
    one = held(them.space, actor=them.occupant)
    one.wanted_options = [[chairs.pk, 1]]
    one.save()
    one = requests.submit(one, details(), actor=them.occupant)
    one = requests.accept(one, actor=them.manager)
    assert one.price.total_cents == 2500
    change = ask(one, them, start=18, end=21)
    assert change.difference_cents == 1000
    changes.accept(change, actor=them.manager)
    one.refresh_from_db()
    assert one.price.total_cents == 3500
    [taken] = OptionTaken.objects.filter(released_at=None)
    assert taken.occupancy_id == one.occupancy_id


def test_an_option_that_runs_out_is_said_and_nothing_is_asked(them):
    tariff = tariff_for(them.space, HOUR=1000)
    sound = Option.objects.create(
        organization=tariff.organization, tariff=tariff, name="Sono", stock=1
    )
    other = bookable_space(place=them.space.place)
    TariffAssignment.objects.create(tariff=tariff, space=other)

    def with_sound(space, **hours):
        held_one = held(space, actor=them.occupant, **hours)
        held_one.wanted_options = [[sound.pk, 1]]
        held_one.save()
        return requests.submit(held_one, details(), actor=them.occupant)

    one = requests.accept(with_sound(them.space), actor=them.manager)
    with_sound(other, start=20, end=21)
    with pytest.raises(Refusal) as refusal:
        ask(one, them, days=10, start=18, end=21)
    assert refusal.value.code == "option_gone"
    assert live_spans(one.space) == {evening(one.space)}


def test_a_price_that_rose_meanwhile_stays_as_announced(them):
    tariff = tariff_for(them.space, HOUR=1000)
    one = them.book(confirmed=True)
    change = ask(one, them, start=18, end=21)
    tariff.rates.update(amount_cents=9000)
    changes.accept(change, actor=them.manager)
    one.refresh_from_db()
    assert one.price.total_cents == 3000


# --- Through the pages


def typed(one, **more):
    period, zone = evening(one.space, days=11), one.place.zone
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    return {
        "date": one.dates.get().pk,
        "jour": start.date().isoformat(),
        "de": f"{start:%H:%M}",
        "a": f"{end:%H:%M}",
        "attendance": "12",
        "reason": "Match reporté",
    } | more


def test_asked_accepted_through_the_pages(client, one, them):
    sign_in(client, them.occupant.user)
    url = reverse("booking:change_ask", args=[one.reference])
    assert "Nouveau créneau" in client.get(url).content.decode()
    page = client.post(url, typed(one), follow=True).content.decode()
    assert "Votre demande de changement est envoyée" in page
    assert "Retirer ma demande de changement" in page
    assert "Accepter le changement" not in page
    change = ChangeRequest.objects.get()
    sign_in(client, them.manager.user, them.manager.membership)
    page = client.get(reverse("booking:page", args=[one.reference])).content.decode()
    assert "Changement demandé : à vous de répondre" in page
    page = client.post(reverse("booking:change_accept", args=[change.pk]), follow=True)
    assert "Le changement est fait" in page.content.decode()


def test_a_dearer_change_is_shown_before_it_is_sent(client, them):
    tariff_for(them.space, HOUR=1000)
    one = them.book(confirmed=True)
    sign_in(client, them.occupant.user)
    url = reverse("booking:change_ask", args=[one.reference])
    page = client.post(url, typed(one, a="21:00")).content.decode()
    assert "Le prix augmenterait" in page
    assert not ChangeRequest.objects.exists()
    client.post(url, typed(one, a="21:00", agreed="1000"))
    assert ChangeRequest.objects.get().difference_cents == 1000


def test_refused_through_the_page_with_its_reason(client, one, them):
    change = ask(one, them)
    sign_in(client, them.manager.user, them.manager.membership)
    url = reverse("booking:change_refuse", args=[change.pk])
    assert "Refuser ce changement" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    client.post(url, {"reason": "La salle est promise"})
    assert "La salle est promise" in Email.objects.order_by("id").last().text
