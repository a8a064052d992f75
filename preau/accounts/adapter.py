"""How the sign-in library speaks for us: our outbox, our words, our first page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from preau.accounts import emails
from preau.accounts import signing_in_elsewhere as elsewhere
from preau.accounts.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": "Ce n’est pas le bon code. Recopiez les huit chiffres du courriel reçu.",
        "too_many_login_attempts": (
            "Trop de codes ont été demandés pour cette adresse. Attendez quelques minutes,"
            " puis recommencez."
        ),
        "rate_limited": "Trop de demandes à la suite. Attendez une minute, puis recommencez.",
        "account_inactive": "Ce compte est fermé.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an account opens when its first code is confirmed, nowhere else

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        emails.SIGN_IN[template_prefix](email, **context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A passkey was added or removed: tell the account's one address."""
        self.send_mail(template_prefix, email or user.email, {})

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The key first: recovery codes are for the day it is lost."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: "webauthn" not in method["id"])

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if elsewhere.held(request) is not None:
            return HttpResponseRedirect(reverse("identity_link"))
        if not user.first_name and isinstance(response, HttpResponseRedirect):
            query = urlencode({"next": response.url})
            return HttpResponseRedirect(f"{reverse('accounts:welcome')}?{query}")
        return response
