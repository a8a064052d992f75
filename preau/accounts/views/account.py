"""A person's own pages: profile, hat, sessions, data, closing."""

from __future__ import annotations

import json

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from preau.accounts import actions, queries
from preau.accounts.actors import actor_of
from preau.accounts.forms import LostKeyForm, ProfileForm
from preau.accounts.middleware import wear
from preau.accounts.models import User
from preau.accounts.perms import permission
from preau.accounts.returning import safe_next
from preau.accounts.signing_in_elsewhere import used
from preau.accounts.ways_in import offered
from preau.core.errors import Refusal


def me(request: HttpRequest) -> User:
    """The signed-in person; `@permission("account.use")` came before."""
    assert isinstance(request.user, User)
    return request.user


@permission("account.use")
def profile(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=me(request).pk)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        actions.edit_profile(actor=actor_of(request), **form.cleaned_data)
        messages.success(request, "Votre profil est enregistré.")
        return redirect("accounts:profile")
    context = {
        "form": form,
        "memberships": queries.memberships_of(user),
        "passkeys": queries.passkeys_of(user).count(),
        "identities": queries.identities_of(user),
        "ways_in": offered(),
        "used": used(request),
    }
    return render(request, "accounts/profile.html", context)


@permission("account.use")
def switch(request: HttpRequest) -> HttpResponse:
    """Choose for whom to act: a membership, or "" for oneself."""
    onward = safe_next(request)
    memberships = queries.memberships_of(me(request))
    if request.method != "POST":
        context = {"memberships": memberships, "onward": onward}
        return render(request, "accounts/switch.html", context)
    wanted = request.POST.get("membership", "")
    chosen = next((one for one in memberships if str(one.pk) == wanted), None)
    if wanted and chosen is None:
        raise Http404
    actions.remember_hat(actor=actor_of(request), membership=chosen)
    wear(request.session, chosen)
    name = f"« {chosen.organization} »" if chosen else "vous-même"
    messages.success(request, f"Vous agissez maintenant pour {name}.")
    return HttpResponseRedirect(onward)


@permission("account.use")
def sessions(request: HttpRequest) -> HttpResponse:
    mine = UserSession.objects.purge_and_list(me(request))
    mine.sort(key=lambda session: (not session.is_current(), -session.created_at.timestamp()))
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"sessions": mine})
    wanted = request.POST.get("session", "")
    ended = [one for one in mine if not one.is_current() and wanted in {"", str(one.pk)}]
    for session in ended:
        session.end()
    count = len(ended)
    text = "Cette session est fermée." if count == 1 else f"{count} sessions sont fermées."
    messages.success(request, text if count else "Aucune autre session n’était ouverte.")
    return redirect("accounts:sessions")


@permission("account.use")
def export(request: HttpRequest) -> HttpResponse:
    data = queries.personal_data(me(request))
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mes-donnees-preau.json"'
    response["Cache-Control"] = "no-store"
    return response


@permission("account.use")
def close(request: HttpRequest) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            actions.close_account(actor=actor_of(request))
        except Refusal as no:
            refusal = no.sentence
        else:
            logout(request)
            messages.success(request, "Votre compte est fermé. Merci d’avoir utilisé Préau.")
            return redirect("/")
    return render(request, "accounts/close.html", {"refusal": refusal})


@permission("account.rescue")
def lost_key(request: HttpRequest) -> HttpResponse:
    """The operator takes lost keys off an account, having made sure of who asks."""
    form = LostKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.remove_lost_keys(actor=actor_of(request), **form.cleaned_data)
        except Refusal as no:
            form.refuse(no)
        else:
            messages.success(
                request,
                f"Les clés de {user.email} sont retirées. La personne est prévenue : elle entre"
                " maintenant avec un code reçu par courriel.",
            )
            return redirect("accounts:lost_key")
    return render(request, "accounts/lost_key.html", {"form": form})
