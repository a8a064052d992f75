"""A place joins, signs, confirms, leaves; the label follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole
from preau.agreements.actions.drawing import cancel_agreement, render_agreement
from preau.agreements.enums import AgreementState
from preau.charters.actions import adhesions, charters
from preau.charters.enums import AdhesionState
from preau.charters.models import Charter, CharterAdhesion
from preau.charters.tasks import look_after
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.directory.models import Label
from preau.notifications.models import Notification
from tests.agreements.factories import mayor_of
from tests.charters.conftest import hand_of
from tests.charters.factories import WANTED, adhesion_of, charter_of
from tests.places.factories import PlaceFactory
from tests.signatures.factories import consented, work

pytestmark = pytest.mark.django_db


def told(user):
    return list(
        Notification.objects.filter(user=user).order_by("pk").values_list("title", flat=True)
    )


def signed(charter, place, actor):
    """Signed by both, through the same pages' verbs as any agreement."""
    adhesion = adhesion_of(charter, place, actor)
    render_agreement(adhesion.agreement_id)
    round_ = adhesion.agreement.rounds.get()
    for _ in range(2):
        one = round_.signatories.filter(state="invite").first() or round_.signatories.get(
            invited_at__isnull=False, signed_at=None
        )
        consented(one)
        work(round_)
    return CharterAdhesion.objects.get(pk=adhesion.pk)


@pytest.fixture
def active(charter, place, hosting):
    """In force, by the news of its agreement."""
    adhesion = adhesion_of(charter, place, hosting)
    agreement = adhesion.agreement
    agreement.state = AgreementState.SIGNED
    adhesions.follow_agreement(agreement, actor=SYSTEM)
    return CharterAdhesion.objects.get(pk=adhesion.pk)


@pytest.mark.django_db(transaction=True)
def test_a_place_signs_and_bears_the_label(charter, place, hosting, keeping):
    adhesion = signed(charter, place, hosting)
    assert adhesion.state == AdhesionState.ACTIVE
    label = Label.objects.get()
    assert (label.words, label.sheet.place_id) == ("Lieu partagé", place.pk)
    assert label.until == adhesion.confirm_by + timedelta(days=30)
    parties = adhesion.agreement.content["parties"]
    assert [one["role"] for one in parties] == ["le lieu", "qui tient la charte"]
    assert any("adhère" in title for title in told(keeping.user))
    assert any("adhère" in title for title in told(hosting.user))


def test_nothing_is_labelled_before_it_is_signed(charter, place, hosting):
    assert adhesion_of(charter, place, hosting).state == AdhesionState.SIGNING
    assert not Label.objects.exists()


def test_joining_twice_is_once(charter, place, hosting):
    adhesion = adhesion_of(charter, place, hosting)
    with pytest.raises(Refusal, match="adhère déjà"):
        adhesions.join(charter, place, actor=hosting)
    twin = CharterAdhesion(charter=charter, place=place, agreement=adhesion.agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_only_the_hands_of_the_place_commit_it(charter, place, town, keeping):
    mayor_of(town)
    for actor in (keeping, hand_of(town, MembershipRole.MEMBER)):
        with pytest.raises(Forbidden):
            adhesions.join(charter, place, actor=actor)


def test_a_draft_place_or_charter_waits(keeper, keeping, town, hosting, charter):
    mayor_of(town)
    draft = PlaceFactory(owner=town, publication="brouillon")
    with pytest.raises(Refusal, match="Publiez d’abord le lieu"):
        adhesions.join(charter, draft, actor=hosting)
    charters.close(charter, actor=keeping)
    with pytest.raises(Refusal, match="ne reçoit pas"):
        adhesions.join(charter, PlaceFactory(owner=town), actor=hosting)


def test_nobody_named_to_sign_is_said(charter, place, hosting):
    with pytest.raises(Refusal, match="doit désigner qui signe"):
        adhesions.join(charter, place, actor=hosting)
    assert not CharterAdhesion.objects.exists()


def test_an_agreement_that_ends_ends_the_adhesion(active, hosting):
    active.agreement.refresh_from_db()
    cancel_agreement(active.agreement, "Travaux", actor=hosting)
    active.refresh_from_db()
    assert (active.state, active.reason) == (AdhesionState.ENDED, "Travaux")
    assert not Label.objects.exists()


def test_the_year_passes(active, hosting):
    with clock.frozen(clock.now() + timedelta(days=330)):
        assert active.confirm_by - clock.today() > timedelta(days=30)
        assert look_after(0) == 0
    with clock.frozen(clock.now() + timedelta(days=340)):
        assert look_after(0) == 1
        assert look_after(0) == 0  # said once
    with clock.frozen(clock.now() + timedelta(days=395)):
        assert look_after(0) == 0  # thirty days of grace
        assert Label.objects.exists()
    with clock.frozen(clock.now() + timedelta(days=397)):
        assert look_after(0) == 1
        active.refresh_from_db()
        assert active.state == AdhesionState.LAPSED
        assert not Label.objects.exists()
        back = adhesions.confirm(active, "Une cuisine de plus", actor=hosting)
        assert back.state == AdhesionState.ACTIVE
        assert back.confirm_by > clock.today() + timedelta(days=360)
        assert Label.objects.exists()


def test_the_keeper_suspends_with_a_reason_and_gives_back(active, keeping, hosting):
    with pytest.raises(Refusal, match="motif"):
        adhesions.suspend(active, " ", actor=keeping)
    with pytest.raises(Forbidden):
        adhesions.suspend(active, "Heures non tenues", actor=hosting)
    adhesions.suspend(active, "Heures non tenues", actor=keeping)
    assert not Label.objects.exists()
    assert "suspendue" in told(hosting.user)[-1]
    with pytest.raises(Refusal, match="n’est pas à confirmer"):
        adhesions.confirm(active, "", actor=hosting)
    adhesions.reinstate(active, actor=keeping)
    assert Label.objects.exists()


def test_a_place_leaves_and_may_come_back(active, charter, place, hosting, keeping):
    with pytest.raises(Forbidden):
        adhesions.leave(active, "Non", actor=keeping)
    adhesions.leave(active, "Le lieu ferme", actor=hosting)
    active.refresh_from_db()
    assert active.state == AdhesionState.ENDED
    assert not Label.objects.exists()
    assert "quitte" in told(keeping.user)[-1]
    assert adhesions.join(charter, place, actor=hosting).state == AdhesionState.SIGNING
    with pytest.raises(Refusal, match="déjà terminée"):
        adhesions.leave(active, "Encore", actor=hosting)


def test_a_charter_opens_once_its_text_is_published(keeper, keeping):
    from preau.agreements.loading import load_national_models

    load_national_models()
    charter = charter_of(keeper, keeping, opened=False)
    with pytest.raises(Refusal, match="publiez d’abord le texte"):
        charters.open_to_places(charter, actor=keeping)
    with pytest.raises(Refusal, match="déjà ce nom"):
        charters.create(WANTED, actor=keeping)
    assert Charter.objects.count() == 1


def test_an_unverified_structure_keeps_none(keeper, keeping):
    keeper.verified_at, keeper.verified_by_method = None, ""
    keeper.save()
    with pytest.raises(Forbidden):
        charters.create(WANTED, actor=keeping)


def test_a_label_that_is_renamed_is_renamed_everywhere(active, charter, keeping):
    charters.edit(charter, replace(WANTED, label="Maison partagée"), actor=keeping)
    assert Label.objects.get().words == "Maison partagée"
