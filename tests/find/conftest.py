import pytest

import preau.booking.forms.series
import preau.find.forms  # noqa: F401  (they keep the true horizon: imported before it is shortened)
from preau.availability import opening_index
from tests.territories.factories import CommuneFactory


@pytest.fixture(autouse=True)
def grenoble(db, monkeypatch):
    """The commune everyone searches, and opening days only as far as tests look."""
    from datetime import timedelta

    monkeypatch.setattr(opening_index, "HORIZON", timedelta(days=40))
    return CommuneFactory()
