"""The State's side: what to make of suggestions, and the drafts made of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects.actions import recommendations
from preau.projects.enums import RecommendationState
from preau.projects.forms.help import AdviceForm, ReasonForm
from preau.projects.loading.help import load_blockage, load_recommendation
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Blockage, Project, Recommendation
from preau.projects.queries.recommendations import recommendations_for
from preau.projects.suggestions import decisions
from preau.projects.suggestions.one import Suggestion
from preau.projects.views.going_on import while_it_goes_on

#: The button that sends, beside the one that only keeps a draft.
SEND = "envoyer"


def _asked(request: HttpRequest, blockage: Blockage) -> Suggestion:
    """The suggestion that the address or the form names.

    Raises:
        Refusal: it is no longer made.
    """
    values = request.POST if "piste" in request.POST else request.GET
    on = clock.today(blockage.project.zone)
    return decisions.find(blockage, values.get("piste", ""), on=on)


def _to_blockage(blockage: Blockage) -> HttpResponse:
    return redirect("projects:blockage", blockage.project.key, blockage.pk)


@permission("project.advise", load=load_blockage)
@while_it_goes_on
def send_suggestion(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    """In its own words, at once."""
    if request.method == "POST":
        try:
            suggestion = _asked(request, blockage)
            recommendations.send_as_is(blockage, suggestion, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"« {suggestion.title} » est envoyée au porteur.")
    return _to_blockage(blockage)


@permission("project.advise", load=load_blockage)
@while_it_goes_on
def adapt_suggestion(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    """Rewrite it, then send it or keep it as a draft."""
    try:
        suggestion = _asked(request, blockage)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _to_blockage(blockage)
    form = AdviceForm(request.POST or None, suggestion=suggestion)
    if request.method == "POST" and form.is_valid():
        try:
            made = recommendations.draft(
                blockage.project,
                form.advice,
                blockage=blockage,
                suggestion=suggestion,
                actor=actor_of(request),
            )
            return _after(request, made)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "project": blockage.project,
        "blockage": blockage,
        "form": form,
        "suggestion": suggestion,
        "back": reverse("projects:blockage", args=[blockage.project.key, blockage.pk]),
    }
    return render(request, "projects/help_advice_form.html", context)


@permission("project.advise", load=load_blockage)
@while_it_goes_on
def discard_suggestion(request: HttpRequest, blockage: Blockage) -> HttpResponse:
    try:
        suggestion = _asked(request, blockage)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _to_blockage(blockage)
    sent = request.method == "POST"
    form = ReasonForm(
        request.POST if sent else None,
        hint="Vos collègues la liront ; le porteur, non.",
        most=500,
    )
    if sent and form.is_valid():
        try:
            recommendations.discard_suggestion(
                blockage, suggestion, reason=form.cleaned_data["reason"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La piste est écartée pour ce blocage.")
            return _to_blockage(blockage)
    context = {
        "project": blockage.project,
        "blockage": blockage,
        "form": form,
        "suggestion": suggestion,
    }
    return render(request, "projects/help_discard.html", context)


@permission("project.advise", load=load_filed)
@while_it_goes_on
def create(request: HttpRequest, project: Project) -> HttpResponse:
    """From nothing, for a blockage of the project or for none."""
    asked = request.GET.get("blocage", "")
    blockage = project.blockages.filter(pk=asked).first() if asked.isdecimal() else None
    form = AdviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = recommendations.draft(
                project, form.advice, blockage=blockage, actor=actor_of(request)
            )
            return _after(request, made)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "project": project,
        "blockage": blockage,
        "form": form,
        "back": reverse("projects:recommendations", args=[project.key]),
    }
    return render(request, "projects/help_advice_form.html", context)


def _draft(recommendation: Recommendation) -> Recommendation:
    if recommendation.state != RecommendationState.DRAFT:
        raise Http404("Cette recommandation n’est plus un brouillon.")
    return recommendation


@permission("project.advise", load=load_recommendation)
@while_it_goes_on
def edit(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    form = AdviceForm(request.POST or None, recommendation=_draft(recommendation))
    if request.method == "POST" and form.is_valid():
        try:
            changed = recommendations.adapt(recommendation, form.advice, actor=actor_of(request))
            return _after(request, changed)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "project": recommendation.project,
        "blockage": recommendation.blockage,
        "form": form,
        "draft": recommendation,
        "back": reverse("projects:recommendations", args=[recommendation.project.key]),
    }
    return render(request, "projects/help_advice_form.html", context)


def _after(request: HttpRequest, made: Recommendation) -> HttpResponse:
    """Send it if that button was pressed. A refusal to send leaves a draft."""
    if SEND in request.POST:
        try:
            recommendations.send([made], actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, f"{refusal.sentence} Elle est gardée en brouillon.")
        else:
            messages.success(request, "La recommandation est envoyée au porteur.")
    else:
        messages.success(request, "Le brouillon est gardé. Le porteur ne le voit pas.")
    if made.blockage_id:
        return redirect("projects:blockage", made.project.key, made.blockage_id)
    return redirect("projects:recommendations", made.project.key)


@permission("project.advise", load=load_filed)
@while_it_goes_on
def send(request: HttpRequest, project: Project) -> HttpResponse:
    """Several drafts in one letter."""
    if request.method == "POST":
        keys = [int(one) for one in request.POST.getlist("recommandation") if one.isdecimal()]
        actor = actor_of(request)
        drafts = recommendations_for(actor, project).filter(
            pk__in=keys, state=RecommendationState.DRAFT
        )
        try:
            left = recommendations.send(list(drafts), actor=actor)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            many = len(left) > 1
            said = f"{len(left)} recommandations sont envoyées" if many else "C’est envoyé"
            messages.success(request, f"{said} au porteur, dans un seul courriel.")
    return redirect("projects:recommendations", project.key)


@permission("project.advise", load=load_recommendation)
@while_it_goes_on
def remove(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    if request.method == "POST":
        try:
            recommendations.discard_draft(recommendation, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Le brouillon est supprimé.")
    return redirect("projects:recommendations", recommendation.project.key)


@permission("project.advise", load=load_recommendation)
@while_it_goes_on
def withdraw(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    form = ReasonForm(request.POST or None, hint="Le porteur le lira.")
    if request.method == "POST" and form.is_valid():
        try:
            recommendations.withdraw(
                recommendation, reason=form.cleaned_data["reason"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La recommandation est retirée ; le porteur est prévenu.")
            key = recommendation.project.key
            return redirect("projects:recommendation", key, recommendation.pk)
    context = {
        "project": recommendation.project,
        "recommendation": recommendation,
        "form": form,
    }
    return render(request, "projects/help_withdraw.html", context)
