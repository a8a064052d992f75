"""Around every address of the API: limits, token, body, and an answer that is always told well."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from preau.accounts.perms import Permission
from preau.api.http import access, limits, problems
from preau.api.http.problems import Problem

#: Bytes of a body; the longest that makes sense is a booking with long remarks.
LONGEST_BODY = 32_000
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
        try:
            allowance = _enter(request)
        except Problem as problem:
            response = problem.response()
            allowance = request.api_allowance  # type: ignore[attr-defined]
        else:
            response = _answered(view, request, kwargs)
        for name, value in allowance.headers.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    guard = csrf_exempt(answer)
    guard.permission = Permission("api.call", None)  # type: ignore[attr-defined]
    return guard


def _enter(request: HttpRequest) -> limits.Allowance:
    """Who it is, how many they made, whether the body can be read at all.

    Raises:
        Problem: one of the three.
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
    _check_body(request)
    return allowance


def _check_body(request: HttpRequest) -> None:
    if request.method not in {"POST", "PUT", "PATCH"}:
        return
    try:
        size = len(request.body)
    except RequestDataTooBig:
        size = LONGEST_BODY + 1
    except UnreadablePostError as error:
        raise Problem(problems.BODY, "Le corps n’est pas arrivé en entier.") from error
    if size > LONGEST_BODY:
        raise Problem(problems.TOO_LONG, f"{LONGEST_BODY} octets au plus.")
    if request.content_type != "application/json":
        raise Problem(problems.MEDIA, "Envoyez « Content-Type: application/json ».")


def _answered(view: View, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
    try:
        response: HttpResponse = view(request, **kwargs)
    except Problem as problem:
        return problem.response()
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
