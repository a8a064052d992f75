"""Opening a régie, booking, paying on PayFiP's own page: sure at last. And the trial's page."""

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.booking import money, tasks
from preau.booking.enums import BookingState
from preau.payments.enums import DueState, OfficeMode
from preau.payments.models import CollectingOffice
from tests.accounts.factories import MembershipFactory
from tests.booking.factories import people
from tests.journeys.steps import follow, look, press, reads, tick
from tests.payments.conftest import payfip, payfip_process  # noqa: F401
from tests.payments.factories import OfficeFactory
from tests.pricing.factories import tariff_for

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def them():
    found = people()
    tariff_for(found.space, HOUR=1000)
    return found


def test_a_regie_is_opened_and_a_booking_paid_on_payfip(
    open_visitor,
    live_server,
    settings,
    them,
    payfip,  # noqa: F811
):
    settings.SITE_URL = live_server.url
    town = them.space.place.owner
    membership = MembershipFactory(organization=town, role=MembershipRole.ADMINISTRATOR)
    clerk = open_visitor()
    clerk.sign_in(membership.user, membership)
    clerk.go(reverse("payments:offices"))
    follow(clerk, "Ouvrir une régie")
    press(clerk, "Enregistrer")
    assert reads(clerk, "Une erreur") or clerk.page.get_by_role("main").is_visible()
    tick(clerk, OfficeMode.REGIE.label)
    clerk.fill("Numéro client PayFiP", "090909")
    press(clerk, "Enregistrer")
    office = CollectingOffice.objects.get()
    assert (office.numcli, office.is_default) == ("090909", True)
    clerk.screenshot("office")

    one = them.book(confirmed=True)
    due = money.due_of(one)
    payer = open_visitor()
    payer.sign_in(them.occupant.user)
    payer.go(reverse("booking:page", args=[one.reference]))
    payer.leave_by(payer.page.get_by_role("link", name="Le faire maintenant : Paiement"))
    look(payer)
    payer.assert_fits()
    payer.screenshot("due")
    payer.press("Payer en ligne")
    payer.page.get_by_role("button", name="Payer par carte").click()
    payer.page.wait_for_url("**" + due.get_absolute_url())
    look(payer)
    assert reads(payer, "Il ne reste rien à payer")
    payer.screenshot("paid")
    tasks.follow_payment(one.reference)
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED
    clerk.go(f"{reverse('payments:office', args=[office.pk])}?voir=payees")
    look(clerk)
    clerk.assert_fits()
    assert reads(clerk, due.payer_name)
    clerk.screenshot("office-paid")


def test_the_trial_says_that_it_is_one(open_visitor, them):
    OfficeFactory(organization=them.space.place.owner, mode=OfficeMode.TEST)
    due = money.due_of(them.book(confirmed=True))
    payer = open_visitor(javascript=False)
    payer.sign_in(them.occupant.user)
    payer.go(reverse("payments:mine"))
    payer.leave_by(payer.page.get_by_role("link", name=due.label).first)
    press(payer, "Payer en ligne")
    assert reads(payer, "aucun argent ne circule")
    press(payer, "Payer")
    assert reads(payer, "Il ne reste rien à payer")
    due.refresh_from_db()
    assert due.state == DueState.PAID
