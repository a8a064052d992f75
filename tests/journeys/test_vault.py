"""An association puts its insurance certificate in its vault; the town reads it; it is seen."""

from datetime import timedelta

import pytest

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import MembershipRole
from preau.documents import actions, queries
from tests.accounts.factories import MembershipFactory
from tests.documents.factories import pdf_bytes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def certificate(tmp_path):
    path = tmp_path / "attestation.pdf"
    path.write_bytes(pdf_bytes())
    return path


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_certificate_from_deposit_to_removal(open_visitor, certificate, tmp_path, javascript):
    ines = MembershipFactory(role=MembershipRole.ADMINISTRATOR)
    town = MembershipFactory()
    visitor = open_visitor(javascript=javascript)
    visitor.sign_in(ines.user, ines)
    visitor.go("/coffre/")
    visitor.press("Ajouter un document", role="link")
    visitor.press("Attestation d’assurance", role="link")

    # A file that is no document: everything typed is still there.
    wrong = tmp_path / "attestation.docx"
    wrong.write_bytes(b"PK\x03\x04")
    page = visitor.page
    page.get_by_label("Fichier").set_input_files(wrong)
    visitor.fill("Nom du document", "Attestation 2027")
    ends = queries.today() + timedelta(days=20)
    visitor.fill("Valable jusqu’au", ends.isoformat())
    page.get_by_label("Responsabilité civile").check(force=True)
    visitor.press("Ajouter ce document")
    assert page.get_by_text("ni un PDF ni une image").first.is_visible()
    assert page.get_by_label("Nom du document").input_value() == "Attestation 2027"
    assert page.get_by_label("Valable jusqu’au").input_value() == ends.isoformat()
    assert page.get_by_label("Responsabilité civile").is_checked()
    page.get_by_label("Fichier").set_input_files(certificate)
    visitor.press("Ajouter ce document")
    assert page.get_by_text("Expire bientôt").is_visible()
    if javascript:
        visitor.assert_accessible()

    (one,) = queries.live()
    actions.share(one, [f"organization:{town.organization_id}"], actor=SYSTEM)
    clerk = open_visitor(javascript=javascript)
    clerk.sign_in(town.user, town)
    clerk.go("/coffre/")
    with clerk.page.expect_download() as saved:
        clerk.page.get_by_role("link", name="Attestation 2027").click()
    assert saved.value.suggested_filename == "attestation-2027.pdf"

    visitor.press("Attestation 2027", role="link")
    assert page.get_by_role("cell", name=town.user.full_name).is_visible()
    visitor.press("Retirer", role="link")
    visitor.press("Retirer ce document")
    assert page.get_by_text("est retiré de votre coffre").is_visible()
    assert not queries.live().exists()
