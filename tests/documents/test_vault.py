"""Depositing, showing, reading, replacing, removing."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from preau.accounts.actions import close_account
from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.perms import allowed
from preau.accounts.queries import personal_data
from preau.core.errors import Forbidden, Refusal
from preau.documents import actions, journal, queries, store
from preau.documents.enums import FOR_DECIDERS, DocumentKind, Risk, Validity
from preau.documents.models import Document, JournalEntry
from preau.documents.readers import names_of, readings_of
from preau.places.enums import PlaceRoleKind
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.documents.factories import document, insurance, upload
from tests.places.factories import PlaceFactory, PlaceRoleFactory

pytestmark = pytest.mark.django_db


def chain(one):
    return f"vault:organization:{one.owner_organization_id}"


def told(one):
    return [entry.kind for entry in JournalEntry.objects.filter(chain=chain(one)).order_by("seq")]


class TestDeposit:
    def test_what_a_person_sends_is_checked_and_told(self):
        member = MembershipFactory()
        actor = Actor(member.user, member)
        one = actions.deposit(
            actor=actor,
            kind=DocumentKind.STATUTES,
            title="Statuts 2026",
            upload=upload(),
            owner_organization=member.organization,
        )
        assert (one.owner, one.uploaded_by) == (member.organization.name, member.user)
        assert one.file.media_type == "application/pdf"
        assert told(one) == ["document.deposit"]
        (entry,) = JournalEntry.objects.all()
        assert entry.data == {"document": one.pk, "kind": "statuts", "sha256": one.file.sha256}

    def test_what_is_refused_leaves_nothing(self):
        with pytest.raises(Refusal):
            document(upload=upload(b"MZ"), owner_user=UserFactory())
        assert not Document.objects.exists()
        assert not JournalEntry.objects.exists()

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"facts": {"risks": ["risques_locatifs"]}}, "expires_on"),
            ({"days": -1, "facts": {"risks": ["risques_locatifs"]}}, "expires_on"),
            ({"days": 9}, "risks"),
            ({"days": 9, "facts": {"risks": ["vol"]}}, "risks"),
        ],
        ids=["no end", "over", "no risk", "unknown risk"],
    )
    def test_an_insurance_says_until_when_and_what(self, given, field):
        days = given.pop("days", None)
        expires_on = None if days is None else queries.today() + timedelta(days=days)
        with pytest.raises(Refusal) as caught:
            document(
                kind=DocumentKind.INSURANCE,
                upload=upload(),
                expires_on=expires_on,
                owner_user=UserFactory(),
                **given,
            )
        assert caught.value.field == field

    def test_the_database_wants_an_end_too_and_one_owner(self):
        with pytest.raises(DatabaseError, match="insurance_has_an_end"), transaction.atomic():
            document(kind=DocumentKind.INSURANCE)
        with pytest.raises(DatabaseError, match="document_one_owner"), transaction.atomic():
            document(owner_user=UserFactory(), owner_organization=OrganizationFactory())

    def test_the_platform_has_documents_of_its_own(self):
        assert document().owner == "Préau"


class TestValid:
    def test_only_what_is_still_valid_that_day_of_that_owner(self):
        owner = OrganizationFactory()
        good = insurance(days=10, owner_organization=owner)
        longer = insurance(days=20, owner_organization=owner)
        insurance(days=10, owner_organization=OrganizationFactory())
        insurance(days=10, owner_user=UserFactory())
        gone = insurance(days=10, owner_organization=owner)
        actions.withdraw(gone, actor=SYSTEM)

        def found(days, **who):
            on = queries.today() + timedelta(days=days)
            return list(queries.valid_documents(kind=DocumentKind.INSURANCE, on=on, **who))

        assert found(10, organization=owner) == [longer, good]
        assert found(11, organization=owner) == [longer]
        assert found(21, organization=owner) == []
        assert found(0) == []

    def test_without_a_date_it_stays_valid(self):
        user = UserFactory()
        one = document(kind=DocumentKind.STATUTES, owner_user=user)
        on = queries.today() + timedelta(days=9999)
        assert list(queries.valid_documents(user=user, kind="statuts", on=on)) == [one]

    @pytest.mark.parametrize(
        ("days", "state"),
        [(-1, Validity.EXPIRED), (0, Validity.EXPIRING), (30, Validity.EXPIRING), (31, "valide")],
    )
    def test_its_state(self, days, state):
        assert insurance(days=days).validity(queries.today()) == state


class TestReading:
    def test_its_owner_reads_and_nobody_writes_it_down(self):
        member = MembershipFactory(role=MembershipRole.MEMBER)
        one = document(owner_organization=member.organization)
        assert actions.read(one, actor=Actor(member.user, member)) == b"%PDF-1.7 Un document"
        assert told(one) == ["document.deposit"]

    @pytest.mark.parametrize("kind", sorted(FOR_DECIDERS))
    @pytest.mark.parametrize("role", MembershipRole.values)
    def test_what_is_for_deciders_is_read_by_no_plain_member(self, kind, role):
        member = MembershipFactory(role=role)
        actor = Actor(member.user, member)
        one = document(kind=kind, owner_organization=member.organization)
        assert list(queries.vault_for(actor)) == [one]  # its line is seen all the same
        if role in {MembershipRole.MEMBER, MembershipRole.CARETAKER}:
            with pytest.raises(Forbidden):
                actions.read(one, actor=actor)
        else:
            actions.read(one, actor=actor)
        assert told(one) == ["document.deposit"]

    @pytest.mark.parametrize("kind", sorted(FOR_DECIDERS))
    def test_a_person_reads_and_replaces_their_own(self, kind):
        user = UserFactory()
        one = document(kind=kind, owner_user=user)
        assert actions.read(one, actor=Actor(user))
        assert allowed(Actor(user), "document.replace", one)

    @pytest.mark.parametrize("role", MembershipRole.values)
    def test_only_those_who_manage_replace(self, role):
        member = MembershipFactory(role=role)
        one = insurance(owner_organization=member.organization)
        may = role in {MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR}
        for action in ("document.replace", "document.withdraw"):
            assert allowed(Actor(member.user, member), action, one) is may

    @pytest.mark.parametrize("role", MembershipRole.values)
    def test_shown_to_deciders_it_is_not_to_the_other_members(self, role):
        member = MembershipFactory(role=role)
        actor = Actor(member.user, member)
        one = document(kind=DocumentKind.RIB, owner_user=UserFactory())
        key = f"organization:{member.organization_id}:deciders"
        actions.share(one, [key], actor=SYSTEM)
        may = role not in {MembershipRole.MEMBER, MembershipRole.CARETAKER}
        assert allowed(actor, "document.read", one) is may
        assert list(queries.shown_to(actor)) == ([one] if may else [])
        assert not allowed(Actor(member.user), "document.read", one)  # without the hat
        assert names_of(one) == [f"{member.organization} (validation, gestion et administration)"]

    def test_whoever_it_is_shown_to_reads_and_it_is_written_down(self):
        place = PlaceFactory()
        clerk = MembershipFactory(organization=place.owner)
        keeper = PlaceRoleFactory(place=place, role=PlaceRoleKind.OPERATOR).user
        one = document(owner_organization=OrganizationFactory())
        keys = [f"place:{place.pk}", f"organization:{place.owner_id}"]
        actions.share(one, keys, actor=SYSTEM)
        actions.read(one, actor=Actor(keeper))
        actions.read(one, actor=Actor(clerk.user, clerk), why="demande R-1")
        assert told(one) == ["document.deposit", "document.share", *["document.read"] * 2]
        last, first = readings_of(one)
        assert first.who == keeper.full_name
        assert (last.who, last.why) == (f"{clerk.user.full_name}, {place.owner}", "demande R-1")
        assert names_of(one) == sorted([f"Responsables du lieu « {place.name} »", place.owner.name])
        assert journal.verify(chain(one)) is None
        assert {"document": one.pk}.items() <= personal_data(keeper)["documents d’autrui lus"][
            0
        ].items()

    def test_names_of_readers_are_not_in_the_chain(self):
        reader = UserFactory()
        one = document(owner_organization=OrganizationFactory())
        actions.share(one, [f"user:{reader.pk}"], actor=SYSTEM)
        actions.read(one, actor=Actor(reader))
        entry = journal.head(chain(one))
        assert set(entry.data) == {"document", "sha256"}
        journal.forget(entry)
        assert readings_of(one)[0].who == ""

    @pytest.mark.parametrize("who", ["stranger", "operator", "member without hat", "nobody"])
    def test_nobody_else_reads_the_operator_neither(self, who):
        member = MembershipFactory()
        one = document(owner_organization=member.organization)
        actor = {
            "stranger": Actor(UserFactory()),
            "operator": Actor(UserFactory(operator=True)),
            "member without hat": Actor(member.user),
            "nobody": Actor(),
        }[who]
        with pytest.raises(Forbidden):
            actions.read(one, actor=actor)
        assert told(one) == ["document.deposit"]

    def test_a_removed_document_is_read_by_nobody(self):
        user = UserFactory()
        one = document(owner_user=user)
        actions.withdraw(one, actor=Actor(user))
        one.refresh_from_db()
        with pytest.raises(Forbidden, match="retiré"):
            actions.read(one, actor=Actor(user))

    def test_one_changed_byte_is_not_handed_over(self, monkeypatch):
        one = document(owner_user=UserFactory())
        from django.core.files.storage import default_storage

        with default_storage.open(store.path_of(one.file.sha256), "r+b") as file:
            file.write(b"X")
        with pytest.raises(store.CorruptFile):
            actions.read(one, actor=SYSTEM)

    def test_sharing_twice_shares_once(self):
        one = document(owner_organization=OrganizationFactory())
        for _ in range(2):
            actions.share(one, ["user:1", "user:1"], actor=SYSTEM)
        assert one.readers.count() == 1
        assert told(one) == ["document.deposit", "document.share"]

    def test_what_is_shown_no_more_is_read_no_more(self):
        reader = UserFactory()
        one = document(owner_organization=OrganizationFactory())
        actions.share(one, [f"user:{reader.pk}", "place:1"], actor=SYSTEM)
        for _ in range(2):  # the second time there is nothing to take away, nor to tell
            actions.unshare(one, [f"user:{reader.pk}", "place:2"], actor=SYSTEM)
        assert [row.key for row in one.readers.all()] == ["place:1"]
        assert told(one) == ["document.deposit", "document.share", "document.unshare"]
        entry = journal.head(chain(one))
        assert entry.data == {"document": one.pk, "keys": [f"user:{reader.pk}"]}
        with pytest.raises(Forbidden):
            actions.read(one, actor=Actor(reader))
        assert journal.verify(chain(one)) is None


class TestReplacing:
    def test_the_newer_takes_its_place_for_the_same_readers(self):
        user = UserFactory()
        one = insurance(owner_user=user)
        actions.share(one, ["place:1"], actor=SYSTEM)
        newer = actions.replace(
            one,
            actor=Actor(user),
            upload=upload(),
            expires_on=queries.today() + timedelta(days=400),
            facts={"risks": [Risk.TENANT.value]},
        )
        one.refresh_from_db()
        assert one.removed_at is not None
        assert [reader.key for reader in newer.readers.all()] == ["place:1"]
        assert list(queries.vault_for(Actor(user))) == [newer]

    def test_a_refused_file_leaves_the_former(self):
        user = UserFactory()
        one = insurance(owner_user=user)
        with pytest.raises(Refusal):
            actions.replace(one, actor=Actor(user), upload=upload(b"MZ"), expires_on=one.expires_on)
        assert list(queries.vault_for(Actor(user))) == [one]


def test_closing_an_account_takes_its_documents_out_but_what_is_locked():
    user = UserFactory()
    document(owner_user=user)
    deed = document(owner_user=user, title="Convention", locked_until=queries.today())
    close_account(actor=Actor(user))
    assert list(queries.vault_of(user=user)) == [deed]


class TestLocked:
    @pytest.fixture
    def deed(self):
        return document(
            kind=DocumentKind.AGREEMENT,
            owner_organization=OrganizationFactory(),
            locked_until=queries.today() + timedelta(days=3650),
        )

    def test_it_cannot_be_withdrawn(self, deed):
        with pytest.raises(Refusal, match="fait preuve") as caught:
            actions.withdraw(deed, actor=SYSTEM)
        assert caught.value.code == "locked"

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM documents_document",
            "UPDATE documents_document SET removed_at = now()",
            "UPDATE documents_document SET locked_until = NULL",
            "UPDATE documents_document SET locked_until = locked_until - 1",
            "UPDATE documents_storedfile SET locked_until = NULL",
            "DELETE FROM documents_storedfile",
        ],
    )
    def test_the_database_guards_it(self, deed, sql):
        with (
            pytest.raises(DatabaseError, match="is locked until"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)

    @pytest.mark.parametrize(
        "change",
        ["kind = 'autre'", "owner_organization_id = NULL", "created_at = now()"],
    )
    def test_what_was_deposited_never_changes(self, change):
        document(kind=DocumentKind.STATUTES, owner_organization=OrganizationFactory())
        with (
            pytest.raises(DatabaseError, match="written once"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE documents_document SET {change}")

    def test_a_lock_may_grow(self, deed):
        deed.locked_until += timedelta(days=1)
        deed.save()
