"""« Demander une subvention »: what fits, what would go, what became of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.connectors.actions import dossiers as actions
from preau.connectors.actions import following
from preau.connectors.forms.dossiers import AskForm, GrantForm
from preau.connectors.models import Dossier, Procedure
from preau.connectors.procedures import queries, schema
from preau.connectors.procedures.filling import doubtful
from preau.connectors.procedures.remote import address_of, is_on, link_to
from preau.connectors.procedures.states import DossierState as D
from preau.connectors.procedures.states import ProcedureState
from preau.core.errors import Forbidden, Refusal
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project


def load_project(grant_project: UUID) -> Project:
    return load_filed(grant_project)


def load_dossier(dossier_key: UUID) -> Dossier:
    found = Dossier.objects.select_related(
        "project__lead_commune", "procedure", "funding", "created_by"
    )
    return get_object_or_404(found, key=dossier_key)


@permission("dossier.read", load=load_project)
@require_safe
def grants(request: HttpRequest, project: Project) -> HttpResponse:
    context = {
        "project": project,
        "offers": queries.offers(project),
        "dossiers": queries.of_project(project),
        "may_ask": allowed(actor_of(request), "dossier.ask", project) and project.is_live,
        "is_on": is_on(),
    }
    return render(request, "connectors/grants.html", context)


def _published(key: str) -> Procedure:
    found = Procedure.objects.filter(key=_uuid(key), state=ProcedureState.PUBLISHED)
    return get_object_or_404(found)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


@permission("dossier.ask", load=load_project)
def grant_prepare(request: HttpRequest, project: Project) -> HttpResponse:
    """What would be sent, field by field; POST makes the dossier on the service, now."""
    procedure = _published(request.GET.get("demarche", ""))
    under_way = queries.current(project, procedure)
    if under_way is not None:
        return redirect("connectors:grant_dossier", under_way.key)
    form = AskForm(request.POST or None, project=project, procedure=procedure)
    if request.method == "POST" and form.is_valid():
        made = _ask(request, project, procedure, form)
        if made is not None:
            return redirect("connectors:grant_dossier", made.key)
    asked = form.cleaned_data.get("asked_cents") if form.is_bound and form.is_valid() else None
    filling = actions.preview(project, procedure, asked)
    context = {
        "project": project,
        "procedure": procedure,
        "form": form,
        "filling": filling,
        "by_hand": schema.by_hand(schema.loaded(procedure.champs)),
        "address": address_of(procedure),
    }
    return render(request, "connectors/grant_prepare.html", context)


def _ask(
    request: HttpRequest, project: Project, procedure: Procedure, form: AskForm
) -> Dossier | None:
    """The dossier, or why not in the form. One whose time is over is first looked at there: its
    holder may have opened it since."""
    before = queries.last(project, procedure)
    try:
        if before is not None and before.is_there and before.is_lapsed:
            following.check(before)
        return actions.ask(project, procedure, form.wanted(), actor=actor_of(request))
    except Forbidden:
        raise
    except Refusal as refusal:
        if refusal.code == "already":  # two clicks at once
            return queries.current(project, procedure)
        form.refuse(refusal)
        return None


@permission("dossier.read", load=load_dossier)
@require_safe
def grant_dossier(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    may_ask = allowed(actor_of(request), "dossier.ask", dossier.project)
    not_created = dossier.state in {D.FAILED, D.UNSURE}
    restarts = dossier.may_restart or queries.is_cut_short(dossier)
    context = {
        "dossier": dossier,
        "project": dossier.project,
        "link": link_to(dossier) if may_ask else "",
        "address": address_of(dossier.procedure),
        "may_ask": may_ask,
        "may_restart": may_ask
        and restarts
        and dossier.procedure.is_offered
        and queries.current(dossier.project, dossier.procedure) is None,
        "not_created": not_created,
        "sent_title": "Vos réponses, à copier" if not_created else "Ce qui a été envoyé",
        "is_cut_short": queries.is_cut_short(dossier),
        "moves": list(dossier.moves.order_by("-id")),
        "by_hand": schema.by_hand(schema.loaded(dossier.procedure.champs)),
        "doubtful": [] if dossier.compared_at else doubtful(dossier.procedure, dossier),
        "zone": dossier.project.zone,
        "restart_url": prepare_url(dossier.project, dossier.procedure),
    }
    return render(request, "connectors/grant_dossier.html", context)


def prepare_url(project: Project, procedure: Procedure) -> str:
    address = reverse("connectors:grant_prepare", args=[project.key])
    return f"{address}?demarche={procedure.key}"


@permission("dossier.ask", load=load_dossier)
@require_POST
def grant_check(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    try:
        following.check(dossier)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "L’état du dossier vient d’être relu.")
    return redirect("connectors:grant_dossier", dossier.key)


@permission("dossier.ask", load=load_dossier)
def grant_amount(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    if not dossier.awaits_amount:
        return redirect("connectors:grant_dossier", dossier.key)
    form = GrantForm(request.POST or None, dossier=dossier)
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant(dossier, actor=actor_of(request), **form.cleaned_data)
        except Forbidden:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le montant accordé est enregistré.")
            return redirect("connectors:grant_dossier", dossier.key)
    context = {"dossier": dossier, "project": dossier.project, "form": form}
    return render(request, "connectors/grant_amount.html", context)
