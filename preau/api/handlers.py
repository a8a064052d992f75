"""News of the rooms below, for whoever listens from outside."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from preau.agreements.enums import AgreementState
from preau.agreements.events import agreement_changed
from preau.agreements.models import Agreement
from preau.api import telling
from preau.booking.enums import Change
from preau.booking.events import booking_changed
from preau.booking.models import Booking
from preau.payments.events import due_changed
from preau.payments.models import Due
from preau.projects.events import project_moved
from preau.projects.models import Project


@receiver(booking_changed, dispatch_uid="api.booking")
def tell_booking(sender: Any, *, booking: Booking, change: Change, **_: Any) -> None:
    telling.booking_changed(booking, change)


@receiver(agreement_changed, dispatch_uid="api.agreement")
def tell_agreement(sender: Any, *, agreement: Agreement, **_: Any) -> None:
    if agreement.state == AgreementState.SIGNED:
        telling.agreement_signed(agreement)


@receiver(due_changed, dispatch_uid="api.due")
def tell_due(sender: Any, *, due: Due, **_: Any) -> None:
    telling.due_paid(due)


@receiver(project_moved, dispatch_uid="api.project")
def tell_project(sender: Any, *, project: Project, before: str, **_: Any) -> None:
    telling.defer_project_moved(project, before)
