"""Opening a mirror in three steps: the document, what is sent, the start."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

import preau.mirrors.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once
from preau.mirrors import queries
from preau.mirrors.actions import mirrors
from preau.mirrors.actions.testing import test
from preau.mirrors.enums import MirrorState
from preau.mirrors.forms import ColumnsForm, DocumentForm, StartForm
from preau.mirrors.models import Mirror
from preau.mirrors.perms import may_keep
from preau.mirrors.servers import is_configured
from preau.mirrors.views.loading import load_mirror


@permission("mirror.open")
def begin(request: HttpRequest) -> HttpResponse:
    """Step 1: which document, with which key. The key is tried at once."""
    actor = actor_of(request)
    if not may_keep(actor) or not is_configured():
        context = {"may_keep": may_keep(actor), "is_open": is_configured()}
        return render(request, "mirrors/nobody.html", context)
    form, made = DocumentForm(sent(request)), list[Mirror]()

    def act() -> str:
        data, place = form.cleaned_data, form.place
        assert place is not None
        made.append(mirrors.prepare(data["name"], place, data["api_key"], actor=actor))
        return reverse("mirrors:columns", args=[made[0].key])

    if request.method == "POST" and form.is_valid():
        try:
            answer = once(request, act)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _tried(request, made[0]) if made else answer
    return render(request, "mirrors/document.html", {"form": form, "mirror": None})


def _tried(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    """Go on when Grist takes the key, or does not answer now; back to it when it refuses."""
    trouble = test(mirror, actor=actor_of(request))
    if trouble is None:
        messages.success(request, "Grist a accepté la clé : ce document est prêt.")
    elif trouble.problem:
        messages.error(request, trouble.text)
        return redirect("mirrors:document", mirror.key)
    else:
        messages.warning(
            request,
            f"{trouble.text} Vous pouvez continuer : la clé sera essayée au démarrage.",
        )
    return redirect(
        "mirrors:columns" if mirror.state == "prepare" else "mirrors:mirror", mirror.key
    )


@permission("mirror.write", load=load_mirror)
def document(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    """The same again: another name, another key."""
    form = DocumentForm(sent(request), mirror=mirror)
    if request.method == "POST" and form.is_valid():
        data, place = form.cleaned_data, form.place
        assert place is not None
        try:
            changed = mirrors.change_document(
                mirror, data["name"], place, data["api_key"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _tried(request, changed)
    return render(request, "mirrors/document.html", {"form": form, "mirror": mirror})


@permission("mirror.write", load=load_mirror)
def columns(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    """Step 2: tables, columns, opened columns."""
    form = ColumnsForm(sent(request), mirror=mirror)
    if request.method == "POST" and form.is_valid():
        try:
            mirror = mirrors.choose(mirror, form.choices(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if mirror.state == MirrorState.DRAFT:
                return redirect("mirrors:start", mirror.key)
            messages.success(request, "C’est noté : le document est mis à jour en arrière-plan.")
            return redirect("mirrors:mirror", mirror.key)
    return render(request, "mirrors/columns.html", {"form": form, "mirror": mirror})


@permission("mirror.write", load=load_mirror)
def start(request: HttpRequest, mirror: Mirror) -> HttpResponse:
    """Step 3: what will be sent, said once more; then it starts."""
    actor = actor_of(request)
    if mirror.state != MirrorState.DRAFT:
        return redirect("mirrors:mirror", mirror.key)
    form = StartForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            mirrors.start(mirror, leaving=form.cleaned_data["leaving"], actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("mirrors:mirror", mirror.key)
    sizes = queries.sizes(mirror, actor)
    tables = [(one, sizes.get(one.table.source, 0)) for one in queries.tables_of(mirror)]
    context = {
        "form": form,
        "mirror": mirror,
        "tables": tables,
        "total": sum(sizes.values()),
        "free_rows": queries.FREE_ROWS,
    }
    return render(request, "mirrors/start.html", context)
