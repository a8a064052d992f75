"""Communes while typing: the same help on every form that asks for one."""

import pytest

from preau.accounts.enums import MembershipRole
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.territories.factories import CommuneFactory

OPTIONS = ".pr-options [role=option]"
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager(visitor):
    CommuneFactory()
    owner = OrganizationFactory(verified=True)
    membership = MembershipFactory(organization=owner, role=MembershipRole.MANAGER)
    visitor.sign_in(membership.user, membership)
    return visitor


def suggested(page, label):
    field = page.get_by_label(label, exact=False).first
    field.press_sequentially("greno")
    page.locator(OPTIONS).first.wait_for()
    return field


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/", "Où ?"),
        ("/trouver/", "Où ?"),
        ("/compte/structures/nouvelle/", "Commune du siège"),
        ("/gerer/lieux/nouveau/", "Commune"),
    ],
)
def test_communes_are_suggested(manager, address, label):
    page = manager.go(address)
    field = suggested(page, label)
    manager.assert_accessible()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    field.press("Enter")
    assert field.input_value() == "Grenoble (38000)"
    assert page.locator(OPTIONS).count() == 0
    postcode = page.locator("[name=postcode]")
    if postcode.count():
        assert postcode.input_value() == "38000"


def test_a_place_is_created_from_a_suggestion(manager):
    page = manager.go("/gerer/lieux/nouveau/")
    page.get_by_label("Nom du lieu").fill("Salle des Tilleuls")
    page.get_by_label("Nature du lieu").select_option(index=1)
    page.get_by_label("Adresse").first.fill("3 rue des Tilleuls")
    field = suggested(page, "Commune")
    field.press("ArrowDown")
    field.press("Enter")
    page.get_by_role("button", name="Créer le lieu").click()
    page.get_by_role("heading", name="Salle des Tilleuls", level=1).wait_for()
