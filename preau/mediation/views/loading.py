"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

import uuid

from django.shortcuts import get_object_or_404

from preau.directory.enums import SheetState
from preau.directory.models import Sheet
from preau.mediation.models import (
    FollowUpFile,
    FollowUpStep,
    Mandate,
    PlaceEvent,
    Training,
    Visit,
)


def load_sheet(*, visited_key: uuid.UUID) -> Sheet:
    rows = Sheet.objects.select_related("commune", "manager", "place")
    return get_object_or_404(rows, key=visited_key)


def load_public_sheet(*, agenda_slug: str) -> Sheet:
    rows = Sheet.objects.filter(state=SheetState.PUBLISHED).select_related("commune")
    return get_object_or_404(rows, slug=agenda_slug)


def load_visit(*, visit_id: int) -> Visit:
    return get_object_or_404(Visit.objects.select_related("sheet"), pk=visit_id)


def load_file(*, file_key: uuid.UUID) -> FollowUpFile:
    rows = FollowUpFile.objects.select_related("sheet", "mediator", "organization__merged_into")
    return get_object_or_404(rows.exclude(state="efface"), key=file_key)


def load_step(*, follow_step_id: int) -> FollowUpStep:
    rows = FollowUpStep.objects.select_related("file__sheet", "file__organization__merged_into")
    return get_object_or_404(rows, pk=follow_step_id)


def load_mandate(*, mandate_id: int) -> Mandate:
    rows = Mandate.objects.select_related("file__sheet", "file__organization__merged_into")
    return get_object_or_404(rows, pk=mandate_id)


def load_training(*, training_id: int) -> Training:
    return get_object_or_404(Training.objects.select_related("organization"), pk=training_id)


def load_event(*, event_key: uuid.UUID) -> PlaceEvent:
    rows = PlaceEvent.objects.select_related("sheet__commune", "sheet__manager")
    return get_object_or_404(rows, key=event_key)
