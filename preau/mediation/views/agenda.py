"""The agenda: read by anybody, written by the people of the place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from icalendar import Calendar, Event

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.timeranges import local_instant
from preau.directory.models import Sheet
from preau.mediation import queries
from preau.mediation.actions import agenda as actions
from preau.mediation.enums import EventState
from preau.mediation.forms.places import CancelForm, EventForm
from preau.mediation.models import PlaceEvent
from preau.mediation.views.loading import load_event, load_public_sheet, load_sheet
from preau.territories.queries import meant

AHEAD = timedelta(days=31)
LONGEST_TYPED = 100
DRAFTED = "Le brouillon est enregistré. Annoncez-le quand il est prêt : personne ne le voit avant."


@permission("agenda.read")
def around(request: HttpRequest) -> HttpResponse:
    """What comes next everywhere, or this month in the département of a commune."""
    typed = request.GET.get("ou", "")[:LONGEST_TYPED].replace("\x00", " ")
    commune, others = meant(typed) if typed.strip() else (None, [])
    after = request.GET.get("apres", "")[:LONGEST_TYPED]
    context: dict[str, Any] = {"typed": typed, "commune": commune, "others": others[:6]}
    if commune is not None:
        zone = ZoneInfo(commune.time_zone)
        before = local_instant(clock.today(zone) + AHEAD + timedelta(days=1), 0, zone)
        context["page"] = queries.announced(
            departement=commune.departement_id, before=before, after=after
        )
    elif not typed.strip():
        context["page"] = queries.announced(after=after)
    return render(request, "mediation/agenda.html", context)


@permission("agenda.read", load=load_public_sheet)
def place(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    may_edit = allowed(actor_of(request), "agenda.edit", sheet)
    context = {
        "sheet": sheet,
        "events": queries.coming(sheet, drafts=may_edit)[:200],
        "may_edit": may_edit,
    }
    return render(request, "mediation/place_agenda.html", context)


@permission("agenda.read", load=load_public_sheet)
def feed(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    response = HttpResponse(_calendar(sheet), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "public, max-age=900"
    return response


@permission("agenda.read", load=load_event)
def event(request: HttpRequest, event: PlaceEvent) -> HttpResponse:
    may_edit = allowed(actor_of(request), "agenda.edit", event)
    if not event.is_public and not may_edit:
        raise Http404
    live = event.state != EventState.CANCELLED and event.ends_at > clock.now()
    context = {"event": event, "sheet": event.sheet, "may_edit": may_edit and live}
    return render(request, "mediation/event.html", context)


@permission("agenda.edit", load=load_sheet)
def write(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = EventForm(sent(request))
    if request.method == "POST" and form.is_valid():
        announce = form.cleaned_data["announce"]
        try:
            made = actions.write(sheet, form.wanted(), actor=actor_of(request), announce=announce)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = "C’est dans l’agenda." if announce else DRAFTED
            messages.success(request, said)
            return redirect(made[0].get_absolute_url())
    return render(
        request, "mediation/event_form.html", {"sheet": sheet, "form": form, "event": None}
    )


@permission("agenda.edit", load=load_event)
def edit(request: HttpRequest, event: PlaceEvent) -> HttpResponse:
    form = EventForm(sent(request), initial=EventForm.values_of(event))
    for name in ("weekly_until", "announce"):
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(event, form.wanted(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le rendez-vous est modifié.")
            return redirect(event.get_absolute_url())
    context = {"sheet": event.sheet, "form": form, "event": event}
    return render(request, "mediation/event_form.html", context)


@permission("agenda.edit", load=load_event)
@require_POST
def announce(request: HttpRequest, event: PlaceEvent) -> HttpResponse:
    try:
        actions.announce(event, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Le rendez-vous est annoncé.")
    return redirect(event.get_absolute_url())


@permission("agenda.edit", load=load_event)
def cancel(request: HttpRequest, event: PlaceEvent) -> HttpResponse:
    form = CancelForm(sent(request), event=event)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        following = bool(data.get("following"))
        try:
            actions.cancel(event, data["reason"], following=following, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le rendez-vous est annulé. Le motif reste affiché.")
            return redirect(event.get_absolute_url())
    return render(request, "mediation/cancel_event.html", {"event": event, "form": form})


def _calendar(sheet: Sheet) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Préau//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{sheet.name} : agenda")
    for one in queries.coming(sheet)[:500]:
        entry = Event()
        entry.add("uid", f"{one.key}@preau")
        entry.add("dtstamp", one.changed_at)
        entry.add("sequence", one.version)
        entry.add("dtstart", one.starts_at)
        entry.add("dtend", one.ends_at)
        entry.add("summary", one.title)
        entry.add("description", "\n".join(part for part in (one.text, one.how_to_come) if part))
        entry.add("location", ", ".join(part for part in (sheet.name, sheet.address) if part))
        cancelled = one.state == EventState.CANCELLED
        entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        calendar.add_component(entry)
    return cast(bytes, calendar.to_ical())
