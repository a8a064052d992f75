"""Bringing existing bookings in: send the file, look at what it would do, import, follow."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.desk.actions import imports
from preau.desk.enums import ImportState
from preau.desk.forms.imports import ImportForm
from preau.desk.models import ImportBatch
from preau.desk.queries.imports import SHOWN, outlook, progress
from preau.desk.tasks import run_import
from preau.desk.views.planning import load_place
from preau.places.models import Place

#: Beyond this a task does it, and the page follows.
AT_ONCE = 200


def load_batch(*, batch_id: int) -> ImportBatch:
    rows = ImportBatch.objects.select_related("place__owner", "place__commune")
    return get_object_or_404(rows, pk=batch_id)


@permission("desk.import", load=load_place)
def new(request: HttpRequest, place: Place) -> HttpResponse:
    """Send a file. It is read, nothing more."""
    form = ImportForm(request.POST or None, request.FILES or None, place=place)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            found = imports.read_file(data["file"], place, data["space"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk:import_batch", found.pk)
    latest = ImportBatch.objects.filter(place=place).order_by("-id")[:10]
    context = {"place": place, "form": form, "latest": latest}
    return render(request, "desk/import/new.html", context)


@permission("desk.import", load=load_batch)
def batch(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """What it would do; once begun, how far it is."""
    context = {"batch": batch, "place": batch.place, "progress": progress(batch), "shown": SHOWN}
    if batch.state == ImportState.READ:
        return render(request, "desk/import/look.html", context | {"found": outlook(batch)})
    failed = batch.lines.exclude(error="").select_related("space")[:SHOWN]
    page = "_progress" if request.headers.get("HX-Request") else "follow"
    return render(request, f"desk/import/{page}.html", context | {"failed": failed})


@permission("desk.import", load=load_batch)
def begin(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    if request.method == "POST" and imports.start(batch, actor=actor_of(request)):
        if batch.lines.filter(error="", occupancy=None).count() > AT_ONCE:
            run_import.defer(batch_id=batch.pk, user_id=actor_of(request).person.pk)
        else:
            batch.refresh_from_db()
            imports.run(batch, actor=actor_of(request))
            messages.success(request, "L’import est terminé.")
    return redirect("desk:import_batch", batch.pk)


@permission("desk.import", load=load_batch)
def halt(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    if request.method == "POST":
        imports.stop(batch, actor=actor_of(request))
    return redirect("desk:import_batch", batch.pk)
