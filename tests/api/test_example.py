"""The example of the documentation books a hall of a real site."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from preau.api.enums import Scope
from preau.booking.models import Booking
from preau.places.enums import ApprovalMode
from tests.api.factories import administrator, token_of
from tests.booking.factories import bookable_space, evening

EXAMPLE = Path(settings.BASE_DIR, "docs/how-to/book_a_hall.py")


@pytest.mark.django_db(transaction=True)
def test_it_books_a_hall(live_server):
    space = bookable_space(approval=ApprovalMode.IMMEDIATE, capacity=60)
    token = token_of(administrator(), Scope.SEARCH, Scope.BOOKINGS_WRITE)[1]
    day = str(evening(space).start.astimezone(space.place.zone).date())

    def run():
        command = [sys.executable, str(EXAMPLE), live_server.url, token, space.place.commune_id]
        return subprocess.run([*command, day], capture_output=True, text=True, check=False)

    done = run()
    made = Booking.objects.get()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{space.name}, {made.reference} : Confirmée\n"
    again = run()
    assert again.returncode == 1
    assert "libre" in again.stderr


def test_it_takes_some_twenty_lines():
    tree = ast.parse(EXAMPLE.read_text())
    assert len([one for one in tree.body if not isinstance(one, ast.Import | ast.ImportFrom)]) <= 20
