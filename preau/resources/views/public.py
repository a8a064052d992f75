"""What everybody reads: the list, a record, and the way to say that it is wrong."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.resources import actions, areas, listing, perms, words
from preau.resources.days import today
from preau.resources.enums import ResourceState, Signal
from preau.resources.forms.search import SearchForm, SignalForm
from preau.resources.models import Resource
from preau.resources.views.loading import load_readable


@permission("resource.list")
def resource_list(request: HttpRequest) -> HttpResponse:
    """The library, narrowed as asked, a page at a time."""
    query = _query(request)
    form = SearchForm(query)
    form.is_valid()
    asked = form.asked()
    after = query.get("apres", "")
    page = listing.page(asked, after=after)
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "narrowed": any(query.get(name) for name in SearchForm.SELECTS),
        "tags": [(text, _without(query, name)) for name, text in form.tags()],
        "next": _without(query, "apres", apres=page.next) if page.next else "",
        "first": _without(query, "apres") if after else "",
        "may_keep": perms.may_create(actor_of(request)),
    }
    return render(request, "resources/list.html", context)


def _query(request: HttpRequest) -> QueryDict:
    """What is asked; nothing yet: for the commune of the organisation one acts for."""
    query = request.GET.copy()
    organization = actor_of(request).organization
    if not query and organization is not None:
        query["commune"] = f"{organization.commune.name} ({organization.commune.departement_id})"
    return query


def _without(asked: QueryDict, name: str, **more: str) -> str:
    """The same address without one filter, from its first page."""
    query = asked.copy()
    query.pop("apres", None)
    query[name] = ""  # said to be empty: nothing at all would ask for one's own commune again
    for key, value in more.items():
        query[key] = value
    return f"?{query.urlencode()}"


@permission("resource.read", load=load_readable)
def show(request: HttpRequest, resource: Resource) -> HttpResponse:
    this_day = today()
    context = {
        "resource": resource,
        "area_names": areas.in_words(resource.areas),
        "contacts": resource.contacts.all() if request.user.is_authenticated else [],
        "has_contacts": resource.contacts.exists(),
        "facts": {
            "themes": words.themes(resource),
            "money": words.money(resource),
            "deadline": words.deadline(resource),
            "audiences": words.audiences(resource),
            "phases": words.phases(resource),
            "blockages": words.blockages(resource),
            "types": words.aid_types(resource),
        },
        "is_expired": resource.state == ResourceState.EXPIRED,
        "is_closed": bool(resource.closes_on and resource.closes_on < this_day),
        "may_manage": allowed(actor_of(request), "resource.manage", resource),
    }
    return render(request, "resources/show.html", context)


@permission("resource.signal", load=load_readable)
def signal(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Say that a record is wrong or out of date."""
    form = SignalForm(sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.signal(
                resource, Signal(given["reason"]), given["message"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "Merci. Les personnes qui tiennent cette fiche sont prévenues."
            )
            return redirect("resources:show", resource.pk)
    return render(request, "resources/signal.html", {"resource": resource, "form": form})
