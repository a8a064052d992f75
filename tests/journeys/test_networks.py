"""A member of one place at the door of another: invited, carded, checked, welcomed, ended."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.charters import card_links
from preau.charters.enums import NetworkPlaceState
from preau.charters.models import Network, NetworkPlace, Passage, PlaceMember
from preau.core import clock
from preau.core.formats import WEEKDAYS
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.journeys.steps import days_pass, follow, link_sent_to, look, press, reads, silent, tick
from tests.places.factories import PlaceFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    """Noon on the second of a month: a week later is the same month, whenever tests are run."""
    now = clock.now()
    month = (now.astimezone(PARIS).replace(day=1) + timedelta(days=32)).replace(day=2)
    days_pass(monkeypatch, month.replace(hour=12, minute=0, second=0) - now)


def enter(open_visitor, javascript, organization):
    membership = MembershipFactory(organization=organization, role=MembershipRole.MANAGER)
    one = open_visitor(javascript=javascript)
    one.sign_in(membership.user, membership)
    return one


def begin(keeper, places):
    keeper.go(reverse("charters:networks"))
    look(keeper)
    follow(keeper, "Créer un réseau")
    keeper.fill("Nom du réseau", "Réseau des ateliers")
    keeper.fill("À quoi il sert", "Travailler un jour chez l’un, un jour chez l’autre.")
    press(keeper, "Créer le réseau")
    for place in places:
        follow(keeper, "Inviter un lieu")
        keeper.fill("Adresse de la page du lieu", f"{keeper.origin}/lieux/{place.slug}/")
        press(keeper, "Inviter ce lieu")
        assert reads(keeper, place.name)
    return Network.objects.get()


def welcome(hand, place, *, days, hours, price="", visits=""):
    """The place comes in by saying how it receives."""
    hand.go(reverse("charters:networks"))
    look(hand)
    follow(hand, f"{place.name}, Réseau des ateliers")
    press(hand, "Enregistrer l’accueil")  # no day is ticked
    assert reads(hand, "Cochez au moins un jour d’accueil.")
    tick(hand, *(WEEKDAYS[day].capitalize() for day in days))
    hand.page.locator("#id_start").fill(hours[0])
    hand.page.locator("#id_end").fill(hours[1])
    hand.fill("Prix d’une visite, en euros", price)
    hand.fill("Visites par mois et par personne, au plus", visits)
    press(hand, "Enregistrer l’accueil")
    seat = NetworkPlace.objects.get(place=place)
    assert seat.state == NetworkPlaceState.ACTIVE
    return seat


def take_the_card(open_visitor, javascript, hand, place):
    """Invited by letter; another's account is refused; the person's own takes it."""
    hand.go(reverse("charters:networks"))
    follow(hand, place.name)
    hand.fill("Adresse électronique", "zoe@example.org")
    press(hand, "Envoyer l’invitation")
    address = link_sent_to("zoe@example.org", "/reseaux/invitation/")
    other, zoe = (open_visitor(javascript=javascript) for _ in range(2))
    other.sign_in(UserFactory())
    zoe.sign_in(UserFactory(first_name="Zoé", last_name="Ferrand", email="zoe@example.org"))
    other.go(address)
    look(other)
    press(other, "Accepter la carte")
    assert PlaceMember.objects.get().accepted_at is None
    zoe.go(address)
    look(zoe)
    press(zoe, "Accepter la carte")
    return zoe


def show_the_card(zoe):
    """What the code says: the address that the person at the door opens."""
    zoe.go(reverse("charters:cards"))
    look(zoe)
    follow(zoe, "Atelier des Prés")
    assert zoe.page.locator("svg.pr-qr").is_visible()
    link = zoe.page.get_by_role("link", name="ce lien").get_attribute("href")
    assert re.fullmatch(r"/reseaux/verifier/[^/]+/", link)
    return link


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_member_is_welcome_under_the_rule_and_no_more(open_visitor, javascript):
    union = OrganizationFactory(verified=True, kind=OrganizationKind.EPCI, name="Pays")
    home_owner, away_owner = (OrganizationFactory(verified=True) for _ in range(2))
    home = PlaceFactory(owner=home_owner, name="Atelier des Prés")
    away = PlaceFactory(owner=away_owner, name="Fabrique du Port")
    keeper, homely, door = (
        enter(open_visitor, javascript, one) for one in (union, home_owner, away_owner)
    )
    today = clock.today(PARIS)
    network = begin(keeper, [home, away])
    welcome(homely, home, days=range(7), hours=("08:00", "20:00"))
    seat = welcome(
        door,
        away,
        days=[today.weekday()],
        hours=("09:00", "18:00"),
        price="5",
        visits="1",
    )
    anybody = open_visitor(javascript=javascript)
    anybody.go(network.get_absolute_url())
    look(anybody)
    assert reads(anybody, "5,00")

    zoe = take_the_card(open_visitor, javascript, homely, home)
    member = PlaceMember.objects.get()
    assert member.user.email == "zoe@example.org"
    code = show_the_card(zoe)
    assert reads(zoe, "Fabrique du Port")

    stranger = enter(open_visitor, javascript, OrganizationFactory(verified=True))
    learns_nothing(stranger, code)
    passage = receive(door, code)
    assert (passage.member, passage.host, passage.day) == (member, seat, today)

    refused_later(door, code, timedelta(days=7), "La visite de ce mois est faite.")
    refused_once_too_old(door, code)
    code = show_the_card(zoe)  # opened again: good for a quarter of an hour more
    end(homely, home, member)
    refused_later(door, code, timedelta(days=7), "n’est plus membre")
    zoe.go(reverse("charters:cards"))
    assert silent(zoe, "Atelier des Prés")
    assert Passage.objects.get() == passage
    for one in (keeper, homely, door, zoe, stranger, anybody):
        one.check()


def learns_nothing(stranger, code):
    """Who receives in no place of the network reads no name."""
    stranger.go(code)
    look(stranger)
    assert silent(stranger, "Zoé Ferrand")
    assert not stranger.page.get_by_role("button", name="Noter la visite").count()


def receive(door, code):
    """Welcome under the rule of the house, and noted; nothing more of her is shown."""
    door.go(code)
    look(door)
    for words in ("Zoé Ferrand", "À accueillir", "5,00"):
        assert reads(door, words)
    assert silent(door, "zoe@example.org")
    refused_later(door, code, timedelta(days=1), "Le lieu n’accueille pas le")
    refused_later(door, code, timedelta(hours=7), "Le lieu accueille les membres du réseau")
    door.go(code)
    press(door, "Noter la visite")
    return Passage.objects.get()


def end(hand, place, member):
    hand.go(reverse("charters:members", args=[place.slug]))
    look(hand)
    press(hand, "Terminer")
    member.refresh_from_db()
    assert member.ended_on is not None


def refused_later(door, code, gap, words):
    """The same code under another hour: not welcome, for the reason told."""
    with pytest.MonkeyPatch.context() as later:
        days_pass(later, gap)
        door.go(code)
        look(door)
        assert reads(door, words)
        assert not door.page.get_by_role("button", name="Noter la visite").count()


def refused_once_too_old(door, code):
    with pytest.MonkeyPatch.context() as later:
        later.setattr(card_links, "LIFE", timedelta(seconds=-1))
        door.expected.add(410)
        door.go(code)
        look(door)
        assert reads(door, "Ce code est périmé")
