"""The files of a project."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.documents import downloads
from preau.documents.queries import vault_for
from preau.projects import perms
from preau.projects.actions import files as actions
from preau.projects.forms.files import FileForm, RemoveFileForm, ReplaceForm, VaultForm
from preau.projects.loading.sheet import load_file, load_filed
from preau.projects.models import Project, ProjectFile
from preau.projects.queries import files as queries
from preau.projects.views.going_on import while_it_goes_on


def _open_to(request: HttpRequest, file: ProjectFile) -> None:
    """An internal file does not exist for who is not of the State's side."""
    if not actions.may_read(file, actor_of(request)):
        raise Http404("Ce fichier n’existe pas, ou a été retiré du projet.")


@permission("project.read", load=load_filed)
@require_safe
def files(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "project": project,
        "files": list(queries.visible_to(actor, project)[:500]),
        "may_write": perms.may_work(actor, "project.contribute", project),
    }
    return render(request, "projects/files.html", context)


@permission("project.contribute", load=load_filed)
@while_it_goes_on
def add(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        state_side=allowed(actor, "project.write_state_side", project),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        upload = data.pop("file")
        try:
            made = actions.add(project, upload, actor=actor, **data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {made.document.title} » est dans le projet.")
            return redirect("projects:files", project.key)
    return render(request, "projects/file_add.html", {"project": project, "form": form})


@permission("project.contribute", load=load_filed)
@while_it_goes_on
def from_vault(request: HttpRequest, project: Project) -> HttpResponse:
    actor = actor_of(request)
    form = VaultForm(
        request.POST or None,
        vault=vault_for(actor),
        state_side=allowed(actor, "project.write_state_side", project),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.take(project, actor=actor, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {made.document.title} » est dans le projet.")
            return redirect("projects:files", project.key)
    return render(request, "projects/file_from_vault.html", {"project": project, "form": form})


@permission("project.read", load=load_file)
@never_cache
@require_safe
def download(request: HttpRequest, file: ProjectFile) -> HttpResponse:
    _open_to(request, file)
    try:
        content = actions.read(file, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("projects:files", file.project.key)
    return downloads.attachment(content, file.document)


@permission("project.contribute", load=load_file)
@while_it_goes_on
def replace(request: HttpRequest, file: ProjectFile) -> HttpResponse:
    _open_to(request, file)
    form = ReplaceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.replace(file, form.cleaned_data["file"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {file.document.title} » est remplacé.")
            return redirect("projects:files", file.project.key)
    context = {"project": file.project, "file": file, "form": form}
    return render(request, "projects/file_replace.html", context)


@permission("project.contribute", load=load_file)
@while_it_goes_on
@require_POST
def pin(request: HttpRequest, file: ProjectFile) -> HttpResponse:
    _open_to(request, file)
    try:
        actions.pin(file, pinned=request.POST.get("epingle") == "oui", actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("projects:files", file.project.key)


@permission("project.contribute", load=load_file)
def remove(request: HttpRequest, file: ProjectFile) -> HttpResponse:
    _open_to(request, file)
    form = RemoveFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove(file, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {file.document.title} » n’est plus dans le projet.")
            return redirect("projects:files", file.project.key)
    context = {"project": file.project, "file": file, "form": form}
    return render(request, "projects/file_remove.html", context)
