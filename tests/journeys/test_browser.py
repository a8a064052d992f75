"""What the journeys rely on: faults are seen, and windows forget."""

import pytest

from tests.journeys.browser import forget

pytestmark = pytest.mark.journey
FAULTS = {
    "link-name": "document.querySelector('main a[href]').textContent = ''",
    "too wide at 320": "document.querySelector('main h1').style.width = '400px'",
}


def test_faults_are_seen(visitor):
    page = visitor.go("/aide/")
    visitor.assert_accessible()
    for name, fault in FAULTS.items():
        page.evaluate(fault)
        with pytest.raises(AssertionError, match=name):
            visitor.assert_accessible()
        visitor.go("/aide/")
    page.evaluate("console.error('of the console')")
    with pytest.raises(AssertionError, match="of the console"):
        visitor.check()
    visitor.faults.clear()


def test_nothing_of_a_person_is_left_in_their_window(open_visitor):
    context = open_visitor().go("/aide/").context
    context.pages[-1].evaluate("localStorage.setItem('kept', 'yes')")
    context.add_cookies([{"name": "kept", "value": "yes", "url": open_visitor().origin}])
    context.grant_permissions(["geolocation"])
    forget(context)
    page = context.new_page()
    page.goto(open_visitor().origin + "/aide/")
    asked = "navigator.permissions.query({name: 'geolocation'}).then(answer => answer.state)"
    assert page.evaluate("localStorage.getItem('kept')") is None
    assert "kept" not in {cookie["name"] for cookie in context.cookies()}
    assert page.evaluate(asked) != "granted"
