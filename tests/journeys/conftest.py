"""Browser fixtures. See `tests/journeys/README.md`."""

import os

import pytest
from django.core.cache import cache
from playwright.sync_api import sync_playwright

from tests.journeys.browser import CHROMIUM_ARGS, Visitor, chromium_path, open_context

# Playwright's own event loop runs in this thread: Django would refuse the ORM beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


#: Of minutes: begun last, one would run on alone while the other process has nothing left.
LONGEST = {"test_every_page.py", "test_college_year.py", "test_closing_scenario.py"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest journeys before the others."""
    first = next((at for at, item in enumerate(items) if "journey" in item.keywords), len(items))
    items[first:] = sorted(items[first:], key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as tool:
        chromium = tool.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _no_attempt_counted_yet(transactional_db):
    """The cache's table is no model's: emptying the database between tests leaves it as it was."""
    cache.clear()


@pytest.fixture
def open_visitor(browser, live_server):
    """Open as many visitors as the journey has people: `manager = open_visitor()`."""
    contexts = []

    def make(*, javascript=True):
        context = open_context(browser, javascript=javascript)
        context.set_default_timeout(60_000)  # verifying a long document is allowed 45 s
        contexts.append(context)
        return Visitor(context.new_page(), live_server.url, javascript=javascript).watch()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(open_visitor):
    """One person, with JavaScript."""
    person = open_visitor()
    yield person
    person.check()


@pytest.fixture
def plain_visitor(open_visitor):
    """One person, without JavaScript."""
    person = open_visitor(javascript=False)
    yield person
    person.check()
