"""The pages of the vault, as its owner, a reader and a stranger see them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole
from preau.documents import actions, queries
from preau.documents.enums import DocumentKind
from preau.documents.models import Document, JournalEntry
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.documents.factories import document, insurance, pdf_bytes, upload

pytestmark = pytest.mark.django_db
VAULT = "/coffre/"


@pytest.fixture
def member():
    return MembershipFactory(role=MembershipRole.ADMINISTRATOR)


@pytest.fixture
def browser(client, member):
    return sign_in(client, member.user, member)


def text(response):
    return response.content.decode()


def add(browser, kind="assurance", onward="", **fields):
    ends = (queries.today() + timedelta(days=100)).isoformat()
    given = {"title": "MAIF 2027", "expires_on": ends, "risks": ["risques_locatifs"]} | fields
    given.setdefault("file", upload())
    return browser.post(f"/coffre/ajouter/?nature={kind}&next={onward}", given)


class TestVault:
    def test_empty_it_says_where_to_begin(self, browser):
        page = text(browser.get(VAULT))
        assert "Aucun document pour le moment" in page
        assert "Commencez par l’attestation" in page

    def test_each_hat_has_its_own(self, browser, member):
        insurance(owner_organization=member.organization, title="De l’association")
        insurance(owner_user=member.user, title="De la personne")
        assert "De la personne" not in text(browser.get(VAULT))
        assert "De la personne" in text(sign_in(browser, member.user).get(VAULT))

    @pytest.mark.parametrize(
        ("days", "words"), [(100, "Valide"), (5, "Expire bientôt"), (-5, "Expirée")]
    )
    def test_each_says_where_it_stands(self, browser, member, days, words):
        insurance(days=days, owner_organization=member.organization)
        assert words in text(browser.get(VAULT))

    def test_five_hundred_documents_cost_no_more_queries(
        self, browser, member, django_assert_max_num_queries
    ):
        for number in range(60):
            document(owner_organization=member.organization, title=f"Document {number}")
        with django_assert_max_num_queries(12):
            browser.get(VAULT)

    def test_the_home_page_says_what_to_renew(self, browser, member):
        insurance(days=5, owner_organization=member.organization, title="MAIF")
        page = text(browser.get("/"))
        assert "1\u00a0document à renouveler" in page
        insurance(days=400, owner_organization=member.organization)
        assert "à renouveler" not in text(browser.get("/"))


class TestAdding:
    def test_the_kind_first_then_what_it_needs(self, browser):
        assert "Quel document ajoutez-vous" in text(browser.get("/coffre/ajouter/"))
        assert "Risques couverts" in text(browser.get("/coffre/ajouter/?nature=assurance"))
        statutes = text(browser.get("/coffre/ajouter/?nature=statuts"))
        assert "Risques couverts" not in statutes
        assert "Valable jusqu’au" not in statutes

    def test_nobody_adds_an_agreement_by_hand(self, browser):
        assert "Quel document" in text(browser.get("/coffre/ajouter/?nature=convention"))

    def test_it_goes_to_the_vault_of_the_hat_and_back_where_it_was_asked(self, browser, member):
        response = add(browser, onward="/reservations/")
        assert response.url == "/reservations/"
        one = Document.objects.get()
        assert (one.owner_organization, one.owner_user) == (member.organization, None)
        assert one.facts == {"risks": ["risques_locatifs"]}

    def test_never_to_another_site(self, browser):
        assert add(browser, onward="https://evil.example/").url == VAULT

    def test_an_error_keeps_what_was_typed(self, browser):
        page = text(add(browser, file=upload(b"MZ", "virus.pdf")))
        assert "n’est ni un PDF ni une image" in page
        assert "MAIF 2027" in page
        assert "checked" in page
        assert not Document.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"expires_on": ""}, "la date est sur l’attestation"),
            ({"expires_on": "2020-01-01"}, "Cette date est passée"),
            ({"expires_on": "2199-01-01"}, "trop lointaine"),
            ({"expires_on": "2999-01-01"}, "trop éloignée"),
            ({"risks": []}, "Cochez au moins un risque"),
            ({"file": ""}, "Choisissez un fichier"),
        ],
    )
    def test_what_is_missing_is_said(self, browser, fields, words):
        assert words in text(add(browser, **fields))


class TestDownload:
    def test_it_is_saved_and_nothing_in_it_runs(self, browser, member):
        one = document(
            owner_organization=member.organization, title='Statuts "2026"\r\nX: y', upload=upload()
        )
        response = browser.get(reverse("documents:download", args=[one.pk]))
        assert response.content == pdf_bytes() or response.content.startswith(b"%PDF-")
        assert response["Content-Disposition"] == 'attachment; filename="statuts-2026-x-y.pdf"'
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "no-store" in response["Cache-Control"]

    def test_a_reader_finds_it_reads_it_and_is_seen(self, browser, member, client):
        reader = UserFactory()
        one = document(owner_organization=member.organization, title="Attestation MAIF")
        actions.share(one, [f"user:{reader.pk}"], actor=SYSTEM)
        page = reverse("documents:page", args=[one.pk])
        sign_in(client, reader)
        assert "Attestation MAIF" in text(client.get(VAULT))
        assert client.get(page).status_code == 403
        assert client.get(reverse("documents:download", args=[one.pk])).status_code == 200
        sign_in(client, member.user, member)
        seen = text(client.get(page))
        assert seen.count(reader.full_name) == 2  # may see it, and did

    def test_a_removed_document_is_gone(self, browser, member):
        one = document(owner_organization=member.organization)
        actions.withdraw(one, actor=SYSTEM)
        for name in ("page", "download", "replace", "remove"):
            assert browser.get(reverse(f"documents:{name}", args=[one.pk])).status_code == 404

    def test_asking_with_head_is_a_reading_too(self, client, member):
        reader = UserFactory()
        one = document(owner_organization=member.organization)
        actions.share(one, [f"user:{reader.pk}"], actor=SYSTEM)
        sign_in(client, reader).head(reverse("documents:download", args=[one.pk]))
        assert JournalEntry.objects.filter(kind="document.read").count() == 1


class TestChanging:
    def test_replacing(self, browser, member):
        one = insurance(owner_organization=member.organization)
        page = reverse("documents:replace", args=[one.pk])
        assert "checked" in text(browser.get(page))  # the risks of the former
        ends = (queries.today() + timedelta(days=500)).isoformat()
        browser.post(
            page, {"file": upload(), "expires_on": ends, "risks": ["responsabilite_civile"]}
        )
        (newer,) = queries.live()
        assert newer.expires_on.isoformat() == ends

    def test_removing_asks_first(self, browser, member):
        one = document(owner_organization=member.organization)
        page = reverse("documents:remove", args=[one.pk])
        assert "Retirer ce document" in text(browser.get(page))
        assert queries.live().exists()
        assert browser.post(page).url == VAULT
        assert not queries.live().exists()

    def test_what_is_locked_offers_neither(self, browser, member):
        one = document(
            kind=DocumentKind.AGREEMENT,
            owner_organization=member.organization,
            locked_until=queries.today() + timedelta(days=9),
        )
        page = text(browser.get(reverse("documents:page", args=[one.pk])))
        assert "Il fait preuve" in page
        assert "Retirer" not in page
        browser.post(reverse("documents:remove", args=[one.pk]))
        assert queries.live().exists()

    def test_a_plain_member_adds_and_does_not_remove(self, client, member):
        plain = MembershipFactory(organization=member.organization, role=MembershipRole.MEMBER)
        one = document(owner_organization=member.organization)
        sign_in(client, plain.user, plain)
        page = text(client.get(reverse("documents:page", args=[one.pk])))
        assert "Retirer" not in page
        assert client.post(reverse("documents:remove", args=[one.pk])).status_code == 403
        assert add(client).status_code == 302
