"""The coordinator's pages: a place's costs shared out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.economics import annexing, perms, queries
from preau.economics.actions import allocations as actions
from preau.economics.actions import proposing
from preau.economics.enums import AllocationState, Answer, Origin, RuleChoice
from preau.economics.forms.allocations import AllocationForm, CostForm, ProposeForm, ProviderForm
from preau.economics.gaming import Compared, compare, game_of, missing
from preau.economics.models import CostAllocation, CostItem, ProviderLine
from preau.economics.views.loading import (
    act,
    load_allocation,
    load_cost_item,
    load_line,
    made,
    table,
)
from preau.places.queries import managed_places

#: Places that a form offers.
MOST_PLACES = 200


@permission("economics.mine")
@require_safe
def allocations(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "allocations": queries.allocations_of(actor)[: queries.MOST],
        "shares": queries.shares_of(actor)[: queries.MOST],
        "may_create": perms.may_create(actor),
    }
    return render(request, "economics/allocations.html", context)


@permission("economics.mine")
def create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not perms.may_create(actor):
        return render(request, "economics/nobody.html", {"what": "une répartition des coûts"})
    places = list(managed_places(actor).select_related("commune")[:MOST_PLACES])
    form = AllocationForm(sent(request), places=places)
    if request.method == "POST" and form.is_valid():

        def open_it() -> str:
            allocation = actions.create(form.wanted(), actor=actor)
            messages.success(request, "La répartition est ouverte. Ajoutez ce que coûte le lieu.")
            return allocation.get_absolute_url()

        if gone := made(request, form, open_it):
            return gone
    return render(request, "economics/allocation_form.html", {"form": form})


@permission("allocation.see", load=load_allocation)
@require_safe
def allocation(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    """Everything on one page: charges, providers, the three rules, the answers."""
    items, lines = list(allocation.items.all()), list(allocation.providers.all())
    game = game_of(allocation)
    compared = compare(game) if game else []
    context = {
        "allocation": allocation,
        "items": items,
        "lines": lines,
        "missing": missing(items, lines),
        "total": game.total if game else None,
        "rows": _rows(lines, compared),
        "verdicts": _verdicts(compared),
        "answers": _answers(allocation, lines),
        "rule": annexing.RULES.get(allocation.rule, ""),
        "may_keep": allowed(actor_of(request), "allocation.keep", allocation),
        "may_read_annex": allocation.annex is not None
        and allowed(actor_of(request), "document.read", allocation.annex),
        "is_proposed": allocation.state == AllocationState.PROPOSED,
        "corrected": [one for one in lines if one.correction],
    }
    return render(request, "economics/allocation.html", context)


def _rows(lines: list[ProviderLine], compared: list[Compared]) -> list[dict[str, Any]]:
    """A provider, what it pays alone, and under each rule, with the reasons."""
    if not compared:
        return []
    labels = [RuleChoice(one.sharing.rule.value).label for one in compared]
    return [
        {
            "line": line,
            "alone": compared[0].sharing.shares[number].alone,
            "shares": [
                (label, one.sharing.shares[number])
                for label, one in zip(labels, compared, strict=True)
            ],
        }
        for number, line in enumerate(lines)
    ]


def _verdicts(compared: list[Compared]) -> list[dict[str, Any]]:
    return [
        {
            "rule": RuleChoice(one.sharing.rule.value).label,
            "why": annexing.RULES[one.sharing.rule.value],
            "nobody": one.sharing.nobody_pays_more_than_alone,
            "more": [s.provider for s in one.sharing.shares if not s.pays_no_more_than_alone],
            "leaving": one.leaving,
            "counted": one.counted,
        }
        for one in compared
    ]


def _answers(allocation: CostAllocation, lines: list[ProviderLine]) -> dict[str, int]:
    return {
        "agreed": sum(one.answer == Answer.AGREES for one in lines),
        "objected": sum(one.answer == Answer.OBJECTS for one in lines),
        "silent": sum(not one.answer and one.organization_id is not None for one in lines),
    }


@permission("allocation.keep", load=load_allocation)
def add_item(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    form = CostForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def add() -> str:
            actions.add_item(allocation, **form.given(), actor=actor_of(request))
            messages.success(request, "La charge est ajoutée.")
            return allocation.get_absolute_url()

        if gone := made(request, form, add):
            return gone
    context = {"allocation": allocation, "form": form, "title": "Ajouter une charge"}
    return render(request, "economics/allocation_part.html", context)


@permission("allocation.keep", load=load_cost_item)
@require_POST
def remove_item(request: HttpRequest, item: CostItem) -> HttpResponse:
    back = item.allocation.get_absolute_url()
    verb = lambda: actions.remove_item(item, actor=actor_of(request))  # noqa: E731
    return act(request, verb, "La charge est retirée.", back)


@permission("allocation.keep", load=load_allocation)
def add_provider(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    form = ProviderForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def add() -> str:
            actions.add_provider(allocation, form.wanted(), actor=actor_of(request))
            messages.success(request, "L’occupant est ajouté.")
            return allocation.get_absolute_url()

        if gone := made(request, form, add):
            return gone
    context = {"allocation": allocation, "form": form, "title": "Ajouter un occupant"}
    return render(request, "economics/allocation_part.html", context)


@permission("share.keep", load=load_line)
def edit_provider(request: HttpRequest, line: ProviderLine) -> HttpResponse:
    form = ProviderForm(sent(request), line=line, initial=ProviderForm.values_of(line))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_provider(line, form.wanted(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’occupant est corrigé.")
            return redirect(line.allocation)
    context = {
        "allocation": line.allocation,
        "form": form,
        "title": f"Corriger {line.name}",
        "line": line,
        "from_planning": line.origin == Origin.OCCUPANCIES,
    }
    return render(request, "economics/allocation_part.html", context)


@permission("share.keep", load=load_line)
@require_POST
def remove_provider(request: HttpRequest, line: ProviderLine) -> HttpResponse:
    back = line.allocation.get_absolute_url()
    verb = lambda: actions.remove_provider(line, actor=actor_of(request))  # noqa: E731
    return act(request, verb, "L’occupant est retiré.", back)


@permission("allocation.keep", load=load_allocation)
@require_POST
def prefill(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    verb = lambda: actions.prefill(allocation, actor=actor_of(request))  # noqa: E731
    done = "Le planning est relu. Ce que vous aviez corrigé n’a pas changé."
    return act(request, verb, done, allocation.get_absolute_url())


@permission("allocation.keep", load=load_allocation)
def propose(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    """Choose a rule and a date; the annex is drawn and everyone is told."""
    game = game_of(allocation)
    if game is None or not allocation.is_draft:
        messages.error(request, "Complétez d’abord les charges et les occupants.")
        return redirect(allocation)
    form = ProposeForm(sent(request), initial={"rule": RuleChoice.SHAPLEY})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            proposing.propose(
                allocation, rule=data["rule"], answer_by=data["answer_by"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "L’annexe est dans votre coffre. Les occupants sont prévenus."
            )
            return redirect(allocation)
    told = allocation.providers.filter(organization__isnull=False)
    context = {
        "allocation": allocation,
        "form": form,
        "verdicts": _verdicts(compare(game)),
        "told": told,
        "untold": allocation.providers.filter(organization=None),
    }
    return render(request, "economics/propose.html", context)


@permission("allocation.keep", load=load_allocation)
@require_POST
def take_back(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    verb = lambda: proposing.take_back(allocation, actor=actor_of(request))  # noqa: E731
    done = "La répartition est de nouveau un brouillon. Les occupants sont prévenus."
    return act(request, verb, done, allocation.get_absolute_url())


@permission("allocation.keep", load=load_allocation)
@require_POST
def settle(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    verb = lambda: proposing.settle(allocation, actor=actor_of(request))  # noqa: E731
    done = "La répartition est arrêtée. Les occupants sont prévenus."
    return act(request, verb, done, allocation.get_absolute_url())


@permission("allocation.keep", load=load_allocation)
@require_POST
def delete(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    try:
        actions.delete(allocation, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(allocation)
    messages.success(request, "Le brouillon est supprimé.")
    return redirect("economics:allocations")


@permission("allocation.see", load=load_allocation)
@require_safe
def csv(request: HttpRequest, allocation: CostAllocation) -> HttpResponse:
    game = game_of(allocation)
    if game is None:
        messages.error(request, "Complétez d’abord les charges et les occupants.")
        return redirect(allocation)
    return table(annexing.csv(game), f"couts-{allocation.place_name}")
