"""Sign-in by code, the same for a known and an unknown address.

The library sends an unknown address another e-mail. Here every address gets a code; the account of
an unknown one is opened once its code is confirmed (docs/adr/0005-sign-in.md).
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest, HttpResponse

from preau.accounts import actions
from preau.accounts.models import User


class SignIn(LoginCodeVerificationProcess):  # type: ignore[misc]
    """One sign-in under way, kept in the session."""

    @classmethod
    def begin(cls, request: HttpRequest, email: str) -> SignIn:
        user = User.objects.filter(email=email, is_active=True).first()
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email))
        stage.state["initiated_by_user"] = True
        process = cls(stage=stage)
        process.send()
        process.persist()
        return process

    @property
    def email(self) -> str:
        return str(self.state["email"])

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        context = {"code": self.generate_code(), "minutes": self.timeout // 60}
        get_adapter().send_mail("account/email/login_code", email, context)

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is None:
            self._user = actions.open_account(email=self.email)
        response: HttpResponse = super().finish(redirect_url)
        return response
