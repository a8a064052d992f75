"""A mediator's own files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.forms import Form, sent
from preau.core.once import once
from preau.mediation import queries
from preau.mediation.actions import following as actions
from preau.mediation.actions import leaving
from preau.mediation.enums import FileState
from preau.mediation.forms.following import (
    HandOverForm,
    MandateForm,
    OpenFileForm,
    ReassignForm,
    StepForm,
)
from preau.mediation.models import FollowUpFile, FollowUpStep, Mandate
from preau.mediation.models.following import DORMANT, KEPT
from preau.mediation.people import mediates
from preau.mediation.views.loading import load_file, load_mandate, load_step


@permission("mediation.mine")
def files(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "files": queries.files_of(actor)[:200],
        "left": queries.files_left(actor)[:200],
        "sheets": mediates(actor) and queries.places_of(actor)[:1],
        "dormant": DORMANT.days,
        "kept": KEPT.days,
    }
    return render(request, "mediation/files.html", context)


@permission("mediation.mine")
def open_file(request: HttpRequest) -> HttpResponse:
    """The verb asks for the right on the place."""
    actor = actor_of(request)
    sheets = list(queries.places_of(actor)[:100]) if mediates(actor) else []
    initial = {"consented_on": clock.today(sheets[0].zone)} if sheets else {}
    form = OpenFileForm(sent(request), sheets=sheets, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _open(request, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "sheets": sheets,
        "kept": KEPT.days,
        "dormant": DORMANT.days,
        "caretaker": actor.membership is not None and not mediates(actor),
    }
    return render(request, "mediation/open_file.html", context)


def _open(request: HttpRequest, form: OpenFileForm) -> str:
    data = dict(form.cleaned_data)
    data.pop("told")
    file = actions.open_file(form.sheets[data.pop("sheet")], actor=actor_of(request), **data)
    messages.success(request, f"Le dossier {file.reference} est ouvert.")
    return reverse("mediation:file", args=[file.key])


@permission("mediation.follow", load=load_file)
def file(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    """Reading it is written down."""
    audit.record(actor_of(request), "mediation.read_file", file)
    today = clock.today(file.sheet.zone)
    ends = file.closed_on + KEPT if file.closed_on else file.last_step_on + DORMANT + KEPT
    context = {
        "file": file,
        "steps": file.steps.all(),
        "mandates": [
            (one, one.revoked_on is None and one.until >= today) for one in file.mandates.all()
        ],
        "is_open": file.state == FileState.OPEN,
        "erased_on": ends,
        "has_colleagues": queries.colleagues_of(file).exists(),
    }
    return render(request, "mediation/file.html", context)


@permission("mediation.follow", load=load_file)
def add_step(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    initial = {"day": clock.today(file.sheet.zone), "theme": file.theme}
    form = StepForm(sent(request), initial=initial)
    return _write(
        request,
        file,
        form,
        "Noter une démarche",
        lambda data: actions.add_step(file, actor=actor_of(request), **data),
    )


@permission("mediation.follow", load=load_file)
def give_mandate(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    form = MandateForm(sent(request), initial={"signed_on": clock.today(file.sheet.zone)})
    return _write(
        request,
        file,
        form,
        "Noter un mandat",
        lambda data: actions.give_mandate(file, actor=actor_of(request), **data),
    )


@permission("mediation.follow", load=load_file)
def hand_over(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    form = HandOverForm(sent(request), file=file)
    return _write(
        request,
        file,
        form,
        "Confier le dossier",
        lambda data: actions.hand_over(file, data["to"], actor=actor_of(request)),
        leads_to="mediation:files",
    )


@permission("mediation.follow", load=load_file)
def close(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    """A closed file is not opened again: what that means first."""
    if request.method == "POST":
        return _press(request, file, actions.close, "Le dossier est clos.")
    if file.state != FileState.OPEN:
        return redirect("mediation:file", file.key)
    return render(request, "mediation/close.html", {"file": file, "kept": KEPT.days})


@permission("mediation.reassign", load=load_file)
def reassign(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    """Its mediator has left; nothing of it is shown."""
    form = ReassignForm(sent(request), file=file)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            leaving.reassign(file, to, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Le dossier {file.reference} est confié à {to.full_name}.")
            return redirect("mediation:files")
    return render(request, "mediation/reassign.html", {"file": file, "form": form})


@permission("mediation.erase_file", load=load_file)
def erase(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    if request.method == "POST":
        actions.erase(file, actor=actor_of(request))
        messages.success(request, f"Le dossier {file.reference} est effacé.")
        return redirect("mediation:files")
    return render(request, "mediation/erase.html", {"file": file})


@permission("mediation.follow", load=load_step)
@require_POST
def tick(request: HttpRequest, step: FollowUpStep) -> HttpResponse:
    return _press(
        request, step.file, lambda _, actor: actions.tick(step, actor=actor), "C’est noté."
    )


@permission("mediation.follow", load=load_mandate)
@require_POST
def revoke(request: HttpRequest, mandate: Mandate) -> HttpResponse:
    return _press(
        request,
        mandate.file,
        lambda _, actor: actions.revoke_mandate(mandate, actor=actor),
        "Le mandat est retiré.",
    )


def _press(
    request: HttpRequest, file: FollowUpFile, verb: Callable[..., object], done: str
) -> HttpResponse:
    try:
        verb(file, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("mediation:file", file.key)


def _write(
    request: HttpRequest,
    file: FollowUpFile,
    form: Form,
    title: str,
    verb: Callable[[dict[str, Any]], object],
    *,
    leads_to: str = "",
) -> HttpResponse:

    def act() -> str:
        verb(form.cleaned_data)
        messages.success(request, "C’est noté.")
        return reverse(leads_to) if leads_to else reverse("mediation:file", args=[file.key])

    if request.method == "POST" and form.is_valid():
        try:
            return once(request, act)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"file": file, "form": form, "title": title}
    return render(request, "mediation/file_form.html", context)
