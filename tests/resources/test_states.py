"""The life of a record: what the actions refuse, and what the database refuses without them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core.errors import Forbidden, Refusal
from preau.core.models import AuditEvent
from preau.notifications.models import Notification
from preau.resources import actions, perms
from preau.resources.days import today
from preau.resources.enums import (
    TRANSITIONS,
    EntryKind,
    ResourceKind,
    ResourceState,
    Signal,
    Source,
)
from preau.resources.models import Entry, Resource
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.resources.factories import ResourceFactory, published

pytestmark = pytest.mark.django_db
S = ResourceState
WHOLE = {
    "summary": "Une aide",
    "themes": ["energie"],
    "blockage_kinds": ["financement"],
    "areas": ["fr"],
}


def staff(organization, role=MembershipRole.MEMBER):
    membership = MembershipFactory(organization=organization, role=role)
    return Actor(membership.user, membership)


@pytest.fixture
def service():
    return OrganizationFactory(kind=OrganizationKind.STATE_SERVICE, verified=True, name="DDT")


@pytest.fixture
def author(service):
    return staff(service)


@pytest.fixture
def reader(service):
    return staff(service, MembershipRole.MANAGER)


@pytest.fixture
def draft(author):
    one = actions.create(actor=author, kind=ResourceKind.AID, title="Aide aux écoles")
    return actions.edit(one, WHOLE | {"expires_on": today() + timedelta(days=90)}, actor=author)


@pytest.fixture
def in_review(draft, author):
    return actions.submit(draft, actor=author)


def code_of(call):
    with pytest.raises(Refusal) as found:
        call()
    return found.value.code


# --- Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "verified", "may"),
    [
        (OrganizationKind.STATE_SERVICE, True, True),
        (OrganizationKind.EPCI, True, True),
        (OrganizationKind.STATE_SERVICE, False, False),
        (OrganizationKind.COMMUNE, True, False),
        (OrganizationKind.ASSOCIATION, True, False),
    ],
)
def test_only_some_verified_organisations_write(kind, verified, may):
    actor = staff(OrganizationFactory(kind=kind, **({"verified": True} if verified else {})))
    assert perms.may_create(actor) is may
    if not may:
        with pytest.raises(Forbidden):
            actions.create(actor=actor, kind=ResourceKind.AID, title="Aide")


def test_the_operator_writes_and_others_of_other_organisations_do_not(draft):
    operator = Actor(UserFactory(operator=True))
    one = actions.create(actor=operator, kind=ResourceKind.GUIDE, title="Guide")
    assert one.owner is None
    stranger = staff(OrganizationFactory(kind=OrganizationKind.EPCI, verified=True))
    for call in (
        lambda: actions.edit(draft, {"title": "Autre"}, actor=stranger),
        lambda: actions.set_contacts(draft, [], actor=stranger),
        lambda: actions.submit(draft, actor=stranger),
        lambda: actions.reopen(draft, actor=stranger),
        lambda: actions.archive(draft, "non", actor=stranger),
        lambda: actions.renew(draft, today() + timedelta(days=9), actor=stranger),
        lambda: actions.accept(draft, actor=stranger),
        lambda: actions.send_back(draft, "non", actor=stranger),
    ):
        with pytest.raises(Forbidden):
            call()


def test_a_plain_member_does_not_review(in_review, service):
    with pytest.raises(Forbidden):
        actions.accept(in_review, actor=staff(service))


# --- Submitting and reading -----------------------------------------------------------------------


def test_submitting_says_all_that_is_missing(author):
    one = actions.create(actor=author, kind=ResourceKind.AID, title="Aide")
    with pytest.raises(Refusal) as refusal:
        actions.submit(one, actor=author)
    for words in ("phrase", "thème", "blocages", "territoire", "date"):
        assert words in refusal.value.sentence
    one.refresh_from_db()
    assert one.state == S.DRAFT


def test_another_person_publishes(in_review, author, reader):
    assert code_of(lambda: actions.accept(in_review, actor=_as_manager(author))) == "author"
    one = actions.accept(in_review, actor=reader)
    assert (one.state, one.reviewed_by) == (S.PUBLISHED, reader.user)
    assert one.verified_on == today()
    told = Notification.objects.filter(user=author.user, topic="resources.mine")
    assert [note.title for note in told] == ["Votre fiche est publiée : Aide aux écoles"]
    assert not Notification.objects.filter(user=reader.user, topic="resources.mine").exists()


def _as_manager(actor):
    actor.membership.role = MembershipRole.MANAGER
    actor.membership.save()
    return actor


def test_who_reads_is_told_and_who_wrote_is_not(reader, draft, author, service):
    writes_too = staff(service, MembershipRole.ADMINISTRATOR)
    actions.edit(draft, {"title": "Aide aux mairies"}, actor=writes_too)
    actions.submit(draft, actor=author)
    told = Notification.objects.filter(topic="resources.to_review").values_list("user", flat=True)
    assert list(told) == [reader.user_id]


def test_without_anyone_else_the_operators_are_told(draft, author):
    operator = UserFactory(operator=True)
    actions.submit(draft, actor=author)
    told = Notification.objects.filter(topic="resources.to_review").values_list("user", flat=True)
    assert list(told) == [operator.pk]


def test_the_last_one_who_edited_does_not_publish_either(draft, author, reader):
    actions.edit(draft, {"title": "Aide aux mairies"}, actor=reader)
    one = actions.submit(draft, actor=author)
    assert code_of(lambda: actions.accept(one, actor=reader)) == "author"


def test_sent_back_with_a_reason_then_submitted_again(in_review, author, reader):
    with pytest.raises(Refusal) as refusal:
        actions.send_back(in_review, "  ", actor=reader)
    assert refusal.value.field == "reason"
    one = actions.send_back(in_review, "Précisez le taux.", actor=reader)
    assert (one.state, one.submitted_by) == (S.DRAFT, None)
    assert one.entries.first().reason == "Précisez le taux."
    note = Notification.objects.get(user=author.user, topic="resources.mine")
    assert note.body == "Précisez le taux."
    actions.edit(one, {"rate_max": 40}, actor=author)
    assert actions.submit(one, actor=author).state == S.REVIEW


def test_two_answers_the_second_hears_of_the_first(in_review, reader, service):
    second = staff(service, MembershipRole.APPROVER)
    actions.accept(in_review, actor=reader)
    assert code_of(lambda: actions.send_back(in_review, "non", actor=second)) == "state"
    assert code_of(lambda: actions.accept(in_review, actor=second)) == "state"


@pytest.mark.parametrize("state", [S.DRAFT, S.EXPIRED, S.ARCHIVED])
def test_only_what_is_being_read_is_published(draft, reader, state):
    if state == S.EXPIRED:
        draft = published(owner=draft.owner, state=S.EXPIRED)
    elif state == S.ARCHIVED:
        Resource.objects.filter(pk=draft.pk).update(state=state)
    assert code_of(lambda: actions.accept(draft, actor=reader)) == "state"


def test_what_is_published_is_changed_in_draft_only(in_review, author, reader):
    one = actions.accept(in_review, actor=reader)
    assert code_of(lambda: actions.edit(one, {"title": "Autre"}, actor=author)) == "state"
    one = actions.reopen(one, actor=author)
    assert (one.state, one.reviewed_by) == (S.DRAFT, None)
    assert actions.edit(one, {"title": "Autre"}, actor=reader).title == "Autre"


def test_contacts_change_without_a_second_reading(in_review, author, reader):
    one = actions.accept(in_review, actor=reader)
    actions.set_contacts(one, [{"name": "Accueil", "email": "ddt@isere.example"}], actor=author)
    assert [c.name for c in one.contacts.all()] == ["Accueil"]
    with pytest.raises(Refusal) as refusal:
        actions.set_contacts(one, [{"name": "Personne"}], actor=author)
    assert refusal.value.field == "email_1"
    assert [c.name for c in one.contacts.all()] == ["Accueil"]


def test_a_mirrored_record_is_changed_at_its_source():
    operator = Actor(UserFactory(operator=True))
    one = published(source=Source.AIDES_TERRITOIRES, source_id="7")
    assert code_of(lambda: actions.reopen(one, actor=operator)) == "mirrored"
    assert code_of(lambda: actions.archive(one, "non", actor=operator)) == "mirrored"


def test_a_delivered_record_becomes_ours_when_somebody_takes_it_over():
    operator = Actor(UserFactory(operator=True))
    one = published(source=Source.PREAU, source_id="detr")
    assert one.is_to_verify
    one = actions.reopen(one, actor=operator)
    assert one.source == Source.SITE


def test_history_says_who_what_and_why(in_review, author, reader):
    actions.accept(in_review, actor=reader)
    kinds = list(in_review.entries.values_list("kind", "user"))
    assert kinds == [
        (EntryKind.ACCEPTED, reader.user_id),
        (EntryKind.SUBMITTED, author.user_id),
        (EntryKind.EDITED, author.user_id),
        (EntryKind.CREATED, author.user_id),
    ]
    edited = in_review.entries.get(kind=EntryKind.EDITED)
    assert set(edited.changed) == {*WHOLE, "expires_on"}
    assert edited.content["summary"] == "Une aide"
    assert AuditEvent.objects.filter(subject_type="resources.resource").count() == 4


# --- Its end --------------------------------------------------------------------------------------


def test_renewing_shows_an_expired_record_again(service, author):
    one = published(owner=service, state=S.EXPIRED, expires_on=today() - timedelta(days=1))
    for day in (today(), today() + timedelta(days=2000)):
        with pytest.raises(Refusal):
            actions.renew(one, day, actor=author)
    one = actions.renew(one, today() + timedelta(days=100), actor=author)
    assert (one.state, one.verified_on) == (S.PUBLISHED, today())


def test_signals_reach_the_keepers_and_are_closed(service, reader):
    one = published(owner=service)
    row = actions.signal(one, Signal.LINK, "Le lien est mort", actor=Actor())
    note = Notification.objects.get(user=reader.user)
    assert note.body == "Un lien ne marche plus. Le lien est mort"
    assert actions.close_signal(row, actor=reader).closed_by == reader.user
    with pytest.raises(Forbidden):
        actions.close_signal(row, actor=Actor(UserFactory()))


def test_a_record_is_not_signalled_without_end(service):
    one = published(owner=service)
    for _ in range(20):
        actions.signal(one, Signal.OTHER, actor=Actor())
    assert code_of(lambda: actions.signal(one, Signal.OTHER, actor=Actor())) == "enough"


# --- What the database refuses by itself ----------------------------------------------------------


def refused(**values):
    one = published()
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=one.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "inconnu"},
        {"themes": ["inconnu"]},
        {"blockage_kinds": ["inconnu"]},
        {"phases": ["inconnu"]},
        {"audiences": ["inconnu"]},
        {"rate_min": 50, "rate_max": 20},
        {"rate_max": 101},
        {"floor_cents": 9, "ceiling_cents": 2},
        {"opens_on": "2027-02-02", "closes_on": "2027-01-01"},
        {"themes": []},
        {"areas": []},
        {"expires_on": None},
        {"reviewed_by": None},
        {"source": Source.PREAU},
    ],
)
def test_constraints(values):
    refused(**values)


def test_the_author_never_is_the_reader():
    one = published()
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=one.pk).update(reviewed_by=one.submitted_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=one.pk).update(edited_by=one.reviewed_by)


@pytest.mark.parametrize("values", [{"title": "Autre"}, {"areas": ["fr", "region:84"]}])
def test_what_is_shown_does_not_change(values):
    refused(**values)


def test_the_table_of_transitions_is_the_databases():
    for before in S:
        for after in S:
            if before == after:
                continue
            one = published(state=before)
            leads = after in TRANSITIONS[before]
            if (before, after) == (S.ARCHIVED, S.PUBLISHED):
                leads = False  # for mirrored records only
            try:
                with transaction.atomic():
                    Resource.objects.filter(pk=one.pk).update(state=after)
            except DatabaseError:
                assert not leads, (before, after)
            else:
                assert leads, (before, after)


def test_history_is_only_added_to(in_review):
    entries = Entry.objects.filter(resource=in_review)
    with pytest.raises(DatabaseError), transaction.atomic():
        entries.update(reason="autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        entries.delete()


def test_one_record_for_one_number_of_a_source():
    published(source=Source.AIDES_TERRITOIRES, source_id="7")
    published(source=Source.PREAU, source_id="7")
    with pytest.raises(IntegrityError), transaction.atomic():
        ResourceFactory(source=Source.AIDES_TERRITOIRES, source_id="7")
