"""The hours of a place, and the one screen where they are entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.availability.actions.calendars import remove_calendar, save_hours
from preau.availability.facts import day_facts
from preau.availability.forms import (
    COUNT,
    MAX_LINES,
    HoursForm,
    RuleForm,
    bound_lines,
    typed,
    typed_lines,
    unbound_lines,
)
from preau.availability.models import Occupancy, OpeningCalendar
from preau.availability.opening import Opening, RuleData
from preau.availability.presets import BY_KEY, PRESETS
from preau.availability.queries.screen import (
    calendars_of,
    coming_bookings,
    outside,
    outside_hours,
    school_calendar,
    spaces_without_hours,
)
from preau.availability.views.loading import load_calendar, load_place
from preau.availability.wording import WEEKS_SHOWN, DayView, rule_in_words, weeks
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.french import by_name
from preau.places.models import Place


@permission("availability.edit_opening", load=load_place)
def place_hours(request: HttpRequest, place: Place) -> HttpResponse:
    """Every set of hours of a place, the spaces without any, the school calendar."""
    context = {
        "place": place,
        "calendars": [
            (calendar, [rule_in_words(rule) for rule in calendar.rules.all()])
            for calendar in calendars_of(place)
        ],
        "without": spaces_without_hours(place),
        "school": school_calendar(place),
    }
    return render(request, "availability/place.html", context)


@permission("availability.edit_opening", load=load_place)
def choose_preset(request: HttpRequest, place: Place) -> HttpResponse:
    """New hours: start from what places of this sort usually do."""
    return render(request, "availability/choose.html", {"place": place, "presets": PRESETS})


@permission("availability.edit_opening", load=load_place)
def new_hours(request: HttpRequest, place: Place) -> HttpResponse:
    return _screen(request, Screen(place, None))


@permission("availability.edit_opening", load=load_calendar)
def edit_hours(request: HttpRequest, calendar: OpeningCalendar) -> HttpResponse:
    return _screen(request, Screen(calendar.place, calendar))


@permission("availability.edit_opening", load=load_calendar)
def saved_hours(request: HttpRequest, calendar: OpeningCalendar) -> HttpResponse:
    """After saving: what is now said, and the bookings that the new hours no longer cover."""
    context = {
        "calendar": calendar,
        "place": calendar.place,
        "sentences": [rule_in_words(rule) for rule in calendar.rules.all()],
        "followers": calendar.followers.select_related("space").order_by(*by_name("space__name")),
        "outside": outside_hours(calendar),
        "without": coming_bookings(spaces_without_hours(calendar.place)),
    }
    return render(request, "availability/saved.html", context)


@permission("availability.edit_opening", load=load_calendar)
def remove_hours(request: HttpRequest, calendar: OpeningCalendar) -> HttpResponse:
    if request.method == "POST":
        try:
            remove_calendar(calendar, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"Les horaires « {calendar.name} » sont retirés.")
    return redirect("availability:place", calendar.place_id)


@dataclass
class Screen:
    """The opening screen as it will be drawn."""

    place: Place
    calendar: OpeningCalendar | None
    form: HoursForm | None = None
    lines: list[RuleForm] = field(default_factory=list)
    weeks: list[list[DayView]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    outside: list[Occupancy] = field(default_factory=list)
    focus: str = ""
    #: The version of the hours that these lines began from.
    seen: int | None = None
    #: What somebody else has saved meanwhile, in sentences.
    theirs: list[str] = field(default_factory=list)

    def context(self) -> dict[str, Any]:
        school = school_calendar(self.place)
        return {"screen": self, "place": self.place, "count_name": COUNT, "school": school}


def _screen(request: HttpRequest, screen: Screen) -> HttpResponse:
    if request.method == "POST":
        seen = request.POST.get("version", "")
        screen.seen = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
        verb, _, number = request.POST.get("faire", "apercu").partition("-")
        if verb in {"ajouter", "retirer", "monter", "descendre"}:
            _rearrange(request, screen, verb, int(number) if number.isdecimal() else 0)
        elif (rules := _read(request, screen)) is not None:
            if verb == "enregistrer":
                return _save(request, screen, rules)
            _preview(screen, rules)
    else:
        _open(request, screen)
    return render(request, "availability/edit.html", screen.context())


def _open(request: HttpRequest, screen: Screen) -> None:
    """The screen before anything is typed: what is saved, or the usual hours chosen."""
    place, calendar = screen.place, screen.calendar
    if calendar is not None:
        screen.seen = calendar.version
        followers = list(calendar.followers.values_list("space_id", flat=True))
        initial = {"name": calendar.name, "spaces": followers}
        rules: list[Any] = list(calendar.rules.all())
    else:
        preset = BY_KEY.get(request.GET.get("modele", ""))
        spaces = [space.pk for space in spaces_without_hours(place)]
        initial = {"name": preset.name if preset else "", "spaces": spaces}
        rules = preset.lines(clock.today(place.zone)) if preset else []
    screen.form = HoursForm(initial=initial, place=place, calendar=calendar)
    screen.lines = unbound_lines([typed(rule) for rule in rules] or [{}])


def _rearrange(request: HttpRequest, screen: Screen, verb: str, number: int) -> None:
    """Add, remove or move a line: nothing is judged, nothing typed is lost."""
    lines = typed_lines(request.POST)
    if verb == "ajouter":
        lines = [*lines, {}][:MAX_LINES]
        number = len(lines) - 1
    elif number < len(lines):
        line = lines.pop(number)
        if verb != "retirer":
            number = max(number - 1, 0) if verb == "monter" else number + 1
            lines.insert(number, line)
    screen.lines = unbound_lines(lines or [{}])
    screen.focus = f"ligne{min(number, len(screen.lines) - 1)}"
    initial = {
        "name": request.POST.get("name", ""),
        "spaces": [pk for pk in request.POST.getlist("spaces") if pk.isdecimal()],
    }
    screen.form = HoursForm(initial=initial, place=screen.place, calendar=screen.calendar)


def _read(request: HttpRequest, screen: Screen) -> list[RuleData] | None:
    """The rules typed, or None when something is to be mended."""
    screen.form = HoursForm(request.POST, place=screen.place, calendar=screen.calendar)
    screen.lines = bound_lines(request.POST)
    answers = [form.is_valid() for form in (screen.form, *screen.lines)]
    return [line.rule() for line in screen.lines] if all(answers) else None


def _preview(screen: Screen, rules: list[RuleData]) -> None:
    place = screen.place
    today = clock.today(place.zone)
    exceptions = list(screen.calendar.exceptions.all()) if screen.calendar else []
    # Facts one day wider on each side: a night begins on the eve and ends the day after.
    first, last = today - timedelta(days=9), today + timedelta(days=7 * WEEKS_SHOWN + 9)
    screen.weeks = weeks(place, Opening(rules, exceptions, day_facts(place, first, last)), today)
    screen.sentences = [rule_in_words(rule) for rule in rules]
    assert screen.form is not None
    kept = screen.form.cleaned_data["spaces"]
    screen.outside = outside(coming_bookings(kept), place, rules, exceptions)
    if screen.calendar:
        left = place.spaces.filter(opening__calendar=screen.calendar).exclude(pk__in=kept)
        screen.outside += coming_bookings(left)
    screen.focus = "apercu"


def _save(request: HttpRequest, screen: Screen, rules: list[RuleData]) -> HttpResponse:
    assert screen.form is not None
    try:
        calendar = save_hours(
            screen.place,
            screen.calendar,
            name=screen.form.cleaned_data["name"],
            rules=rules,
            spaces=list(screen.form.cleaned_data["spaces"].select_related("place")),
            seen=screen.seen,
            actor=actor_of(request),
        )
    except Refusal as refusal:
        _show_theirs(screen, rules, refusal)
        return render(request, "availability/edit.html", screen.context())
    messages.success(request, "Les horaires sont enregistrés.")
    return redirect("availability:saved", calendar.pk)


def _show_theirs(screen: Screen, rules: list[RuleData], refusal: Refusal) -> None:
    """Somebody else has saved: theirs beside mine; saving again keeps mine, knowingly."""
    assert screen.form is not None and screen.calendar is not None
    screen.calendar.refresh_from_db()
    screen.seen = screen.calendar.version
    screen.theirs = [rule_in_words(rule) for rule in screen.calendar.rules.all()]
    _preview(screen, rules)
    screen.form.refuse(refusal)
    screen.focus = ""
