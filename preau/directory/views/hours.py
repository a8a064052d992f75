"""The hours of a sheet: one form, a line a case; and the exceptional days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.availability.forms import (
    COUNT,
    MAX_LINES,
    ExceptionForm,
    RuleForm,
    bound_lines,
    typed,
    typed_lines,
    unbound_lines,
)
from preau.availability.opening import Opening, RuleData
from preau.availability.wording import rule_in_words
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.directory.actions.hours import exception_words, set_hours
from preau.directory.models import Sheet, SheetChange, SheetException
from preau.directory.opening import ExceptionalDay, facts_of
from preau.directory.queries.sheet import usual_week
from preau.directory.views.loading import load_sheet

DAY = timedelta(days=1)
CHANGED = (
    "Quelqu’un d’autre vient de changer cette fiche. Ce qui est enregistré est ci-dessous :"
    " enregistrez de nouveau pour garder vos lignes."
)
#: What a first visit begins from: the hours of most counters.
USUAL = [
    RuleData([0, 1, 2, 3, 4], 9 * 60, 12 * 60, not_on_public_holidays=True),
    RuleData([0, 1, 2, 3, 4], 14 * 60, 17 * 60, not_on_public_holidays=True),
]


@dataclass
class Screen:
    """The hours as they will be drawn."""

    lines: list[RuleForm] = field(default_factory=list)
    text: str = ""
    week: list[tuple[str, str]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    seen: str = ""
    focus: str = ""
    error: str = ""


@permission("directory.edit", load=load_sheet)
def edit_hours(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    screen = Screen(seen=request.POST.get("vu", "") or _version(sheet))
    if request.method == "POST":
        screen.text = request.POST.get("hours_text", "").strip()[:500]
        verb, _, number = request.POST.get("faire", "apercu").partition("-")
        if verb in {"ajouter", "retirer", "monter", "descendre"}:
            _rearrange(request, screen, verb, int(number) if number.isdecimal() else 0)
        elif (rules := _read(request, screen)) is not None:
            if verb == "enregistrer" and _save(request, sheet, screen, rules):
                return redirect("directory:sheet", sheet.slug)
            _preview(sheet, screen, rules)
    else:
        screen.text = sheet.hours_text
        saved = [typed(one) for one in sheet.hours.order_by("position")]
        screen.lines = unbound_lines(saved or [typed(one) for one in USUAL])
    context = {
        "sheet": sheet,
        "section": "horaires",
        "screen": screen,
        "count_name": COUNT,
        "exceptions": sheet.exceptions.exists(),
    }
    return render(request, "directory/edit_hours.html", context)


def _version(sheet: Sheet) -> str:
    """Grows each time somebody changes the sheet."""
    latest = SheetChange.objects.filter(sheet=sheet).order_by("-id").first()
    return str(latest.pk if latest else 0)


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
    screen.lines = unbound_lines(lines)
    screen.focus = f"ligne{min(number, len(screen.lines) - 1)}" if screen.lines else ""


def _read(request: HttpRequest, screen: Screen) -> list[RuleData] | None:
    screen.lines = bound_lines(request.POST)
    answers = [line.is_valid() for line in screen.lines]
    return [line.rule() for line in screen.lines] if all(answers) else None


def _preview(sheet: Sheet, screen: Screen, rules: list[RuleData]) -> None:
    today = clock.today(sheet.zone)
    facts = facts_of([sheet], today - DAY, today + 8 * DAY)[sheet.pk]
    screen.week = usual_week(Opening(rules, [], facts), today)
    screen.sentences = [rule_in_words(one) for one in rules]
    screen.focus = screen.focus or "apercu"


def _save(request: HttpRequest, sheet: Sheet, screen: Screen, rules: list[RuleData]) -> bool:
    if screen.seen != _version(sheet):
        screen.error, screen.seen = CHANGED, _version(sheet)
        screen.theirs = [rule_in_words(one) for one in sheet.hours.order_by("position")] or [
            "Aucun horaire."
        ]
        return False
    try:
        set_hours(sheet, rules, actor=actor_of(request), hours_text=screen.text)
    except Refusal as refusal:
        screen.error = refusal.sentence
        return False
    messages.success(request, "Les horaires sont enregistrés.")
    return True


@permission("directory.edit", load=load_sheet)
def edit_exceptions(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Closed on given days, or open in addition."""
    form = ExceptionForm(sent(request))
    if request.method == "POST" and form.is_valid():
        added = ExceptionalDay(**form.values())
        try:
            _replace(request, sheet, [*_kept(sheet), added])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("directory:exceptions", sheet.slug)
    today = clock.today(sheet.zone)
    coming = sheet.exceptions.filter(last_day__gte=today).order_by("first_day", "id")
    context = {
        "sheet": sheet,
        "section": "horaires",
        "form": form,
        "exceptions": [(one, exception_words(one)) for one in coming],
    }
    return render(request, "directory/edit_exceptions.html", context)


@permission("directory.edit", load=load_sheet)
def remove_exception(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    wanted = request.POST.get("jour", "")
    if request.method == "POST" and wanted.isdecimal():
        _replace(request, sheet, _kept(sheet, unless=int(wanted)))
        messages.success(request, "Ces jours sont de nouveau ordinaires.")
    return redirect("directory:exceptions", sheet.slug)


def _kept(sheet: Sheet, unless: int = 0) -> list[ExceptionalDay]:
    """Those that are not over, in their order."""
    today = clock.today(sheet.zone)
    rows = sheet.exceptions.filter(last_day__gte=today).exclude(pk=unless).order_by("id")
    return [_as_day(one) for one in rows]


def _as_day(one: SheetException) -> ExceptionalDay:
    return ExceptionalDay(
        effect=one.effect,
        first_day=one.first_day,
        last_day=one.last_day,
        start_minute=one.start_minute,
        end_minute=one.end_minute,
        reason=one.reason,
    )


def _replace(request: HttpRequest, sheet: Sheet, days: list[ExceptionalDay]) -> None:
    rules = [
        RuleData(
            weekdays=one.weekdays,
            start_minute=one.start_minute,
            end_minute=one.end_minute,
            effect=one.effect,
            when=one.when,
            not_on_public_holidays=one.not_on_public_holidays,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )
        for one in sheet.hours.order_by("position")
    ]
    set_hours(sheet, rules, days, actor=actor_of(request), hours_text=sheet.hours_text)
