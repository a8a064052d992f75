"""An organisation merged into another: everything moves, nothing clashes, nobody is lost."""

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from preau.accounts import following, tasks
from preau.accounts.actions import merge_organizations
from preau.accounts.actions.merging import links_to_organizations, what_moves
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Invitation, Membership, Organization
from preau.agreements.loading import load_national_models
from preau.agreements.models import Agreement, SigningAuthority
from preau.booking.models import BookingRules
from preau.conversations.models import ThreadAudience
from preau.core import audit
from preau.core.errors import Forbidden, Refusal
from preau.core.registries import organization_past
from preau.documents import journal
from preau.documents.models import Document, DocumentReader
from preau.notifications.models import Notification
from preau.pricing.models import Tariff
from preau.projects.enums import ProjectRole
from preau.projects.models import Project, ProjectMember
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.agreements.factories import agreement_of, mayor_of
from tests.booking.factories import bookable_space
from tests.conversations.factories import ThreadFactory
from tests.documents.factories import document
from tests.places.factories import PlaceFactory
from tests.projects.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return Actor(UserFactory(is_operator=True))


@pytest.fixture
def old():
    return OrganizationFactory(name="Mairie d’Avant", verified=True)


@pytest.fixture
def new():
    return OrganizationFactory(name="Commune Nouvelle", verified=True)


@pytest.fixture
def merge(operator, old, new):
    def act(source=None, target=None, reason="commune nouvelle"):
        return merge_organizations(
            actor=operator, source=source or old, target=target or new, reason=reason
        )

    return act


def pointing(organization):
    return {
        f"{model._meta.label}.{field}"
        for model, field in links_to_organizations()
        if model._base_manager.filter(**{field: organization}).exists()
    }


def test_everything_moves_and_the_journal_says_it(merge, old, new):
    space = bookable_space(place=PlaceFactory(owner=old))
    document(owner_organization=old)
    Tariff.objects.create(organization=old, name="Tarif")
    project = ProjectFactory(holder_organization=old)
    seen = {one.label: one.count for one in what_moves(old)}
    moved = {one.label: one.count for one in merge()}
    assert seen == moved
    assert {"places.Place.owner", "documents.Document.owner_organization"} <= moved.keys()
    assert pointing(old) == set()
    space.place.refresh_from_db()
    assert space.place.owner == new
    assert Project.objects.get(pk=project.pk).holder_organization == new
    old.refresh_from_db()
    assert (old.merged_into, old.is_verified) == (new, False)
    [event] = audit.history(old)
    assert (event.verb, event.reason) == ("organization.merge", "commune nouvelle")
    assert [one.verb for one in audit.history(new)] == ["organization.absorb"]


def test_members_of_both_keep_the_stronger_role_and_their_hat(merge, old, new):
    both, alone = UserFactory(), UserFactory()
    mine = MembershipFactory(user=both, organization=old, role=MembershipRole.ADMINISTRATOR)
    twin = MembershipFactory(user=both, organization=new, role=MembershipRole.MEMBER)
    MembershipFactory(user=alone, organization=old, role=MembershipRole.CARETAKER)
    both.last_membership = mine
    both.save()
    merge()
    live = Membership.objects.filter(ended_at=None, organization=new)
    assert dict(live.values_list("user_id", "role")) == {
        both.pk: "administrateur",
        alone.pk: "gardien",
    }
    both.refresh_from_db()
    assert both.last_membership == twin
    assert set(Notification.objects.values_list("user", flat=True)) == {both.pk, alone.pk}


def test_invitations_pending_in_both_are_one(merge, old, new):
    for number, (organization, email) in enumerate(
        [(old, "A@exemple.fr"), (new, "a@exemple.fr"), (old, "b@exemple.fr")]
    ):
        Invitation.objects.create(
            organization=organization,
            email=email,
            role="membre",
            token_digest=str(number),
            expires_at="2099-01-01T00:00Z",
        )
    merge()
    pending = Invitation.objects.filter(organization=new, revoked_at=None)
    assert set(pending.values_list("email", flat=True)) == {"a@exemple.fr", "b@exemple.fr"}


def test_audiences_follow(merge, old, new):
    one, two = ThreadFactory(audiences=[]), ThreadFactory(audiences=[])
    paper = document()
    for thread, who, may_write in ((one, old, True), (one, new, False), (two, old, True)):
        ThreadAudience.objects.create(
            thread=thread, key=f"organization:{who.pk}", may_write=may_write
        )
    ThreadAudience.objects.create(thread=two, key=f"organization:{old.pk}:deciders")
    for key in (f"organization:{old.pk}", f"organization:{new.pk}"):
        DocumentReader.objects.create(document=paper, key=key)
    merge()
    lines = set(ThreadAudience.objects.values_list("thread", "key", "may_write"))
    assert lines == {
        (one.pk, f"organization:{new.pk}", True),
        (two.pk, f"organization:{new.pk}", True),
        (two.pk, f"organization:{new.pk}:deciders", True),
    }
    readers = DocumentReader.objects.filter(document=paper).values_list("key", flat=True)
    assert list(readers) == [f"organization:{new.pk}"]


def test_names_that_clash_say_whose_they_were(merge, old, new):
    for model in (Tariff, BookingRules):
        for owner in (old, new):
            model.objects.create(organization=owner, name="Tarif de base")
        model.objects.create(organization=new, name="Tarif de base (Mairie d’Avant)")
    merge()
    for model in (Tariff, BookingRules):
        names = set(model.objects.filter(organization=new).values_list("name", flat=True))
        assert names == {
            "Tarif de base",
            "Tarif de base (Mairie d’Avant)",
            "Tarif de base (Mairie d’Avant, 2)",
        }


def test_documents_change_owner_by_a_merge_alone_and_the_vault_says_so(merge, old, new):
    paper = document(owner_organization=old)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=paper.pk).update(owner_organization=new)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('preau.merging', %s, true)", [f"{new.pk}>{old.pk}"])
        Document.objects.filter(pk=paper.pk).update(owner_organization=new)
    merge()
    paper.refresh_from_db()
    assert paper.owner_organization == new
    for chain in (f"vault:organization:{old.pk}", f"vault:organization:{new.pk}"):
        last = journal.head(chain)
        assert (last.kind, last.data["documents"]) == ("vault.merged", [paper.pk])
        assert journal.verify(chain) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=paper.pk).update(owner_organization=OrganizationFactory())


def test_agreements_keep_their_number_and_their_words(merge, old, new):
    load_national_models()
    mayor_of(old)
    mayor_of(new)
    made = agreement_of(PlaceFactory(owner=old), OrganizationFactory(verified=True))
    before = (made.number, made.content, made.variables)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=made.pk).update(owner=new)
    merge()
    made.refresh_from_db()
    assert made.owner == new
    assert (made.number, made.content, made.variables) == before
    live = SigningAuthority.objects.filter(ended_at=None)
    assert set(live.values_list("organization", flat=True)) == {new.pk}


def test_projects_that_both_are_on_keep_the_stronger_role(merge, old, new):
    project = ProjectFactory()
    ProjectMember.objects.create(project=project, organization=old, role=ProjectRole.SUPPORT)
    ProjectMember.objects.create(project=project, organization=new, role=ProjectRole.OBSERVER)
    merge()
    [live] = ProjectMember.objects.filter(ended_at=None, organization__in=(old, new))
    assert (live.organization, live.role) == (new, ProjectRole.SUPPORT)


def test_those_merged_before_follow(merge, old, new):
    third = OrganizationFactory(verified=True)
    merge()
    merge(source=new, target=third)
    old.refresh_from_db()
    assert old.merged_into == third


def test_what_makes_no_sense_is_refused(merge, old, new, operator):
    for pair in ({"target": old}, {"target": OrganizationFactory()}):
        with pytest.raises(Refusal):
            merge(**pair)
    with pytest.raises(Refusal, match="pourquoi"):
        merge(reason=" ")
    member = MembershipFactory(organization=old, role=MembershipRole.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        merge_organizations(actor=Actor(member.user, member), source=old, target=new, reason="moi")
    merge()
    with pytest.raises(Refusal, match="déjà"):
        merge()
    with pytest.raises(Refusal, match="déjà"):
        merge(source=OrganizationFactory(), target=old)


def test_the_database_refuses_a_merged_organisation_that_acts(old, new):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=old.pk).update(
            merged_into=new, merged_at="2027-01-01T00:00Z"
        )


def test_a_row_written_under_the_old_name_is_the_new_ones(merge, old, new):
    stale = PlaceFactory(owner=old)
    merge()
    tariff = Tariff.objects.create(organization=old, name="Trop tard")
    tariff.refresh_from_db()
    assert tariff.organization == new
    stale.save()  # as it was loaded before: the sweep of the next minutes brings it over
    assert tasks.sweep_merged(0) == 1
    stale.refresh_from_db()
    assert stale.owner == new


def test_what_was_begun_before_and_ends_after_is_brought_over(merge, old, new):
    thread = ThreadFactory(audiences=[])
    merge()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pricing_tariff DISABLE TRIGGER aa_follow_merge_organization_id")
        Tariff.objects.create(organization=old, name="En même temps")
    ThreadAudience.objects.create(thread=thread, key=f"organization:{old.pk}")
    assert tasks.sweep_merged(0) == 1
    assert Tariff.objects.get().organization == new
    assert ThreadAudience.objects.get().key == f"organization:{new.pk}"
    assert tasks.sweep_merged(0) == 0
    assert [one.verb for one in audit.history(old)] == ["organization.merge", "organization.sweep"]


def test_every_table_that_points_to_an_organisation_is_guarded():
    assert following.unguarded() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER aa_follow_merge_owner_id ON places_place")
    assert following.unguarded() == [("places_place", "owner_id")]
    following.guard_tables()
    assert following.unguarded() == []


def test_what_tells_the_past_stays():
    assert "agreements.AgreementCounter" in organization_past
    assert "agreements.AgreementCounter" not in {
        model._meta.label for model, _ in links_to_organizations()
    }


# --- Pages


def told(response):
    return [str(one) for one in get_messages(response.wsgi_request)]


def test_old_links_and_forms_lead_to_the_one_that_took_over(client, merge, old, new):
    member = MembershipFactory(organization=old, role=MembershipRole.ADMINISTRATOR)
    sign_in(client, member.user, member)
    edit = reverse("accounts:organization_edit", args=[old.pk])
    page = client.get(edit)
    fields = {name: value or "" for name, value in page.context["form"].initial.items()}
    merge()
    answer = client.get(edit + "?a=1")
    assert answer.headers["location"] == edit.replace(f"/{old.pk}/", f"/{new.pk}/") + "?a=1"
    follow = client.get(answer.headers["location"])
    assert "a été réunie à « Commune Nouvelle »" in follow.content.decode()
    # What was typed in the form of the old one is not lost: it is read for the new one.
    answer = client.post(edit, fields | {"phone": "04 76 00 00 00"})
    assert answer.status_code in {200, 302}
    assert any("a été réunie" in one for one in told(answer))


def test_the_hat_follows_and_one_sentence_says_it(client, merge, old, new):
    user = UserFactory()
    mine = MembershipFactory(user=user, organization=old)
    MembershipFactory(user=user, organization=new, role=MembershipRole.MEMBER)
    sign_in(client, user, mine)
    merge()
    page = client.get(reverse("accounts:profile"))
    assert page.wsgi_request.actor.organization == new
    assert "a été réunie à « Commune Nouvelle »" in page.content.decode()
    assert "a été réunie" not in client.get(reverse("accounts:profile")).content.decode()


def test_the_operator_chooses_sees_and_confirms(client, operator, old, new):
    MembershipFactory(organization=old)
    sign_in(client, operator.user)
    page = client.get(reverse("accounts:merge_choose", args=[old.pk]), {"q": "nouvelle"})
    address = reverse("accounts:merge", args=[old.pk, new.pk])
    assert address in page.content.decode()
    shown = client.get(address).content.decode()
    assert "C’est définitif" in shown
    wrong = client.post(address, {"reason": "Doublon"})
    assert "Doublon" in wrong.content.decode()
    old.refresh_from_db()
    assert old.merged_into is None
    answer = client.post(address, {"reason": "Doublon", "sure": "on"})
    assert answer.headers["location"] == reverse("accounts:organization", args=[new.pk])
    old.refresh_from_db()
    assert old.merged_into == new
