"""The rules of an organisation's places: written once, applied to many, with a look before."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.booking.actions import rules as actions
from preau.booking.forms.rules import AssignForm, DelegationForm, RulesForm
from preau.booking.models import BookingRules, Delegation, RulesAssignment
from preau.booking.models.rules import name_of
from preau.booking.visitors import posted
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.french import by_name
from preau.places.models import Place, Space

NO_RULES = "aucun modèle"


def load_organization(*, organization_id: int) -> Organization:
    return get_object_or_404(Organization, pk=organization_id)


def load_rules(*, rules_id: int) -> BookingRules:
    rules = BookingRules.objects.select_related("organization", "agreement_model")
    return get_object_or_404(rules, pk=rules_id, is_archived=False)


def load_place(*, place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)


def load_delegation(*, delegation_id: int) -> Delegation:
    return get_object_or_404(Delegation.objects.select_related("place"), pk=delegation_id)


@permission("booking.rules", load=load_organization)
def rules_list(request: HttpRequest, organization: Organization) -> HttpResponse:
    found = (
        organization.booking_rules.filter(is_archived=False)
        .select_related("agreement_model")
        .prefetch_related("steps", "documents", "assignments__place", "assignments__space__place")
        .order_by(*by_name("name"))
    )
    return render(
        request, "booking/rules/list.html", {"organization": organization, "rules": found}
    )


@permission("booking.rules", load=load_organization)
def create(request: HttpRequest, organization: Organization) -> HttpResponse:
    form = RulesForm(posted(request), organization=organization)
    if form.is_bound and form.is_valid():
        try:
            made = actions.save_rules(organization, form.wanted, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le modèle de règles est enregistré. Dites où il s’applique.")
            return redirect("booking:rules_assign", made.pk)
    return render(request, "booking/rules/edit.html", {"organization": organization, "form": form})


@permission("booking.rules", load=load_rules)
def edit(request: HttpRequest, rules: BookingRules) -> HttpResponse:
    organization = rules.organization
    form = RulesForm(posted(request), organization=organization, rules=rules)
    if form.is_bound and form.is_valid():
        try:
            actions.save_rules(organization, form.wanted, actor=actor_of(request), rules=rules)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le modèle de règles est enregistré.")
            return redirect("booking:rules", organization.pk)
    context = {"organization": organization, "form": form, "rules": rules}
    return render(request, "booking/rules/edit.html", context)


@permission("booking.rules", load=load_rules)
def assign(request: HttpRequest, rules: BookingRules) -> HttpResponse:
    """Choose the places, see what changes, confirm."""
    form = AssignForm(posted(request), rules=rules)
    context = {"rules": rules, "organization": rules.organization, "form": form}
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["places"], form.cleaned_data["spaces"]
        if "confirmer" not in request.POST:
            context["preview"] = _preview(rules, [*chosen[0], *chosen[1]])
            return render(request, "booking/rules/assign_preview.html", context)
        try:
            actions.assign_rules(rules, *chosen, actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Les règles s’appliquent aux prochaines demandes.")
            return redirect("booking:rules", rules.organization_id)
    return render(request, "booking/rules/assign.html", context)


def _preview(rules: BookingRules, chosen: list[Place | Space]) -> list[dict[str, str]]:
    """What each place or space has now, and what it will have."""
    rows = []
    for one in chosen:
        now: RulesAssignment | None = getattr(one, "rules_assignment", None)
        before = now.rules.name if now else NO_RULES
        rows.append({"name": name_of(one), "before": before, "after": rules.name})
    for kept in rules.assignments.select_related("place", "space__place"):
        if kept.target not in chosen:
            name = name_of(kept.target)
            rows.append({"name": name, "before": rules.name, "after": NO_RULES})
    return rows


@permission("booking.rules", load=load_rules)
@require_POST
def archive(request: HttpRequest, rules: BookingRules) -> HttpResponse:
    try:
        actions.archive_rules(rules, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"Le modèle « {rules.name} » est archivé.")
    return redirect("booking:rules", rules.organization_id)


@permission("booking.decide", load=load_place)
def delegations(request: HttpRequest, place: Place) -> HttpResponse:
    """Who stands in for whom at a place; give a delegation of one's own."""
    form = DelegationForm(posted(request))
    if form.is_bound and form.is_valid() and form.receiver is not None:
        data = form.cleaned_data
        try:
            actions.delegate(
                place, form.receiver, data["since"], data["until"], actor=actor_of(request)
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{form.receiver} répond à votre place sur cette période.")
            return redirect("booking:delegations", place.pk)
    live = place.delegations.filter(revoked_at=None, until__gte=clock.today(place.zone))
    context = {
        "place": place,
        "form": form,
        "delegations": live.select_related("giver", "receiver").order_by("since"),
    }
    return render(request, "booking/rules/delegations.html", context)


@permission("booking.decide", load=load_delegation)
@require_POST
def revoke(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    if delegation.giver_id != actor_of(request).user_id:
        raise Http404
    actions.revoke_delegation(delegation, actor=actor_of(request))
    messages.success(request, "La délégation est retirée.")
    return redirect("booking:delegations", delegation.place_id)
