"""A member of one place at the door of another."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.actions.people import close_account
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.charters import card_links, pages
from preau.charters.actions import networks
from preau.charters.actions.networks import Welcome
from preau.charters.entitlement import verdict
from preau.charters.enums import NetworkPlaceState
from preau.charters.models import NetworkPlace, Passage, PlaceMember
from preau.charters.tasks import forget
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications.models import Email
from tests.accounts.factories import OrganizationFactory, UserFactory, sign_in
from tests.charters.conftest import hand_of
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db
ALL_WEEK = Welcome(weekdays=list(range(7)), start_minute=0, end_minute=1440)


@pytest.fixture
def network(keeping):
    return networks.create("Réseau des ateliers", "Se recevoir", actor=keeping)


@pytest.fixture
def home(network, place, keeping, hosting):
    seat = networks.invite_place(network, place, actor=keeping)
    return networks.welcome(seat, ALL_WEEK, actor=hosting)


@pytest.fixture
def other_hand(db):
    return hand_of(OrganizationFactory(verified=True))


@pytest.fixture
def away(network, keeping, other_hand):
    """Another owner's place in the same network."""
    place = PlaceFactory(owner=other_hand.organization)
    seat = networks.invite_place(network, place, actor=keeping)
    return networks.welcome(seat, ALL_WEEK, actor=other_hand)


def member_of(place, actor, user=None):
    user = user or UserFactory()
    until = clock.today() + timedelta(days=300)
    member = networks.invite_member(place, user.email, until, actor=actor)
    member.user, member.accepted_at = user, clock.now()
    member.save()
    return member


def test_a_member_is_welcomed_elsewhere_and_noted_once(client, home, away, hosting, other_hand):
    member = member_of(home.place, hosting)
    sign_in(client, member.user)
    page = client.get(f"/reseaux/cartes/{member.key}/").content.decode()
    assert away.place.name in page
    assert home.place.name not in page.partition("Où vous êtes accueilli")[2]
    address = re.search(r'href="(/reseaux/verifier/[^"]+)"', page)[1]
    sign_in(client, other_hand.user, other_hand.membership)
    assert "À accueillir" in client.get(address).content.decode()
    for _ in range(2):
        client.post(address, {"lieu": away.key})
    assert Passage.objects.count() == 1
    assert "Visite notée" in client.get(address).content.decode()


def test_whoever_receives_nowhere_in_the_network_learns_nothing(client, home, away, hosting):
    member = member_of(home.place, hosting)
    stranger = hand_of(OrganizationFactory(verified=True))
    sign_in(client, stranger.user, stranger.membership)
    address = f"/reseaux/verifier/{card_links.sign(member)}/"
    page = client.get(address).content.decode()
    assert "Vous n’accueillez dans aucun lieu" in page
    assert member.user.full_name not in page and home.place.name not in page
    assert client.post(address, {"lieu": away.key}).status_code == 404
    with pytest.raises(Forbidden):
        networks.note_passage(member, away, actor=stranger)


def test_a_network_and_a_place_are_read_page_by_page(
    client, network, home, away, keeping, hosting, monkeypatch
):
    monkeypatch.setattr(pages, "PAGE", 1)
    address = network.get_absolute_url()
    first = client.get(address)
    assert [one.place for one, _ in first.context["seats"]] == [min(home, away, key=_name).place]
    second = client.get(f"{address}{first.context['page'].next}")
    assert [one.place for one, _ in second.context["seats"]] == [max(home, away, key=_name).place]
    for _ in range(2):
        member_of(home.place, hosting)
    sign_in(client, hosting.user, hosting.membership)
    page = client.get(f"/reseaux/membres/{home.place.slug}/").context["page"]
    assert (len(page.rows), page.total) == (1, 2)


def _name(seat):
    return seat.place.name


def test_the_code_of_a_card_is_drawn_smaller_and_never_cut(client, home, hosting):
    member = member_of(home.place, hosting)
    sign_in(client, member.user)
    page = client.get(f"/reseaux/cartes/{member.key}/").content.decode()
    assert re.search(r'<svg width="\d+px" height="\d+px" viewBox="[\d. ]+" class="pr-qr">', page)


def test_a_card_shown_too_long_ago_is_worth_nothing(client, home, away, hosting, monkeypatch):
    member = member_of(home.place, hosting)
    token = card_links.sign(member)
    sign_in(client, UserFactory())
    assert client.get(f"/reseaux/verifier/{token}x/").status_code == 404
    monkeypatch.setattr(card_links, "LIFE", timedelta(seconds=-1))
    assert client.get(f"/reseaux/verifier/{token}/").status_code == 410


@pytest.mark.parametrize("seed", range(40))
def test_the_verdict_is_that_of_the_rule(home, away, hosting, other_hand, seed):
    """Against the rule read naively, on random rules, members and instants."""
    rng = random.Random(seed)
    start = rng.randrange(0, 1380, 60)
    rule = Welcome(
        weekdays=rng.sample(range(7), rng.randint(1, 6)),
        start_minute=start,
        end_minute=rng.randrange(start + 30, 1441, 30),
        visits_per_month=rng.choice([None, 1, 2]),
    )
    host = networks.welcome(away, rule, actor=other_hand)
    member = member_of(home.place, hosting)
    at = datetime(2026, rng.randint(1, 12), rng.randint(1, 28), rng.randrange(24), 30, tzinfo=UTC)
    local = at.astimezone(host.place.zone)
    days = rng.sample(range(1, 29), rng.randint(0, 3))
    for day in days:
        Passage.objects.create(member=member, host=host, day=local.date().replace(day=day))
    ended = rng.random() < 0.2
    if ended:
        networks.end_member(member, actor=hosting)
        member.refresh_from_db()
    today = local.day in days
    limit = rule.visits_per_month
    expected = (
        not ended
        and local.weekday() in rule.weekdays
        and rule.start_minute <= local.hour * 60 + local.minute < rule.end_minute
        and (limit is None or today or len(days) < limit)
    )
    found = verdict(member, host, at)
    assert found.is_welcome == expected, found.reasons
    assert found.passed == today


def test_ones_own_place_or_one_out_of_the_network_is_not_elsewhere(home, away, hosting):
    member = member_of(home.place, hosting)
    assert "de ce lieu même" in verdict(member, home, clock.now()).reasons[0]
    networks.leave(home, actor=hosting)
    assert "n’est pas dans ce réseau" in " ".join(verdict(member, away, clock.now()).reasons)


def test_the_card_is_taken_by_the_address_it_was_sent_to(client, home, hosting):
    user = UserFactory()
    until = clock.today() + timedelta(days=30)
    networks.invite_member(home.place, user.email.upper(), until, actor=hosting)
    address = re.search(r"/reseaux/invitation/[^/\s]+/", Email.objects.latest("pk").text)[0]
    sign_in(client, UserFactory())
    page = client.post(address, follow=True).content.decode()
    assert "connectez-vous avec cette adresse" in page
    sign_in(client, user)
    assert "Accepter la carte" in client.get(address).content.decode()
    assert PlaceMember.objects.get().accepted_at is None
    client.post(address)
    assert PlaceMember.objects.get().user == user


def test_each_place_decides_for_itself(network, place, keeping, hosting, town):
    seat = networks.invite_place(network, place, actor=keeping)
    with pytest.raises(Forbidden):
        networks.welcome(seat, ALL_WEEK, actor=keeping)
    with pytest.raises(Forbidden):
        networks.welcome(seat, ALL_WEEK, actor=hand_of(town, MembershipRole.MEMBER))
    with pytest.raises(Refusal, match="au moins un jour"):
        networks.welcome(seat, Welcome(weekdays=[], start_minute=0, end_minute=60), actor=hosting)
    with pytest.raises(Refusal, match="déjà dans le réseau"):
        networks.invite_place(network, place, actor=keeping)
    networks.leave(seat, actor=keeping)
    seat.refresh_from_db()
    assert seat.state == NetworkPlaceState.LEFT
    assert networks.invite_place(network, place, actor=keeping).pk != seat.pk


def test_the_database_keeps_the_rules(home):
    for wrong in ({"weekdays": []}, {"end_minute": 0}, {"price_cents": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NetworkPlace.objects.filter(pk=home.pk).update(**wrong)


def test_a_card_that_is_over_is_renewed(home, hosting):
    user = UserFactory()
    first = member_of(home.place, hosting, user)
    with pytest.raises(Refusal, match="déjà membre"):
        member_of(home.place, hosting, user)
    with clock.frozen(clock.now() + timedelta(days=301)):
        assert member_of(home.place, hosting, user).pk != first.pk
    first.refresh_from_db()
    assert first.ended_on is not None


def test_an_address_is_forgotten_with_its_invitation_or_a_year_after_the_card(home, hosting):
    until = clock.today() + timedelta(days=300)
    networks.invite_member(home.place, "voisine@example.org", until, actor=hosting)
    card = member_of(home.place, hosting)
    assert forget(timestamp=0) == 0
    with clock.frozen(clock.now() + timedelta(days=networks.DAYS_TO_ACCEPT, hours=1)):
        assert forget(timestamp=0) == 1
    assert PlaceMember.objects.get() == card
    with clock.frozen(clock.now() + timedelta(days=300 + 364)):
        assert forget(timestamp=0) == 0
    with clock.frozen(clock.now() + timedelta(days=300 + 367)):
        assert [forget(timestamp=0), forget(timestamp=0)] == [1, 0]
    card.refresh_from_db()
    assert (card.email, card.ended_on) == ("", until)


def test_an_account_that_closes_ends_its_cards_and_takes_its_address(home, away, hosting):
    user, until = UserFactory(), clock.today() + timedelta(days=300)
    card = member_of(home.place, hosting, user)
    networks.invite_member(away.place, user.email.upper(), until, actor=_hand_at(away))
    kept = member_of(home.place, hosting)
    close_account(actor=Actor(user))
    card.refresh_from_db()
    assert card.email == "" and card.ended_on is not None
    assert set(PlaceMember.objects.filter(ended_on=None)) == {kept}


def _hand_at(seat):
    return hand_of(seat.place.owner)
