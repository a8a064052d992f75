"""Workshops: public pages, the cell's desk, the link of an invitation, the watch list."""

from __future__ import annotations

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import allowed, permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.french import by_name
from preau.core.navigation import address_of
from preau.core.once import once
from preau.initiatives import workshop_links
from preau.initiatives.actions import workshops as actions
from preau.initiatives.emails.workshops import calendar_of
from preau.initiatives.enums.workshops import GuestAnswer, WorkshopState
from preau.initiatives.forms.workshops import (
    CancelForm,
    ConclusionForm,
    InviteForm,
    MinutesForm,
    OutcomeForm,
    WorkshopForm,
)
from preau.initiatives.loading.workshops import load_guest, load_watch, load_workshop
from preau.initiatives.models import WatchNote, Workshop, WorkshopGuest
from preau.initiatives.perms.calls import may_keep
from preau.initiatives.queries import workshops as queries
from preau.places.models import Space


@permission("workshop.browse")
@require_safe
def workshops(request: HttpRequest) -> HttpResponse:
    context = {"coming": queries.public(), "past": queries.past()}
    return render(request, "initiatives/workshops.html", context)


def _require_sight(request: HttpRequest, workshop: Workshop) -> bool:
    """Whether the visitor is of the cell; others only see public ones."""
    ours = allowed(actor_of(request), "workshop.read", workshop)
    if not ours and not workshop.is_public:
        raise Http404("Cet atelier n’a pas de page publique.")
    return ours


@permission("workshop.see", load=load_workshop)
@require_safe
def workshop(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    ours = _require_sight(request, workshop)
    actor = actor_of(request)
    context = {
        "workshop": workshop,
        "badge": queries.BADGES[WorkshopState(workshop.state)],
        "agenda": workshop.agenda.all(),
        "conclusions": workshop.conclusions.select_related("step__project", "watch"),
        "ours": ours,
        "guests": workshop.guests.order_by("answer", "email") if ours else [],
        "answers": queries.answers(workshop) if ours else [],
        "may_manage": allowed(actor, "workshop.manage", workshop),
        "has_begun": workshop.starts_at <= clock.now(),
    }
    return render(request, "initiatives/workshop.html", context)


@permission("workshop.see", load=load_workshop)
@require_safe
def calendar(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    _require_sight(request, workshop)
    text, _ = calendar_of(workshop)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="atelier.ics"'
    return response


@permission("workshop.by_link")
@never_cache
def by_link(request: HttpRequest, workshop_token: str) -> HttpResponse:
    """The guest's page: shows on GET, answers on POST."""
    if request.method == "POST" and (limited := consume_or_429(request, action="act_by_link")):
        return limited  # type: ignore[no-any-return]
    try:
        guest = workshop_links.read(workshop_token)
    except workshop_links.Expired:
        return render(request, "initiatives/workshop_link_over.html", status=410)
    if guest is None:
        return render(request, "initiatives/workshop_link_over.html", status=404)
    if request.method == "POST":
        try:
            actions.answer(guest, request.POST.get("reponse", ""))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Votre réponse est enregistrée. Merci !")
        return redirect(request.path)
    shown = guest.workshop
    over = shown.state != WorkshopState.ANNOUNCED or shown.starts_at <= clock.now()
    context = {
        "guest": guest,
        "workshop": shown,
        "agenda": shown.agenda.all(),
        "conclusions": shown.conclusions.all() if shown.state == WorkshopState.CONCLUDED else [],
        "open": not over,
        "choices": [one for one in GuestAnswer if one.value],
    }
    return render(request, "initiatives/workshop_by_link.html", context)


# --- The cell


@permission("workshop.desk")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    lines = [(one, queries.BADGES[WorkshopState(one.state)]) for one in queries.of_cell(actor)]
    context = {
        "lines": lines,
        "may_keep": may_keep(actor),
        "watched": queries.watched(actor),
        "organization": actor.organization,
    }
    return render(request, "initiatives/workshop_desk.html", context)


def _spaces(organization: Organization) -> QuerySet[Space]:
    ours = Space.objects.filter(place__owner=organization).select_related("place")
    return ours.order_by(*by_name("place__name", "name"))


@permission("workshop.desk")
def add(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or not may_keep(actor):
        context = {"lines": [], "may_keep": False, "watched": [], "organization": None}
        return render(request, "initiatives/workshop_desk.html", context)
    form = WorkshopForm(request.POST or None, spaces=_spaces(organization), workshop=None)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _announced(request, organization, form))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "initiatives/workshop_form.html", {"form": form, "workshop": None})


def _announced(request: HttpRequest, organization: Organization, form: WorkshopForm) -> str:
    made = actions.announce(organization, form.facts(), actor=actor_of(request))
    messages.success(request, "L’atelier est annoncé. Invitez les participants.")
    return reverse("initiatives:workshop", args=[made.key])


@permission("workshop.manage", load=load_workshop)
def edit(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    form = WorkshopForm(
        request.POST or None,
        spaces=_spaces(workshop.organization),
        workshop=workshop,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(workshop, form.facts(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’atelier est enregistré.")
            return redirect("initiatives:workshop", workshop.key)
    return render(request, "initiatives/workshop_form.html", {"form": form, "workshop": workshop})


@permission("workshop.manage", load=load_workshop)
def invite(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people = form.cleaned_data["people"]
        try:
            made = actions.invite(workshop, people, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Invitations envoyées : {len(made)}.")
            return redirect("initiatives:workshop", workshop.key)
    context = {"workshop": workshop, "form": form, "title": "Inviter", "submit": "Inviter"}
    return render(request, "initiatives/workshop_act.html", context)


@permission("workshop.manage", load=load_guest)
@require_POST
def uninvite(request: HttpRequest, guest: WorkshopGuest) -> HttpResponse:
    actions.uninvite(guest, actor=actor_of(request))
    messages.success(request, f"{guest} n’est plus sur la liste.")
    return redirect("initiatives:workshop", guest.workshop.key)


@permission("workshop.manage", load=load_workshop)
def cancel(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(workshop, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "L’atelier est annulé ; les invités sont prévenus.")
            return redirect("initiatives:workshop", workshop.key)
    context = {
        "workshop": workshop,
        "form": form,
        "title": "Annuler",
        "submit": "Annuler l’atelier",
    }
    return render(request, "initiatives/workshop_act.html", context)


@permission("workshop.manage", load=load_workshop)
def minutes(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    form = MinutesForm(request.POST or None, initial={"minutes": workshop.minutes})
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_minutes(workshop, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le compte rendu est enregistré.")
            return redirect("initiatives:workshop", workshop.key)
    context = {
        "workshop": workshop,
        "form": form,
        "title": "Compte rendu",
        "submit": "Enregistrer le compte rendu",
    }
    return render(request, "initiatives/workshop_act.html", context)


@permission("workshop.manage", load=load_workshop)
def conclusion(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    projects = queries.projects_for(actor_of(request))
    form = ConclusionForm(request.POST or None, projects=projects)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _concluded(request, workshop, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {
        "workshop": workshop,
        "form": form,
        "title": "Ajouter une conclusion",
        "submit": "Ajouter",
    }
    return render(request, "initiatives/workshop_act.html", context)


def _concluded(request: HttpRequest, workshop: Workshop, form: ConclusionForm) -> str:
    actions.add_conclusion(workshop, actor=actor_of(request), **form.values())
    messages.success(request, "La conclusion est enregistrée.")
    return reverse("initiatives:workshop", args=[workshop.key])


@permission("workshop.manage", load=load_workshop)
@require_POST
def conclude(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    try:
        actions.conclude(workshop, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "L’atelier est conclu : les invités reçoivent les conclusions.")
    return redirect("initiatives:workshop", workshop.key)


# --- The watch list


@permission("watch.manage", load=load_watch)
def watch_close(request: HttpRequest, note: WatchNote) -> HttpResponse:
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_watch(note, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La note est close.")
            return redirect(address_of("siting:watch") or reverse("initiatives:workshop_desk"))
    return render(request, "initiatives/watch_form.html", {"form": form, "note": note})
