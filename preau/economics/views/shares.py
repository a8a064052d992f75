"""A provider's own share, and its answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed, permission
from preau.core.errors import Refusal
from preau.core.forms import sent
from preau.economics import annexing, perms
from preau.economics.actions import proposing
from preau.economics.enums import AllocationState
from preau.economics.forms.allocations import AnswerForm
from preau.economics.models import ProviderLine
from preau.economics.views.loading import load_share


@permission("share.see", load=load_share)
def share(request: HttpRequest, line: ProviderLine) -> HttpResponse:
    """GET shows; POST answers, for the hands of the provider's organisation."""
    actor = actor_of(request)
    may_answer = (
        perms.may_answer(actor, "share.answer", line)
        and line.allocation.state == AllocationState.PROPOSED
    )
    form = AnswerForm(sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            proposing.answer(
                line, agrees=data["agrees"] == "oui", reason=data["reason"], actor=actor
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Votre réponse est envoyée.")
            return redirect(line)
    annex = line.allocation.annex
    context = {
        "line": line,
        "allocation": line.allocation,
        "rule": annexing.RULES.get(line.allocation.rule, ""),
        "form": form,
        "may_answer": may_answer,
        "saved": (line.alone_cents or 0) - (line.share_cents or 0),
        "annex": annex if annex is not None and allowed(actor, "document.read", annex) else None,
    }
    return render(request, "economics/share.html", context)
