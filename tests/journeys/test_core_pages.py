"""The pages that need no data, seen by a browser."""

import pytest

from tests.accounts.factories import MembershipFactory
from tests.journeys.browser import transferred

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/",
    "/plan-du-site/",
    "/aide/",
    "/accessibilite/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/demo/composants/",
    "/demo/composants/?erreurs=1",
]


def test_components_with_errors_are_accessible(visitor):
    visitor.go("/demo/composants/?erreurs=1")
    visitor.assert_accessible()


@pytest.mark.parametrize("path", PAGES)
def test_page_works_without_javascript(plain_visitor, path):
    page = plain_visitor.go(path)
    plain_visitor.assert_accessible()
    assert page.locator("h1").count() == 1


def test_unknown_page_says_where_to_go(visitor):
    visitor.expected = {404}
    page = visitor.go("/nulle-part/")
    assert page.get_by_role("link", name="Revenir à l’accueil").is_visible()
    visitor.assert_accessible()


def test_errors_take_the_focus_and_lead_to_the_field(visitor):
    page = visitor.go("/demo/composants/?erreurs=1")
    assert page.evaluate("document.activeElement.id") == "erreurs"
    page.locator("#erreurs").get_by_role("link", name="Jour").click()
    assert page.evaluate("document.activeElement.id") == "id_day"


def test_skip_link_leads_to_the_content(visitor):
    page = visitor.go("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_first_view_is_light(visitor):
    page = visitor.go("/")
    assert transferred(page) <= 1_200_000  # not compressed in tests


@pytest.mark.parametrize("path", ["/", "/demo/composants/?erreurs=1", "/donnees-personnelles/"])
def test_neutral_theme_owes_nothing_to_the_state(visitor, settings, path):
    settings.THEME = "neutre"
    page = visitor.go(path)
    assert "dsfr" not in page.content().replace("data-fr", "")
    visitor.page.wait_for_timeout(50)
    visitor.assert_accessible()
    visitor.screenshot(f"neutre-{len(path)}")


def test_the_hat_is_always_visible(visitor, settings):
    settings.IS_DEMO = True
    membership = MembershipFactory(
        organization__name="Association sportive et culturelle des amis du Vercors septentrional"
    )
    visitor.sign_in(membership.user, membership)
    page = visitor.go("/aide/")
    hat = page.locator("header").get_by_text("Vous agissez pour").locator("..").inner_text()
    assert membership.organization.name in hat
    visitor.assert_accessible()
    visitor.screenshot("connecte")
