"""The planning of a place: week, day, own use, giving back, export."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.availability.actions.occupancies import SlotTaken
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.enums import UNSENT
from preau.booking.models import Booking
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.desk.actions import planning
from preau.desk.forms.planning import OwnUseForm
from preau.desk.queries import planning as planning_queries
from preau.places.models import Place


def load_place(*, place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)


def load_occupancy(*, occupancy_id: int) -> Occupancy:
    uses = Occupancy.objects.select_related(
        "space__place__commune", "place", "holder_user", "holder_organization"
    )
    return get_object_or_404(uses, pk=occupancy_id)


def asked_week(text: str, today: date) -> date:
    """The Monday of « 2026-W12 », of « 2026-03-18 », or of this week when it cannot be read."""
    found = today
    try:
        year, mark, week = text.partition("-W")
        found = date.fromisocalendar(int(year), int(week), 1) if mark else date.fromisoformat(text)
    except ValueError:
        pass
    if not date(2000, 1, 10) <= found <= date(2100, 12, 20):
        found = today
    return found - timedelta(days=found.weekday())


def week_name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


@permission("booking.see_planning", load=load_place)
def week(request: HttpRequest, place: Place) -> HttpResponse:
    """The week of all the spaces, as a table or as a list."""
    today = clock.today(place.zone)
    monday = asked_week(request.GET.get("semaine", ""), today)
    found = planning_queries.week_of(place, monday)
    seven = timedelta(days=7)
    context = {
        "place": place,
        "week": found,
        "today": today,
        "as_list": request.GET.get("vue") == "liste",
        "number": monday.isocalendar()[1],
        "name": week_name(monday),
        "previous": week_name(monday - seven),
        "next": week_name(monday + seven),
        "may_plan": allowed(actor_of(request), "desk.plan", place),
        "may_export": allowed(actor_of(request), "desk.export", place),
    }
    return render(request, "desk/planning/week.html", context)


@permission("desk.plan", load=load_place)
def own_use(request: HttpRequest, place: Place) -> HttpResponse:
    """Take a space for the owner's own use."""
    asked = {name: request.GET.get(name) for name in ("day", "space") if name in request.GET}
    form = OwnUseForm(request.POST or None, place=place, initial=asked)
    stands: list[tuple[Occupancy, Booking | None]] = []
    if request.method == "POST" and form.is_valid():
        space, period = form.cleaned_data["space"], form.period
        try:
            _refuse_past(period)
            planning.take_for_own_use(
                space, period, form.cleaned_data["label"], actor=actor_of(request)
            )
        except SlotTaken:
            form.add_error("day", "Cet espace est déjà pris à ce moment-là : voyez ci-dessous.")
            around = period.widened(space.before, space.after)
            found = planning.standing([space], around)
            bookings = planning_queries.bookings_of(found)
            stands = [(one, bookings.get(one.pk)) for one in found]
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"C’est noté : {space.name} est à vous pour ce créneau.")
            return to_week(place, period)
    context = {
        "place": place,
        "form": form,
        "stands": [
            (one, planning_queries.who(one), planning_queries.state_in_words(one, booking))
            for one, booking in stands
        ],
    }
    return render(request, "desk/planning/own_use.html", context)


def _refuse_past(period: Period) -> None:
    if period.end <= clock.now():
        raise Refusal("Ce créneau est passé. Choisissez une date à venir.", field="day")


def to_week(place: Place, period: Period) -> HttpResponse:
    monday = asked_week(period.start.astimezone(place.zone).date().isoformat(), date.max)
    response = redirect("desk:planning", place.pk)
    response["Location"] += f"?semaine={week_name(monday)}"
    return response


@permission("booking.see_planning", load=load_occupancy)
def occupancy(request: HttpRequest, occupancy: Occupancy) -> HttpResponse:
    """A use of a space: the booking's own page when it is one, else what it is and its end."""
    if occupancy.kind == OccupancyKind.BOOKING:
        booking = (
            Booking.objects.filter(dates__occupancy=occupancy).exclude(state__in=UNSENT).first()
        )
        if booking is None:
            raise Http404
        return redirect("booking:page", booking.reference)
    monday = asked_week(
        occupancy.period.lower.astimezone(occupancy.place.zone).date().isoformat(), date.max
    )
    context = {
        "occupancy": occupancy,
        "place": occupancy.place,
        "week": week_name(monday),
        "is_closure": occupancy.kind == OccupancyKind.CLOSURE,
        "over": occupancy.released_at is not None or occupancy.period.upper <= clock.now(),
    }
    return render(request, "desk/planning/occupancy.html", context)


@permission("desk.plan", load=load_occupancy)
def give_back(request: HttpRequest, occupancy: Occupancy) -> HttpResponse:
    """End an own use or a closure: the time is free again."""
    if request.method != "POST":
        return redirect("desk:occupancy", occupancy.pk)
    try:
        planning.give_back(occupancy, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("desk:occupancy", occupancy.pk)
    messages.success(request, "C’est rendu : ce temps est de nouveau libre.")
    return to_week(occupancy.place, occupancy.span)
