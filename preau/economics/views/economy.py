"""The economic model of a project: read by its readers, worked on by its writers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.formats import NBSP, number
from preau.core.forms import sent
from preau.core.tables.writing import Cell, csv_lines
from preau.economics import charts
from preau.economics.actions import economy as actions
from preau.economics.figuring import Sort, shown
from preau.economics.forms.economy import ComputeForm, LineForm, ModelForm
from preau.economics.model.hypotheses import MONTHS
from preau.economics.models import EconomicModel, ModelVersion
from preau.economics.views.loading import (
    act,
    load_economy_project,
    load_model,
    load_version,
    made,
    table,
)
from preau.projects.models import Project


@permission("project.contribute", load=load_economy_project)
def create(request: HttpRequest, project: Project) -> HttpResponse:
    form = ModelForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def open_it() -> str:
            model = actions.create(project, **form.given(), actor=actor_of(request))
            messages.success(request, "Le modèle est ouvert. Ajoutez recettes et dépenses.")
            return model.get_absolute_url()

        if gone := made(request, form, open_it):
            return gone
    context = {"project": project, "form": form, "title": "Nouveau modèle économique"}
    return render(request, "economics/model_form.html", context)


@permission("project.read", load=load_model)
@require_safe
def model(request: HttpRequest, model: EconomicModel) -> HttpResponse:
    """The hypotheses, and the versions kept."""
    groups = [
        (sort, sort.label, [shown(one) for one in model.lines if one["sort"] == sort.value])
        for sort in Sort
    ]
    context = {
        "model": model,
        "groups": groups,
        "versions": [
            (one, percent(one.result["balanced"][11]), percent(one.result["balanced"][-1]))
            for one in model.versions.select_related("made_by")
        ],
        "may_edit": allowed(actor_of(request), "project.contribute", model.project),
    }
    return render(request, "economics/model.html", context)


def percent(share: float) -> str:
    return f"{number(100 * share)}{NBSP}%"


@permission("project.contribute", load=load_model)
def edit(request: HttpRequest, model: EconomicModel) -> HttpResponse:
    initial = {"name": model.name, "start": model.start_cents / 100}
    form = ModelForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(model, **form.given(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(model)
    context = {"project": model.project, "model": model, "form": form, "title": "Modifier"}
    return render(request, "economics/model_form.html", context)


@permission("project.contribute", load=load_model)
def add_line(request: HttpRequest, model: EconomicModel) -> HttpResponse:
    """`?nature=recette`: what is added."""
    wanted = request.GET.get("nature", Sort.REVENUE.value)
    sort = Sort(wanted) if wanted in Sort.values else Sort.REVENUE
    return _line(request, model, LineForm(sent(request), sort=sort), 0, f"Ajouter : {sort.label}")


@permission("project.contribute", load=load_model)
def edit_line(request: HttpRequest, model: EconomicModel) -> HttpResponse:
    """`?ligne=3`: which one."""
    asked = request.GET.get("ligne", "")
    line = next((one for one in model.lines if str(one["id"]) == asked), None)
    if line is None:
        if asked:
            messages.error(request, "Cette hypothèse a été retirée.")
        return redirect(model)
    form = LineForm(sent(request), sort=Sort(line["sort"]), initial=LineForm.values_of(line))
    return _line(request, model, form, line["id"], f"Modifier : {line['label']}")


def _line(
    request: HttpRequest, model: EconomicModel, form: LineForm, number_: int, title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():

        def put() -> str:
            actions.put_line(model, form.given() | {"id": number_}, actor=actor_of(request))
            messages.success(request, "L’hypothèse est enregistrée.")
            return model.get_absolute_url()

        if gone := made(request, form, put):
            return gone
    context = {"project": model.project, "model": model, "form": form, "title": title}
    return render(request, "economics/model_form.html", context)


@permission("project.contribute", load=load_model)
@require_POST
def remove_line(request: HttpRequest, model: EconomicModel) -> HttpResponse:
    asked = request.POST.get("ligne", "")
    number_ = int(asked) if asked.isdecimal() else 0
    return act(
        request,
        lambda: actions.remove_line(model, number_, actor=actor_of(request)),
        "L’hypothèse est retirée.",
        model.get_absolute_url(),
    )


@permission("project.contribute", load=load_model)
def compute(request: HttpRequest, model: EconomicModel) -> HttpResponse:
    form = ComputeForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def keep() -> str:
            version = actions.compute(model, **form.cleaned_data, actor=actor_of(request))
            return version.get_absolute_url()

        if gone := made(request, form, keep):
            return gone
    context = {
        "project": model.project,
        "model": model,
        "form": form,
        "title": "Calculer une version",
        "submit": "Calculer et garder",
    }
    return render(request, "economics/model_form.html", context)


@permission("project.read", load=load_version)
@require_safe
def version(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    """What came of the hypotheses: curves, tables, what matters most."""
    found = version.result
    others = version.model.versions.exclude(pk=version.pk).order_by("-number")
    context = {
        "version": version,
        "model": version.model,
        "figures": figures(version),
        "chances": charts.chances(found["balanced"]),
        "cash": charts.cash(found["p10"], found["p50"], found["p90"]),
        "bars": charts.tornado(found["effects"], found["likely"][-1]),
        "months": months_of(version),
        "effects": found["effects"],
        "lines": [shown(one) for one in version.lines],
        "others": others,
        "may_edit": allowed(actor_of(request), "project.contribute", version.model.project),
    }
    return render(request, "economics/version.html", context)


def figures(version: ModelVersion) -> list[tuple[str, Any]]:
    """What decides, in words; money in cents stands as an int."""
    found = version.result
    return [
        ("Chances que les mois s’équilibrent d’ici 12 mois", percent(found["balanced"][11])),
        ("Chances d’ici 24 mois", percent(found["balanced"][23])),
        ("Chances d’ici 36 mois", percent(found["balanced"][35])),
        ("Besoin de trésorerie, une fois sur deux au plus", found["need_p50"]),
        ("Besoin de trésorerie, neuf fois sur dix au plus", found["need_p90"]),
        ("Trésorerie au bout de 36 mois, au milieu", found["p50"][-1]),
        ("Chances de finir au-dessus de zéro", percent(found["ends_above"])),
    ]


def months_of(version: ModelVersion) -> list[dict[str, Any]]:
    found = version.result
    return [
        {
            "month": i + 1,
            "balanced": percent(found["balanced"][i]),
            "p10": found["p10"][i],
            "p50": found["p50"][i],
            "p90": found["p90"][i],
        }
        for i in range(MONTHS)
    ]


@permission("project.read", load=load_version)
@require_safe
def compare(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    """`?avec=2`: the other version of the same model."""
    asked = request.GET.get("avec", "")
    rows = version.model.versions.exclude(pk=version.pk)
    other = rows.filter(number=int(asked)).first() if asked.isdecimal() else rows.first()
    if other is None:
        raise Http404("Il n’y a pas d’autre version à comparer.")
    old, new = sorted((version, other), key=lambda one: one.number)
    pairs = zip(figures(old), figures(new), strict=True)
    before = {one["id"]: shown(one) for one in old.lines}
    after = {one["id"]: shown(one) for one in new.lines}
    changes = [
        (before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
    context = {
        "model": version.model,
        "old": old,
        "new": new,
        "rows": [(label, a, b) for (label, a), (_, b) in pairs],
        "changes": changes,
    }
    return render(request, "economics/compare.html", context)


@permission("project.contribute", load=load_version)
@require_POST
def resume(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    return act(
        request,
        lambda: actions.resume(version, actor=actor_of(request)),
        f"Les hypothèses de la version {version.number} sont reprises.",
        version.model.get_absolute_url(),
    )


@permission("project.read", load=load_version)
@require_safe
def csv(request: HttpRequest, version: ModelVersion) -> HttpResponse:
    headings = ("Mois", "Chances d’équilibre (%)", "Trésorerie basse (P10, €)",
                "Trésorerie médiane (P50, €)", "Trésorerie haute (P90, €)")  # fmt: skip
    name = f"modele-{version.model.name}-version-{version.number}"
    return table(csv_lines(headings, _months(version)), name)


def _months(version: ModelVersion) -> Iterator[list[Cell]]:
    found = version.result
    for i in range(MONTHS):
        cash = [found[one][i] / 100 for one in ("p10", "p50", "p90")]
        yield [i + 1, round(100 * found["balanced"][i], 2), *cash]
