"""What the addresses of the room name; somebody else's key is simply not found by who guesses."""

from __future__ import annotations

import uuid

from django.shortcuts import get_object_or_404

from preau.payments.models import CollectingOffice, Due, Incident, Operation, Payment

_DUE = ("office__organization__commune", "payee", "place", "payer_user", "payer_organization")


def load_office(*, office_id: int) -> CollectingOffice:
    rows = CollectingOffice.objects.select_related("organization__commune")
    return get_object_or_404(rows, pk=office_id)


def load_due(*, due_key: uuid.UUID) -> Due:
    return get_object_or_404(Due.objects.select_related(*_DUE), key=due_key)


def load_operation(*, operation_key: uuid.UUID) -> Operation:
    rows = Operation.objects.select_related("due__office", "due__place", "office__organization")
    return get_object_or_404(rows, key=operation_key)


def load_trial(*, trial_key: uuid.UUID) -> Operation:
    return load_operation(operation_key=trial_key)


def load_entry(*, entry_key: uuid.UUID) -> Payment:
    rows = Payment.objects.select_related("due__office", "due__place", "office")
    return get_object_or_404(rows, key=entry_key)


def load_incident(*, incident_key: uuid.UUID) -> Incident:
    rows = Incident.objects.select_related(
        "due__office", "office__organization__commune", "operation", "settled_by"
    )
    return get_object_or_404(rows, key=incident_key)
