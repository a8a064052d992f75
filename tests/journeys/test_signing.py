"""Signing from a letter, with and without JavaScript; the manager's side; all looked at with axe."""

import pytest

from preau.accounts.enums import MembershipRole
from tests.accounts.factories import MembershipFactory
from tests.documents.factories import upload
from tests.signatures import factories

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def round_():
    return factories.open_round()


def identify(visitor, one):
    visitor.go(f"/signer/{factories.token_of(one)}/")
    visitor.assert_accessible()
    visitor.press("Recevoir mon code")
    visitor.assert_accessible()
    visitor.fill("Code reçu par courriel", factories.code_of(one))
    visitor.press("Continuer")


def sign(visitor, one):
    identify(visitor, one)
    visitor.assert_accessible()
    visitor.press("J’ai lu la convention")
    visitor.assert_accessible()
    visitor.press("Signer la convention")  # nothing is ticked
    visitor.assert_accessible()
    assert "Cochez cette case" in visitor.page.content()
    main = visitor.page.get_by_role("main")
    main.get_by_label("Votre qualité").fill("présidente")
    for box in main.get_by_role("checkbox").all():
        box.check(force=True)
    visitor.press("Signer la convention")
    visitor.assert_accessible()


def test_with_javascript_the_page_follows_the_worker(visitor, round_):
    one = factories.signatory(round_)
    sign(visitor, one)
    page = visitor.page
    page.get_by_text("Votre signature est en cours").wait_for()
    factories.work(round_)
    page.get_by_text("Vous avez signé").wait_for()
    visitor.assert_accessible()


def test_without_javascript(plain_visitor, round_):
    sign(plain_visitor, factories.signatory(round_))
    factories.work(round_)
    plain_visitor.press("Actualiser la page", role="link")
    assert "Vous avez signé" in plain_visitor.page.content()


def test_refusing_and_a_link_that_no_longer_serves(visitor, open_visitor, round_):
    one = factories.signatory(round_)
    identify(visitor, one)
    elsewhere = open_visitor()
    elsewhere.go(f"/signer/{factories.token_of(one)}/")
    elsewhere.assert_accessible()
    visitor.press("Refuser de signer", role="link")
    visitor.assert_accessible()
    visitor.fill("Pourquoi refusez-vous", "Les dates ne sont pas celles convenues.")
    visitor.press("Refuser de signer")
    visitor.assert_accessible()
    assert "La signature est arrêtée" in visitor.page.content()


def test_all_signed_then_the_copy(visitor, round_):
    for position in (1, 2):
        factories.consented(factories.signatory(round_, position))
        factories.work(round_)
    identify(visitor, factories.signatory(round_, 1))
    visitor.assert_accessible()
    assert "Convention signée par toutes les parties" in visitor.page.content()
    _as_manager(visitor, round_)
    visitor.go(f"/gerer/signatures/{round_.pk}/")
    visitor.assert_accessible()


def _as_manager(visitor, round_, role=MembershipRole.ADMINISTRATOR):
    membership = MembershipFactory(organization=round_.agreement.owner, role=role)
    visitor.sign_in(membership.user, membership)


def test_the_manager_follows_replaces_and_takes_paper(visitor, round_, tmp_path):
    _as_manager(visitor, round_)
    visitor.go("/gerer/signatures/")
    visitor.assert_accessible()
    visitor.press(round_.agreement.number, role="link")
    visitor.assert_accessible()
    visitor.press("Renvoyer le lien")
    visitor.press("Remplacer l’adresse de Camille Martin 1", role="link")
    visitor.assert_accessible()
    visitor.fill("Adresse électronique", "zoe@example.org")
    visitor.press("Remplacer l’adresse")
    visitor.press("Déposer la convention signée sur papier", role="link")
    visitor.assert_accessible()
    scan = tmp_path / "copie.pdf"
    scan.write_bytes(upload().read())
    page = visitor.page
    page.get_by_label("Copie numérisée").set_input_files(scan)
    today = round_.opened_at.astimezone(round_.agreement.place.zone).date()
    page.get_by_label("Date de la dernière signature").fill(today.isoformat())
    visitor.press("Enregistrer la convention signée")
    visitor.assert_accessible()
    assert "Signé sur papier" in page.content()
    visitor.go(f"/structures/{round_.agreement.owner_id}/signature/")
    visitor.assert_accessible()
