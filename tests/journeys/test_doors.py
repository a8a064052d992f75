"""A booking is confirmed or paid, its code comes the day before, and opens the door over a real
broker."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.access import tasks
from preau.access.enums import DUE, DriverKind, GrantState
from preau.access.models import AccessGrant
from preau.booking.enums import BookingState
from preau.core import clock
from preau.payments.enums import OfficeMode
from tests.access.factories import DoorFactory, confirmed, manager_of
from tests.access.wires import standing
from tests.accounts.factories import UserFactory
from tests.booking.factories import people
from tests.journeys import towns
from tests.journeys.steps import days_pass, follow, press, reads, silent
from tests.payments.factories import OfficeFactory
from tests.pricing.factories import tariff_for

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def keypad(tmp_path, settings):
    with standing(tmp_path) as one:
        settings.MQTT_URL = one.url
        yield one


def work():
    """What the worker does in a minute."""
    tasks.each_minute(timestamp=0)
    due = AccessGrant.objects.filter(state__in=DUE, next_try__lte=clock.now())
    for pk in due.values_list("pk", flat=True):
        tasks.act(pk)


def test_the_code_read_on_the_page_opens_the_door(open_visitor, keypad, monkeypatch):
    towns.empty_queue()
    door = DoorFactory(driver=DriverKind.ZIGBEE, remote_id="porte", name="Porte principale")
    user = UserFactory()
    booking, grant = confirmed(door, hours=60, user=user)
    page = reverse("booking:page", args=[booking.reference])
    occupant, manager = open_visitor(), open_visitor()
    occupant.sign_in(user)
    occupant.go(page)
    assert reads(occupant, "votre code s’affichera ici à partir du")
    manager.sign_in(manager_of(door.place).user, manager_of(door.place).membership)
    manager.go(reverse("access:door", args=[door.pk]))
    press(manager, "Essayer")
    assert reads(manager, "La serrure répond.")
    assert reads(manager, "87")

    days_pass(monkeypatch, grant.starts_at - clock.now() - timedelta(minutes=20))
    work()
    occupant.go(page)
    code = re.search(r"votre code est\s*(\d{6})", occupant.page.inner_text("main"))[1]
    assert keypad.press(code)
    occupant.assert_accessible()
    occupant.assert_fits()
    manager.go(reverse("access:door", args=[door.pk]))
    assert silent(manager, code)
    press(manager, f"Voir le code de {grant.label}")
    assert reads(manager, code)
    manager.go(reverse("access:door", args=[door.pk]))
    manager.assert_accessible()
    manager.assert_fits()

    days_pass(monkeypatch, grant.ends_at - clock.now())
    work()
    assert not keypad.press(code)
    grant.refresh_from_db()
    assert grant.state in (GrantState.LAPSED, GrantState.REVOKING)


def test_who_has_paid_receives_a_code_that_opens(open_visitor, keypad, monkeypatch):
    towns.empty_queue()
    them = people()
    tariff_for(them.space, HOUR=1000)
    OfficeFactory(organization=them.space.place.owner, mode=OfficeMode.TEST)
    DoorFactory(place=them.space.place, driver=DriverKind.ZIGBEE, remote_id="porte")
    one = them.book(confirmed=True)
    towns.worker()
    assert one.state == BookingState.TO_COMPLETE
    assert not AccessGrant.objects.exists()

    payer = open_visitor(javascript=False)
    payer.sign_in(them.occupant.user)
    payer.go(reverse("booking:page", args=[one.reference]))
    follow(payer, "Le faire maintenant : Paiement")
    press(payer, "Payer en ligne")
    press(payer, "Payer")
    assert reads(payer, "Il ne reste rien à payer")
    towns.worker()
    grant = AccessGrant.objects.get()
    days_pass(monkeypatch, grant.starts_at - clock.now() + timedelta(minutes=1))
    work()
    payer.go("/")
    follow(payer, "Entrer dans le lieu")
    code = re.search(r"votre code est\s*(\d{6})", payer.page.inner_text("main"))[1]
    assert keypad.press(code)
