"""Accounts at makers: added from a place, kept for all those of the organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from preau.access.actions import doors as actions
from preau.access.enums import DriverKind
from preau.access.forms import AccountForm
from preau.access.models import Door, LockAccount
from preau.access.views.loading import Wish, load_account, load_account_wish
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.core.once import once


@permission("access.account", load=load_account_wish)
def add(request: HttpRequest, wish: Wish) -> HttpResponse:
    form = AccountForm(sent(request), kind=wish.kind)
    if request.method == "POST" and form.is_valid():
        try:
            return once(request, lambda: _added(request, wish, form))
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"place": wish.place, "form": form, "kind": wish.kind}
    return render(request, "access/account_add.html", context)


def _added(request: HttpRequest, wish: Wish, form: AccountForm) -> str:
    actions.save_account(
        actor=actor_of(request),
        organization=wish.place.owner,
        kind=wish.kind,
        name=form.cleaned_data["name"],
        credentials=form.credentials,
    )
    messages.success(request, "Le compte est enregistré, ses secrets chiffrés. Ajoutez la porte.")
    return reverse("access:door_add", args=[wish.place.pk, wish.kind.value])


@permission("access.account", load=load_account)
def account(request: HttpRequest, account: LockAccount) -> HttpResponse:
    """One account: its doors, its locks when asked, its secrets to replace."""
    listed = None
    asks = request.method == "POST" and "lister" in request.POST
    kind = DriverKind(account.driver)
    form = AccountForm(None if asks else sent(request), kind=kind, account=account)
    if asks:
        try:
            listed = actions.listed(account)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    elif request.method == "POST" and form.is_valid():
        try:
            _saved(request, account, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("access:account", account.pk)
    context = {
        "account": account,
        "form": form,
        "listed": listed,
        "lists": kind != DriverKind.ZIGBEE,
        "doors": Door.objects.filter(account=account, retired_at=None).select_related("place"),
    }
    return render(request, "access/account.html", context)


def _saved(request: HttpRequest, account: LockAccount, form: AccountForm) -> None:
    actions.save_account(
        actor=actor_of(request),
        organization=account.organization,
        kind=form.kind,
        name=form.cleaned_data["name"],
        credentials=form.credentials,
        account=account,
    )
    messages.success(request, "C’est enregistré.")


@permission("access.account", load=load_account)
@require_POST
def remove(request: HttpRequest, account: LockAccount) -> HttpResponseRedirect:
    try:
        actions.remove_account(actor=actor_of(request), account=account)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("access:account", account.pk)
    messages.success(request, "Le compte est supprimé.")
    return redirect("places:list")
