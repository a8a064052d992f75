"""A scenario: its hypotheses typed, its answer, its proof, the report, the CSV, its gaps."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

import preau.siting.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import formats
from preau.core.errors import Refusal
from preau.siting import drawing, reporting, wording
from preau.siting.actions import gaps, scenarios, watch
from preau.siting.forms.studies import ScenarioForm
from preau.siting.models import Scenario, SitingStudy
from preau.siting.perms import may_keep
from preau.siting.queries import studies as queries
from preau.siting.views.loading import Gap, for_readers, load_gap, load_scenario, load_study


@permission("study.write", load=load_study)
def add(request: HttpRequest, study: SitingStudy) -> HttpResponse:
    """The answer comes with the next page, or from a worker on a very large territory."""
    form = ScenarioForm(request.POST or None, study=study, initial=_initial(request, study))
    if request.method == "POST" and form.is_valid():
        try:
            scenario = scenarios.add(form.scenario(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("siting:scenario", scenario.key)
    context = {"form": form, "study": study, "caveat": wording.caveat(study)}
    return render(request, "siting/scenario_form.html", context)


def _initial(request: HttpRequest, study: SitingStudy) -> dict[str, object]:
    """Another scenario's hypotheses (`?depuis=`), to change one of them."""
    number = study.scenarios.count() + 1
    start: dict[str, object] = {"name": f"Scénario {number}"}
    like = next(
        (one for one in study.scenarios.all() if str(one.key) == request.GET.get("depuis")), None
    )
    if like is None:
        return start
    names = [
        "places", "radius_km", "factor", "minutes", "travel_times", "counts_existing",
        "existing_profile", "existing_kind", "existing_theme", "weekday_share", "evening_share",
        "saturday_share", "opens_weekday", "opens_evening", "opens_saturday", "critical_mass",
    ]  # fmt: skip
    return start | {
        **{name: getattr(like, name) for name in names},
        "measure": "km" if like.radius_km is not None else "minutes",
        "forced": "\n".join(like.forced),
        "excluded": "\n".join(like.excluded),
    }


@permission("study.see", load=load_scenario)
@require_safe
@for_readers
def scenario(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    """The answer first, then what each place adds, who remains, the map."""
    actor = actor_of(request)
    run = queries.live_run(scenario)
    context: dict[str, object] = {
        "scenario": scenario,
        "study": scenario.study,
        "caveat": wording.caveat(scenario.study),
        "run": run,
        "last": None if run else scenario.runs.first(),
        "may_write": may_keep(actor)
        and allowed(actor, "study.write", scenario)
        and scenario.study.archived_at is None,
        "may_follow": may_keep(actor),
    }
    if run is not None and run.covered is not None and run.bound is not None:
        context["progress"] = _progress(scenario, run.covered, run.bound)
    if scenario.is_ready:
        context |= _result(scenario)
    return render(request, "siting/scenario.html", context)


def _progress(scenario: Scenario, covered: float, bound: float) -> dict[str, str]:
    """Of a run; before the first result, in inhabitants."""
    if not scenario.total:
        return {
            "covered": formats.count(round(covered), "habitant"),
            "bound": formats.count(round(bound), "habitant"),
            "gap": formats.count(round(bound - covered), "habitant"),
        }
    return {
        "covered": wording.percent(scenario.share_of(covered)),
        "bound": wording.percent(scenario.share_of(bound)),
        "gap": f"{formats.number(scenario.share_of(bound - covered), 2)} point",
    }


def _result(scenario: Scenario) -> dict[str, object]:
    found = queries.read(scenario)
    before = found.outcome.mean_before
    return {
        "found": found,
        "headline": wording.headline(scenario),
        "gap": wording.gap_words(scenario),
        "limit": wording.limit_words(scenario),
        "moments": wording.moments_words(scenario),
        "percents": {
            "base": wording.percent(scenario.base_percent),
            "covered": wording.percent(scenario.covered_percent),
            "bound": wording.percent(scenario.bound_percent),
        },
        "existing_words": wording.existing_words(scenario, found.outcome.existing),
        "mean_words": f"Avant : {formats.distance(before)}." if before is not None else "",
        "method": reporting.METHOD,
        "data_words": reporting.data_words(found),
        "moments_matter": any(one.when for one in found.missed),
        "missed": found.missed[: queries.SHOWN],
        "more_missed": max(0, len(found.missed) - queries.SHOWN),
        "picture": drawing.picture(queries.points(scenario, found)),
    }


@permission("study.write", load=load_gap)
@require_safe
def gap(request: HttpRequest, found: Gap) -> HttpResponse:
    """One commune that the scenario leaves uncovered: what to do about it."""
    try:
        around, people = gaps.gap_around(found.scenario, found.code)
    except Refusal as refusal:
        messages.info(request, refusal.sentence)
        return redirect("siting:scenario", found.scenario.key)
    context = {
        "scenario": found.scenario,
        "study": found.scenario.study,
        "commune": around[0],
        "others": around[1:],
        "people": people,
        "limit": wording.limit_words(found.scenario),
    }
    return render(request, "siting/gap.html", context)


@permission("study.see", load=load_scenario)
@require_safe
@for_readers
def points(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    """What the map draws."""
    if not scenario.is_ready:
        return JsonResponse({"chosen": [], "existing": [], "missed": []})
    answer = JsonResponse(queries.points(scenario, queries.read(scenario)))
    answer["Cache-Control"] = "private, no-store"
    return answer


@permission("study.write", load=load_scenario)
@require_POST
def prove(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    try:
        if scenario.is_ready:
            scenarios.prove(scenario, actor=actor_of(request))
        else:
            scenarios.compute_again(scenario, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("siting:scenario", scenario.key)


@permission("study.write", load=load_scenario)
@require_POST
def stop(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    if scenarios.stop(scenario, actor=actor_of(request)):
        messages.info(request, "Arrêt demandé : le meilleur résultat trouvé est gardé.")
    return redirect("siting:scenario", scenario.key)


@permission("study.write", load=load_scenario)
@require_POST
def remove(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    scenarios.remove(scenario, actor=actor_of(request))
    messages.success(request, f"« {scenario.name} » est retiré de l’étude.")
    return redirect("siting:study", scenario.study.key)


@permission("study.see", load=load_scenario)
@require_safe
@for_readers
def as_csv(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    """Every commune of the answer: where to open, who remains."""
    lines = reporting.csv(scenario, queries.read(scenario)) if scenario.is_ready else iter(())
    return _attached(lines, f"{_name(scenario)}.csv")


@permission("study.see", load=load_scenario)
@require_safe
@for_readers
def as_pdf(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    """The report to print or to send."""
    if not scenario.is_ready:
        messages.error(request, "Ce scénario n’est pas encore calculé.")
        return redirect("siting:scenario", scenario.key)
    answer = HttpResponse(
        reporting.pdf(scenario, queries.read(scenario)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="{_name(scenario)}.pdf"'
    return answer


def _name(scenario: Scenario) -> str:
    return slugify(f"{scenario.study.title} {scenario.name}")[:100] or "etude"


def _attached(lines: Iterator[str], name: str) -> HttpResponse:
    answer = StreamingHttpResponse(
        (one.encode() for one in lines), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]


@permission("study.write", load=load_scenario)
@require_POST
def make_call(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    """« Transformer cet écart en appel »: a draft, to be read again before it is published."""
    try:
        call = gaps.call_for(scenario, request.POST.get("commune", ""), actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("siting:scenario", scenario.key)
    messages.success(
        request, "Un brouillon d’appel est prêt : relisez-le, puis complétez-le avant de publier."
    )
    return redirect("initiatives:call_manage", call.key)


@permission("study.see", load=load_scenario)
@require_POST
@for_readers
def follow(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    try:
        item = watch.follow_gap(scenario, request.POST.get("commune", ""), actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("siting:scenario", scenario.key)
    messages.success(request, f"« {item.title} » est dans votre veille.")
    return redirect("siting:watch")
