"""The holder's pages: preparing a campaign, opening it, following what comes."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.initiatives import words
from preau.initiatives.actions import campaigns as actions
from preau.initiatives.actions import pledges
from preau.initiatives.enums.campaigns import (
    PLEDGE_MOVES,
    CampaignState,
    PledgeState,
    TargetKind,
)
from preau.initiatives.forms.campaigns import CampaignForm, ReportForm, TargetForm
from preau.initiatives.forms.listings import ReasonForm, named
from preau.initiatives.loading.campaigns import (
    load_campaign,
    load_pledge,
    load_project,
    load_target,
)
from preau.initiatives.models import Campaign, Pledge, Target
from preau.initiatives.queries import campaigns as queries
from preau.projects.models import Project

#: Pledges on the holder's page.
MOST = 300


@permission("campaign.run", load=load_project)
def create(request: HttpRequest, project: Project) -> HttpResponse:
    initial = {"organizer": project.holder}
    if project.lead_commune is not None:
        initial["commune"] = named(project.lead_commune)
    form = CampaignForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _drafted(request, project, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "project": project, "campaign": None}
    return render(request, "initiatives/campaign_edit.html", context)


def _drafted(request: HttpRequest, project: Project, form: CampaignForm) -> str:
    campaign = actions.draft(project, actor=actor_of(request), **form.cleaned_data)
    messages.success(request, "La collecte est préparée : dites ce que vous demandez.")
    return reverse("initiatives:campaign_manage", args=[campaign.key])


@permission("campaign.run", load=load_campaign)
def edit(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    prepared = campaign.state == CampaignState.PREPARED
    form = CampaignForm(sent(request), initial=CampaignForm.values_of(campaign), prepared=prepared)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(campaign, form.cleaned_data, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("initiatives:campaign_manage", campaign.key)
    context = {"form": form, "project": campaign.project, "campaign": campaign}
    return render(request, "initiatives/campaign_edit.html", context)


@permission("campaign.run", load=load_campaign)
@require_safe
def manage(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Where it stands, what is missing, what came."""
    state = CampaignState(campaign.state)
    progress = queries.progress_of(campaign)
    rows = list(queries.pledges_of(campaign)[:MOST])
    context = {
        "campaign": campaign,
        "project": campaign.project,
        "progress": progress,
        "pledges": [(one, words.amount(one), _moves(one, state)) for one in rows],
        "reports": list(campaign.reports.all()[:20]),
        "missing": actions.missing_of(campaign) if state == CampaignState.PREPARED else [],
        "is_prepared": state == CampaignState.PREPARED,
        "is_open": state == CampaignState.OPEN,
        "may_report": campaign.is_public
        and state != CampaignState.CANCELLED
        and any(one.target.kind == TargetKind.MONEY for one in progress),
    }
    return render(request, "initiatives/campaign_manage.html", context)


_BUTTONS = {
    PledgeState.CONFIRMED: "Confirmer",
    PledgeState.RECEIVED: "Marquer reçu",
    PledgeState.CANCELLED: "Décliner",
}


def _moves(pledge: Pledge, state: CampaignState) -> list[tuple[str, str]]:
    """What the holder can do of it: (value, words)."""
    if state == CampaignState.CANCELLED:
        return []
    moves = PLEDGE_MOVES[PledgeState(pledge.state)]
    if pledge.target.kind == TargetKind.MONEY:
        moves = moves & {PledgeState.CANCELLED}
    return [(one.value, label) for one, label in _BUTTONS.items() if one in moves]


def _act(
    request: HttpRequest, campaign: Campaign, verb: Callable[[Actor], object], done: str
) -> HttpResponse:
    try:
        verb(actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("initiatives:campaign_manage", campaign.key)


@permission("campaign.run", load=load_campaign)
def add_target(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    form = TargetForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_target(campaign, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’objectif est enregistré.")
            return redirect("initiatives:campaign_manage", campaign.key)
    context = {"campaign": campaign, "form": form}
    return render(request, "initiatives/campaign_target.html", context)


@permission("campaign.run", load=load_target)
@require_POST
def remove_target(request: HttpRequest, target: Target) -> HttpResponse:
    return _act(
        request,
        target.campaign,
        lambda actor: actions.remove_target(target, actor=actor),
        "L’objectif est retiré.",
    )


@permission("campaign.run", load=load_campaign)
@require_POST
def launch(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    done = "C’est prêt : la collecte ouvre à la date prévue, sa page est alors publique."
    if campaign.starts_on and campaign.starts_on <= actions.today(campaign):
        done = "La collecte est ouverte : partagez l’adresse de sa page."
    return _act(request, campaign, lambda actor: actions.launch(campaign, actor=actor), done)


@permission("campaign.run", load=load_campaign)
def report(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    form = ReportForm(sent(request), initial={"on": actions.today(campaign)})
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _reported(request, campaign, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"campaign": campaign, "form": form}
    return render(request, "initiatives/campaign_report.html", context)


def _reported(request: HttpRequest, campaign: Campaign, form: ReportForm) -> str:
    actions.report_money(campaign, actor=actor_of(request), **form.given)
    messages.success(request, "Le montant est noté, avec sa date.")
    return reverse("initiatives:campaign_manage", args=[campaign.key])


@permission("campaign.run", load=load_campaign)
def cancel(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(campaign, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La collecte est annulée ; le motif est envoyé.")
            return redirect("initiatives:campaign_manage", campaign.key)
    context = {"campaign": campaign, "form": form}
    return render(request, "initiatives/campaign_cancel.html", context)


@permission("campaign.run", load=load_pledge)
@require_POST
def decide(request: HttpRequest, pledge: Pledge) -> HttpResponse:
    asked = request.POST.get("suite", "")
    state = next((one for one in _BUTTONS if one.value == asked), None)
    campaign = pledge.target.campaign
    if state is None:
        messages.error(request, "Choisissez ce que devient cet apport.")
        return redirect("initiatives:campaign_manage", campaign.key)
    return _act(
        request,
        campaign,
        lambda actor: pledges.decide(pledge, state, actor=actor),
        "C’est noté ; la personne est prévenue.",
    )
