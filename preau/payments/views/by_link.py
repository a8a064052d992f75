"""A sum to pay and a deposit, from a letter, signed out: for who booked by telephone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from preau.accounts.actors import SYSTEM, actor_of
from preau.accounts.perms import allowed, permission
from preau.core import audit
from preau.core.errors import Refusal
from preau.payments import bank_links, shares
from preau.payments.actions import deposits, trying
from preau.payments.enums import LIVING, Provider
from preau.payments.forms.deposits import AnswerForm
from preau.payments.models import Deposit, Due
from preau.payments.views.deposits import load_deposit, show_photo
from preau.payments.views.loading import load_due
from preau.payments.views.opening import opened_by
from preau.payments.views.payer import how_to_pay
from preau.payments.views.provider import choose

_of_due = opened_by(bank_links.DUE, "due", load_due, bank_links.leads_to_due)
_of_deposit = opened_by(bank_links.DEPOSIT, "deposit", load_deposit, bank_links.leads_to_deposit)


@permission("payments.by_link")
@_of_due
def due_by_link(request: HttpRequest, due: Due, token: str) -> HttpResponse:
    """What is due and how to pay it; on POST, the provider's page."""
    if request.method == "POST":
        return _pay(request, due, token)
    if allowed(actor_of(request), "payments.read_due", due):
        return redirect(due)
    papers = due.papers.exclude(document=None).order_by("id")
    context = {
        "due": due,
        "office": due.office,
        "zone": due.office.zone,
        "lines": list(due.lines.all()),
        "rates": shares.told(due),
        "entries": list(due.payments.select_related("reversed_by").order_by("id")),
        "papers": [(one, bank_links.paper_address(one)) for one in papers],
        "pay_url": request.path,
        "may_collect": False,
    }
    return render(request, "payments/due_by_link.html", context | how_to_pay(due))


def _pay(request: HttpRequest, due: Due, token: str) -> HttpResponse:
    try:
        url = trying.begin(due, email=due.payer_email, actor=SYSTEM)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(request.path)
    audit.record(actor_of(request), "due.paid_by_link", due)
    if url.startswith("/"):
        return redirect("payments:trial_by_link", token)
    return render(request, "payments/leaving.html", {"due": due, "url": url, "back": request.path})


@permission("payments.by_link")
@_of_due
def trial_by_link(request: HttpRequest, due: Due, token: str) -> HttpResponse:
    """« Démonstration » : one says what the bank would."""
    living = due.operations.filter(state__in=LIVING, provider=Provider.TEST)
    operation = living.select_related("due__office", "office").first()
    if operation is None:
        return redirect("payments:due_by_link", token)
    return choose(request, operation, actor=SYSTEM) or redirect("payments:due_by_link", token)


@permission("payments.by_link")
@_of_deposit
def deposit_by_link(request: HttpRequest, deposit: Deposit, token: str) -> HttpResponse:
    """The deposit, and the occupant's word about what would be kept."""
    if request.method != "POST" and allowed(actor_of(request), "payments.read_deposit", deposit):
        return redirect(deposit)
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            deposits.answer(deposit, actor=SYSTEM, **form.cleaned_data)
        except Refusal as refusal:
            if not deposit.may_answer:  # there is no form any more to show it on
                messages.error(request, refusal.sentence)
                return redirect(request.path)
            form.refuse(refusal)
        else:
            messages.success(request, "Votre réponse est envoyée.")
            return redirect(request.path)
    due = deposit.due
    context = {
        "deposit": deposit,
        "photos": [
            (one, reverse("payments:deposit_photo_by_link", args=[token, one.pk]))
            for one in deposit.photos.select_related("thumbnail")
        ],
        "due_url": bank_links.due_address(due) if due else "",
        "may_answer": deposit.may_answer,
        "answer_form": form,
    }
    return render(request, "payments/deposits/deposit_by_link.html", context)


@permission("payments.by_link")
@_of_deposit
def deposit_photo_by_link(
    request: HttpRequest, deposit: Deposit, token: str, photo_id: int
) -> HttpResponse:
    photos = deposit.photos.select_related("file", "thumbnail")
    return show_photo(request, get_object_or_404(photos, pk=photo_id))
