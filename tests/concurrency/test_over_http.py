"""The same races through the pages: real browsers' requests on a real server of two processes."""

import os
import sys
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from ops import demo, processes
from ops.bootstrap import ROOT
from preau.accounts.enums import MembershipRole
from preau.booking import tasks
from preau.booking.enums import BookingState, Change
from preau.booking.models import Booking
from preau.core import clock
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.booking.factories import bookable_space, booking, evening
from tests.concurrency.race import race
from tests.crash import faults
from tests.crash.browser import Browser
from tests.ops.conftest import _free_port

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
CLIENTS = 50
ROUNDS = 10
TYPED = {
    "purpose": "Répétition de la chorale",
    "is_public_event": "non",
    "attendance": "12",
    "contact_name": "Camille Martin",
    "contact_phone": "04 76 00 00 00",
}


def _database_url():
    known = connection.settings_dict
    user = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    return (
        f"postgresql://{user}@/{known['NAME']}"
        f"?host={quote(known['HOST'])}&port={known['PORT'] or 5432}"
    )


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker, tmp_path_factory):
    """The web server as `make demo` starts it, on the tests' database."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    with django_db_blocker.unblock():
        env = os.environ | {"DATABASE_URL": _database_url(), "PREAU_TRUSTED_PROXIES": "1"}
    log = tmp_path_factory.mktemp("web") / "web.log"
    command += ["--no-access-log", "config.wsgi:application"]
    child = processes.start("web server", command, env=env, log=log, cwd=ROOT)
    try:
        ready = processes.wait_until(lambda: child.ended or demo.answers(port), 60)
        assert ready and not child.ended, log.read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        processes.stop(child)


@pytest.fixture
def open_browser(address):
    """Opens browsers, signed in or not."""
    opened = []

    def open_one(user=None, *, membership=None):
        cookie = ""
        if user:
            cookie = sign_in(Client(), user, membership).cookies["sessionid"].value
        home = {"X-Forwarded-For": f"192.0.2.{len(opened)}"}  # each has an address of their own
        opened.append(Browser(address, cookie=cookie, headers=home))
        return opened[-1]

    yield open_one
    for browser in opened:
        browser.client.close()


def times(period):
    return {"debut": period.start.isoformat(), "fin": period.end.isoformat()}


def start_page(browser, space, period):
    address = reverse("booking:start", args=[space.pk])
    request = browser.client.build_request("GET", address, params=times(period))
    return browser.get(str(request.url))


def form_for(browser, space, period):
    page = start_page(browser, space, period)
    return page, page.form("debut", button="Retenir")


def together(*runners):
    """Run them at the same instant; their pages, none of which may be an error."""
    [outcome] = race([lambda _number, one=one: one() for one in runners])
    assert not outcome.errors, outcome.errors[:3]
    strange = [page for page in outcome.results if page and page.status != 200]
    assert not strange, (strange[0].status, strange[0].text)
    return outcome


def click_twice(browser, page, form, **typed):
    """The same form, sent by two connections of one browser at the same instant."""
    with Browser(browser.address) as other:
        other.client.cookies = browser.client.cookies
        clicks = [lambda one=one: one.send(page, form, **typed) for one in (browser, other)]
        return together(*clicks).results


def abandon(browser, page):
    form = next(form for form in page.forms() if form.action.endswith("/abandonner/"))
    assert browser.send(page, form).says("Le créneau n’est plus retenu")


def hold(browser, space, period):
    page, form = form_for(browser, space, period)
    page = browser.send(page, form)
    assert page.path.startswith("/reservations/en-cours/"), page.text
    return page


def letters(change):
    """Causes of the e-mails about this change, by booking and event."""
    found = Email.objects.filter(cause__contains=f":{change}:").values_list("cause", flat=True)
    return sorted(found)


# --- One slot, many people


def test_fifty_browsers_on_one_slot(open_browser, record_property):
    """One holds it; the others are told so at once, with what is free nearby."""
    space = bookable_space()
    browsers = [open_browser(UserFactory() if n % 2 else None) for n in range(CLIENTS)]
    forms = {browser: form_for(browser, space, evening(space, days=9)) for browser in browsers}

    def ask(browser, number):
        page, form = forms[browser]
        slot = times(evening(space, days=10 + number))
        return browser, browser.send(page, form, **slot)

    seconds = []
    for number in range(ROUNDS):
        [outcome] = race([lambda _, b=b, n=number: ask(b, n) for b in browsers])
        assert not outcome.errors, outcome.errors[:3]
        won = [one for one in outcome.results if "/en-cours/" in one[1].path]
        lost = [page for _, page in outcome.results if "/nouvelle/" in page.path]
        assert (len(won), len(lost)) == (1, CLIENTS - 1), number
        assert {page.status for page in lost} == {200}
        assert all(page.says("Ce créneau ne peut pas être réservé") for page in lost)
        assert all(page.says("Ce qui est libre, au plus près") for page in lost)
        seconds += outcome.seconds
        abandon(*won[0])
    seconds.sort()
    record_property("median_ms", round(1000 * seconds[len(seconds) // 2]))
    record_property("p99_ms", round(1000 * seconds[int(len(seconds) * 0.99)]))
    assert Booking.objects.count() == ROUNDS
    assert faults.orphans() == []


# --- One person, clicking twice


def test_two_clicks_on_hold_hold_once(open_browser):
    space, user = bookable_space(), UserFactory()
    browser = open_browser(user)
    answers = click_twice(browser, *form_for(browser, space, evening(space)))
    assert len({page.path for page in answers}) == 1
    assert Booking.objects.count() == 1


def test_two_clicks_on_send_send_once(open_browser):
    space, user = bookable_space(), UserFactory()
    MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    browser = open_browser(user)
    for number in range(ROUNDS):
        page = hold(browser, space, evening(space, days=10 + number))
        page = browser.send(page, page.form("purpose"), **TYPED)
        form = page.form("rules", button="Envoyer la demande")
        for answer in click_twice(browser, page, form, rules="on"):
            assert answer.says("Votre demande est envoyée"), answer.text
    assert Booking.objects.filter(state=BookingState.REQUESTED).count() == ROUNDS
    assert Booking.objects.count() == ROUNDS
    assert len(letters(Change.REQUESTED)) == 2 * ROUNDS  # the person and the manager, once each
    assert faults.orphans() == []


# --- One request, two answers


@pytest.fixture
def desk(open_browser):
    """A space, and two people who answer for it."""
    space = bookable_space()
    owner = space.place.owner
    members = [
        MembershipFactory(organization=owner, role=role)
        for role in (MembershipRole.MANAGER, MembershipRole.APPROVER)
    ]
    return space, [open_browser(one.user, membership=one) for one in members]


def accepting(browser, one):
    """The click on “Accepter”, ready."""
    page = browser.get(reverse("booking:page", args=[one.reference]))
    form = page.form("csrfmiddlewaretoken", button="Accepter")
    return lambda: browser.send(page, form)


def refusing(browser, one):
    page = browser.get(reverse("booking:refuse", args=[one.reference]))
    form = page.form("reason")
    return lambda: browser.send(page, form, reason="La salle est en travaux.")


def test_two_approvers_at_once_accept_once(desk):
    space, browsers = desk
    for number in range(ROUNDS):
        one = booking(space, days=10 + number)
        together(*[accepting(browser, one) for browser in browsers])
        one.refresh_from_db()
        assert one.state == BookingState.CONFIRMED
    assert len(letters(Change.ACCEPTED)) == ROUNDS
    assert faults.orphans() == []


def test_yes_and_no_at_once_make_one_answer(desk):
    space, (yes, no) = desk
    for number in range(ROUNDS):
        one = booking(space, days=10 + number)
        outcome = together(accepting(yes, one), refusing(no, one))
        one.refresh_from_db()
        assert one.state in {BookingState.CONFIRMED, BookingState.REFUSED}
        told = [page.says("déjà") for page in outcome.results]
        assert told.count(True) == 1, [page.text for page in outcome.results]
    accepted = Booking.objects.filter(state=BookingState.CONFIRMED).count()
    assert len(letters(Change.ACCEPTED)) == accepted
    assert len(letters(Change.REFUSED)) == ROUNDS - accepted
    assert faults.orphans() == []


def test_approval_against_expiry_makes_one_answer(desk, record_property):
    """The deadline falls as the manager clicks."""
    space, (browser, _) = desk
    for number in range(ROUNDS):
        one = booking(space, days=10 + number)
        click = accepting(browser, one)
        deadline = clock.now() + timedelta(milliseconds=8 * number)
        Booking.objects.filter(pk=one.pk).update(answer_by=deadline)

        def strike(deadline=deadline):
            assert processes.wait_until(lambda: clock.now() >= deadline, 10, 0.001)
            tasks.expire_requests(timestamp=0)

        together(click, strike)
        one.refresh_from_db()
        assert one.state in {BookingState.CONFIRMED, BookingState.EXPIRED}, one.state
    accepted = Booking.objects.filter(state=BookingState.CONFIRMED).count()
    record_property("accepted", accepted)
    assert len(letters(Change.ACCEPTED)) == accepted
    told_expired = {cause.split(":to:")[0] for cause in letters(Change.EXPIRED)}
    assert len(told_expired) == ROUNDS - accepted
    assert faults.orphans() == []
