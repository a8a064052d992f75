"""What every test shares. Room factories are in tests/<room>/factories.py."""

import inspect
from pathlib import Path

import pytest
from django.conf import settings

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


@pytest.fixture(scope="session", autouse=True)
def _undefined_template_variables_fail():
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("?")
