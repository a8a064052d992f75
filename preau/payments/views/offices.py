"""The régisseur's pages: the offices of an organisation, one of them, how it collects."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import allowed, permission
from preau.core import clock, keyset
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.integrations.payfip import is_installed
from preau.payments import queries
from preau.payments.actions import offices as acts
from preau.payments.enums import DueState, OfficeMode
from preau.payments.forms.offices import OfficeForm
from preau.payments.models import CollectingOffice, Due
from preau.payments.panels import office_alerts, office_panels
from preau.payments.providers import moves_no_money, payfip
from preau.payments.views.loading import load_office
from preau.places.models import Place

FILTERS = {
    "": "À payer",
    "retard": "En retard",
    "payees": "Payées",
    "sans-objet": "Plus rien à payer",
    "toutes": "Toutes",
}


@permission("payments.mine")
def offices(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    organization = actor.organization
    context = {
        "organization": organization,
        "offices": queries.offices_of(actor),
        "may_read": organization and allowed(actor, "payments.set_up", organization),
        "has_place": organization and Place.objects.filter(owner=organization).exists(),
    }
    return render(request, "payments/offices.html", context)


def _shown(office: CollectingOffice, which: str, now: datetime) -> QuerySet[Due]:
    found = queries.dues_of_office(office)
    if which == "payees":
        return found.filter(state=DueState.PAID)
    if which == "sans-objet":
        return found.filter(state=DueState.NOTHING)
    if which == "toutes":
        return found
    found = found.filter(state=DueState.OPEN)
    return found.filter(due_by__lt=now) if which == "retard" else found


@permission("payments.read_office", load=load_office)
def office(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    """What waits for the régisseur first, then what is due."""
    which = request.GET.get("voir", "")
    which = which if which in FILTERS else ""
    rows, after = keyset.some(
        _shown(office, which, clock.now()),
        by="created_at",
        after=request.GET.get("apres", ""),
        number=30,
    )
    context = {
        "office": office,
        "zone": office.zone,
        "rows": rows,
        "which": which,
        "filters": [
            (name, label, f"?{urlencode({'voir': name})}" if name else "?")
            for name, label in FILTERS.items()
        ],
        "next": f"?{urlencode({'voir': which, 'apres': after})}" if after else "",
        "incidents": queries.open_incidents(office)[:50],
        "operations": queries.operations_to_check(office)[:50],
        "may_set_up": allowed(actor_of(request), "payments.set_up", office),
        "wants_payfip": office.mode == OfficeMode.REGIE and bool(office.numcli),
        "payfip_installed": is_installed(),
        "payfip_on": payfip.is_configured(),
        "moves_no_money": moves_no_money(office),
        "alerts": [panel for make in office_alerts if (panel := make(request, office))],
        "panels": [panel for make in office_panels if (panel := make(request, office))],
    }
    return render(request, "payments/office.html", context)


@permission("payments.mine")
def create(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    organization = actor.organization
    if organization is None or not allowed(actor, "payments.set_up", organization):
        return redirect("payments:offices")
    return _form(request, organization, None)


@permission("payments.set_up", load=load_office)
def change(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    return _form(request, office.organization, office)


def _form(
    request: HttpRequest, organization: Organization, office: CollectingOffice | None
) -> HttpResponse:
    first = not CollectingOffice.objects.filter(organization=organization).exists()
    form = OfficeForm(
        sent(request),
        instance=office,
        organization=organization,
        initial=None if office else {"name": "Régie des salles", "is_default": first},
    )
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        places, actor = facts.pop("places"), actor_of(request)
        try:
            if office is None:
                office = acts.open_office(organization, facts, places, actor=actor)
            else:
                acts.change_office(office, facts, places, actor=actor)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("payments:office", office.pk)
    owed = office.dues.filter(state=DueState.OPEN).count() if office else 0
    context = {"form": form, "office": office, "owed": owed}
    return render(request, "payments/office_form.html", context)
