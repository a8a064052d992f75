"""Refunds: the office's list, one refund, and where its payer says to send the money."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.once import once
from preau.core.tables.writing import Cell, csv_lines
from preau.payments import bank_links
from preau.payments.actions import refunds
from preau.payments.enums import LIVE_REFUNDS, Means, RefundCause, RefundState
from preau.payments.forms.money import in_euros
from preau.payments.forms.refunds import BankForm, PaidForm, RefundForm, RefuseForm
from preau.payments.ledger import amount
from preau.payments.models import CollectingOffice, Due, Refund
from preau.payments.recipients import hands_of
from preau.payments.views.loading import load_due, load_office
from preau.payments.views.opening import opened_by

_FULL = (
    "office__organization", "due__office", "due__place", "incident",
    "asked_by", "decided_by", "payment",
)  # fmt: skip
HEADINGS = (
    "Remboursement", "Somme due", "Objet", "Payeur", "Titulaire du compte", "IBAN",
    "Montant (€)", "Motif", "Demandé le", "Approuvé le",
)  # fmt: skip
IN_PAGE = 50


def load_refund(*, refund_key: uuid.UUID) -> Refund:
    return get_object_or_404(Refund.objects.select_related(*_FULL), key=refund_key)


@permission("payments.read_office", load=load_office)
def refunds_of_office(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    """Those to see to first, then the others."""
    found = office.refunds.select_related("due", "asked_by")
    done = Paginator(found.exclude(state__in=LIVE_REFUNDS).order_by("-id"), IN_PAGE)
    live = list(found.filter(state__in=LIVE_REFUNDS).order_by("id"))
    context = {
        "office": office,
        "asked": [one for one in live if one.state == RefundState.ASKED],
        "approved": [one for one in live if one.state == RefundState.APPROVED],
        "exported": [one for one in live if one.state == RefundState.EXPORTED],
        "ready": sum(one.state == RefundState.APPROVED and one.has_bank for one in live),
        "done": done.get_page(request.GET.get("page")),
    }
    return render(request, "payments/refunds/refunds.html", context)


@permission("payments.ask_refund", load=load_due)
def ask_refund(request: HttpRequest, due: Due) -> HttpResponse:
    most = refunds.may_ask_cents(due)
    incident = due.incidents.order_by("-id").first()
    initial = {
        "amount": in_euros(most),
        "cause": RefundCause.INCIDENT if incident else RefundCause.OTHER,
    }
    form = RefundForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data

        def act() -> str:
            made = refunds.ask(
                due,
                cents=data["amount"],
                cause=RefundCause(data["cause"]),
                reason=data["reason"],
                actor=actor_of(request),
            )
            messages.success(
                request, "Le remboursement est demandé. Une autre personne doit l’approuver."
            )
            return made.get_absolute_url()

        try:
            return once(request, act)
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"due": due, "office": due.office, "form": form, "most": most, "incident": incident}
    context |= _second_person(request, due.office)
    return render(request, "payments/refunds/ask_refund.html", context)


def _second_person(request: HttpRequest, office: CollectingOffice) -> dict[str, Any]:
    """Who else may decide; when nobody may, how to have somebody."""
    actor, house = actor_of(request), office.organization
    invites = allowed(actor, "membership.invite", house)
    return {
        "is_alone": all(one.pk == actor.user_id for one in hands_of(office)),
        "invite_url": reverse("accounts:invite", args=[house.pk]) if invites else "",
    }


@permission("payments.read_refund", load=load_refund)
def refund(request: HttpRequest, refund: Refund) -> HttpResponse:
    return _page(request, refund)


def _page(
    request: HttpRequest, refund: Refund, *, refuse: RefuseForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    decides = allowed(actor, "payments.decide_refund", refund)
    undecided = refund.state in {RefundState.ASKED, RefundState.APPROVED}
    own = refund.asked_by_id is not None and refund.asked_by_id == actor.user_id
    context = {
        "refund": refund,
        "due": refund.due,
        "office": refund.office,
        "keeps": decides,
        "own": own,
        "may_approve": decides and not own and refund.state == RefundState.ASKED,
        "may_refuse": decides and not own and undecided,
        "may_pay": decides and refund.state in {RefundState.APPROVED, RefundState.EXPORTED},
        "not_owed": undecided and refund.cents > refund.due.over_cents,
        "may_give": undecided and allowed(actor, "payments.give_bank", refund),
        "bank_url": bank_links.bank_address(refund),
        "refuse_form": refuse or RefuseForm(),
        "paid_form": PaidForm(),
    }
    if own and decides and refund.state == RefundState.ASKED:
        context |= _second_person(request, refund.office)
    return render(request, "payments/refunds/refund.html", context)


@permission("payments.decide_refund", load=load_refund)
def approve_refund(request: HttpRequest, refund: Refund) -> HttpResponse:
    if request.method == "POST":
        try:
            refunds.approve(refund, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(
                request, "Approuvé. La personne reçoit un courriel pour indiquer son compte."
            )
    return redirect(refund.get_absolute_url())


@permission("payments.decide_refund", load=load_refund)
def refuse_refund(request: HttpRequest, refund: Refund) -> HttpResponse:
    if request.method != "POST":
        return redirect(refund.get_absolute_url())
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            refunds.refuse(refund, form.cleaned_data["reason"], actor=actor_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Le remboursement est refusé.")
            return redirect(refund.get_absolute_url())
    return _page(request, refund, refuse=form)


@permission("payments.pay_refund", load=load_refund)
def refund_paid(request: HttpRequest, refund: Refund) -> HttpResponse:
    """Paid by the accounts, or given back at the counter."""
    if request.method == "POST":
        form = PaidForm(request.POST)
        means = Means(form.cleaned_data["means"]) if form.is_valid() else Means.TRANSFER
        try:
            refunds.mark_paid(refund, actor=actor_of(request), means=means, without_file=True)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Noté : le remboursement est versé et inscrit au journal.")
    return redirect(refund.get_absolute_url())


@permission("payments.pay_refund", load=load_refund)
def refund_bank_again(request: HttpRequest, refund: Refund) -> HttpResponse:
    """The message was lost, or the file was: ask the payer again."""
    if request.method == "POST":
        try:
            refunds.ask_bank_again(refund, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Un nouveau courriel demande le compte bancaire.")
    return redirect(refund.get_absolute_url())


@permission("payments.pay_refund", load=load_office)
def export_refunds(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    """The file of transfers. The accounts in it are forgotten as it leaves."""
    back = reverse("payments:refunds", args=[office.pk])
    if request.method != "POST":
        return redirect(back)
    try:
        made, found = refunds.export(office, actor=actor_of(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(back)
    lines = csv_lines(HEADINGS, [_row(one) for one in found])
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="remboursements-{made.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _row(refund: Refund) -> tuple[Cell, ...]:
    zone = refund.office.zone
    decided = refund.decided_at
    return (
        f"RB-{refund.pk}",
        refund.due.number,
        refund.due.label,
        refund.due.payer_name,
        refund.bank.holder,  # type: ignore[attr-defined]
        refund.bank.iban,  # type: ignore[attr-defined]
        amount(refund.cents),
        refund.reason,
        refund.asked_at.astimezone(zone).date(),
        decided.astimezone(zone).date() if decided else None,
    )


@permission("payments.by_link")
@opened_by(bank_links.BANK, "refund", load_refund, bank_links.leads_to_bank)
def bank(request: HttpRequest, refund: Refund, bank_token: str) -> HttpResponse:
    """Where to send the money; the link is the right to say it."""
    form = BankForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            refunds.give_bank(refund, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Merci : votre compte est enregistré.")
            return redirect(request.path)
    undecided = refund.state in {RefundState.ASKED, RefundState.APPROVED}
    context = {"refund": refund, "due": refund.due, "form": form, "open": undecided}
    return render(request, "payments/refunds/bank.html", context)
