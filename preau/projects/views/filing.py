"""The steps of a deposit: one question a page, kept at each, before and after sign-in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from preau.accounts.middleware import wear
from preau.accounts.perms import View, permission
from preau.core import forms
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.projects import filers, filing_steps
from preau.projects.actions import drafts, filing
from preau.projects.enums import Origin
from preau.projects.filers import Filer, filer_of
from preau.projects.filing_steps import Step
from preau.projects.forms.filing import (
    ContactForm,
    MoneyForm,
    ProgrammesForm,
    WhatForm,
    WhereForm,
    WhoForm,
)
from preau.projects.loading import load_project
from preau.projects.models import Programme, Project
from preau.projects.queries import drafts as reads
from preau.projects.queries import given, public
from preau.projects.questions import QuestionForm

#: The button that stops the deposit there.
LATER = "later"


@dataclass(slots=True)
class Screen:
    """One page of the deposit.

    Attributes:
        make: the form, from what was sent (None on GET).
        save: keeps the valid form.
    """

    step: Step
    make: Callable[[QueryDict | None], Any]
    save: Callable[[Any], Project]
    template: str = "projects/filing_step.html"
    programme: Programme | None = None
    context: dict[str, Any] = field(default_factory=dict)


def entered(request: HttpRequest, project: Project) -> tuple[Project, Filer] | None:
    """The project and who files it, if it is theirs; signing in makes a browser's draft theirs."""
    by = filer_of(request)
    if not by.holds(project):
        return None
    if project.is_draft and by.actor.user is not None and by.holds_key(project):
        project = drafts.adopt(project, by=by)
    return project, by


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Not opened in this browser: how to come back to it. The same words for every address."""
    return render(request, "projects/filing_elsewhere.html", status=404)


def filing_page(view: Callable[[HttpRequest, Project, Filer], HttpResponse]) -> View:
    """A page of a deposit: for who files the project, whom the view is given."""

    @permission("project.file", load=load_project)
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, project: Project) -> HttpResponse:
        found = entered(request, project)
        return elsewhere(request) if found is None else view(request, *found)

    return guarded


def show(request: HttpRequest, project: Project, screen: Screen) -> HttpResponse:
    """Show the page, or keep what was sent and go on; what is refused stays typed."""
    if not project.is_draft and request.method != "POST":
        return redirect("projects:filed", project.key)
    form = screen.make(sent(request))
    here = filing_steps.page(project, screen.step, screen.programme)
    if request.method == "POST":
        try:
            if response := _kept(request, project, screen, form):
                return response
        except Refusal as refusal:
            form.refuse(refusal)
    typed = {} if form.is_bound else filing_steps.filing_of(project).typed.get(here.key, {})
    form.initial |= typed
    pages = filing_steps.pages(project)
    following = pages[pages.index(here) + 1 :] if here in pages else []
    context = {
        "project": project,
        "form": form,
        "page": here,
        "number": filing_steps.NUMBERS[screen.step],
        "part": filing_steps.part(pages, here),
        "next_label": following[0].label if following else "",
        "back_url": filing_steps.before(project, screen.step, screen.programme),
        "typed": typed,
        "suite": request.POST.get("suite") or request.GET.get("suite", ""),
        **screen.context,
    }
    return render(request, screen.template, context)


def _kept(
    request: HttpRequest, project: Project, screen: Screen, form: forms.Form
) -> HttpResponse | None:
    """Save the page and go on; or stop here, when that is asked, whatever the page still lacks."""
    if LATER not in request.POST:
        if not form.is_valid():
            return None
        return redirect(_next(request, screen.save(form), screen))
    later = redirect("projects:file_later", project.key)
    if form.has_changed() and form.is_valid():
        with suppress(Refusal):  # what is refused is kept as typed too
            screen.save(form)
            return later
    here = filing_steps.page(project, screen.step, screen.programme)
    typed = _typed(form) if form.has_changed() else {}
    filing.keep_typed(project, here, typed, by=filer_of(request))
    return later


def _typed(form: forms.Form) -> dict[str, Any]:
    """What each control sent, before anything is made of it."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _next(request: HttpRequest, project: Project, screen: Screen) -> str:
    if request.POST.get("suite") == "recap":
        return filing_steps.page(project, Step.RECAP).url
    return filing_steps.after(project, screen.step, screen.programme)


@permission("project.file")
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """What a deposit asks, drafts under way; begun on POST, without an account."""
    by = filer_of(request)
    if request.method == "POST":
        if by.actor.is_anonymous and (limited := consume_or_429(request, action="start_draft")):
            return limited  # type: ignore[no-any-return]
        try:
            project = filing.start_draft(by=by)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("projects:mine")
        if project.visitor_key:
            filers.remember(request, project.visitor_key)
        return redirect("projects:file_who", project.key)
    return render(request, "projects/filing_start.html", {"drafts": reads.under_way(by)})


@filing_page
def who(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:

    def save(form: WhoForm) -> Project:
        saved = filing.save_who(project, form.who(), by=by)
        if form.membership is not None:  # the draft is theirs under that hat
            wear(request.session, form.membership)
        return saved

    def make(data: QueryDict | None) -> WhoForm:
        return WhoForm(data, project=project, by=by)

    return show(request, project, Screen(Step.WHO, make, save, "projects/filing_who.html"))


@filing_page
def what(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    names = ("name", "purpose", "description", "themes", "phase")
    initial = {name: getattr(project, name) for name in names}

    def save(form: WhatForm) -> Project:
        return filing.save_what(project, by=by, **form.cleaned_data)

    return show(
        request, project, Screen(Step.WHAT, lambda data: WhatForm(data, initial=initial), save)
    )


@filing_page
def where(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    adding = request.POST.get("action") == "ajouter"

    def save(form: WhereForm) -> Project:
        epci = form.epci if form.cleaned_data.get("whole") else None
        return filing.save_where(project, form.communes(), by=by, epci=epci, done=not adding)

    def make(data: QueryDict | None) -> WhereForm:
        return WhereForm(data, project=project)

    lead = project.lead_commune
    context = {"public": public.place_of(lead) if lead else None}
    screen = Screen(Step.WHERE, make, save, "projects/filing_where.html", context=context)
    response = show(request, project, screen)
    if adding and response.status_code == 302:
        return redirect(request.get_full_path())
    return response


@filing_page
def programmes(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:

    def save(form: ProgrammesForm) -> Project:
        return filing.save_programmes(project, form.cleaned_data["programmes"], by=by)

    def make(data: QueryDict | None) -> ProgrammesForm:
        return ProgrammesForm(data, project=project)

    context = {"public": public.place_of(project.lead_commune) if project.lead_commune else None}
    template = "projects/filing_programmes.html"
    screen = Screen(Step.PROGRAMMES, make, save, template, context=context)
    return show(request, project, screen)


@filing_page
def money(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    initial = {
        "budget": project.budget_cents,
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
    }

    def save(form: MoneyForm) -> Project:
        data = form.cleaned_data
        return filing.save_money(
            project,
            by=by,
            budget_cents=data["budget"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )

    return show(
        request, project, Screen(Step.MONEY, lambda data: MoneyForm(data, initial=initial), save)
    )


@permission("project.file")
@never_cache
def questions(request: HttpRequest, key: Any, programme_slug: str) -> HttpResponse:
    found = entered(request, load_project(key))
    if found is None:
        return elsewhere(request)
    project, by = found
    programme = get_object_or_404(Programme, slug=programme_slug)
    version = filing_steps.version_in_force(programme)
    if version is None or programme not in filing_steps.asking(project):
        return redirect(filing_steps.resume_page(project).url)
    known = given.answers(by.actor, project, version)

    def make(data: QueryDict | None) -> QuestionForm:
        return QuestionForm(version, reads.answers_kept(project, version), data, known=known)

    def save(form: QuestionForm) -> Project:
        values = form.values()
        return filing.save_questions(project, programme, version, values, by=by, known=form.known)

    screen = Screen(Step.QUESTIONS, make, save, "projects/filing_questions.html", programme)
    return show(request, project, screen)


@filing_page
def contact(request: HttpRequest, project: Project, by: Filer) -> HttpResponse:
    initial, source = _contact_initial(project, by)

    def save(form: ContactForm) -> Project:
        data = form.cleaned_data
        return filing.save_contact(
            project,
            by=by,
            name=data["contact_name"],
            function=data["contact_function"],
            email=data["contact_email"],
            phone=data["contact_phone"],
        )

    def make(data: QueryDict | None) -> ContactForm:
        return ContactForm(data, initial=initial)

    context = {"source": source, "on_behalf": project.origin == Origin.AGENT}
    screen = Screen(Step.CONTACT, make, save, "projects/filing_contact.html", context=context)
    return show(request, project, screen)


def _contact_initial(project: Project, by: Filer) -> tuple[dict[str, str], str]:
    """What is kept; else what the organisation gave last; else the signed-in person."""
    names = ("contact_name", "contact_function", "contact_email", "contact_phone")
    if project.contact_name:
        return {name: getattr(project, name) for name in names}, ""
    if known := given.contact(by.actor, project):
        values = (known.name, known.function, known.email, known.phone)
        return dict(zip(names, values, strict=True)), known.source
    person = by.actor.user
    if person is None or project.origin == Origin.AGENT:
        return {}, ""
    values = (person.get_full_name() if person.first_name else "", "", person.email, person.phone)
    return dict(zip(names, values, strict=True)), ""
