"""Organisations: mine, one, a new one, its proof; the operator's list."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from preau.accounts import actions, queries
from preau.accounts.actions.filling import note_filled
from preau.accounts.actions.joining import may_be_proved
from preau.accounts.actors import actor_of
from preau.accounts.filling import Filling, filled, is_asked, origins
from preau.accounts.forms import CodeForm, NumberForm, OrganizationForm, ReasonForm
from preau.accounts.middleware import wear
from preau.accounts.models import Organization
from preau.accounts.perms import permission
from preau.accounts.views.account import me
from preau.core.errors import Refusal
from preau.outside import companies


def organization_of(pk: int) -> Organization:
    organization = (
        Organization.objects.select_related("commune", "merged_into").filter(pk=pk).first()
    )
    if organization is None:
        raise Http404
    return organization


@permission("account.use")
def organizations(request: HttpRequest) -> HttpResponse:
    """My organisations, and a search by public number before creating another."""
    number = request.GET.get("numero", "").strip()[:30]
    context = {
        "memberships": queries.memberships_of(me(request)),
        "siret": queries.employer_to_join(me(request)),
        "form": NumberForm(initial={"numero": number}),
        "number": number,
        "found": queries.find_by_number(number),
    }
    return render(request, "accounts/organizations.html", context)


@permission("organization.create")
def create(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(
        request.POST or None, initial={"siret": request.GET.get("numero", "")[:30]}
    )
    found = None
    if is_asked(request):
        form, found = filled(request, form)
    elif request.method == "POST" and form.is_valid():
        try:
            membership = actions.create_organization(actor=actor_of(request), **form.values())
            _note_filled(request, membership.organization)
        except Refusal as no:
            form.refuse(no)
        else:
            wear(request.session, membership)
            actions.remember_hat(actor=actor_of(request), membership=membership)
            messages.success(
                request,
                f"« {membership.organization} » est créée, et vous agissez pour elle."
                " Il reste à la faire vérifier.",
            )
            return redirect("accounts:organization", membership.organization_id)
    return _form(request, form, found)


@permission("organization.read", load=organization_of)
def organization(request: HttpRequest, organization: Organization) -> HttpResponse:
    context = {
        "organization": organization,
        "mailbox": queries.official_mailbox(organization),
        "by_proconnect": may_be_proved(actor_of(request), organization),
        "member_count": queries.members_of(organization).count(),
        "origins": origins(organization),
    }
    return render(request, "accounts/organization.html", context)


@permission("organization.edit", load=organization_of)
def edit(request: HttpRequest, organization: Organization) -> HttpResponse:
    form = OrganizationForm(request.POST or None, organization=organization)
    found = None
    if is_asked(request):
        form, found = filled(request, form)
    elif request.method == "POST" and form.is_valid():
        try:
            edited = actions.edit_organization(
                actor=actor_of(request),
                organization=organization,
                **form.values(),
            )
            _note_filled(request, edited)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, "Les renseignements sont enregistrés.")
            return redirect("accounts:organization", organization.pk)
    return _form(request, form, found, organization)


def _form(
    request: HttpRequest,
    form: OrganizationForm,
    found: Filling | None,
    organization: Organization | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "filling": found,
        "may_fill": companies.is_configured(),
        "organization": organization,
    }
    return render(request, "accounts/organization_form.html", context)


def _note_filled(request: HttpRequest, organization: Organization) -> None:
    note_filled(organization, request.POST.get("filled_from", "")[:14], actor=actor_of(request))


@permission("organization.prove", load=organization_of)
@require_POST
def send_code(request: HttpRequest, organization: Organization) -> HttpResponse:
    try:
        challenge = actions.send_mailbox_code(actor=actor_of(request), organization=organization)
    except Refusal as no:
        messages.error(request, no.sentence)
        return redirect("accounts:organization", organization.pk)
    messages.success(
        request, f"Un code est parti à {challenge.mailbox}. Il est valable 30 minutes."
    )
    return redirect("accounts:organization_code", organization.pk)


@permission("organization.prove", load=organization_of)
def code(request: HttpRequest, organization: Organization) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_mailbox_code(
                actor=actor_of(request),
                organization=organization,
                code=form.cleaned_data["code"],
            )
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, f"« {organization} » est vérifiée.")
            return redirect("accounts:organization", organization.pk)
    context = {
        "form": form,
        "organization": organization,
        "mailbox": queries.official_mailbox(organization),
    }
    return render(request, "accounts/organization_code.html", context)


@permission("organization.prove", load=organization_of)
@require_POST
def ask(request: HttpRequest, organization: Organization) -> HttpResponse:
    try:
        actions.ask_verification(actor=actor_of(request), organization=organization)
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(
            request, "La demande est envoyée à l’opérateur. Sa réponse viendra par courriel."
        )
    return redirect("accounts:organization", organization.pk)


@permission("organization.verify")
def to_verify(request: HttpRequest) -> HttpResponse:
    waiting = queries.waiting_for_verification()[:200]
    return render(request, "accounts/to_verify.html", {"organizations": waiting})


@permission("organization.verify", load=organization_of)
def decide(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The operator accepts or refuses, with a reason."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept = "accept" in request.POST
        action = actions.verify_organization if accept else actions.refuse_verification
        try:
            action(
                actor=actor_of(request),
                organization=organization,
                reason=form.cleaned_data["reason"],
            )
        except Refusal as no:
            form.refuse(no)
        else:
            state = "vérifiée" if accept else "laissée sans vérification"
            messages.success(
                request, f"« {organization} » est {state}. Ses responsables le savent."
            )
            return redirect("accounts:to_verify")
    context = {
        "form": form,
        "organization": organization,
        "administrators": queries.administrators(organization),
        "namesakes": queries.find_by_number(organization.siren or organization.rna),
    }
    return render(request, "accounts/decide.html", context)
