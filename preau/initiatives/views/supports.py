"""The page of support that neighbours read, and the link of their letter."""

from __future__ import annotations

from allauth.core.ratelimit import consume, consume_or_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.initiatives import support_links
from preau.initiatives.actions import supports as actions
from preau.initiatives.enums.kits import SupportState
from preau.initiatives.forms.kits import SupportForm
from preau.initiatives.loading.kits import load_open_page
from preau.initiatives.models import KitUse
from preau.initiatives.queries import kits as queries

TOO_MANY = "Plusieurs lettres viennent de partir vers cette adresse : regardez dans votre boîte."


@permission("support.give", load=load_open_page)
@never_cache
def page(request: HttpRequest, use: KitUse) -> HttpResponse:
    actor = actor_of(request)
    form = SupportForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        email = data.get("email", actor.user.email if actor.user else "").lower()
        if not consume(request, action="give_support", key=email):
            form.add_error(None, TOO_MANY)
        else:
            try:
                actions.give(use, actor=actor, **(data | {"email": email}))
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _thanks(signed_in=actor.user is not None))
                return redirect("initiatives:support_page", use.key)
    context = {
        "use": use,
        "project": use.project,
        "supported": queries.supported(use),
        "form": form,
        "mine": queries.support_of(use, actor),
    }
    return render(request, "initiatives/support_page.html", context)


def _thanks(*, signed_in: bool) -> str:
    if signed_in:
        return "Merci ! Votre soutien compte dès maintenant."
    return "Merci ! Ouvrez le courriel que nous venons d’envoyer : son lien confirme votre soutien."


@permission("support.give", load=load_open_page)
@require_POST
def take_back(request: HttpRequest, use: KitUse) -> HttpResponse:
    """The signed-in visitor's own; nothing to take back is nothing done."""
    mine = queries.support_of(use, actor_of(request))
    if mine is not None:
        actions.take_back(mine)
        messages.success(request, "Votre soutien est retiré, rien n’en est gardé.")
    return redirect("initiatives:support_page", use.key)


@permission("support.by_link")
@never_cache
def by_link(request: HttpRequest, support_token: str) -> HttpResponse:
    """Shows on GET; confirms or takes back on POST."""
    if request.method == "POST" and (limited := consume_or_429(request, action="act_by_link")):
        return limited  # type: ignore[no-any-return]
    try:
        support = support_links.read(support_token)
    except support_links.Expired:
        return render(request, "initiatives/support_over.html", status=410)
    if support is None:
        return render(request, "initiatives/support_over.html", {"gone": True}, status=404)
    if request.method == "POST":
        if request.POST.get("geste") == "retirer":
            actions.take_back(support)
            return render(request, "initiatives/support_over.html", {"taken_back": True})
        actions.confirm(support)
        messages.success(request, "Votre soutien est confirmé. Merci !")
        return redirect(request.path)
    context = {
        "support": support,
        "project": support.use.project,
        "given": support.state == SupportState.GIVEN,
    }
    return render(request, "initiatives/support_by_link.html", context)
