"""A file of projects: sent, its columns matched, checked, brought in, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

import preau.portfolio.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.french import by_name
from preau.core.tables.writing import csv_lines
from preau.portfolio.bringing import actions, mec
from preau.portfolio.bringing.columns import COLUMNS
from preau.portfolio.bringing.enums import MAY_CHECK, MAY_RUN, MAY_UNDO, WORKING, LineState
from preau.portfolio.bringing.forms import FileForm, MappingForm
from preau.portfolio.bringing.models import BatchLine, ProjectBatch
from preau.portfolio.bringing.tasks import bring_in
from preau.portfolio.filters import ZONE
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from preau.projects.standing import visible_to

LARGEST_ID = 2**63 - 1
#: What the page shows of each kind of line; the file of rejected lines has them all.
SHOWN = 100


def load_batch(batch_id: int) -> ProjectBatch:
    rows = ProjectBatch.objects.select_related("organization", "made_by")
    batch = rows.filter(pk=batch_id).first() if batch_id <= LARGEST_ID else None
    if batch is None:
        raise Http404
    return batch


View = Callable[..., HttpResponse]


def for_services(view: View) -> View:
    """Under another hat, a page that says whose this is, and nothing of the file."""

    @wraps(view)
    def guarded(request: HttpRequest, *batch: ProjectBatch) -> HttpResponse:
        try:
            actions.require(actor_of(request), *batch)
        except Forbidden as no:
            return render(request, "portfolio/bringing/nobody.html", {"sentence": no.sentence})
        return view(request, *batch)

    return guarded


@permission("portfolio.bring")
@for_services
def new(request: HttpRequest) -> HttpResponse:
    """Explain the file, take it, show those before."""
    actor = actor_of(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.read_file(
                file.read(actions.MOST_BYTES + 1),
                file.name,
                actor=actor,
                default_state=form.cleaned_data["default_state"],
                sheet=form.cleaned_data["sheet"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("portfolio:bringing_look", batch.pk)
    past = ProjectBatch.objects.select_related("made_by").order_by("-pk")
    if not actor.is_operator:
        past = past.filter(organization=actor.organization)
    context = {"form": form, "columns": COLUMNS, "past": past[:20], "most": actions.MOST_LINES}
    return render(request, "portfolio/bringing/new.html", context)


@permission("portfolio.bring")
@require_safe
@for_services
def template_file(request: HttpRequest) -> HttpResponse:
    """The headings and two projects, to fill in."""
    lines = csv_lines(
        [one.label for one in COLUMNS],
        [[(*one.examples, "", "")[rank] for one in COLUMNS] for rank in range(2)],
    )
    return _attached(lines, "text/csv; charset=utf-8", "modele-projets.csv")


def _attached(chunks: Iterator[str], kind: str, name: str) -> HttpResponse:
    answer = StreamingHttpResponse((one.encode() for one in chunks), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]


@permission("portfolio.batch", load=load_batch)
@require_safe
@for_services
def look(request: HttpRequest, batch: ProjectBatch) -> HttpResponse:
    """Where it is: columns to match, what checking found, what became of each line."""
    return _shown(request, batch, None)


def _shown(request: HttpRequest, batch: ProjectBatch, form: MappingForm | None) -> HttpResponse:
    rejected = batch.lines.filter(state=LineState.REJECTED).order_by("number")
    told = batch.lines.exclude(remarks=[]).exclude(state=LineState.REJECTED).order_by("number")
    counts = actions.outcome(batch)
    context = {
        "batch": batch,
        "form": form or (MappingForm(batch=batch) if batch.state in MAY_CHECK else None),
        "counts": counts,
        "rejected": rejected[:SHOWN],
        "told": told[:SHOWN],
        "shown": SHOWN,
        "working": batch.state in WORKING,
        "percent": 100 * batch.done // batch.total if batch.total else 0,
        "may_run": batch.state in MAY_RUN and bool(counts.get(LineState.TO_DO)),
        "may_undo": batch.state in MAY_UNDO and bool(counts.get(LineState.CREATED)),
        "kept": _kept(batch),
        "shape_is_known": batch.system == mec.SYSTEM,
    }
    return render(request, "portfolio/bringing/look.html", context)


def _kept(batch: ProjectBatch) -> list[Project]:
    """After an undoing: what it made and that people have worked on since."""
    if batch.state != "annule":
        return []
    keys = batch.lines.filter(state=LineState.CREATED).values("project_id")
    return list(Project.objects.filter(pk__in=keys).order_by(*by_name("name"))[:SHOWN])


@permission("portfolio.batch", load=load_batch)
@require_POST
@for_services
def match(request: HttpRequest, batch: ProjectBatch) -> HttpResponse:
    """Keep which column is which, then check every line."""
    actor = actor_of(request)
    form = MappingForm(request.POST, batch=batch)
    if not form.is_valid():
        return _shown(request, batch, form)
    try:
        actions.match(batch, form.mapping, actor=actor)
        return _begin(request, batch, actions.begin_check)
    except Refusal as refusal:
        form.refuse(refusal)
        return _shown(request, batch, form)


@permission("portfolio.batch", load=load_batch)
@require_POST
@for_services
def begin(request: HttpRequest, batch: ProjectBatch) -> HttpResponse:
    return _begin(request, batch, actions.begin_run)


@permission("portfolio.batch", load=load_batch)
@for_services
def undo(request: HttpRequest, batch: ProjectBatch) -> HttpResponse:
    """Say what will go and what will stay; then do it."""
    if request.method == "POST":
        return _begin(request, batch, actions.begin_undo)
    made = batch.lines.filter(state=LineState.CREATED).count()
    return render(request, "portfolio/bringing/undo.html", {"batch": batch, "made": made})


@permission("portfolio.batch", load=load_batch)
@require_POST
@for_services
def stop(request: HttpRequest, batch: ProjectBatch) -> HttpResponse:
    actions.stop(batch, actor=actor_of(request))
    messages.info(request, "Arrêt demandé : la partie en cours se termine, rien n’est perdu.")
    return redirect("portfolio:bringing_look", batch.pk)


def _begin(request: HttpRequest, batch: ProjectBatch, verb: Callable[..., bool]) -> HttpResponse:
    """A few lines at once; more of them are a worker's, and the page follows."""
    actor = actor_of(request)
    try:
        if verb(batch, actor=actor):
            if batch.total <= actions.FEW:
                actions.work(load_batch(batch.pk), actor=actor)
            else:
                bring_in.defer(batch_id=batch.pk)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("portfolio:bringing_look", batch.pk)


@permission("portfolio.batch", load=load_batch)
@require_safe
@for_services
def rejected(request: HttpRequest, batch: ProjectBatch) -> HttpResponse:
    """The rejected lines as they were, with what to mend: to correct and send again."""
    lines = csv_lines([*batch.headings, "ligne du fichier", "à corriger"], _rejected(batch))
    return _attached(lines, "text/csv; charset=utf-8", f"lignes-a-corriger-{batch.pk}.csv")


def _rejected(batch: ProjectBatch) -> Iterator[list[str | int | None]]:
    width, last = len(batch.headings), 0
    found = BatchLine.objects.filter(batch=batch, state=LineState.REJECTED).order_by("number")
    while page := list(found.filter(number__gt=last)[:500]):
        for line in page:
            cells = [*line.cells, *[""] * width][:width]
            why = " ".join(f"{label} : {text}" if label else text for label, text in line.problems)
            yield [*cells, line.number, why]
        last = page[-1].number


@permission("portfolio.see")
@require_safe
def as_mec(request: HttpRequest) -> HttpResponse:
    """Every filed project that one may see, in the shape of Mon espace collectivité."""
    actor = actor_of(request)
    projects = visible_to(actor).exclude(state=ProjectState.DRAFT)
    who = actor.organization or actor.person
    audit.record(actor, "portfolio.exported", who, format="mec")
    name = f"projets-{clock.today(ZONE).isoformat()}.json"
    return _attached(mec.written(projects), "application/json; charset=utf-8", name)
