"""What has been kept long enough: lists that someone approves before anything is destroyed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.documents import queries, retention
from preau.documents.enums import DocumentKind
from preau.documents.models import Elimination, EliminationLine


def load_elimination(*, elimination_id: int) -> Elimination:
    found = Elimination.objects.select_related("organization", "approved_by")
    elimination = found.filter(pk=elimination_id).first()
    if elimination is None:
        raise Http404("Ce bordereau n’existe pas.")
    return elimination


@permission("elimination.list")
@require_safe
def eliminations(request: HttpRequest) -> HttpResponse:
    context = {
        "eliminations": list(queries.eliminations_for(actor_of(request))[:100]),
        "rules": [(DocumentKind(kind).label, rule.words) for kind, rule in retention.RULES.items()],
    }
    return render(request, "documents/eliminations.html", context)


@permission("elimination.approve", load=load_elimination)
def elimination(request: HttpRequest, elimination: Elimination) -> HttpResponse:
    """The list; sending it approves what is ticked and keeps the rest."""
    lines = list(elimination.lines.order_by("kind", "pk"))
    if request.method == "POST" and elimination.approved_at is None:
        return _answer(request, elimination, lines)
    context = {
        "elimination": elimination,
        "lines": [(line, DocumentKind(line.kind).label) for line in lines],
    }
    return render(request, "documents/elimination.html", context)


def _answer(
    request: HttpRequest, elimination: Elimination, lines: list[EliminationLine]
) -> HttpResponse:
    ticked = set(request.POST.getlist("line"))
    chosen = {line.pk for line in lines if str(line.pk) in ticked}
    if not chosen:
        messages.error(request, "Cochez au moins un document à détruire.")
        return redirect("documents:elimination", elimination.pk)
    retention.approve(elimination, actor=actor_of(request), lines=chosen)
    messages.success(
        request, "La destruction est approuvée. Elle est faite dans les minutes qui viennent."
    )
    return redirect("documents:elimination", elimination.pk)
