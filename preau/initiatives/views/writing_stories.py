"""The authors' pages: writing a story, its photos, publishing it; the operator takes it off."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.directory.models import Sheet
from preau.initiatives.actions import stories as actions
from preau.initiatives.enums.stories import StoryState
from preau.initiatives.forms.listings import ReasonForm
from preau.initiatives.forms.stories import StoryForm, StoryPhotoForm
from preau.initiatives.loading.stories import (
    load_photo,
    load_project,
    load_sheet,
    load_story,
)
from preau.initiatives.models import Story, StoryPhoto
from preau.initiatives.queries import stories as queries
from preau.projects.models import Project


@permission("story.mine")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "stories": list(queries.writable(actor)[:200]),
        "signalled": list(queries.signalled()[:50]) if actor.is_operator else [],
    }
    return render(request, "initiatives/story_mine.html", context)


def _create(request: HttpRequest, subject: Sheet | Project) -> HttpResponse:
    form = StoryForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _begun(request, subject, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "about": subject.name, "story": None}
    return render(request, "initiatives/story_edit.html", context)


def _begun(request: HttpRequest, subject: Sheet | Project, form: StoryForm) -> str:
    story = actions.begin(subject, actor=actor_of(request), **form.given)
    messages.success(request, "Le récit est gardé : ajoutez des photos, puis publiez-le.")
    return reverse("initiatives:story_manage", args=[story.key])


@permission("story.write", load=load_sheet)
def create_of_place(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    return _create(request, sheet)


@permission("story.write", load=load_project)
def create_of_project(request: HttpRequest, project: Project) -> HttpResponse:
    return _create(request, project)


def _about(story: Story) -> str:
    return str(story.sheet or story.project or "")


@permission("story.write", load=load_story)
def edit(request: HttpRequest, story: Story) -> HttpResponse:
    form = StoryForm(sent(request), initial=StoryForm.values_of(story))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(story, form.given, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le récit est enregistré.")
            return redirect("initiatives:story_manage", story.key)
    context = {"form": form, "about": _about(story), "story": story}
    return render(request, "initiatives/story_edit.html", context)


@permission("story.manage", load=load_story)
@require_safe
def manage(request: HttpRequest, story: Story) -> HttpResponse:
    actor, state = actor_of(request), StoryState(story.state)
    may_take_off = allowed(actor, "story.take_off", story)
    context = {
        "story": story,
        "about": _about(story),
        "photos": list(story.photos.all()),
        "missing": actions.missing_of(story) if state == StoryState.DRAFT else [],
        "may_write": allowed(actor, "story.write", story),
        "may_take_off": may_take_off and state == StoryState.PUBLISHED,
        "may_read_again": may_take_off and story.withdrawn_by_operator,
        "signals": list(story.signals.filter(closed_at=None)) if may_take_off else [],
        "is_draft": state == StoryState.DRAFT,
        "is_published": state == StoryState.PUBLISHED,
        "is_withdrawn": state == StoryState.WITHDRAWN,
    }
    return render(request, "initiatives/story_manage.html", context)


def _act(
    request: HttpRequest, story: Story, verb: Callable[[Actor], object], done: str
) -> HttpResponse:
    try:
        verb(actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect("initiatives:story_manage", story.key)


@permission("story.write", load=load_story)
def photos(request: HttpRequest, story: Story) -> HttpResponse:
    form = StoryPhotoForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_photo(
                story,
                data["file"],
                alternative_text=data["alternative_text"],
                people=data["people"],
                credit=data["credit"],
                actor=actor_of(request),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La photo est ajoutée.")
            return redirect("initiatives:story_manage", story.key)
    return render(request, "initiatives/story_photo.html", {"story": story, "form": form})


@permission("story.write", load=load_photo)
@require_POST
def remove_photo(request: HttpRequest, photo: StoryPhoto) -> HttpResponse:
    return _act(
        request,
        photo.story,
        lambda actor: actions.remove_photo(photo, actor=actor),
        "La photo est retirée.",
    )


@permission("story.manage", load=load_story)
@require_POST
def publish(request: HttpRequest, story: Story) -> HttpResponse:
    done = "Le récit est publié."
    if story.withdrawn_by_operator and not allowed(actor_of(request), "story.take_off", story):
        done = "L’opérateur du site est prévenu : il relit le récit, puis le publie."
    return _act(request, story, lambda actor: actions.publish(story, actor=actor), done)


@permission("story.write", load=load_story)
@require_POST
def withdraw(request: HttpRequest, story: Story) -> HttpResponse:
    done = "Le récit est retiré. Vous pouvez le reprendre."
    return _act(request, story, lambda actor: actions.withdraw(story, actor=actor), done)


@permission("story.write", load=load_story)
@require_POST
def take_up(request: HttpRequest, story: Story) -> HttpResponse:
    done = "Le récit est de nouveau un brouillon."
    return _act(request, story, lambda actor: actions.take_up(story, actor=actor), done)


@permission("story.take_off", load=load_story)
def take_off(request: HttpRequest, story: Story) -> HttpResponse:
    form = ReasonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_off(story, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le récit est retiré ; ses auteurs en reçoivent le motif.")
            return redirect("initiatives:story_manage", story.key)
    return render(request, "initiatives/story_take_off.html", {"story": story, "form": form})


@permission("story.take_off", load=load_story)
@require_POST
def close_signals(request: HttpRequest, story: Story) -> HttpResponse:
    done = "Les signalements sont traités ; le récit reste publié."
    return _act(request, story, lambda actor: actions.close_signals(story, actor=actor), done)
