"""Choose spaces and what changes, look at each line, confirm, read what was done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.desk.bulk.actions import change_many
from preau.desk.bulk.forms import BulkForm, FilterForm
from preau.desk.bulk.plan import plan
from preau.desk.bulk.reading import MOST, places_of, spaces_of


@permission("desk.change_many")
def change(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    places = places_of(actor)
    if not places:
        return render(request, "desk/nothing.html")
    filters = FilterForm(request.GET, places=places)
    chosen, kind = filters.chosen()
    offered = spaces_of(chosen, kind=kind)
    sent = request.POST if request.method == "POST" else None
    form = BulkForm(sent, offered=offered[:MOST], actor=actor)
    context = {"filters": filters, "form": form, "more": max(0, len(offered) - MOST)}
    if sent is None or "revoir" in sent or not form.is_valid():
        return render(request, "desk/bulk/choose.html", context)
    return _confirm(request, form)


def _confirm(request: HttpRequest, form: BulkForm) -> HttpResponse:
    """The preview; then, on its button, the change. All that is hidden in it is read again."""
    actor = actor_of(request)
    spaces = sorted(form.cleaned_data["spaces"], key=lambda one: one.pk)
    context = {"form": form, "sent": form.sent(), "refused": ""}
    if "confirmer" in request.POST:
        try:
            seen = request.POST.get("vu", "")
            done = change_many(spaces, form.values, seen=seen, actor=actor)
        except Refusal as refusal:
            context["refused"] = refusal.sentence
        else:
            return render(request, "desk/bulk/done.html", {"plan": done})
    found = plan(spaces, form.values, actor=actor)
    if not found.changed:  # sent twice: it is done already
        context["refused"] = ""
    context["plan"] = found
    return render(request, "desk/bulk/preview.html", context)
