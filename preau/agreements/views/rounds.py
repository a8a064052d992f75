"""The manager's side of signing: where each round stands, links, addresses, paper, service."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.models import Organization
from preau.accounts.perms import allowed, permission
from preau.agreements import consent, driving, providers, queries_rounds
from preau.agreements.actions import rounds, settings
from preau.agreements.models.rounds import Signatory, SignatureRound
from preau.agreements.signing_forms import AddressForm, PaperForm, ProviderForm
from preau.core.errors import Refusal
from preau.notifications.emails import absolute


def load_round(round_id: int) -> SignatureRound:
    found = queries_rounds.with_facts(SignatureRound.objects.filter(pk=round_id)).first()
    if found is None:
        raise Http404
    return found


def load_signatory(signatory_id: int) -> Signatory:
    found = (
        Signatory.objects.select_related("round__agreement__owner").filter(pk=signatory_id).first()
    )
    if found is None:
        raise Http404
    return found


def load_organization(organization_id: int) -> Organization:
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise Http404
    return found


@permission("agreement.see_round", load=load_round)
def show(request: HttpRequest, round_: SignatureRound) -> HttpResponse:
    """One round: each signatory, what waits and since when, what can be done about it."""
    context = {
        "round": round_,
        "agreement": round_.agreement,
        "place": round_.agreement.place,
        "level": consent.LEVEL,
        "evidence": getattr(round_, "evidence", None),
        "may_run": allowed(actor_of(request), "agreement.run_round", round_),
        "lost": {one.pk for one in round_.signatories.all() if queries_rounds.lost_letter(one)},
    }
    return render(request, "agreements/rounds/show.html", context)


@permission("agreement.list_rounds")
def waiting(request: HttpRequest) -> HttpResponse:
    """The rounds of the present hat's organisation that are not over, longest wait first."""
    organization = actor_of(request).organization
    found = queries_rounds.waiting(organization.pk) if organization else []
    context = {"waiting": found, "organization": organization}
    return render(request, "agreements/rounds/waiting.html", context)


@permission("agreement.run_round", load=load_signatory)
@require_POST
def send_link(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    try:
        rounds.send_link_again(signatory, actor=actor_of(request))
    except Refusal as no:
        messages.error(request, no.sentence)
    else:
        messages.success(request, f"Un nouveau lien est parti à {signatory.name}.")
    return redirect("agreements:round", signatory.round_id)


@permission("agreement.run_round", load=load_signatory)
def address(request: HttpRequest, signatory: Signatory) -> HttpResponse:
    """Another address, or another person for the same party."""
    initial = {"name": signatory.name, "email": signatory.email}
    form = AddressForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rounds.replace_address(signatory, actor=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, "C’est enregistré. L’ancien lien ne sert plus.")
            return redirect("agreements:round", signatory.round_id)
    context = {"form": form, "signatory": signatory, "round": signatory.round}
    return render(request, "agreements/rounds/address.html", context)


@permission("agreement.run_round", load=load_round)
def paper(request: HttpRequest, round_: SignatureRound) -> HttpResponse:
    """The parties signed by hand: the scanned copy ends the round."""
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            rounds.sign_on_paper(round_, actor=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, "La convention est enregistrée comme signée sur papier.")
            return redirect("agreements:round", round_.pk)
    context = {"form": form, "round": round_, "agreement": round_.agreement}
    return render(request, "agreements/rounds/paper.html", context)


@permission("agreement.set_provider", load=load_organization)
def provider(request: HttpRequest, organization: Organization) -> HttpResponse:
    """With which service the organisation signs."""
    present = settings.of(organization)
    form = ProviderForm(request.POST or None, initial={"provider": present.provider})
    if request.method == "POST" and form.is_valid():
        try:
            settings.choose_provider(organization, actor=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(request, "Le service de signature est enregistré.")
            return redirect("agreements:provider", organization.pk)
    context = {
        "form": form,
        "organization": organization,
        "present": present,
        "notification_url": absolute(reverse("agreements:notification", args=[organization.pk])),
    }
    return render(request, "agreements/rounds/provider.html", context)


@csrf_exempt
@permission("agreement.notify", load=load_organization)
def notification(request: HttpRequest, organization: Organization) -> HttpResponse:
    """A signature service says that something happened: verified, then asked again, never believed.

    The same notification twice asks twice, and changes nothing the second time.
    """
    if request.method != "POST" or len(request.body) > providers.LONGEST_NOTIFICATION:
        return HttpResponse(status=405 if request.method != "POST" else 413)
    try:
        driving.notified(organization, request.body, dict(request.headers))
    except providers.NotTheirs:
        return HttpResponse(status=401)
    return HttpResponse(status=204)
