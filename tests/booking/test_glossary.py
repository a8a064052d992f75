"""Every state has its one French name in the glossary."""

from pathlib import Path

import pytest
from django.conf import settings

from preau.availability.enums import OccupancyKind
from preau.booking.enums import (
    BLOCKING,
    TRANSITIONS,
    ApprovalState,
    Approver,
    BookingState,
    Change,
    ChangeRequestState,
    DateState,
    PieceState,
    WaitingState,
)
from preau.places.enums import Publication

GLOSSARY = Path(settings.BASE_DIR) / "docs" / "glossaire.md"


ALL = [
    BookingState,
    Change,
    DateState,
    Approver,
    ApprovalState,
    PieceState,
    WaitingState,
    ChangeRequestState,
    OccupancyKind,
    Publication,
]


@pytest.mark.parametrize("choices", ALL)
def test_the_glossary_names_every_state(choices):
    text = GLOSSARY.read_text()
    missing = [one.label for one in choices if f"| {one.label} | `{one.value}` |" not in text]
    assert not missing


def test_a_slot_is_free_in_every_state_without_a_way_on():
    assert {state for state in BookingState if state not in TRANSITIONS}.isdisjoint(BLOCKING)
