"""What every test shares. Room factories are in tests/<room>/factories.py."""

import inspect
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import emptying, migrated

FORGIVING = {"default", "default_if_none", "yesno"}
OUR_TEMPLATES = str(Path(settings.BASE_DIR) / "preau")


def pytest_configure():
    if not settings.IS_TEST:
        pytest.exit("Run the tests with `make test`, or set PREAU_MODE=test and DATABASE_URL.", 2)


class Undefined(str):
    """Fails the test where one of our templates prints a variable that does not exist."""

    def __bool__(self):
        caller = inspect.currentframe().f_back.f_locals
        expression, context = caller.get("self"), caller.get("context")
        template = getattr(getattr(context, "render_context", None), "template", None)
        if template is None or not template.origin.name.startswith(OUR_TEMPLATES):
            return False
        if FORGIVING & {function.__name__ for function, _ in getattr(expression, "filters", [])}:
            return False
        raise AssertionError(f"{template.origin.name}: {{{{ {expression} }}}} is undefined.")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Each process copies a database that one of them has migrated."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.prepare()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests on real connections empty the tables when they end. Where that is by truncating, the
    journal refuses (tests/documents/test_journal.py puts the guard back to see it)."""
    emptying.after_each_test()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE documents_journalentry DISABLE TRIGGER journal_no_truncate")


@pytest.fixture(scope="session", autouse=True)
def _undefined_template_variables_fail():
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("?")
