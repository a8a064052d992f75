"""Offers and needs: measured on labelled pairs, then in the database."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preau.accounts.actors import Actor
from preau.core import clock
from preau.initiatives.actions import listings as actions
from preau.initiatives.actions import matching
from preau.initiatives.enums.listings import ListingState, Side, SuggestionState
from preau.initiatives.models import Suggestion
from preau.initiatives.queries.fit import Words, amount_of, fit
from preau.notifications.models import Notification
from tests.initiatives.labelled import PAIRS
from tests.initiatives.listing_factories import ListingFactory, keeper, published
from tests.territories.factories import CommuneFactory


def words(side, manner="don", radius=10):
    category, title, quantity, recurring = side
    return Words(category, manner, title, "", quantity, title, recurring, radius)


def measured():
    misses, false_alarms = [], []
    for offer, need, km, fits in PAIRS:
        found = fit(words(offer), words(need), km) is not None
        if fits and not found:
            misses.append((offer[1], need[1]))
        if found and not fits:
            false_alarms.append((offer[1], need[1]))
    return misses, false_alarms


def test_what_somebody_would_introduce_is_found_and_little_else():
    misses, false_alarms = measured()
    expected = sum(fits for *_, fits in PAIRS)
    assert len(misses) <= expected * 0.08, misses
    assert len(false_alarms) <= (len(PAIRS) - expected) * 0.12, false_alarms


@pytest.mark.parametrize(
    ("text", "recurring", "expected"),
    [
        ("40 kg par semaine", True, ("kg", 173.2)),
        ("40 kg par semaine", False, ("kg", 40.0)),
        ("2 tonnes", False, ("kg", 2000.0)),
        ("1,5 m³ par mois", True, ("m³", 1.5)),
        ("une demi-journée", True, None),
        ("", False, None),
    ],
)
def test_quantities_in_words_are_understood_or_left(text, recurring, expected):
    found = amount_of(text, is_recurring=recurring)
    assert found == expected or (found[0] == expected[0] and found[1] == pytest.approx(expected[1]))


texts = st.text(alphabet="aàcéeiloprstu 0123456789kg,", max_size=40)
sides = st.builds(
    Words,
    category=st.sampled_from(["denrees", "materiel", "autre"]),
    manner=st.sampled_from(["don", "pret", "echange"]),
    title=texts,
    text=texts,
    quantity=texts,
    when=texts,
    is_recurring=st.booleans(),
    radius_km=st.integers(1, 200),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sides, sides, st.floats(0, 300))
def test_a_fit_is_near_has_reasons_and_a_score(offer, need, km):
    found = fit(offer, need, km)
    if found is not None:
        assert km <= max(offer.radius_km, need.radius_km)
        assert found.reasons and 50 <= found.score <= 100


def test_a_loan_does_not_answer_who_must_keep_it():
    offer, need, km, _ = PAIRS[9]
    assert fit(words(offer, "pret"), words(need, "pret"), km)
    assert fit(words(offer, "pret"), words(need, "don"), km) is None


@pytest.fixture
def two(db):
    offer = published(title="Épluchures du restaurant", text="Seaux fermés.")
    need = ListingFactory(side=Side.NEED, title="Biodéchets pour composter", text="Chaque semaine.")
    return offer, need


def test_both_sides_are_told_once_and_a_dismissal_stays(two):
    offer, need = two
    me, them = keeper(need), keeper(offer)
    actions.publish(need, actor=me)
    suggestion = Suggestion.objects.get()
    assert (suggestion.offer, suggestion.need) == two
    told = Notification.objects.filter(topic="initiatives.listing_matches")
    assert {one.user_id for one in told} == {me.user_id, them.user_id}
    matching.dismiss(suggestion, actor=them)
    first = suggestion.pk
    actions.edit(need, {"text": "Toute l’année."}, actor=me)
    again = Suggestion.objects.get()
    assert again.pk == first
    assert again.offer_state == SuggestionState.DISMISSED
    assert again.need_state == SuggestionState.SHOWN
    assert told.count() == 2


def test_what_goes_back_to_be_read_is_told_to_nobody(two):
    _, need = two
    me = Actor(user=need.author)
    type(need).objects.filter(pk=need.pk).update(
        organization=None,
        state=ListingState.PUBLISHED,
        published_at=clock.now(),
        valid_until=clock.today() + timedelta(days=60),
    )
    ListingFactory(author=me.user, organization=None, removal_reason="C’est une publicité.")
    need.refresh_from_db()
    assert (
        actions.edit(need, {"text": "Chaque semaine, achetez."}, actor=me).state
        == ListingState.REVIEW
    )
    assert not Suggestion.objects.exists()
    assert not Notification.objects.filter(topic="initiatives.listing_matches").exists()


def test_what_no_longer_fits_is_no_longer_suggested(two):
    _, need = two
    me = keeper(need)
    actions.publish(need, actor=me)
    given = {"category": "materiel", "title": "Tronçonneuse", "text": "Une journée."}
    actions.edit(need, given, actor=me)
    assert not Suggestion.objects.exists()


def test_one_is_not_matched_with_oneself(db):
    offer = published(title="Palettes en bois", category="materiel")
    need = ListingFactory(
        side=Side.NEED, title="Palettes", category="materiel", organization=offer.organization
    )
    actions.publish(need, actor=keeper(need))
    assert not Suggestion.objects.exists()


def test_nobody_else_dismisses(two):
    _, need = two
    actions.publish(need, actor=keeper(need))
    with pytest.raises(Exception, match="droit"):
        matching.dismiss(Suggestion.objects.get(), actor=Actor(user=published().author))


def test_far_away_is_not_suggested(two):
    _, need = two
    need.commune = CommuneFactory(code="38001", name="Loin", latitude=46.5, longitude=5.7)
    need.save()
    actions.edit(need, {"commune": need.commune}, actor=keeper(need))
    actions.publish(need, actor=Actor(user=need.author, membership=need.author.memberships.get()))
    assert not Suggestion.objects.exists()
