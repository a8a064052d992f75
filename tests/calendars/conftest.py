import pytest

from tests.integrations.misbehaving import running


@pytest.fixture(scope="session")
def publisher():
    """A server of calendars, a process of its own: its address."""
    with running("fakes.ics") as address:
        yield address
