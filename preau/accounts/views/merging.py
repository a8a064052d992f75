"""The operator merges an organisation into another: chosen, shown, confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from preau.accounts import actions, queries
from preau.accounts.actions.merging import what_moves
from preau.accounts.actors import actor_of
from preau.accounts.forms import MergeForm
from preau.accounts.models import Organization
from preau.accounts.perms import Scope, permission
from preau.accounts.views.organizations import organization_of
from preau.core.errors import Refusal


@dataclass(frozen=True, slots=True)
class Pair:
    """The organisation that ends, and the one that takes over."""

    source: Organization
    target: Organization

    @property
    def permission_scope(self) -> Scope:
        return self.source.permission_scope


def pair_of(pk: int, into: int) -> Pair:
    pair = Pair(organization_of(pk), organization_of(into))
    if pk == into:
        raise Http404
    return pair


@permission("organization.merge", load=organization_of)
@require_safe
def choose(request: HttpRequest, organization: Organization) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:100]
    context = {
        "organization": organization,
        "text": text,
        "found": queries.mergeable(text, organization),
    }
    return render(request, "accounts/merge_choose.html", context)


@permission("organization.merge", load=pair_of)
def confirm(request: HttpRequest, pair: Pair) -> HttpResponse:
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.merge_organizations(
                actor=actor_of(request),
                source=pair.source,
                target=pair.target,
                reason=form.cleaned_data["reason"],
            )
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(
                request,
                f"« {pair.source} » est réunie à « {pair.target} ». Ses membres le savent.",
            )
            return redirect("accounts:organization", pair.target.pk)
    context = {
        "form": form,
        "source": pair.source,
        "target": pair.target,
        "moving": what_moves(pair.source),
        "members": queries.members_of(pair.source),
    }
    return render(request, "accounts/merge.html", context)
