"""Signing in with ProConnect or FranceConnect: leaving, coming back, linking, unlinking."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from preau.accounts import actions, identifiers, queries
from preau.accounts import signing_in_elsewhere as elsewhere
from preau.accounts.actors import ANONYMOUS, actor_of
from preau.accounts.enums import IdentityProvider
from preau.accounts.forms import email_of
from preau.accounts.models import Identity
from preau.accounts.perms import permission
from preau.accounts.returning import safe_next
from preau.accounts.views.account import me
from preau.accounts.ways_in import is_paused, provider_of
from preau.core.errors import Refusal
from preau.integrations import oidc
from preau.integrations.http import Rejected, Unavailable
from preau.outside.calls import calling

OVER = (
    "Cette identification {name} n’est plus valable : elle a déjà servi, ou trop de temps a passé."
    " Recommencez, ou choisissez une autre façon de vous connecter."
)
DOWN = (
    "{name} ne répond pas correctement en ce moment. Réessayez dans quelques minutes, ou"
    " connectez-vous avec un code reçu par courriel."
)
TOO_LOW = (
    "{name} vous a reconnu, mais avec un niveau de sécurité trop bas pour Préau. Choisissez chez"
    " {name} un moyen plus sûr, ou connectez-vous avec un code reçu par courriel."
)
ABANDONED = "Vous n’avez pas terminé l’identification {name}. Vous n’êtes pas connecté."
SOMEONE_ELSE = (
    "Cette identité {name} ouvre un autre compte que celui où vous êtes connecté. Déconnectez-vous"
    " d’abord si c’est lui que vous voulez."
)


def _known(key: str) -> oidc.Provider:
    provider = provider_of(key)
    if provider is None:
        raise Http404
    return provider


def _back(request: HttpRequest, key: str, sentence: str, onward: str) -> HttpResponseRedirect:
    """To where the other ways in are, with one sentence."""
    messages.error(request, sentence.format(name=IdentityProvider(key).label))
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("accounts:profile"))
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")


@permission("account.sign_in")
@never_cache
@require_safe
def leave(request: HttpRequest, identity_provider: str) -> HttpResponse:
    """To the provider. A link, not a form: our policy lets no form lead elsewhere."""
    provider = _known(identity_provider)
    onward = safe_next(request)
    if limited := consume_or_429(request, action="identity_start", limit_get=True):
        return limited  # type: ignore[no-any-return]
    if is_paused(identity_provider):
        return _back(request, identity_provider, DOWN, onward)
    address = reverse("identity_return", args=[identity_provider])
    redirect_uri = request.build_absolute_uri(address)
    attempt = elsewhere.begin(request, identity_provider, redirect_uri=redirect_uri, onward=onward)
    return HttpResponseRedirect(
        oidc.authorization_url(provider, attempt, redirect_uri=redirect_uri)
    )


@permission("account.sign_in")
@never_cache
@require_safe
def come_back(request: HttpRequest, identity_provider: str) -> HttpResponse:
    """From the provider, with a code: who is it?"""
    provider = _known(identity_provider)
    if limited := consume_or_429(request, action="identity_return", limit_get=True):
        return limited  # type: ignore[no-any-return]
    taken = elsewhere.take(request, identity_provider, request.GET.get("state", ""))
    if taken is None:
        return _back(request, identity_provider, OVER, "/")
    try:
        person = _who(request, identity_provider, provider, taken)
    except Refusal as no:
        return _back(request, identity_provider, no.sentence, taken.onward)
    return _welcome(request, identity_provider, person, taken.onward)


def _who(
    request: HttpRequest, key: str, provider: oidc.Provider, taken: elsewhere.Taken
) -> oidc.Person:
    """Whom the provider names for the code of this answer.

    Raises:
        Refusal: nobody, or nobody sure enough; the sentence says what to do.
    """
    if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise Refusal(OVER)
    code = request.GET.get("code", "")
    if not code:
        is_choice = request.GET.get("error") in {"access_denied", "login_required"}
        raise Refusal(ABANDONED if is_choice else DOWN)
    uri = taken.redirect_uri
    try:
        with calling(key):
            return oidc.redeem(provider, taken.attempt, code=code, redirect_uri=uri)
    except oidc.LevelTooLow:
        raise Refusal(TOO_LOW) from None
    except Rejected:
        raise Refusal(OVER) from None
    except Unavailable:
        raise Refusal(DOWN) from None


def _welcome(request: HttpRequest, key: str, person: oidc.Person, onward: str) -> HttpResponse:
    """Into the account that this identity opens; a new one for an agent; else prove one first."""
    siret = person.siret if identifiers.is_siret(person.siret) else ""
    identity = queries.identity(key, person.sub)
    if request.user.is_authenticated:
        if identity is None:
            elsewhere.hold(request, elsewhere.held_of(key, person, onward))
            return redirect("identity_link")
        if identity.user_id != me(request).pk:
            return _back(request, key, SOMEONE_ELSE, onward)
    is_new = identity is None
    # ProConnect's address is the employer's; FranceConnect's was typed, and proves nothing.
    if identity is None and key == IdentityProvider.PROCONNECT and email_of(person.email):
        identity = actions.open_account_by_identity(
            provider=key,
            sub=person.sub,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            siret=siret,
        )
    if identity is None:
        elsewhere.hold(request, elsewhere.held_of(key, person, onward))
        return redirect("identity_link")
    actions.use_identity(identity=identity, siret=siret)
    if is_new and queries.sirets_of(identity.user):
        onward = f"{reverse('accounts:employer')}?{urlencode({'next': onward})}"
    return _enter(request, identity, person.id_token, onward)


def _enter(request: HttpRequest, identity: Identity, id_token: str, onward: str) -> HttpResponse:
    """As after a code: the key is asked from those who have one, the session rotates."""
    user = identity.user
    elsewhere.let_go(request)
    elsewhere.note_used(request, identity, id_token)
    record_authentication(request, user, method=elsewhere.BY_IDENTITY, provider=identity.provider)
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    login = Login(user=user, redirect_url=onward, email=user.email)
    response: HttpResponse = perform_login(request, login)
    return response


@permission("account.sign_in")
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """Recognised elsewhere, not known here: prove an account, then confirm."""
    held = elsewhere.held(request)
    if held is None:
        elsewhere.let_go(request)
        messages.error(request, "Il n’y a plus rien à relier : recommencez l’identification.")
        known = request.user.is_authenticated
        return redirect("accounts:profile" if known else "account_login")
    if request.method == "POST":
        return _linked(request, held)
    address = email_of(held.email)
    context = {
        "held": held,
        "provider": IdentityProvider(held.provider).label,
        "address": address,
        "is_fresh": request.user.is_authenticated
        and elsewhere.has_fresh_proof(request, me(request)),
        "is_employer_address": bool(address and held.provider == IdentityProvider.PROCONNECT),
    }
    return render(request, "accounts/link.html", context)


def _linked(request: HttpRequest, held: elsewhere.Held) -> HttpResponse:
    if "cancel" in request.POST:
        elsewhere.let_go(request)
        messages.info(request, "Rien n’a été relié.")
        return HttpResponseRedirect(held.onward)
    if not request.user.is_authenticated:
        return redirect("identity_link")
    if not elsewhere.has_fresh_proof(request, me(request)):
        logout(request)
        elsewhere.hold(request, held)
        messages.info(request, "Prouvez d’abord que ce compte est le vôtre.")
        return redirect("identity_link")
    siret = held.siret if identifiers.is_siret(held.siret) else ""
    try:
        identity = actions.link_identity(
            actor=actor_of(request),
            provider=held.provider,
            sub=held.sub,
            first_name=held.first_name,
            last_name=held.last_name,
            siret=siret,
        )
    except Refusal as no:
        elsewhere.let_go(request)
        messages.error(request, no.sentence)
        return redirect("accounts:profile")
    elsewhere.let_go(request)
    elsewhere.note_used(request, identity, held.id_token)
    name = identity.get_provider_display()
    messages.success(request, f"{name} ouvre maintenant votre compte Préau.")
    if siret and queries.employers_of(identity.user):
        query = urlencode({"next": held.onward})
        return HttpResponseRedirect(f"{reverse('accounts:employer')}?{query}")
    return HttpResponseRedirect(held.onward)


def identity_of(identity_pk: int) -> Identity:
    found = Identity.objects.select_related("user").filter(pk=identity_pk).first()
    if found is None:
        raise Http404
    return found


@permission("identity.unlink", load=identity_of)
def unlink(request: HttpRequest, identity: Identity) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            actions.unlink_identity(
                actor=actor_of(request),
                identity=identity,
                came_by_own_means=elsewhere.came_by_own_means(request, me(request)),
            )
        except Refusal as no:
            refusal = no.sentence
        else:
            name = identity.get_provider_display()
            messages.success(request, f"{name} n’ouvre plus votre compte.")
            return redirect("accounts:profile")
    context = {"identity": identity, "refusal": refusal}
    return render(request, "accounts/unlink.html", context)


@permission("account.sign_in")
@never_cache
@require_safe
def signed_out(request: HttpRequest, identity_provider: str) -> HttpResponse:
    """Back from the provider, whose session has ended too."""
    _known(identity_provider)
    if not request.user.is_authenticated:
        name = IdentityProvider(identity_provider).label
        messages.success(request, f"Vous êtes déconnecté de Préau et de {name}.")
    return redirect("/")


@permission("account.use")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; then, by a page of ours, the one at the provider that opened it."""
    used = elsewhere.used(request)
    logout(request)
    provider = provider_of(used["provider"]) if used else None
    if used is None or provider is None:
        messages.success(request, "Vous êtes déconnecté.")
        return redirect("/")
    request.actor = ANONYMOUS  # type: ignore[attr-defined]
    back = request.build_absolute_uri(reverse("identity_signed_out", args=[used["provider"]]))
    state = oidc.new_attempt().state
    context = {
        "provider": IdentityProvider(used["provider"]).label,
        "url": oidc.logout_url(provider, id_token=used["id_token"], back=back, state=state),
    }
    response = render(request, "accounts/leaving.html", context)
    response["Cache-Control"] = "no-store"
    return response
