"""The operator's pages: perimeters of CRTE and programmes, by file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.portfolio.bringing import perimeters
from preau.portfolio.bringing.forms import PerimeterForm
from preau.portfolio.bringing.models import PerimeterFile
from preau.portfolio.filters import ZONE
from preau.territories import crte

LARGEST_ID = 2**63 - 1
SHOWN = 200


def load_file(file_id: int) -> PerimeterFile:
    rows = PerimeterFile.objects.select_related("programme", "made_by")
    file = rows.filter(pk=file_id).first() if file_id <= LARGEST_ID else None
    if file is None:
        raise Http404
    return file


@permission("portfolio.perimeters")
def new(request: HttpRequest) -> HttpResponse:
    form = PerimeterForm(
        request.POST or None, request.FILES or None, initial={"on": clock.today(ZONE)}
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            file = perimeters.read_file(
                sent.read(crte.MOST_BYTES + 1),
                sent.name,
                programme=form.cleaned_data["programme"],
                on=form.cleaned_data["on"],
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("portfolio:perimeters_look", file.pk)
    past = PerimeterFile.objects.select_related("programme", "made_by").defer("lines")
    context = {"form": form, "past": past.order_by("-pk")[:20]}
    return render(request, "portfolio/bringing/perimeters.html", context)


@permission("portfolio.perimeters", load=load_file)
@require_safe
def look(request: HttpRequest, file: PerimeterFile) -> HttpResponse:
    report = None if file.applied_at else perimeters.look(file, actor=actor_of(request))
    context = {
        "file": file,
        "report": report,
        "problems": report.problems[:SHOWN] if report else [],
        "shown": SHOWN,
    }
    return render(request, "portfolio/bringing/perimeters_look.html", context)


@permission("portfolio.perimeters", load=load_file)
@require_POST
def apply(request: HttpRequest, file: PerimeterFile) -> HttpResponse:
    try:
        perimeters.apply(file, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Le nouveau périmètre est appliqué.")
    return redirect("portfolio:perimeters_look", file.pk)
