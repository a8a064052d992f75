"""The conversations of a project."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.conversations.queries import messages_of
from preau.core.errors import Refusal
from preau.projects.actions import threads as actions
from preau.projects.enums import Visibility
from preau.projects.forms.threads import CallingForm, OpenForm
from preau.projects.loading.sheet import load_filed, load_thread
from preau.projects.models import Project, ProjectThread
from preau.projects.queries import threads as queries


def _open_to(request: HttpRequest, conversation: ProjectThread) -> None:
    """An internal conversation does not exist for who is not of the State's side."""
    if not queries.may_open(actor_of(request), conversation):
        raise Http404("Cette conversation n’existe pas.")


@permission("project.read", load=load_filed)
@require_safe
def threads(request: HttpRequest, project: Project) -> HttpResponse:
    found = list(queries.listed(actor_of(request), project)[:200])
    context = {
        "project": project,
        "live": [one for one in found if one.closed_at is None],
        "closed": [one for one in found if one.closed_at is not None],
        "zone": project.time_zone,
    }
    return render(request, "projects/threads.html", context)


@permission("project.contribute", load=load_filed)
def begin(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    state_side = allowed(actor, "project.write_state_side", project)
    form = OpenForm(request.POST or None, state_side=state_side)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_conversation(project, actor=actor, **form.given)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La conversation est ouverte.")
            return redirect("projects:thread", made.pk)
    return render(request, "projects/thread_begin.html", {"project": project, "form": form})


@permission("project.read", load=load_thread)
@require_safe
def thread(request: HttpRequest, conversation: ProjectThread) -> HttpResponse:
    _open_to(request, conversation)
    return _page(request, conversation, None)


@permission("project.contribute", load=load_thread)
@require_POST
def write(request: HttpRequest, conversation: ProjectThread) -> HttpResponse:
    _open_to(request, conversation)
    actor = actor_of(request)
    people = queries.mentionable(conversation)
    form = CallingForm(request.POST, people=people, me=actor.user_id)
    if form.is_valid():
        try:
            message = actions.write(conversation, actor=actor, **form.given)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            url = reverse("projects:thread", args=[conversation.pk])
            return redirect(f"{url}#message-{message.pk}")
    return _page(request, conversation, form)


@permission("project.contribute", load=load_thread)
@require_POST
def close(request: HttpRequest, conversation: ProjectThread) -> HttpResponse:
    """Close, or reopen what is closed."""
    _open_to(request, conversation)
    wanted = request.POST.get("etat")
    verb = actions.reopen if wanted == "ouverte" else actions.close
    try:
        changed = verb(conversation, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        said = (
            "La conversation est close." if changed.closed_at else "La conversation est rouverte."
        )
        messages.success(request, said)
    return redirect("projects:thread", conversation.pk)


def _page(
    request: HttpRequest, conversation: ProjectThread, form: CallingForm | None
) -> HttpResponse:
    actor = actor_of(request)
    project = conversation.project
    may_write = allowed(actor, "project.contribute", project)
    if form is None and may_write and conversation.closed_at is None:
        form = CallingForm(people=queries.mentionable(conversation), me=actor.user_id)
    context = {
        "project": project,
        "conversation": conversation,
        "page": messages_of(conversation.thread, before=request.GET.get("avant")),
        "form": form,
        "may_write": may_write,
        "internal": conversation.visibility == Visibility.STATE,
        "zone": project.time_zone,
    }
    return render(request, "projects/thread.html", context)
