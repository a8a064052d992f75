"""A mediator's own files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.forms import Form, sent
from preau.mediation import queries
from preau.mediation.actions import following as actions
from preau.mediation.enums import FileState
from preau.mediation.forms.following import HandOverForm, MandateForm, OpenFileForm, StepForm
from preau.mediation.models import FollowUpFile, FollowUpStep, Mandate
from preau.mediation.models.following import DORMANT, KEPT
from preau.mediation.views.loading import load_file, load_mandate, load_step


@permission("mediation.mine")
def files(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "files": queries.files_of(actor)[:200],
        "sheets": queries.places_of(actor)[:1],
        "dormant": DORMANT.days,
        "kept": KEPT.days,
    }
    return render(request, "mediation/files.html", context)


@permission("mediation.mine")
def open_file(request: HttpRequest) -> HttpResponse:
    """The verb asks for the right on the place."""
    actor = actor_of(request)
    sheets = list(queries.places_of(actor)[:100])
    today = clock.now().date()
    form = OpenFileForm(sent(request), sheets=sheets, initial={"consented_on": today})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data.pop("told")
        try:
            file = actions.open_file(form.sheets[data.pop("sheet")], actor=actor, **data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Le dossier {file.reference} est ouvert.")
            return redirect("mediation:file", file.key)
    context = {"form": form, "sheets": sheets, "kept": KEPT.days, "dormant": DORMANT.days}
    return render(request, "mediation/open_file.html", context)


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
@require_POST
def close(request: HttpRequest, file: FollowUpFile) -> HttpResponse:
    return _press(request, file, actions.close, "Le dossier est clos.")


@permission("mediation.follow", load=load_file)
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
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est noté.")
            return redirect(leads_to) if leads_to else redirect("mediation:file", file.key)
    context = {"file": file, "form": form, "title": title}
    return render(request, "mediation/file_form.html", context)
