"""Who is told what, once, with a calendar that follows."""

import uuid
from datetime import timedelta

import icalendar
import pytest
from django.core import mail

from preau.accounts.enums import MembershipRole
from preau.booking import tasks
from preau.booking.actions import requests
from preau.booking.enums import Side
from preau.conversations.actions import post_message
from preau.core import clock
from preau.notifications.actions import enqueue_email
from preau.notifications.models import Email
from preau.places.enums import ApprovalMode, PlaceRoleKind
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.booking.factories import details, evening, people
from tests.places.factories import PlaceRoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def them():
    return people()


def since(act):
    """Letters written by an act, by recipient."""
    last = Email.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    act()
    return {one.recipient: one for one in Email.objects.filter(pk__gt=last).order_by("pk")}


def event_of(letter):
    return icalendar.Calendar.from_ical(letter.calendar).walk("VEVENT")[0]


def test_a_request_tells_both_sides(them):
    letters = since(them.book)
    assert set(letters) == {them.occupant.user.email, them.manager.user.email}
    mine, theirs = letters[them.occupant.user.email], letters[them.manager.user.email]
    assert mine.subject.startswith("Votre demande est envoyée : ")
    assert theirs.subject.startswith("Demande à traiter : ")
    assert them.space.name in mine.subject
    assert "Répondez au plus tard" in theirs.text
    assert not mine.calendar
    assert "/reservations/" in mine.html


def test_the_purpose_is_not_in_the_letters(them):
    letters = since(lambda: them.book(typed=details(purpose="Réunion confidentielle")))
    assert not any("confidentielle" in one.text + one.html for one in letters.values())


def test_everybody_who_answers_is_told_once(them):
    place = them.space.place
    head = PlaceRoleFactory(place=place, role=PlaceRoleKind.HEAD_OF_SCHOOL).user
    PlaceRoleFactory(place=place, user=head, role=PlaceRoleKind.OPERATOR)
    PlaceRoleFactory(place=place, role=PlaceRoleKind.CARETAKER)
    approver = MembershipFactory(organization=place.owner, role=MembershipRole.APPROVER).user
    MembershipFactory(organization=place.owner, role=MembershipRole.MEMBER)
    gone = MembershipFactory(organization=place.owner, role=MembershipRole.MANAGER)
    gone.ended_at = clock.now()
    gone.save()
    told = set(since(them.book)) - {them.occupant.user.email}
    assert told == {them.manager.user.email, head.email, approver.email}


def test_nobody_runs_the_place_here_its_mailbox_is_told(them):
    them.manager.membership.ended_at = clock.now()
    them.manager.membership.save()
    them.space.place.contact_email = "accueil@lieu.example"
    them.space.place.save()
    assert "accueil@lieu.example" in since(them.book)


def test_immediate_confirmation():
    them = people(approval=ApprovalMode.IMMEDIATE)
    letters = since(them.book)
    mine = letters[them.occupant.user.email]
    assert mine.subject.startswith("Votre réservation est confirmée")
    assert mine.calendar_method == "PUBLISH"
    assert letters[them.manager.user.email].subject.startswith("Nouvelle réservation")
    assert not letters[them.manager.user.email].calendar


CHANGES = [
    ("accept", lambda one, who: requests.accept(one, actor=who), "est acceptée", "PUBLISH"),
    ("refuse", lambda one, who: requests.refuse(one, "Travaux", actor=who), "pas acceptée", ""),
    ("ask", lambda one, who: requests.ask_change(one, "Plus tôt", actor=who), "À modifier", ""),
]


@pytest.mark.parametrize(("name", "act", "subject", "method"), CHANGES)
def test_the_managers_answer_tells_the_occupant_alone(them, name, act, subject, method):
    one = them.book()
    letters = since(lambda: act(one, them.manager))
    assert set(letters) == {them.occupant.user.email}
    letter = letters[them.occupant.user.email]
    assert subject in letter.subject
    assert letter.calendar_method == method


def test_answered_twice_is_told_once(them):
    one = them.book()
    requests.accept(one, actor=them.manager)
    assert since(lambda: requests.accept(one, actor=them.manager)) == {}


def test_the_calendar_follows_the_booking(them):
    one = them.book()
    address = them.occupant.user.email
    accepted = since(lambda: requests.accept(one, actor=them.manager))[address]
    later = evening(them.space, days=12)
    moved = since(lambda: requests.reschedule(one, later, "Élections", actor=them.manager))[address]
    cancelled = since(
        lambda: requests.cancel(one, "Inondation", side=Side.MANAGER, actor=them.manager)
    )[address]
    events = [event_of(letter) for letter in (accepted, moved, cancelled)]
    assert len({event["uid"] for event in events}) == 1
    numbers = [event["sequence"] for event in events]
    assert numbers == sorted(set(numbers))
    assert events[1].decoded("dtstart") == later.start
    assert cancelled.calendar_method == "CANCEL"
    assert events[2]["status"] == "CANCELLED"
    assert "Élections" in moved.text
    assert "Elle était prévue" in moved.text
    assert "Inondation" in cancelled.text


def test_cancelling_a_request_takes_nothing_from_the_calendar(them):
    one = them.book()
    letters = since(lambda: requests.cancel(one, "", side=Side.OCCUPANT, actor=them.occupant))
    assert set(letters) == {them.occupant.user.email, them.manager.user.email}
    assert not letters[them.occupant.user.email].calendar


def test_a_manager_who_cancels_is_not_told_but_the_others_are(them):
    one = them.book(confirmed=True)
    other = MembershipFactory(
        organization=them.space.place.owner, role=MembershipRole.APPROVER
    ).user
    letters = since(lambda: requests.cancel(one, "Travaux", side=Side.MANAGER, actor=them.manager))
    assert set(letters) == {them.occupant.user.email, other.email}
    assert "annulée par le gestionnaire" in letters[them.occupant.user.email].subject


def test_a_changed_request_says_what_it_was(them):
    one = them.book()
    later = evening(them.space, days=11)
    letters = since(lambda: requests.amend(one, details(), actor=them.occupant, period=later))
    assert "il était prévu" in letters[them.manager.user.email].text


def test_an_expired_request_tells_both_sides(them):
    one = them.book()
    with clock.frozen(one.answer_by + timedelta(minutes=1)):
        letters = since(lambda: tasks.expire_requests(0))
    assert set(letters) == {them.occupant.user.email, them.manager.user.email}
    assert "n’a pas répondu dans le délai" in letters[them.occupant.user.email].text


def test_a_change_nobody_made_expires_with_its_own_words(them):
    one = them.book()
    one = requests.ask_change(one, "Plus tôt", actor=them.manager)
    with clock.frozen(one.answer_by + timedelta(minutes=1)):
        letters = since(lambda: tasks.expire_requests(0))
    assert "n’a pas été faite à temps" in letters[them.occupant.user.email].text


def test_who_left_the_organisation_is_no_longer_told(them):
    one = them.book()
    president = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    one.organization = president.organization
    one.save()
    letters = since(lambda: requests.accept(one, actor=them.manager))
    assert set(letters) == {president.user.email}


def test_a_message_tells_the_other_side(them):
    one = them.book()

    def write(actor, text):
        return since(
            lambda: post_message(
                thread=one.thread, body=text, idempotency_key=uuid.uuid4(), actor=actor
            )
        )

    asked = write(them.occupant, "Y a-t-il un piano ?")
    assert set(asked) == {them.manager.user.email}
    assert "Y a-t-il un piano ?" in asked[them.manager.user.email].text
    answered = write(them.manager, "Oui.")
    assert set(answered) == {them.occupant.user.email}


def test_the_same_letter_keeps_its_identity(them):
    them.book()
    first = Email.objects.first()
    again = enqueue_email(
        cause=first.cause, recipient=first.recipient, subject=first.subject, text=first.text
    )
    assert (again.pk, again.message_id) == (first.pk, first.message_id)
    assert Email.objects.values("message_id").distinct().count() == Email.objects.count()
    assert not mail.outbox


def test_a_long_name_keeps_its_subject_on_one_line(them):
    them.space.name = "Salle " + "très longue " * 9
    them.space.save()
    letters = since(them.book)
    assert all(len(one.subject) <= 250 for one in letters.values())
    assert UserFactory
