"""What has been kept long enough is listed, approved, destroyed, and leaves a line behind."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.urls import reverse

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.documents import actions, garbage, journal, queries, retention, store
from preau.documents.enums import DocumentKind
from preau.documents.models import Document, Elimination, JournalEntry, StoredFile
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.documents.factories import document, insurance

pytestmark = pytest.mark.django_db


def removed(days, **given):
    """A document taken out of its vault so many days ago."""
    one = document(**given)
    actions.withdraw(one, actor=SYSTEM)
    Document.objects.filter(pk=one.pk).update(removed_at=clock.now() - timedelta(days=days))
    return Document.objects.get(pk=one.pk)


def expired(days, **given):
    one = insurance(**given)
    Document.objects.filter(pk=one.pk).update(expires_on=queries.today() - timedelta(days=days))
    return Document.objects.get(pk=one.pk)


def test_every_kind_has_its_rule():
    assert set(retention.RULES) == set(DocumentKind)


class TestDue:
    @pytest.mark.parametrize(
        ("kind", "days", "is_due"),
        [
            (DocumentKind.RIB, 30, False),
            (DocumentKind.RIB, 32, True),
            (DocumentKind.INSURANCE, 300, False),
            (DocumentKind.AGREEMENT, 3640, False),
            (DocumentKind.AGREEMENT, 3652, True),
        ],
    )
    def test_after_its_removal(self, kind, days, is_due):
        ends = {"expires_on": queries.today()} if kind == DocumentKind.INSURANCE else {}
        one = removed(days, kind=kind, owner_user=UserFactory(), **ends)
        assert list(retention.due(queries.today())) == ([one] if is_due else [])

    def test_after_its_end(self):
        owner = OrganizationFactory()
        expired(365, owner_organization=owner)
        one = expired(366, owner_organization=owner)
        assert list(retention.due(queries.today())) == [one]
        assert retention.due_since(one) == queries.today() - timedelta(days=1)

    def test_what_is_in_use_is_never_due(self):
        document(kind=DocumentKind.STATUTES, owner_user=UserFactory())
        insurance(owner_user=UserFactory())
        assert not retention.due(queries.today() + timedelta(days=150)).exists()

    def test_an_invoice_ten_years_after_its_deposit(self):
        with clock.frozen(clock.now() - timedelta(days=3651)):
            one = document(kind=DocumentKind.INVOICE, owner_organization=OrganizationFactory())
        document(kind=DocumentKind.INVOICE, owner_organization=OrganizationFactory())
        assert list(retention.due(queries.today())) == [one]
        assert retention.due_since(one) <= queries.today()

    def test_what_is_locked_waits(self):
        one = removed(4000, owner_user=UserFactory())
        Document.objects.filter(pk=one.pk).update(locked_until=queries.today())
        assert not retention.due(queries.today()).exists()
        assert retention.due(queries.today() + timedelta(days=1)).exists()


class TestElimination:
    def test_listed_once_for_each_owner_and_approved_by_someone(self):
        administrator = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
        one = removed(40, owner_organization=administrator.organization, title="Vieux statuts")
        removed(40, owner_user=UserFactory())
        assert retention.propose() == 2
        assert retention.propose() == 0
        assert Elimination.objects.count() == 2
        mine = Elimination.objects.get(organization=administrator.organization)
        with pytest.raises(ValueError, match="not approved"):
            retention.destroy(mine.pk)
        assert Document.objects.filter(pk=one.pk).exists()
        retention.approve(mine, actor=Actor(administrator.user, administrator))
        assert retention.destroy(mine.pk) == 1
        assert retention.destroy(mine.pk) == 0
        assert not Document.objects.filter(pk=one.pk).exists()
        (line,) = mine.lines.all()
        assert (line.title, line.sha256) == ("", one.file.sha256)
        entry = journal.head(f"vault:organization:{administrator.organization_id}")
        assert entry.kind == "document.eliminated"
        assert entry.data["sha256"] == one.file.sha256
        assert "Vieux" not in str(list(JournalEntry.objects.values_list("data")))
        StoredFile.objects.update(given_at=clock.now() - timedelta(days=1))
        garbage.collect()
        assert default_storage.exists(store.path_of(one.file.sha256)) is False

    def test_approving_puts_the_task_in_the_queue_once(self):
        from procrastinate.contrib.django.models import ProcrastinateJob

        removed(40, owner_user=UserFactory())
        retention.propose()
        one = Elimination.objects.get()
        for _ in range(2):
            retention.approve(one, actor=Actor(UserFactory(operator=True)))
        jobs = ProcrastinateJob.objects.filter(task_name=retention.DESTROY)
        assert [job.args for job in jobs] == [{"elimination_id": one.pk}]

    def test_what_another_room_still_names_is_kept_and_said(self, monkeypatch):
        removed(40, owner_user=UserFactory())
        retention.propose()
        one = Elimination.objects.get()
        retention.approve(one, actor=Actor(UserFactory(operator=True)))

        def protected(self, *args, **kwargs):
            raise models.ProtectedError("an agreement", set())

        monkeypatch.setattr(Document, "delete", protected)
        assert retention.destroy(one.pk) == 0
        assert one.lines.get().kept_because == "un dossier en cours s’y réfère"
        assert Document.objects.count() == 1

    def test_what_was_locked_meanwhile_is_kept(self):
        one = removed(40, owner_user=UserFactory())
        retention.propose()
        Document.objects.filter(pk=one.pk).update(locked_until=queries.today())
        elimination = Elimination.objects.get()
        retention.approve(elimination, actor=Actor(UserFactory(operator=True)))
        assert retention.destroy(elimination.pk) == 0
        assert Document.objects.count() == 1

    def test_two_open_lists_cannot_be(self):
        Elimination.objects.create()
        with pytest.raises(IntegrityError, match="elimination_one_open"), transaction.atomic():
            Elimination.objects.create()


class TestPages:
    def test_the_administrator_keeps_one_and_destroys_the_other(self, client):
        administrator = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
        for title in ("À garder", "À détruire"):
            removed(40, owner_organization=administrator.organization, title=title)
        retention.propose()
        one = Elimination.objects.get()
        sign_in(client, administrator.user, administrator)
        assert "Documents à détruire" in client.get("/").content.decode()
        page = reverse("documents:elimination", args=[one.pk])
        assert "À garder" in client.get(page).content.decode()
        assert (
            "attendent d’être détruits" in client.get(reverse("documents:vault")).content.decode()
        )
        chosen = one.lines.get(title="À détruire")
        client.post(page, {"line": [chosen.pk]})
        retention.destroy(one.pk)
        assert Document.objects.get().title == "À garder"
        text = client.get(page).content.decode()
        assert "à la demande de la personne" in text
        assert "Détruit le" in text

    def test_ticking_nothing_approves_nothing(self, client):
        operator = UserFactory(operator=True)
        removed(40, owner_user=UserFactory())
        retention.propose()
        one = Elimination.objects.get()
        sign_in(client, operator)
        client.post(reverse("documents:elimination", args=[one.pk]), {})
        one.refresh_from_db()
        assert one.approved_at is None
        assert one.pk in queries.eliminations_for(Actor(operator)).values_list("pk", flat=True)


def test_midnight_is_that_of_the_platform():
    assert retention._midnight(date(2027, 7, 1)).isoformat() == "2027-07-01T00:00:00+02:00"
