"""The services to hold and the people who hold them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.formats import WEEKDAYS, count
from preau.core.forms import sent
from preau.core.tables.writing import csv_lines
from preau.timetables.actions import preparing
from preau.timetables.forms.needs import FileForm, MediatorForm, NeedForm
from preau.timetables.models import Mediator, ServiceNeed, Timetable
from preau.timetables.needs_file import COLUMNS, ReadNeeds, read_needs
from preau.timetables.views.loading import (
    frame,
    load_mediator,
    load_need,
    load_timetable,
)


def _days(weekdays: list[int]) -> str:
    """« lundi, mardi », « du lundi au vendredi »."""
    if weekdays == [0, 1, 2, 3, 4]:
        return "du lundi au vendredi"
    return ", ".join(WEEKDAYS[day] for day in sorted(weekdays))


@permission("timetable.read", load=load_timetable)
@require_safe
def need_list(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    needs = timetable.needs.select_related("mediator")
    mediators = timetable.mediators.select_related("base")
    context = frame(request, timetable, "services") | {
        "needs": [(one, _days(one.weekdays)) for one in needs],
        "mediators": [(one, _days(one.weekdays)) for one in mediators],
    }
    return render(request, "timetables/needs.html", context)


@permission("timetable.edit", load=load_timetable)
def add_need(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    return _need(request, timetable, None)


@permission("timetable.edit", load=load_need)
def edit_need(request: HttpRequest, need: ServiceNeed) -> HttpResponse:
    return _need(request, need.timetable, need)


def _need(request: HttpRequest, timetable: Timetable, need: ServiceNeed | None) -> HttpResponse:
    form = NeedForm(sent(request), timetable=timetable, initial=NeedForm.initial_of(need))
    if request.method == "POST" and form.is_valid():
        try:
            made = preparing.save_need(timetable, form.values(), actor=actor_of(request), need=need)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {made.label} » est enregistré.")
            return redirect("timetables:needs", timetable.key)
    context = frame(request, timetable, "services") | {"form": form, "need": need}
    return render(request, "timetables/need.html", context)


@permission("timetable.edit", load=load_need)
@require_POST
def drop_need(request: HttpRequest, need: ServiceNeed) -> HttpResponse:
    try:
        preparing.remove_need(need, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Le service est retiré de la grille.")
    return redirect("timetables:needs", need.timetable.key)


@permission("timetable.edit", load=load_timetable)
def add_mediator(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    return _mediator(request, timetable, None)


@permission("timetable.edit", load=load_mediator)
def edit_mediator(request: HttpRequest, mediator: Mediator) -> HttpResponse:
    return _mediator(request, mediator.timetable, mediator)


def _mediator(
    request: HttpRequest, timetable: Timetable, mediator: Mediator | None
) -> HttpResponse:
    form = MediatorForm(sent(request), initial=MediatorForm.initial_of(mediator))
    if request.method == "POST" and form.is_valid():
        try:
            preparing.save_mediator(
                timetable, form.values(), actor=actor_of(request), mediator=mediator
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le médiateur est enregistré.")
            return redirect("timetables:needs", timetable.key)
    context = frame(request, timetable, "services") | {"form": form, "mediator": mediator}
    return render(request, "timetables/mediator.html", context)


@permission("timetable.edit", load=load_mediator)
@require_POST
def drop_mediator(request: HttpRequest, mediator: Mediator) -> HttpResponse:
    try:
        preparing.remove_mediator(mediator, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Le médiateur est retiré ; ses services restent.")
    return redirect("timetables:needs", mediator.timetable.key)


# --- From a file


@permission("timetable.edit", load=load_timetable)
def bring(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    """A table of services: all of it, or what is wrong line by line."""
    form, found = FileForm(sent(request), request.FILES or None), ReadNeeds()
    if request.method == "POST" and form.is_valid():
        try:
            found = read_needs(timetable, form.cleaned_data["file"].read())
            if not found.problems:
                added, changed = preparing.add_needs(timetable, found.rows, actor=actor_of(request))
                messages.success(
                    request,
                    f"{count(added, 'service ajouté', 'services ajoutés')},"
                    f" {count(changed, 'modifié', 'modifiés')}.",
                )
                return redirect("timetables:needs", timetable.key)
        except Refusal as refusal:
            form.refuse(refusal)
    context = frame(request, timetable, "services")
    context |= {"form": form, "problems": found.problems, "columns": COLUMNS}
    return render(request, "timetables/needs_file.html", context)


@permission("timetable.read", load=load_timetable)
@require_safe
def template_file(request: HttpRequest, timetable: Timetable) -> HttpResponse:
    """The headings and two examples, to fill in."""
    lines = csv_lines(
        [one.label for one in COLUMNS],
        [[(*one.examples, "", "")[rank] for one in COLUMNS] for rank in range(2)],
    )
    answer = StreamingHttpResponse(
        (line.encode() for line in lines), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="modele-services.csv"'
    return answer  # type: ignore[return-value]
