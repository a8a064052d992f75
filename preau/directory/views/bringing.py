"""A list of places: sent, its columns matched, checked, brought in, taken back, given back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

import preau.directory.bringing.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Forbidden, Refusal
from preau.core.tables.writing import csv_lines
from preau.directory.bringing import actions
from preau.directory.bringing.enums import (
    MAY_CHECK,
    MAY_RUN,
    MAY_UNDO,
    WORKING,
    WRITTEN,
    BatchState,
    Expected,
    LineState,
)
from preau.directory.bringing.forms import FileForm, MappingForm
from preau.directory.bringing.giving_back import list_file
from preau.directory.bringing.tasks import bring_in
from preau.directory.formats.any_table import COLUMNS
from preau.directory.formats.files import FORMATS, TABLE
from preau.directory.models import Sheet, SheetBatch, SheetLine

LARGEST_ID = 2**63 - 1
#: What the page shows of each kind of line; the file has them all.
SHOWN = 100


def load_batch(list_id: int) -> SheetBatch:
    rows = SheetBatch.objects.select_related("organization", "made_by")
    batch = rows.filter(pk=list_id).first() if list_id <= LARGEST_ID else None
    if batch is None:
        raise Http404
    return batch


View = Callable[..., HttpResponse]


def for_keepers(view: View) -> View:
    """Under another hat, a page that says whose this is, and nothing of the file."""

    @wraps(view)
    def guarded(request: HttpRequest, *batch: SheetBatch) -> HttpResponse:
        try:
            actions.require(actor_of(request), *batch)
        except Forbidden as no:
            return render(request, "directory/bringing/nobody.html", {"sentence": no.sentence})
        return view(request, *batch)

    return guarded


@permission("directory.bring")
@for_keepers
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
                source=form.cleaned_data["source"],
                licence=form.cleaned_data["licence"],
                defaults=form.defaults,
                sheet=form.cleaned_data["sheet"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("directory:bringing_look", batch.pk)
    past = SheetBatch.objects.select_related("made_by").order_by("-pk")
    if not actor.is_operator:
        past = past.filter(organization=actor.organization)
    context = {
        "form": form,
        "columns": COLUMNS,
        "formats": FORMATS.values(),
        "past": past[:20],
        "most": actions.MOST_LINES,
    }
    return render(request, "directory/bringing/new.html", context)


@permission("directory.bring")
@require_safe
@for_keepers
def template_file(request: HttpRequest) -> HttpResponse:
    """The headings and one place, to fill in."""
    example = [(*one.examples, "")[0] for one in COLUMNS]
    lines = csv_lines([one.label for one in COLUMNS], [example])
    return attached(lines, "text/csv; charset=utf-8", "modele-lieux.csv")


def attached(chunks: Iterable[str], kind: str, name: str) -> HttpResponse:
    answer = StreamingHttpResponse((one.encode() for one in chunks), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]


@permission("directory.batch", load=load_batch)
@require_safe
@for_keepers
def look(request: HttpRequest, batch: SheetBatch) -> HttpResponse:
    """Where it is: columns to match, what checking found, what became of each line."""
    return _shown(request, batch, None)


def _shown(request: HttpRequest, batch: SheetBatch, form: MappingForm | None) -> HttpResponse:
    lines = batch.lines.order_by("number")
    counts = actions.outcome(batch)
    form = form or (MappingForm(batch=batch) if batch.state in MAY_CHECK else None)
    context = {
        "batch": batch,
        "form": form,
        "format_label": FORMATS[batch.format].label if batch.format != TABLE else "",
        "is_table": batch.format == TABLE,
        "counts": counts,
        "rejected": lines.filter(state=LineState.REJECTED)[:SHOWN],
        "told": lines.exclude(remarks=[]).exclude(state=LineState.REJECTED)[:SHOWN],
        "doubles": lines.filter(expected=Expected.DOUBLE)[:SHOWN],
        "shown": SHOWN,
        "working": batch.state in WORKING,
        "percent": 100 * batch.done // batch.total if batch.total else 0,
        "may_run": batch.state in MAY_RUN and bool(counts.get(LineState.TO_DO)),
        "may_undo": batch.state in MAY_UNDO and any(counts.get(one) for one in WRITTEN),
        "kept": _kept(batch),
    }
    return render(request, "directory/bringing/look.html", context)


def _kept(batch: SheetBatch) -> list[Sheet]:
    """After an undoing: what it wrote and that people have worked on since."""
    if batch.state != BatchState.UNDONE:
        return []
    keys = batch.lines.filter(state__in=WRITTEN).values("sheet_id")
    return list(Sheet.objects.filter(pk__in=keys).order_by("name")[:SHOWN])


@permission("directory.batch", load=load_batch)
@require_POST
@for_keepers
def match(request: HttpRequest, batch: SheetBatch) -> HttpResponse:
    """Keep which column is which, then check every line."""
    actor = actor_of(request)
    form = MappingForm(request.POST, batch=batch)
    if not form.is_valid():
        return _shown(request, batch, form)
    try:
        doubles = form.cleaned_data["doubles"]
        actions.match(batch, form.mapping, actor=actor, doubles=doubles)
        return _begin(request, batch, actions.begin_check)
    except Refusal as refusal:
        form.refuse(refusal)
        return _shown(request, batch, form)


@permission("directory.batch", load=load_batch)
@require_POST
@for_keepers
def begin(request: HttpRequest, batch: SheetBatch) -> HttpResponse:
    without = request.POST.get("without_wrong") == "oui"
    return _begin(request, batch, partial(actions.begin_run, without_wrong=without))


@permission("directory.batch", load=load_batch)
@for_keepers
def undo(request: HttpRequest, batch: SheetBatch) -> HttpResponse:
    """Say what will go and what will stay; then do it."""
    if request.method == "POST":
        return _begin(request, batch, actions.begin_undo)
    counts = actions.outcome(batch)
    context = {
        "batch": batch,
        "made": counts.get(LineState.CREATED, 0),
        "changed": counts.get(LineState.UPDATED, 0) + counts.get(LineState.ATTACHED, 0),
    }
    return render(request, "directory/bringing/undo.html", context)


@permission("directory.batch", load=load_batch)
@require_POST
@for_keepers
def stop(request: HttpRequest, batch: SheetBatch) -> HttpResponse:
    actions.stop(batch, actor=actor_of(request))
    messages.info(request, "Arrêt demandé : la partie en cours se termine, rien n’est perdu.")
    return redirect("directory:bringing_look", batch.pk)


def _begin(request: HttpRequest, batch: SheetBatch, verb: Callable[..., bool]) -> HttpResponse:
    """A few lines at once; more of them are a worker's, and the page follows."""
    actor = actor_of(request)
    try:
        at_once = batch.total <= actions.FEW
        with transaction.atomic():  # begun and given to a worker, or neither
            begun = verb(batch, actor=actor)
            if begun and not at_once:
                bring_in.defer(batch_id=batch.pk)
        if begun and at_once:
            actions.work_at_once(load_batch(batch.pk), actor=actor)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("directory:bringing_look", batch.pk)


@permission("directory.batch", load=load_batch)
@require_safe
@for_keepers
def report(request: HttpRequest, batch: SheetBatch) -> HttpResponse:
    """Every line that has something to mend or to know, as it was: to correct and send again."""
    headings = [*batch.headings, "ligne du fichier", "état", "à corriger", "à savoir"]
    name = f"lignes-a-corriger-{batch.pk}.csv"
    return attached(csv_lines(headings, _reported(batch)), "text/csv; charset=utf-8", name)


def _reported(batch: SheetBatch) -> Iterator[list[str | int | None]]:
    width, last = len(batch.headings), 0
    found = SheetLine.objects.filter(batch=batch).exclude(problems=[], remarks=[])
    while page := list(found.filter(number__gt=last).order_by("number")[:500]):
        for line in page:
            cells = [str(one) if one is not None else "" for one in line.cells]
            state = LineState(line.state).label
            told = [_sentence(line.problems), _sentence(line.remarks)]
            yield [*[*cells, *[""] * width][:width], line.number, state, *told]
        last = page[-1].number


def _sentence(said: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{column} : {text}" if column else text for column, text in said)


@permission("directory.batch", load=load_batch)
@require_safe
@for_keepers
def given_back(request: HttpRequest, batch: SheetBatch) -> HttpResponse:
    """The list as the directory has it now, in the format it came in."""
    chunks, kind, ending = list_file(batch)
    return attached(chunks, kind, f"{batch.list_name}.{ending}")
