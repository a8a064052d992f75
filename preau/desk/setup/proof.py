"""Proving who speaks for the structure, without leaving the guide."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from preau.accounts import actions, queries
from preau.accounts.actors import actor_of
from preau.accounts.forms import CodeForm
from preau.accounts.perms import allowed, permission
from preau.core import clock
from preau.core.errors import Refusal
from preau.desk.setup import steps
from preau.desk.setup.state import Setup
from preau.desk.setup.views import load_setup, onward, page


@permission("desk.setup", load=load_setup)
def verification(request: HttpRequest, setup: Setup) -> HttpResponse:
    """Send the code to the official mailbox, or ask the operator; then type the code."""
    organization, actor = setup.organization, actor_of(request)
    may_prove = allowed(actor, "organization.prove", organization)
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and may_prove and not organization.is_verified:
        if "code" not in request.POST:
            return _ask(request, setup)
        if form.is_valid():
            code = form.cleaned_data["code"]
            try:
                actions.confirm_mailbox_code(actor=actor, organization=organization, code=code)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, f"« {organization} » est vérifiée.")
                organization.refresh_from_db()
                return onward(setup, steps.VERIFICATION)
    context = {
        "form": form,
        "may_prove": may_prove,
        "mailbox": queries.official_mailbox(organization),
        "is_sent": organization.challenges.filter(
            used_at=None, expires_at__gt=clock.now()
        ).exists(),
    }
    return page(request, setup, steps.VERIFICATION, "verification", **context)


def _ask(request: HttpRequest, setup: Setup) -> HttpResponse:
    """A code to the mailbox, or the operator's list."""
    organization, actor = setup.organization, actor_of(request)
    try:
        if request.POST.get("faire") == "operateur":
            actions.ask_verification(actor=actor, organization=organization)
            messages.success(request, "La demande est envoyée. Vous pouvez continuer.")
        else:
            sent = actions.send_mailbox_code(actor=actor, organization=organization)
            messages.success(request, f"Un code est parti à {sent.mailbox}.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("desk:setup_verification", organization.pk)
