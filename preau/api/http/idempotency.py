"""A write sent twice is done once: the answer is kept with the deed, under the author’s key.

After the IETF draft « The Idempotency-Key HTTP Header Field ». The row is written first: a second
call with the same key waits for the first to end, then reads its answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Schema

from preau.api.http.problems import MEDIA_TYPE, REUSED, Problem, of_refusal
from preau.api.models import ApiToken, IdempotentCall
from preau.core import clock, rows
from preau.core.errors import Refusal

KEPT = timedelta(hours=24)
Act = Callable[[], tuple[int, Schema]]


def once(request: HttpRequest, key: str, act: Act) -> HttpResponse:
    """Do it, and keep what was answered; the second time only answer again.

    Args:
        act: does the deed and says the status and the body. A `Refusal` undoes what it did, and
            is an answer like another; any other error leaves no trace.

    Raises:
        Problem: the same key was used for something else.
    """
    token: ApiToken = request.api_token  # type: ignore[attr-defined]
    name = hashlib.sha256(f"{token.pk}:{key}".encode()).hexdigest()
    said = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    fingerprint = hashlib.sha256(said).hexdigest()
    with transaction.atomic():
        IdempotentCall.objects.filter(key=name, at__lt=clock.now() - KEPT).delete()
        call = IdempotentCall(key=name, token=token, fingerprint=fingerprint, at=clock.now())
        if not rows.insert([call], unless=["key"]):
            return _again(IdempotentCall.objects.get(key=name), fingerprint)
        call.status, call.body = _outcome(act)
        call.save(update_fields=["status", "body"])
    return _response(call)


def _outcome(act: Act) -> tuple[int, str]:
    try:
        with transaction.atomic():
            status, made = act()
            return status, made.model_dump_json()
    except Refusal as refusal:
        problem = of_refusal(refusal)
    except Problem as one:
        problem = one
    return problem.kind.status, problem.body


def _again(call: IdempotentCall, fingerprint: str) -> HttpResponse:
    if call.fingerprint != fingerprint:
        raise Problem(
            REUSED,
            "Cette clé d’idempotence a déjà servi pour une autre requête : prenez-en une autre.",
            code="idempotency_key_reused",
        )
    response = _response(call)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _response(call: IdempotentCall) -> HttpResponse:
    kind = "application/json" if call.status < 400 else MEDIA_TYPE
    return HttpResponse(call.body, status=call.status, content_type=kind)


def forget() -> int:
    """Delete the answers that nobody asks again."""
    return IdempotentCall.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
