"""Around every address of the API: limits, token, body, and an answer that is always told well."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from preau.accounts.perms import Permission
from preau.api.http import access, limits, problems
from preau.api.http.problems import Problem

#: Seconds after which the database, too busy or restarting, may answer again.
BREATH = "5"
_log = logging.getLogger(__name__)
View = Callable[..., Any]


def guarded(view: View) -> View:
    """The same address, with everything that all of them share.

    The matrix lets anybody in: what a call may do is asked of its token, then of the same matrix
    by the verb it calls, as the person behind the token.
    """

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        access.nobody_yet(request)
        request.api_allowance = None  # type: ignore[attr-defined]
        response = _answered(view, request, kwargs)
        allowance: limits.Allowance | None = request.api_allowance  # type: ignore[attr-defined]
        for name, value in (allowance.headers if allowance else {}).items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    guard = csrf_exempt(answer)
    guard.permission = Permission("api.call", None)  # type: ignore[attr-defined]
    return guard


def _enter(request: HttpRequest) -> None:
    """Who it is, and how many they made.

    Raises:
        Problem: one of the two.
    """
    wrong: Problem | None = None
    token = None
    try:
        if shown := access.presented(request):
            token = access.known(shown)
    except Problem as problem:  # guesses count too
        wrong = problem
    allowance = limits.count(request, token)
    request.api_allowance = allowance  # type: ignore[attr-defined]
    if allowance.is_over:
        raise Problem(
            problems.TOO_MANY,
            f"{allowance.limit} requêtes par minute au plus : réessayez dans"
            f" {allowance.reset} secondes.",
        )
    if wrong is not None:
        raise wrong
    if token is not None:
        access.note_use(token)
        request.api_token, request.actor = token, access.actor_behind(token)  # type: ignore[attr-defined]
        request.user = token.membership.user


def _answered(view: View, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
    try:
        _enter(request)
        response: HttpResponse = view(request, **kwargs)
    except Problem as problem:
        return problem.response()
    except (OperationalError, InterfaceError):
        _log.exception("API: no database for %s", request.path)
        again = f"Trop de demandes à la fois : renvoyez celle-ci dans {BREATH} secondes."
        return Problem(problems.AWAY, again, headers={"Retry-After": BREATH}).response()
    except Exception:
        _log.exception("API: %s failed", request.path)
        return Problem(
            problems.FAULT, "Réessayez ; si cela dure, donnez-nous l’en-tête X-Request-Id."
        ).response()
    if response.status_code == 405:
        allowed = response.headers.get("Allow", "")
        return Problem(
            problems.METHOD, f"Méthodes possibles : {allowed}.", headers={"Allow": allowed}
        ).response()
    return response
