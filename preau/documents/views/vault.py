"""« Mes documents »: what is in the vault, who may see it, who read it."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.accounts.returning import safe_next
from preau.core.errors import Refusal
from preau.documents import actions, downloads, queries, readers
from preau.documents.enums import ADDED_BY_PEOPLE, DocumentKind
from preau.documents.forms import DocumentForm
from preau.documents.models import Document


def load_document(*, pk: int) -> Document:
    """A document still in a vault."""
    found = queries.live().select_related("file", "owner_user", "owner_organization")
    document = found.prefetch_related("readers").filter(pk=pk).first()
    if document is None:
        raise Http404("Ce document n’existe pas, ou a été retiré.")
    return document


@permission("document.vault")
@require_safe
def vault(request: HttpRequest) -> HttpResponse:
    today = queries.today()
    rows = [(one, one.validity(today)) for one in queries.vault_for(actor_of(request))[:500]]
    groups = groupby(rows, key=lambda row: DocumentKind(row[0].kind))
    context = {
        "groups": [(kind.label, list(found)) for kind, found in groups],
        "shown": list(queries.shown_to(actor_of(request))[:50]),
        "waiting": queries.eliminations_for(actor_of(request)).filter(approved_at=None).exists(),
    }
    return render(request, "documents/vault.html", context)


@permission("document.add")
def add(request: HttpRequest) -> HttpResponse:
    """First the kind, then what that kind needs. `next`: the page that asked for it."""
    onward = safe_next(request, reverse("documents:vault"))
    kind = next((one for one in ADDED_BY_PEOPLE if one == request.GET.get("nature")), None)
    if kind is None:
        return render(request, "documents/kinds.html", {"kinds": ADDED_BY_PEOPLE, "onward": onward})
    form = DocumentForm(_sent(request), request.FILES or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        try:
            document = actions.deposit(
                actor=actor,
                kind=kind,
                title=form.cleaned_data["title"],
                owner_organization=actor.organization,
                owner_user=None if actor.organization else actor.user,
                **form.given,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {document.title} » est dans votre coffre.")
            return HttpResponseRedirect(onward)
    return render(request, "documents/add.html", {"form": form, "kind": kind, "onward": onward})


@permission("document.see", load=load_document)
@require_safe
def page(request: HttpRequest, document: Document) -> HttpResponse:
    today = queries.today()
    context = {
        "document": document,
        "validity": document.validity(today),
        "locked": document.is_locked(today),
        "may_replace": document.kind in ADDED_BY_PEOPLE,
        "shown_to": readers.names_of(document),
        "readings": readers.readings_of(document),
    }
    return render(request, "documents/page.html", context)


@permission("document.read", load=load_document)
@never_cache
@require_safe
def download(request: HttpRequest, document: Document) -> HttpResponse:
    try:
        content = actions.read(document, actor=actor_of(request), why="téléchargement")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("documents:vault")
    return downloads.attachment(content, document)


@permission("document.replace", load=load_document)
def replace(request: HttpRequest, document: Document) -> HttpResponse:
    kind = DocumentKind(document.kind)
    form = DocumentForm(
        _sent(request),
        request.FILES or None,
        kind=kind,
        replaces=True,
        initial={"risks": document.facts.get("risks", [])},
    )
    if request.method == "POST" and form.is_valid():
        try:
            newer = actions.replace(document, actor=actor_of(request), **form.given)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"« {newer.title} » est remplacé.")
            return redirect("documents:page", newer.pk)
    return render(request, "documents/replace.html", {"form": form, "document": document})


@permission("document.withdraw", load=load_document)
def remove(request: HttpRequest, document: Document) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.withdraw(document, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("documents:page", document.pk)
        messages.success(request, f"« {document.title} » est retiré de votre coffre.")
        return redirect("documents:vault")
    context = {"document": document, "shown_to": readers.names_of(document)}
    return render(request, "documents/remove.html", context)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
