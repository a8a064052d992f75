"""Programmes and questionnaires, edited by the operators of the platform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.projects.actions import questionnaires as actions
from preau.projects.enums import VersionState
from preau.projects.forms.programmes import NewProgrammeForm, ProgrammeForm, QuestionForm
from preau.projects.loading.programmes import (
    load_programme,
    load_question,
    load_questionnaire,
    load_version,
)
from preau.projects.models import Questionnaire, QuestionnaireVersion
from preau.projects.queries import programmes as reads
from preau.projects.questions import QuestionForm as Preview


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@permission("programme.edit")
def index(request: HttpRequest) -> HttpResponse:
    context = {"programmes": reads.programmes(), "questionnaires": reads.questionnaires()}
    return render(request, "projects/programmes.html", context)


@permission("programme.edit")
def add(request: HttpRequest) -> HttpResponse:
    form = NewProgrammeForm(_posted(request), initial={"active": True})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_programme(actor=_me(request), **form.values())
        except Refusal as refusal:
            form.add_error("name", refusal.sentence)
        else:
            messages.success(request, f"Le programme « {made} » est créé.")
            return redirect("projects:programme", made.pk)
    return render(request, "projects/programme_form.html", {"form": form})


@permission("programme.edit")
def programme(request: HttpRequest, programme_id: int) -> HttpResponse:
    one = load_programme(programme_id)
    shown = reads.programmes().get(pk=one.pk)
    form = ProgrammeForm(_posted(request), instance=load_programme(programme_id))
    if request.method == "POST" and form.is_valid():
        actions.edit_programme(one, actor=_me(request), **form.cleaned_data)
        messages.success(request, "Le programme est enregistré.")
        return redirect("projects:programme", one.pk)
    asked = Questionnaire.objects.filter(programme=one).order_by("pk")
    context = {"programme": shown, "form": form, "questionnaires": asked}
    return render(request, "projects/programme.html", context)


@permission("programme.edit")
@require_POST
def programme_questions(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Let a programme ask something: its questionnaire, and a first version in preparation."""
    asked = actions.give_questions(load_programme(programme_id), actor=_me(request))
    return redirect("projects:version", actions.prepare(asked, actor=_me(request)).pk)


@permission("programme.edit")
def questionnaire(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """Its versions; POST prepares the next one."""
    one = load_questionnaire(questionnaire_id)
    if request.method == "POST":
        draft = actions.prepare(one, actor=_me(request))
        return redirect("projects:version", draft.pk)
    context = {"questionnaire": one, "versions": reads.versions(one)}
    return render(request, "projects/questionnaire.html", context)


@permission("programme.edit")
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version: its questions, what it changes, as it will be seen."""
    one = load_version(version_id)
    former = reads.former(one)
    context = {
        **_where(one),
        "questions": one.questions.all(),
        "former": former,
        "differences": reads.differences(former, one) if former else [],
    }
    return render(request, "projects/version.html", context)


def _where(one: QuestionnaireVersion) -> dict[str, Any]:
    return {
        "version": one,
        "questionnaire": one.questionnaire,
        "is_draft": one.state == VersionState.DRAFT,
    }


@permission("programme.edit")
def preview(request: HttpRequest, version_id: int) -> HttpResponse:
    """The questions as a holder meets them; what is typed is checked, never kept."""
    one = load_version(version_id)
    form = Preview(one, data=_posted(request))
    if request.method == "POST" and form.is_valid():
        messages.info(request, "Ces réponses seraient acceptées. Rien n’est enregistré.")
    return render(request, "projects/version_preview.html", {**_where(one), "form": form})


@permission("programme.edit")
def question_add(request: HttpRequest, version_id: int) -> HttpResponse:
    one = load_version(version_id)
    form = QuestionForm(_posted(request), version=one)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_question(one, actor=_me(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Question ajoutée : « {made.label} ».")
            return redirect("projects:version", one.pk)
    return render(request, "projects/question_form.html", {**_where(one), "form": form})


@permission("programme.edit")
def question_edit(request: HttpRequest, question_id: int) -> HttpResponse:
    one = load_question(question_id)
    form = QuestionForm(_posted(request), version=one.version, question=one)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_question(one, actor=_me(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La question est enregistrée.")
            return redirect("projects:version", one.version_id)
    context = {**_where(one.version), "form": form, "question": one}
    return render(request, "projects/question_form.html", context)


@permission("programme.edit")
@require_POST
def question_move(request: HttpRequest, question_id: int) -> HttpResponse:
    one = load_question(question_id)
    up = request.POST.get("sens") == "haut"
    return _do(request, one.version, lambda: actions.move_question(one, up=up, actor=_me(request)))


@permission("programme.edit")
@require_POST
def question_remove(request: HttpRequest, question_id: int) -> HttpResponse:
    one = load_question(question_id)
    return _do(request, one.version, lambda: actions.remove_question(one, actor=_me(request)))


@permission("programme.edit")
@require_POST
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    one = load_version(version_id)
    said = "Cette version est en vigueur. Les réponses déjà données gardent la leur."
    return _do(request, one, lambda: actions.publish(one, actor=_me(request)), said)


@permission("programme.edit")
@require_POST
def discard(request: HttpRequest, version_id: int) -> HttpResponse:
    one = load_version(version_id)
    try:
        actions.discard(one, actor=_me(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("projects:version", one.pk)
    messages.success(request, "La version en préparation est supprimée.")
    return redirect("projects:questionnaire", one.questionnaire_id)


def _me(request: HttpRequest) -> Actor:
    return actor_of(request)


def _do(
    request: HttpRequest, one: QuestionnaireVersion, act: Callable[[], Any], said: str = ""
) -> HttpResponse:
    """Do it, or say why not; either way, back to the version."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        if said:
            messages.success(request, said)
    return redirect("projects:version", one.pk)
