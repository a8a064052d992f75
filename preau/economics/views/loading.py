"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify

from preau.core.errors import Refusal
from preau.core.forms import Form
from preau.core.once import once
from preau.economics.enums import AllocationState, RoundState
from preau.economics.models import (
    CostAllocation,
    CostItem,
    EconomicModel,
    Invitation,
    ModelVersion,
    NegotiationRound,
    ProviderLine,
)
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project


def act(request: HttpRequest, verb: Callable[[], object], done: str, back: str) -> HttpResponse:
    """One verb of one button: said, whether it went or was refused; back to a page."""
    try:
        verb()
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect(back)


def made(request: HttpRequest, form: Form, verb: Callable[[], str]) -> HttpResponse | None:
    """What a form asks for, once however often it is sent; None when refused, which it shows.

    Args:
        verb: does it and gives the address to go to.
    """
    try:
        return once(request, verb)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def table(lines: Iterable[str], name: str) -> HttpResponse:
    """A CSV to take away."""
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.csv"'
    return response


def load_allocation(*, allocation_key: uuid.UUID) -> CostAllocation:
    rows = CostAllocation.objects.select_related("organization", "place__owner", "annex")
    return get_object_or_404(rows, key=allocation_key)


def load_cost_item(*, cost_item: int) -> CostItem:
    return get_object_or_404(CostItem.objects.select_related("allocation"), pk=cost_item)


def load_line(*, share_key: uuid.UUID) -> ProviderLine:
    rows = ProviderLine.objects.select_related("allocation__organization", "organization")
    return get_object_or_404(rows, key=share_key)


def load_share(*, share_key: uuid.UUID) -> ProviderLine:
    """Only what was proposed."""
    rows = ProviderLine.objects.exclude(allocation__state=AllocationState.DRAFT)
    rows = rows.select_related("allocation__organization", "allocation__annex", "organization")
    return get_object_or_404(rows, key=share_key)


def load_economy_project(*, economy_project: uuid.UUID) -> Project:
    return load_filed(economy_project)


def load_model(*, economy_key: uuid.UUID) -> EconomicModel:
    rows = EconomicModel.objects.select_related(
        "project__holder_organization", "project__lead_commune"
    )
    return get_object_or_404(rows, key=economy_key)


def load_version(*, economy_key: uuid.UUID, economy_version: int) -> ModelVersion:
    rows = ModelVersion.objects.select_related(
        "model__project__holder_organization", "model__project__lead_commune"
    )
    return get_object_or_404(rows, model__key=economy_key, number=economy_version)


def load_round(*, round_key: uuid.UUID) -> NegotiationRound:
    rows = NegotiationRound.objects.select_related("organization", "place", "allocation")
    return get_object_or_404(rows, key=round_key)


def load_round_invitation(*, invitee_key: uuid.UUID) -> Invitation:
    """Only of a round that was opened."""
    rows = Invitation.objects.exclude(round__state=RoundState.DRAFT)
    rows = rows.select_related("round__organization", "round__place", "organization")
    return get_object_or_404(rows, key=invitee_key)


def load_any_invitation(*, invitee_key: uuid.UUID) -> Invitation:
    rows = Invitation.objects.select_related("round__organization", "organization")
    return get_object_or_404(rows, key=invitee_key)
