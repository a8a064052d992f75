"""The keepers' pages: my records, one of them with its history, writing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.formats import number
from preau.core.forms import sent
from preau.resources import actions, areas, history, listing, perms, words
from preau.resources.actions.following import WARNING
from preau.resources.actions.reviewing import missing_of
from preau.resources.days import today
from preau.resources.enums import ResourceKind, ResourceState
from preau.resources.forms.record import ContactsForm, RecordForm, StartForm
from preau.resources.models import Resource
from preau.resources.views.loading import load_resource

#: Lines of the history that the page shows.
MOST_ENTRIES = 50


@permission("resource.mine")
def mine(request: HttpRequest) -> HttpResponse:
    """The records of my organisation, what waits first."""
    actor = actor_of(request)
    which, typed = request.GET.get("etat", ""), request.GET.get("q", "")[:100]
    which = which if which in listing.KEPT else ""
    after = request.GET.get("apres", "")
    page = listing.page_of_kept(actor, which=which, words=typed, after=after)
    kept = {"q": typed, "etat": which}
    waiting = listing.waiting(actor)
    context = {
        "page": page,
        "which": which,
        "typed": typed,
        "filters": listing.KEPT.items(),
        "waiting": [
            (f"{listing.KEPT[name]} : {number(n)}", f"?etat={name}")
            for name, n in waiting.items()
            if n
        ],
        "may_create": perms.may_create(actor),
        "next": f"?{urlencode(kept | {'apres': page.next})}" if page.next else "",
        "first": f"?{urlencode(kept)}" if after else "",
    }
    return render(request, "resources/mine.html", context)


@permission("resource.mine")
def create(request: HttpRequest) -> HttpResponse:
    """Two answers, then the whole form."""
    actor = actor_of(request)
    if not perms.may_create(actor):
        return render(request, "resources/create_denied.html", {"owner": actor.organization})
    form = StartForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            resource = actions.create(
                actor=actor,
                kind=ResourceKind(form.cleaned_data["kind"]),
                title=form.cleaned_data["title"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("resources:edit", resource.pk)
    return render(request, "resources/create.html", {"form": form})


@permission("resource.manage", load=load_resource)
def manage(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Where a record stands, what can be done, what happened."""
    state, this_day = ResourceState(resource.state), today()
    entries = resource.entries.select_related("user", "organization")[:MOST_ENTRIES]
    ends = resource.expires_on
    context = {
        "resource": resource,
        "area_names": areas.in_words(resource.areas),
        "themes": words.themes(resource),
        "blockages": words.blockages(resource),
        "missing": missing_of(resource) if state == ResourceState.DRAFT else [],
        "entries": [(entry, history.labels(entry)) for entry in entries],
        "signals": resource.signals.filter(closed_at=None).order_by("id"),
        "contacts": resource.contacts.all(),
        "may_review": perms.may_review(actor_of(request), resource),
        "is_draft": state == ResourceState.DRAFT,
        "is_in_review": state == ResourceState.REVIEW,
        "is_public": state in {ResourceState.PUBLISHED, ResourceState.EXPIRED},
        "is_archived": state == ResourceState.ARCHIVED,
        "ends_soon": bool(ends and state == ResourceState.PUBLISHED and ends - this_day <= WARNING),
    }
    return render(request, "resources/manage.html", context)


@permission("resource.write", load=load_resource)
def edit(request: HttpRequest, resource: Resource) -> HttpResponse:
    """The whole form of a draft."""
    if resource.state != ResourceState.DRAFT or resource.is_mirrored:
        messages.info(request, "Reprenez d’abord la fiche en brouillon pour la modifier.")
        return redirect("resources:manage", resource.pk)
    form = RecordForm(sent(request), initial=RecordForm.values_of(resource))
    if request.method == "POST" and form.is_valid():
        try:
            resource = actions.edit(resource, form.values(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "La fiche est enregistrée.")
            return redirect("resources:manage", resource.pk)
    return render(request, "resources/edit.html", {"resource": resource, "form": form})


@permission("resource.write", load=load_resource)
def contacts(request: HttpRequest, resource: Resource) -> HttpResponse:
    form = ContactsForm(sent(request), initial=ContactsForm.values_of(resource))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_contacts(resource, form.contacts(), actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Les contacts sont enregistrés.")
            return redirect("resources:manage", resource.pk)
    return render(request, "resources/contacts.html", {"resource": resource, "form": form})
