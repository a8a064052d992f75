"""The two pages of a sign-in, and the first one after it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage
from allauth.core.internal.cryptokit import compare_user_code
from allauth.core.ratelimit import consume_or_429
from allauth.mfa.base.views import AuthenticateView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from preau.accounts import actions
from preau.accounts.actors import actor_of
from preau.accounts.forms import CodeForm, ProfileForm, SignInForm
from preau.accounts.perms import permission
from preau.accounts.returning import safe_next
from preau.accounts.signin import SignIn
from preau.accounts.ways_in import offered


def _to(name: str, onward: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': onward})}")


@permission("account.sign_in")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    onward = safe_next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    if limited := consume_or_429(request, action="login"):
        return limited  # type: ignore[no-any-return]
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        SignIn.begin(request, form.cleaned_data["email"])
        return _to("account_confirm_login_code", onward)
    context = {"form": form, "onward": onward, "ways_in": offered()}
    return render(request, "account/login.html", context)


@permission("account.sign_in")
@never_cache
@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def confirm_code(request: HttpRequest) -> HttpResponse:
    process = SignIn(stage=request._login_stage)  # type: ignore[attr-defined]
    onward = safe_next(request)
    if not process.is_valid():
        process.abort()
        messages.error(request, "Ce code n’est plus valable : demandez-en un autre.")
        return _to("account_login", onward)
    if request.method == "POST" and "resend" in request.POST:
        return _resend(request, process, onward)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if compare_user_code(actual=form.cleaned_data["code"], expected=process.code):
            return process.finish(onward)
        if not process.record_invalid_attempt():
            messages.error(request, "Trop d’essais : demandez un nouveau code.")
            return _to("account_login", onward)
        form.add_error("code", get_adapter().error_messages["incorrect_code"])
    context = {
        "form": form,
        "email": process.email,
        "minutes": process.timeout // 60,
        "can_resend": process.can_resend,
        "onward": onward,
    }
    return render(request, "account/confirm_login_code.html", context)


def _resend(request: HttpRequest, process: SignIn, onward: str) -> HttpResponse:
    if process.can_resend:
        process.resend()
        messages.success(request, "Un nouveau code est parti. Le précédent ne sert plus.")
    else:
        messages.warning(
            request, "Plusieurs codes sont déjà partis : cherchez dans les courriers indésirables."
        )
    return _to("account_confirm_login_code", onward)


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """The passkey, asked after the code from those who have one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)  # ours is already in every page
        return context


second_step = permission("account.sign_in")(SecondStep.as_view())


@permission("account.sign_in")
def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "account/account_inactive.html")


@permission("account.use")
def welcome(request: HttpRequest) -> HttpResponse:
    """The name, asked once; one may go on without."""
    onward = safe_next(request)
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        actions.edit_profile(actor=actor_of(request), **form.cleaned_data)
        return HttpResponseRedirect(onward)
    return render(request, "accounts/welcome.html", {"form": form, "onward": onward})
