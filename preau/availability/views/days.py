"""Exceptional days of one set of hours, and school holidays entered by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.availability.actions.opening import (
    add_exception,
    add_school_holiday,
    remove_exception,
    remove_school_holiday,
)
from preau.availability.forms import ExceptionForm, SchoolHolidayForm
from preau.availability.models import LocalSchoolHoliday, OpeningCalendar, OpeningException
from preau.availability.queries.screen import outside_hours, school_calendar
from preau.availability.views.loading import load_calendar, load_place
from preau.availability.wording import exception_in_words
from preau.core import clock, formats
from preau.places.models import Place


@permission("availability.edit_opening", load=load_calendar)
def exceptions(request: HttpRequest, calendar: OpeningCalendar) -> HttpResponse:
    """Closures and extra openings, the coming ones first; one form to add another."""
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_exception(calendar, OpeningException(**form.values()), actor=actor_of(request))
        messages.success(request, "C’est enregistré.")
        return _after_change(request, calendar)
    today = clock.today(calendar.place.zone)
    coming = calendar.exceptions.filter(last_day__gte=today).order_by("first_day", "id")
    context = {
        "calendar": calendar,
        "place": calendar.place,
        "form": form,
        "exceptions": [(one, exception_in_words(one)) for one in coming],
    }
    return render(request, "availability/exceptions.html", context)


@permission("availability.edit_opening", load=load_calendar)
def exception_remove(request: HttpRequest, calendar: OpeningCalendar) -> HttpResponse:
    """Remove one exceptional day; removing it twice changes nothing."""
    if request.method == "POST":
        exception = calendar.exceptions.filter(pk=_number(request, "exception")).first()
        if exception is not None:
            remove_exception(exception, actor=actor_of(request))
        messages.success(request, "C’est retiré : les horaires habituels s’appliquent.")
        return _after_change(request, calendar)
    return redirect("availability:exceptions", calendar.pk)


def _after_change(request: HttpRequest, calendar: OpeningCalendar) -> HttpResponse:
    """Back to the list, or to the bookings now outside the hours when there are some."""
    if found := len(outside_hours(calendar)):
        count = formats.count(found, "réservation est", "réservations sont")
        messages.warning(request, f"{count} hors des horaires. Rien n’est annulé : voyez la liste.")
        return redirect("availability:saved", calendar.pk)
    return redirect("availability:exceptions", calendar.pk)


@permission("availability.edit_opening", load=load_place)
def school_holidays(request: HttpRequest, place: Place) -> HttpResponse:
    """School holidays of the owner, for the zones that publish none."""
    form = SchoolHolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_school_holiday(place.owner, actor=actor_of(request), **form.cleaned_data)
        messages.success(request, "C’est enregistré. Les horaires sont recalculés.")
        return redirect("availability:school_holidays", place.pk)
    context = {
        "place": place,
        "form": form,
        "school": school_calendar(place),
        "holidays": [
            (one, formats.days(one.first_day, one.last_day))
            for one in place.owner.local_school_holidays.all()
        ],
    }
    return render(request, "availability/school_holidays.html", context)


@permission("availability.edit_opening", load=load_place)
def school_holiday_remove(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        holiday: LocalSchoolHoliday = get_object_or_404(
            place.owner.local_school_holidays, pk=_number(request, "vacances")
        )
        remove_school_holiday(holiday, actor=actor_of(request))
        messages.success(request, "C’est retiré. Les horaires sont recalculés.")
    return redirect("availability:school_holidays", place.pk)


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    if not value.isdecimal():
        raise Http404
    return int(value)
