"""Pages of the end of a project: money, review, closing, where it is by now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Forbidden, Refusal
from preau.projects.actions import funding as funding_actions
from preau.projects.actions import phases, reviewing
from preau.projects.enums import PhaseStatus, ProjectState, ReviewSide
from preau.projects.forms.impact import CloseForm, FundingForm, ReviewForm, WhereForm
from preau.projects.loading.impact import load_funding
from preau.projects.loading.sheet import load_filed
from preau.projects.models import FundingRequest, Project
from preau.projects.queries import impact
from preau.projects.views.going_on import while_it_goes_on
from preau.projects.words.impact import DIFFERENCE, SATISFACTION, figure_rows
from preau.resources.enums import Phase


def _sheet(project: Project, anchor: str = "") -> str:
    return reverse("projects:sheet", args=[project.key]) + anchor


# --- Money


@permission("project.read", load=load_filed)
@require_safe
def funding(request: HttpRequest, project: Project) -> HttpResponse:
    context = {
        "project": project,
        "funding": impact.funding_of(project),
        "may_write": allowed(actor_of(request), "project.fund", project),
    }
    return render(request, "projects/impact_funding.html", context)


@permission("project.fund", load=load_filed)
@while_it_goes_on
def funding_add(request: HttpRequest, project: Project) -> HttpResponse:
    return _fund(request, project, None)


@permission("project.fund", load=load_funding)
def funding_edit(request: HttpRequest, funding: FundingRequest) -> HttpResponse:
    return _fund(request, funding.project, funding)


def _fund(request: HttpRequest, project: Project, known: FundingRequest | None) -> HttpResponse:
    form = FundingForm(
        request.POST or None,
        project=project,
        request=known,
        asked=request.GET.get("recommandation", ""),
    )
    if form.is_bound and form.is_valid():
        try:
            actor = actor_of(request)
            if known is None:
                funding_actions.add(project, form.facts(), actor=actor)
            else:
                seen = form.cleaned_data["seen_state"]
                funding_actions.change(known, form.facts(), actor=actor, seen_state=seen)
        except Forbidden:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La demande de financement est enregistrée.")
            return redirect("projects:funding", key=project.key)
    context = {"project": project, "form": form, "known": known}
    return render(request, "projects/impact_funding_form.html", context)


# --- The review


@permission("project.read", load=load_filed)
@require_safe
def review(request: HttpRequest, project: Project) -> HttpResponse:
    """Read it; whoever writes it goes on from here."""
    actor = actor_of(request)
    found = impact.review_of(project)
    readable = found is not None and impact.may_read(found, actor)
    may_write = (
        allowed(actor, "project.review", project)
        and project.state in reviewing.REVIEWABLE
        and (found is None or found.side == impact.side_of(actor, project))
    )
    if may_write and (found is None or found.finished_at is None):
        return redirect("projects:review_write", key=project.key)
    context: dict[str, Any] = {
        "project": project,
        "review": found if readable else None,
        "may_write": may_write,
        "rows": figure_rows(found.figures) if found and readable else [],
        "difference": DIFFERENCE.get(found.difference or 0, "") if found and readable else "",
        "satisfaction": SATISFACTION.get(found.satisfaction or 0, "") if found and readable else "",
    }
    return render(request, "projects/impact_review.html", context)


@permission("project.review", load=load_filed)
def review_write(request: HttpRequest, project: Project) -> HttpResponse:
    """The form. Three buttons: keep, one more row, finish."""
    actor = actor_of(request)
    known = impact.review_of(project)
    if known is not None and known.side != impact.side_of(actor, project):
        return redirect("projects:review", key=project.key)
    form = ReviewForm(request.POST or None, project=project, review=known)
    if form.is_bound and form.is_valid():
        finish = "finish" in request.POST
        try:
            written = reviewing.write(project, form.content(), actor=actor, finish=finish)
        except Forbidden:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if written.finished_at is None:
                messages.success(request, "Votre brouillon est gardé. Vous pourrez le reprendre.")
                return redirect("projects:review_write", key=project.key)
            messages.success(request, "Merci. Le bilan est sur la fiche du projet.")
            return redirect("projects:review", key=project.key)
    context = {
        "project": project,
        "form": form,
        "known": known,
        "ready": project.state in reviewing.REVIEWABLE,
    }
    return render(request, "projects/impact_review_form.html", context)


@permission("project.move", load=load_filed)
def close(request: HttpRequest, project: Project) -> HttpResponse:
    """End the accompaniment, or first ask the holder for the review."""
    form = CloseForm(request.POST or None, project=project)
    actor = actor_of(request)
    if form.is_bound and form.is_valid():
        try:
            if "ask" in request.POST:
                reviewing.ask(project, actor=actor)
                messages.success(request, "Le bilan est demandé au porteur, par courriel.")
            else:
                reviewing.close(project, actor=actor, **form.facts())
                messages.success(request, "Le projet est clos. Le porteur en est prévenu.")
        except Forbidden:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(_sheet(project, "#bilan" if "ask" in request.POST else ""))
    found = impact.review_of(project)
    context = {
        "project": project,
        "form": form,
        "review": found if found and found.finished_at else None,
        "asked": impact.asked_for_review(project),
        "draft_handed": bool(found and not found.finished_at and found.side == ReviewSide.STATE),
        "closable": project.state in {ProjectState.QUALIFIED, ProjectState.ACCOMPANIED},
    }
    return render(request, "projects/impact_close.html", context)


# --- Where it is by now


@permission("project.answer", load=load_filed)
def where(request: HttpRequest, project: Project) -> HttpResponse:
    initial = {"phase": project.phase, "phase_status": project.phase_status}
    form = WhereForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        phases.tell_phase(
            project,
            Phase(said["phase"]),
            PhaseStatus(said["phase_status"]),
            comment=said["comment"],
            actor=actor_of(request),
        )
        messages.success(request, "Merci : la fiche du projet est à jour.")
        return redirect(_sheet(project))
    return render(request, "projects/impact_where.html", {"project": project, "form": form})
