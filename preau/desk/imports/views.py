"""Send a file of places, look at what it would do, import."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.desk.imports import actions
from preau.desk.imports.columns import COLUMNS, template
from preau.desk.imports.enums import PlaceImportState
from preau.desk.imports.forms import PlacesFileForm
from preau.desk.imports.models import PlaceImport
from preau.desk.imports.tasks import import_places
from preau.desk.reading import MOST_BYTES

LARGEST_ID = 2**63 - 1
#: What the preview shows of what goes well; problems and differences are all shown.
SHOWN = 50


def load_import(place_import_id: int) -> PlaceImport:
    rows = PlaceImport.objects.select_related("organization", "made_by")
    made = rows.filter(pk=place_import_id).first() if place_import_id <= LARGEST_ID else None
    if made is None:
        raise Http404
    return made


@permission("place.start")
def new(request: HttpRequest) -> HttpResponse:
    """Explain the file, take it. It is read, nothing more."""
    actor = actor_of(request)
    owner = actor.organization
    if owner is None or not allowed(actor, "place.create", owner):
        return render(request, "desk/places_import/new.html", {"form": None, "columns": COLUMNS})
    form = PlacesFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = actions.read_file(
                file.read(MOST_BYTES + 1),
                file.name,
                organization=owner,
                publish=form.cleaned_data["publish"],
                actor=actor,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("desk:places_import_look", made.pk)
    latest = PlaceImport.objects.filter(organization=owner).order_by("-pk").defer("text")[:5]
    context = {"form": form, "columns": COLUMNS, "owner": owner, "latest": latest}
    return render(request, "desk/places_import/new.html", context)


@permission("place.start")
@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    """The headings and a place with two spaces, to fill in."""
    return HttpResponse(
        template(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="modele-lieux.csv"'},
    )


@permission("place.create", load=load_import)
@require_safe
def look(request: HttpRequest, made: PlaceImport) -> HttpResponse:
    """What it would do, or what it did."""
    context: dict[str, object] = {"made": made, "shown": SHOWN}
    if made.state in {PlaceImportState.READ, PlaceImportState.FAILED}:
        plan = actions.plan_of(made)
        context |= {
            "plan": plan,
            "first": plan.new_places[:SHOWN],
            "more": max(0, len(plan.new_places) - SHOWN),
            "nothing": not (plan.new_places or plan.new_spaces or plan.changed),
        }
    return render(request, "desk/places_import/look.html", context)


@permission("place.create", load=load_import)
@require_POST
def begin(request: HttpRequest, made: PlaceImport) -> HttpResponse:
    """The worker does it; the page follows."""
    try:
        if actions.start(made, actor=actor_of(request)):
            import_places.defer(import_id=made.pk)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("desk:places_import_look", made.pk)
