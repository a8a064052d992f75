"""Documents handed in while booking and after, read and answered by the manager."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.perms import allowed
from preau.agreements.loading import load_national_models
from preau.booking.actions import requests
from preau.booking.enums import Approver, BookingState, PieceState, Side
from preau.booking.models import ApprovalStep, BookingRules, RequiredDocument, RulesAssignment
from preau.core import clock
from preau.documents.actions import replace, share
from preau.documents.enums import DocumentKind, Risk
from preau.places.enums import ApprovalMode, UserCategory
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.agreements.factories import national
from tests.booking.factories import bookable_space, booking, details, evening, held
from tests.documents.factories import insurance as vault_insurance
from tests.documents.factories import pdf_bytes, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    space = bookable_space(approval=ApprovalMode.IMMEDIATE)
    space.rules = BookingRules.objects.create(organization=space.place.owner, name="Salles")
    RulesAssignment.objects.create(rules=space.rules, space=space)
    RequiredDocument.objects.create(
        rules=space.rules, kind=DocumentKind.INSURANCE, categories=list(UserCategory.values)
    )
    return space


def insurance(**fields):
    return {
        "file": SimpleUploadedFile("attestation.pdf", pdf_bytes(), "application/pdf"),
        "title": "Attestation MAIF",
        "expires_on": (clock.now() + timedelta(days=300)).date(),
        "risks": ["responsabilite_civile"],
    } | fields


def test_the_step_asks_for_what_the_space_requires(client, space):
    user = UserFactory()
    sign_in(client, user)
    one = held(space, actor=Actor(user))
    typed = {
        "purpose": "Répétition",
        "is_public_event": "non",
        "attendance": 5,
        "contact_name": "Camille",
        "contact_phone": "0476000000",
    }
    answer = client.post(reverse("booking:details", args=[one.reference]), typed)
    assert answer.url == reverse("booking:pieces", args=[one.reference])
    assert "Attestation d’assurance" in client.get(answer.url).content.decode()
    add = reverse("booking:piece_add", args=[one.reference, DocumentKind.INSURANCE])
    wrong = client.post(add, insurance(expires_on="")).content.decode()
    assert "jusqu’à quand l’assurance est valable" in wrong and "Attestation MAIF" in wrong
    assert client.post(add, insurance()).url == answer.url
    assert "Dans le coffre" in client.get(answer.url).content.decode()
    recap = reverse("booking:recap", args=[one.reference])
    client.post(recap, {"rules": "on"})
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED


def test_who_will_sign_an_agreement_says_in_what_capacity(client, space):
    load_national_models()
    space.rules.agreement_model = national()
    space.rules.save()
    member = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    sign_in(client, member.user, member)
    one = held(space, actor=Actor(member.user, member))
    typed = {
        "acting": str(member.pk),
        "purpose": "Répétition",
        "is_public_event": "non",
        "attendance": 5,
        "contact_name": "Camille",
        "contact_phone": "0476000000",
    }
    details_page = reverse("booking:details", args=[one.reference])
    assert "à quel titre vous signerez" in client.post(details_page, typed).content.decode()
    assert client.post(details_page, typed | {"capacity": "trésorier"}).status_code == 302
    assert client.post(details_page, typed | {"acting": "moi"}).status_code == 302


def test_accepted_at_once_but_incomplete_says_so(client, space):
    user = UserFactory()
    sign_in(client, user)
    one = booking(space, actor=Actor(user))
    assert one.state == BookingState.TO_COMPLETE
    page = client.get(reverse("booking:sent", args=[one.reference])).content.decode()
    assert "il reste à la compléter" in page


def test_the_answer_is_announced_by_the_rules(client, space):
    """Two accords of the rules, although the space by itself says yes at once."""
    for position in (1, 2):
        ApprovalStep.objects.create(
            rules=space.rules, position=position, approver=Approver.ANY, label="Accord", hours=72
        )
    period = evening(space)
    query = {"debut": period.start.isoformat(), "fin": period.end.isoformat()}
    page = client.get(reverse("booking:start", args=[space.pk]), query).content.decode()
    assert "répond sous 6 jours" in page


def test_a_document_due_at_once_leads_back_to_its_step(client, space):
    space.rules.documents.update(with_request=True)
    user = UserFactory()
    sign_in(client, user)
    one = held(space, actor=Actor(user))
    from preau.booking.actions.holds import keep_draft

    keep_draft(one, details(), actor=Actor(user))
    answer = client.post(reverse("booking:recap", args=[one.reference]), {"rules": "on"})
    assert answer.url == reverse("booking:pieces", args=[one.reference])


def test_afterwards_the_page_says_what_is_missing_and_takes_it(client, space):
    user = UserFactory()
    sign_in(client, user)
    one = booking(space, actor=Actor(user))
    page = reverse("booking:page", args=[one.reference])
    shown = client.get(page).content.decode()
    provide = f"{reverse('booking:piece_provide', args=[one.reference])}?nature=assurance"
    assert provide in shown and "Acceptée, à compléter" in shown
    assert client.post(provide, insurance()).url == page
    one.refresh_from_db()
    assert one.state == BookingState.CONFIRMED


def test_the_manager_reads_accepts_or_asks_for_another(client, space):
    user = UserFactory()
    sign_in(client, user)
    one = booking(space, actor=Actor(user))
    client.post(
        f"{reverse('booking:piece_provide', args=[one.reference])}?nature=assurance", insurance()
    )
    piece = one.pieces.get()
    membership = MembershipFactory(organization=space.place.owner, role=MembershipRole.MANAGER)
    sign_in(client, membership.user, membership)
    download = reverse("documents:download", args=[piece.document_id])
    assert client.get(download).status_code == 200
    client.post(reverse("booking:piece_reject", args=[piece.pk]), {"reason": "Illisible."})
    piece.refresh_from_db()
    assert (piece.state, piece.reason) == (PieceState.REJECTED, "Illisible.")
    verify = reverse("booking:piece_verify", args=[piece.pk])
    client.post(verify, {"document": piece.document_id - 1})  # replaced since the page was shown
    piece.refresh_from_db()
    assert piece.state == PieceState.REJECTED
    client.post(verify, {"document": piece.document_id})
    piece.refresh_from_db()
    assert piece.state == PieceState.ACCEPTED


def test_what_the_vault_holds_by_now_is_offered(client, space):
    user = UserFactory()
    sign_in(client, user)
    one = booking(space, actor=Actor(user))
    certificate = vault_insurance(owner_user=user)
    provide = f"{reverse('booking:piece_provide', args=[one.reference])}?nature=assurance"
    assert "Déjà dans votre coffre" in client.get(provide).content.decode()
    client.post(provide, {"reprendre": "1"})
    one.refresh_from_db()
    assert one.pieces.get().document == certificate
    assert one.state == BookingState.CONFIRMED


# --- Who reads them, and until when


def keys_of(document):
    return set(document.readers.values_list("key", flat=True))


def keys_for(space):
    return {f"place:{space.place_id}", f"organization:{space.place.owner_id}:deciders"}


@pytest.fixture
def lent(space):
    """The same, answered by a manager."""
    space.approval = ApprovalMode.MANAGER
    space.save()
    return space


@pytest.fixture
def occupant():
    return Actor(UserFactory())


def member_of(organization, role):
    membership = MembershipFactory(organization=organization, role=role)
    return Actor(membership.user, membership)


def test_of_the_owner_only_those_who_decide_read_them(space, occupant):
    document = vault_insurance(owner_user=occupant.user)
    booking(space, actor=occupant)
    assert keys_of(document) == keys_for(space)
    for role in MembershipRole:
        may = role not in {MembershipRole.MEMBER, MembershipRole.CARETAKER}
        assert allowed(member_of(space.place.owner, role), "document.read", document) is may


def end(how, one, manager):
    if how == "refused":
        requests.refuse(one, "Travaux.", actor=manager)
    elif how == "cancelled":
        requests.cancel(one, "Malade.", side=Side.OCCUPANT, actor=Actor(one.requester))
    elif how == "expired":
        with clock.frozen(one.answer_by + timedelta(seconds=1)):
            requests.expire(one)


ENDS = ["refused", "cancelled", "expired"]


@pytest.mark.parametrize("how", ENDS)
def test_ended_before_it_was_sure_nobody_reads_them_any_more(lent, occupant, how):
    document = vault_insurance(owner_user=occupant.user)
    one = booking(lent, actor=occupant)
    assert keys_of(document) == keys_for(lent)
    share(document, ["user:7"], actor=SYSTEM)
    manager = member_of(lent.place.owner, MembershipRole.MANAGER)
    end(how, one, manager)
    assert keys_of(document) == {"user:7"}  # what another matter shows stays
    assert one.pieces.get().document == document
    assert not allowed(manager, "document.read", document)


def test_accepted_but_never_completed_neither(lent, occupant):
    RequiredDocument.objects.create(
        rules=lent.rules, kind=DocumentKind.RIB, categories=list(UserCategory.values)
    )
    document = vault_insurance(owner_user=occupant.user)
    one = booking(lent, actor=occupant, confirmed=True)
    assert (one.state, keys_of(document)) == (BookingState.TO_COMPLETE, keys_for(lent))
    with clock.frozen(one.complete_by + timedelta(seconds=1)):
        requests.expire(one)
    assert keys_of(document) == set()


def test_once_confirmed_they_stay_with_the_booking(lent, occupant):
    document = vault_insurance(owner_user=occupant.user)
    one = booking(lent, actor=occupant, confirmed=True)
    assert one.state == BookingState.CONFIRMED
    end("cancelled", one, None)
    assert keys_of(document) == keys_for(lent)


def test_a_newer_version_is_hidden_too(lent, occupant):
    former = vault_insurance(owner_user=occupant.user)
    one = booking(lent, actor=occupant)
    ends = (clock.now() + timedelta(days=300)).date()
    newer = replace(
        former, actor=occupant, upload=upload(), expires_on=ends, facts={"risks": [Risk.TENANT]}
    )
    assert keys_of(newer) == keys_for(lent)
    end("cancelled", one, None)
    assert keys_of(newer) == keys_of(former) == set()


def test_what_another_live_booking_needs_is_kept(lent, occupant):
    """Of the same hall, then of another place of the same owner."""
    document = vault_insurance(owner_user=occupant.user)
    one, same_hall = (booking(lent, actor=occupant, days=days) for days in (10, 12))
    elsewhere = bookable_space(place__owner=lent.place.owner, approval=ApprovalMode.MANAGER)
    RulesAssignment.objects.create(rules=lent.rules, space=elsewhere)
    other_place = booking(elsewhere, actor=occupant)
    assert keys_of(document) == keys_for(lent) | keys_for(elsewhere)
    end("cancelled", one, None)
    assert keys_of(document) == keys_for(lent) | keys_for(elsewhere)
    end("cancelled", same_hall, None)
    assert keys_of(document) == keys_for(elsewhere)
    end("cancelled", other_place, None)
    assert keys_of(document) == set()


def test_what_another_person_hands_in_keeps_nothing(lent, occupant):
    document = vault_insurance(owner_user=occupant.user)
    other = Actor(UserFactory())
    theirs = vault_insurance(owner_user=other.user)
    one, _ = booking(lent, actor=occupant), booking(lent, actor=other, days=12)
    end("cancelled", one, None)
    assert keys_of(document) == set()
    assert keys_of(theirs) == keys_for(lent)
