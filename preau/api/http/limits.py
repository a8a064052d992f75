"""How many calls a minute: counted in the database, so that every process counts the same."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest

from preau.api.models import ApiToken, RateWindow
from preau.core import clock

WINDOW = 60
#: Calls a minute of one address that shows no token, and of one token.
ANONYMOUS, TOKEN = 60, 300


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to somebody in this minute."""

    limit: int
    used: int
    reset: int

    @property
    def is_over(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        found = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "RateLimit-Reset": str(self.reset),
        }
        return found | ({"Retry-After": str(self.reset)} if self.is_over else {})


def count(request: HttpRequest, token: ApiToken | None) -> Allowance:
    """Count one more call; exact, however many come at once."""
    now = int(clock.now().timestamp())
    minute, passed = divmod(now, WINDOW)
    who = f"token:{token.pk}" if token else _stranger(request)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_ratewindow AS w (who, minute, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (who, minute) DO UPDATE SET count = w.count + 1 RETURNING w.count",
            [who, minute],
        )
        row = cursor.fetchone()
    assert row is not None
    return Allowance(TOKEN if token else ANONYMOUS, row[0], WINDOW - passed)


def forget() -> int:
    """Delete the minutes that are over."""
    minute = int(clock.now().timestamp()) // WINDOW
    return RateWindow.objects.filter(minute__lt=minute - 1).delete()[0]


def _network(address: str) -> str:
    """The network of an IPv6 address: whoever has one has all the addresses of its last half."""
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    return str(found.ipv4_mapped or ipaddress.IPv6Network((found, 64), strict=False))


def _stranger(request: HttpRequest) -> str:
    """An address, as a digest that nobody reads it back from without the site’s secret."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:
        address = ""
    if ":" in address:
        address = _network(address)
    mixed = hmac.new(settings.SECRET_KEY.encode(), f"api:{address}".encode(), hashlib.sha256)
    return f"ip:{mixed.hexdigest()[:32]}"
