"""A request refused, one left unanswered, and those who wait for the same evening."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from preau.booking import tasks
from preau.booking.enums import BookingState, WaitingState
from preau.booking.models import Booking, WaitingEntry
from preau.core import clock
from tests.journeys import parties, towns
from tests.journeys.world import letter

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(db):
    towns.empty_queue()
    yield towns.line()
    towns.empty_queue()


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def enter(request, open_visitor):
    """Sign somebody in, on a machine of their own."""

    def arrive(user, membership=None):
        visitor = open_visitor(javascript=request.param)
        visitor.sign_in(user, membership)
        return visitor

    return arrive


def slot(house, days=10):
    """The address of an evening of the room."""
    place = house.room.place
    period = towns.evening_of(place, clock.today(place.zone) + timedelta(days=days))
    asked = {"debut": period.start.isoformat(), "fin": period.end.isoformat()}
    return f"{reverse('booking:start', args=[house.room.pk])}?{urlencode(asked)}"


def fill_in(visitor, purpose):
    visitor.fill("Objet", purpose)
    visitor.fill("Nombre de personnes attendues", "12")
    visitor.fill("Son téléphone", "04 76 00 00 00")
    visitor.press("Continuer")
    return parties.send(visitor)


def ask(visitor, house, days=10):
    visitor.go(slot(house, days))
    visitor.press("Retenir ce créneau et continuer")
    return fill_in(visitor, "Anniversaire")


def wait_for(visitor, house):
    """The evening is taken: stand in line for it."""
    first = not WaitingEntry.objects.exists()
    seen = visitor.assert_accessible if first else visitor.check
    visitor.go(slot(house))
    seen()
    visitor.press("Me prévenir si ce créneau se libère")
    seen()
    return WaitingEntry.objects.latest("pk")


def see(visitor, booking, name):
    visitor.go(reverse("booking:page", args=[booking.reference]))
    visitor.assert_accessible()
    visitor.screenshot(name)
    return visitor.page.get_by_role("main").inner_text()


def test_refused_with_a_reason_then_left_unanswered(enter, house):
    ana, nadia = enter(house.people[0]), enter(house.agent.user, house.agent)
    booking = ask(ana, house)
    see(nadia, booking, "32-a-repondre")
    nadia.press("Refuser…", role="link")
    nadia.press("Refuser la demande")  # without a reason
    nadia.assert_accessible()
    assert "Écrivez quelques mots" in nadia.page.get_by_role("main").inner_text()
    nadia.page.get_by_role("main").get_by_role("textbox").first.fill("La salle est en travaux.")
    nadia.press("Refuser la demande")
    nadia.assert_accessible()
    towns.worker()
    assert "en travaux" in letter("ana@example.org", "pas acceptée").text
    assert "La salle est en travaux." in see(ana, booking, "33-refusee")
    second = ask(ana, house, days=11)
    with clock.frozen(second.answer_by + timedelta(minutes=1)):
        towns.run(tasks.expire_requests.func, 0)
    second.refresh_from_db()
    assert second.state == BookingState.EXPIRED
    assert letter("ana@example.org", "expiré")
    assert "Sans réponse dans le délai" in see(ana, second, "34-expiree")
    nadia.go(reverse("booking:page", args=[second.reference]))
    assert not nadia.page.get_by_role("button", name="Accepter").count()
    for person in (ana, nadia):
        person.check()


def test_the_line_goes_on_to_the_third(enter, house):
    """Ana has the evening. Bruno, Chloé and Driss wait; Bruno books, Chloé lets it lapse."""
    ana, bruno, chloe, driss = (enter(one) for one in house.people)
    booking = ask(ana, house)
    entries = [wait_for(person, house) for person in (bruno, chloe, driss)]
    cancel(ana, booking)
    taken = take_the_offer(bruno)
    entries[0].refresh_from_db()
    assert (entries[0].state, taken.requester) == (WaitingState.TAKEN, house.people[1])
    cancel(bruno, taken)
    offer = letter("chloe@example.org", "est libre")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        towns.run(tasks.sweep_waiting.func, 0)
    chloe.go(towns.link_in(offer))
    chloe.assert_accessible()
    chloe.screenshot("36-offre-passee")
    last = take_the_offer(driss)
    for entry in entries:
        entry.refresh_from_db()
    states = [WaitingState.TAKEN, WaitingState.LEFT, WaitingState.TAKEN]
    assert [one.state for one in entries] == states
    assert last.requester == house.people[3]
    assert Booking.objects.filter(state=BookingState.REQUESTED).get() == last
    for person in (ana, bruno, chloe, driss):
        person.check()


def cancel(visitor, booking):
    visitor.go(reverse("booking:cancel", args=[booking.reference]))
    visitor.assert_accessible()
    visitor.press("Annuler la demande")
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    towns.worker()


def take_the_offer(visitor):
    """The link of the letter leads to the slot, held for its reader alone."""
    who = WaitingEntry.objects.filter(state=WaitingState.OFFERED).latest("offered_until").user
    mail = letter(who.email, "Le créneau que vous attendiez est libre")
    visitor.go(towns.link_in(mail))
    visitor.assert_accessible()
    visitor.screenshot("35-offre")
    return fill_in(visitor, "Fête de quartier")
