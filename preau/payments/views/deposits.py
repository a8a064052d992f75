"""Deposits: the office's list, and one deposit for both sides."""

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
from preau.core.registries import deposit_evidence
from preau.documents import store
from preau.payments.actions import deposits
from preau.payments.enums import (
    LIVE_DEPOSITS,
    DepositMeans,
    DepositState,
)
from preau.payments.forms.deposits import (
    AnnounceForm,
    AnswerForm,
    DepositPhotoForm,
    KeepForm,
    ReceiveForm,
)
from preau.payments.forms.money import in_euros
from preau.payments.models import CollectingOffice, Deposit, DepositPhoto
from preau.payments.views.loading import load_office
from preau.payments.views.payer import page_of

_FULL = (
    "office__organization__commune", "place", "holder_user", "holder_organization",
    "received_by", "decided_by", "due",
)  # fmt: skip
IN_PAGE = 50
Forms = dict[str, Any]


def load_deposit(*, deposit_key: uuid.UUID) -> Deposit:
    return get_object_or_404(Deposit.objects.select_related(*_FULL), key=deposit_key)


def load_deposit_photo(*, deposit_photo_id: int) -> DepositPhoto:
    rows = DepositPhoto.objects.select_related("file", "thumbnail", "deposit__office")
    return get_object_or_404(rows, pk=deposit_photo_id)


@permission("payments.read_office", load=load_office)
def deposits_of_office(request: HttpRequest, office: CollectingOffice) -> HttpResponse:
    found = office.deposits.select_related("place")
    live = found.filter(state__in=LIVE_DEPOSITS).order_by("id")
    done = found.exclude(state__in=LIVE_DEPOSITS).order_by("-decided_at", "-id")
    context = {
        "office": office,
        "live": Paginator(live, IN_PAGE).get_page(request.GET.get("page")),
        "done": done[:IN_PAGE],
        "held_cents": sum(one.wanted_cents for one in live if one.is_held),
    }
    return render(request, "payments/deposits/deposits.html", context)


@permission("payments.read_deposit", load=load_deposit)
def deposit(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    return _page(request, deposit, {})


def _page(request: HttpRequest, deposit: Deposit, forms: Forms) -> HttpResponse:
    actor = actor_of(request)
    keeps = allowed(actor, "payments.keep_deposit", deposit)
    receives = allowed(actor, "payments.receive_deposit", deposit)
    state = deposit.state
    evidence = _evidence(request, deposit) if keeps and deposit.is_held else []
    context = {
        "deposit": deposit,
        "back": page_of(deposit.source),
        "photos": [
            (one, reverse("payments:deposit_photo", args=[one.pk]))
            for one in deposit.photos.select_related("thumbnail")
        ],
        "due_url": deposit.due.get_absolute_url() if deposit.due else "",
        "evidence": evidence,
        "receives": receives,
        "may_receive": receives and state == DepositState.WANTED,
        "may_return": deposit.is_held and (keeps if state == DepositState.PROPOSED else receives),
        "may_announce": keeps and deposit.is_held and not deposit.is_early,
        "may_photo": keeps and state == DepositState.HELD,
        "may_keep": keeps and deposit.may_decide,
        "may_answer": deposit.may_answer and allowed(actor, "payments.answer_deposit", deposit),
        "receive_form": ReceiveForm(),
        "announce_form": AnnounceForm(
            initial={
                "amount": in_euros(deposit.kept_cents) if deposit.kept_cents else "",
                "reason": deposit.reason,
            }
        ),
        "photo_form": DepositPhotoForm(),
        "answer_form": AnswerForm(),
        "keep_form": KeepForm(),
    }
    return render(request, "payments/deposits/deposit.html", context | forms)


def _evidence(request: HttpRequest, deposit: Deposit) -> list[Any]:
    """What upper rooms know of the damage: departure inventories with their photos."""
    return [one for give in deposit_evidence for one in give(request, deposit.source)]


def _acted(request: HttpRequest, deposit: Deposit, name: str, form: Any, act: Any) -> HttpResponse:
    """Do it with what the form says, or show the page again with what is wrong."""
    if request.method != "POST":
        return redirect(deposit.get_absolute_url())
    if form.is_valid():
        try:
            sentence = act(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, sentence)
            return redirect(deposit.get_absolute_url())
    return _page(request, deposit, {name: form})


@permission("payments.receive_deposit", load=load_deposit)
def receive_deposit(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    def act(data: dict[str, Any]) -> str:
        deposits.receive(
            deposit,
            means=DepositMeans(data["means"]),
            cheque_number=data["cheque_number"],
            actor=actor_of(request),
        )
        return "La caution est reçue ; l’occupant en reçoit la confirmation."

    return _acted(request, deposit, "receive_form", ReceiveForm(request.POST), act)


@permission("payments.receive_deposit", load=load_deposit)
def return_deposit(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    if request.method == "POST":
        try:
            deposits.give_back(deposit, actor=actor_of(request))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "La caution est notée comme rendue.")
    return redirect(deposit.get_absolute_url())


@permission("payments.keep_deposit", load=load_deposit)
def announce_deposit(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    def act(data: dict[str, Any]) -> str:
        chosen = set(request.POST.getlist("evidence"))
        deposits.announce(
            deposit,
            cents=data["amount"],
            reason=data["reason"],
            actor=actor_of(request),
            photos=[
                (one.file, one.thumbnail, one.caption)
                for one in _evidence(request, deposit)
                if one.file.sha256 in chosen
            ],
        )
        return "La retenue est annoncée : l’occupant peut répondre pendant 15 jours."

    return _acted(request, deposit, "announce_form", AnnounceForm(request.POST), act)


@permission("payments.keep_deposit", load=load_deposit)
def add_deposit_photo(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    def act(data: dict[str, Any]) -> str:
        deposits.add_photo(deposit, data["file"], data["caption"], actor=actor_of(request))
        return "La photo est ajoutée."

    form = DepositPhotoForm(request.POST, request.FILES)
    return _acted(request, deposit, "photo_form", form, act)


@permission("payments.answer_deposit", load=load_deposit)
def answer_deposit(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    def act(data: dict[str, Any]) -> str:
        deposits.answer(deposit, actor=actor_of(request), **data)
        return "Votre réponse est envoyée."

    return _acted(request, deposit, "answer_form", AnswerForm(request.POST), act)


@permission("payments.keep_deposit", load=load_deposit)
def keep_deposit(request: HttpRequest, deposit: Deposit) -> HttpResponse:
    def act(data: dict[str, Any]) -> str:
        deposits.keep(deposit, decision=data["decision"], actor=actor_of(request))
        return "C’est décidé ; l’occupant en est informé."

    return _acted(request, deposit, "keep_form", KeepForm(request.POST), act)


@permission("payments.read_deposit", load=load_deposit_photo)
def deposit_photo(request: HttpRequest, photo: DepositPhoto) -> HttpResponse:
    return show_photo(request, photo)


def show_photo(request: HttpRequest, photo: DepositPhoto) -> HttpResponse:
    file = photo.thumbnail if "petite" in request.GET else photo.file
    response = HttpResponse(store.read(file), content_type=file.media_type)
    response["Cache-Control"] = "private, max-age=3600"
    return response
