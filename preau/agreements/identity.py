"""Who this browser has proved to be, by the code sent to their address, and for how long."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from preau.agreements.models.rounds import Signatory
from preau.core import clock

_KEY = "signing"
LIFE = timedelta(hours=2)


def remember(request: HttpRequest, signatory: Signatory) -> None:
    """This browser is the signatory's for two hours."""
    if not request.user.is_authenticated:
        request.session.cycle_key()
    known = dict(request.session.get(_KEY, {}))
    until = int((clock.now() + LIFE).timestamp())
    request.session[_KEY] = known | {str(signatory.pk): [_mark(signatory), until]}


def is_known(request: HttpRequest, signatory: Signatory) -> bool:
    """Whether the code was given here, for the address the signatory still has."""
    found = request.session.get(_KEY, {}).get(str(signatory.pk))
    if not found or signatory.identified_at is None:  # another person since
        return False
    mark, until = found
    return constant_time_compare(mark, _mark(signatory)) and clock.now().timestamp() < until


def _mark(signatory: Signatory) -> str:
    return salted_hmac("agreements.identity", f"{signatory.pk}:{signatory.email}").hexdigest()
