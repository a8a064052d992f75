"""What the journeys rely on: faults are seen."""

import pytest

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
