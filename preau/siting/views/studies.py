"""Studies: the list, opening one, its page, scenarios side by side, who reads it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

import preau.siting.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import formats
from preau.core.errors import Refusal
from preau.core.once import once
from preau.siting import wording
from preau.siting.actions import studies
from preau.siting.enums import Visibility
from preau.siting.forms.studies import StudyForm, TravelTimesForm, VisibilityForm
from preau.siting.models import Scenario, SitingStudy, TravelTimes
from preau.siting.perms import may_keep
from preau.siting.queries import studies as queries
from preau.siting.views.loading import for_readers, for_steerers, load_study
from preau.territories.models import Commune

#: Studies of a list; older ones are reached through the archive or a search by the browser.
MOST = 200
#: Side by side on one page.
BESIDE = 4


@permission("study.list")
@require_safe
@for_steerers
def listing(request: HttpRequest) -> HttpResponse:
    """The organisation's own, then public ones of others."""
    actor = actor_of(request)
    archived = request.GET.get("archives") == "1"
    context = {
        "own": queries.own(actor, archived=archived)[:MOST],
        "archived": archived,
        "has_archived": not archived and queries.own(actor, archived=True).exists(),
        "public": [] if archived else queries.public(actor)[:50],
        "may_keep": may_keep(actor),
        "organization": actor.organization,
    }
    return render(request, "siting/list.html", context)


@permission("study.list")
@for_steerers
def add(request: HttpRequest) -> HttpResponse:
    """What is asked, where, for which places."""
    actor = actor_of(request)
    if not may_keep(actor):
        return render(request, "siting/nobody.html", {"may_read_only": True})
    form = StudyForm(request.POST or None, initial={"area": request.GET.get("territoire", "")})
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _opened(studies.open_study(form.facts(), actor=actor)))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "siting/study_form.html", {"form": form, "study": None})


def _opened(study: SitingStudy) -> str:
    return reverse("siting:scenario_add", args=[study.key])


@permission("study.write", load=load_study)
def edit(request: HttpRequest, study: SitingStudy) -> HttpResponse:
    initial = {
        "title": study.title,
        "area": study.area_key,
        "profile": study.profile,
        "question": study.question,
    }
    form = StudyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            studies.edit_study(study, form.facts(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("siting:study", study.key)
    return render(request, "siting/study_form.html", {"form": form, "study": study})


@permission("study.see", load=load_study)
@require_safe
@for_readers
def study(request: HttpRequest, study: SitingStudy) -> HttpResponse:
    """Its scenarios, the best first to read, and what may be done."""
    actor = actor_of(request)
    scenarios = queries.scenarios_of(study)
    ready = [one for one in scenarios if one.is_ready]
    context = {
        "study": study,
        "rows": [(one, wording.headline(one) if one.is_ready else "") for one in scenarios],
        "may_compare": len(ready) > 1,
        "may_write": allowed(actor, "study.write", study) and may_keep(actor),
        "most": BESIDE,
        "visibility_form": VisibilityForm(initial={"visibility": study.visibility}),
    }
    return render(request, "siting/study.html", context)


@permission("study.see", load=load_study)
@require_safe
@for_readers
def compare(request: HttpRequest, study: SitingStudy) -> HttpResponse:
    """Up to four scenarios, one a column; without a choice, the first four."""
    ready = [one for one in queries.scenarios_of(study) if one.is_ready]
    asked = set(request.GET.getlist("s"))
    chosen = [one for one in ready if str(one.key) in asked] or ready
    shown = chosen[:BESIDE]
    context = {
        "study": study,
        "scenarios": shown,
        "rows": _rows(shown),
        "too_many": len(chosen) > BESIDE,
        "versions_differ": len({str(one.result["versions"]) for one in shown}) > 1,
        "in_common": _in_common(shown),
    }
    return render(request, "siting/compare.html", context)


def _rows(shown: list[Scenario]) -> list[tuple[str, list[str]]]:
    def mean(one: Scenario) -> str:
        after = one.result["mean"][1]
        return formats.distance(after) if after is not None else "—"

    return [
        ("Nouveaux lieux", [formats.number(len(one.chosen_codes)) for one in shown]),
        ("À portée", [wording.limit_words(one) for one in shown]),
        (
            "Lieux existants",
            [wording.existing_words(one, one.result["existing"][0]) for one in shown],
        ),
        ("Quand", [wording.moments_words(one) for one in shown]),
        (
            "Masse critique",
            [
                formats.count(one.critical_mass, "habitant") if one.critical_mass else "aucune"
                for one in shown
            ],
        ),
        ("Desservis par l’existant", [wording.percent(one.base_percent) for one in shown]),
        ("Desservis en tout", [wording.percent(one.covered_percent) for one in shown]),
        ("Au mieux", [wording.percent(one.bound_percent) for one in shown]),
        (
            "Écart certifié",
            [wording.gap_short(one) for one in shown],
        ),
        ("Distance moyenne au plus proche", [mean(one) for one in shown]),
        (
            "Communes non desservies",
            [
                formats.number(
                    sum(len(codes.split()) for codes in one.result["uncovered"].values())
                )
                for one in shown
            ],
        ),
    ]


def _in_common(shown: list[Scenario]) -> list[str]:
    """Communes that every scenario chooses: the safe part of the decision."""
    if len(shown) < 2:
        return []
    codes = set.intersection(*(set(one.chosen_codes) for one in shown))
    return [str(one) for one in Commune.objects.filter(pk__in=codes).order_by("-population")]


@permission("study.write", load=load_study)
@require_POST
def show_to(request: HttpRequest, study: SitingStudy) -> HttpResponse:
    form = VisibilityForm(request.POST)
    if form.is_valid():
        try:
            asked = Visibility(form.cleaned_data["visibility"])
            studies.show_to(study, asked, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"Étude : {asked.label.lower()}.")
    else:
        messages.error(request, "Choisissez qui lit cette étude.")
    return redirect("siting:study", study.key)


@permission("study.write", load=load_study)
@require_POST
def archive(request: HttpRequest, study: SitingStudy) -> HttpResponse:
    if request.POST.get("reprendre"):
        studies.restore(study, actor=actor_of(request))
        messages.success(request, "L’étude est de nouveau dans vos listes.")
        return redirect("siting:study", study.key)
    studies.archive(study, actor=actor_of(request))
    messages.success(request, "L’étude est archivée : vous la retrouvez dans les archives.")
    return redirect("siting:list")


@permission("study.list")
@for_steerers
def travel_times(request: HttpRequest) -> HttpResponse:
    """Send a file of travel times; see those of the organisation."""
    actor = actor_of(request)
    form = TravelTimesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            times = studies.send_travel_times(
                form.cleaned_data["name"], form.cleaned_data["file"].read(), actor=actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {times} » est prêt : choisissez-le dans un scénario.")
            return redirect("siting:travel_times")
    found = TravelTimes.objects.none()
    if actor.organization is not None:
        found = TravelTimes.objects.filter(organization=actor.organization).defer("content")
    context = {"form": form, "found": found, "may_keep": may_keep(actor)}
    return render(request, "siting/travel_times.html", context)
