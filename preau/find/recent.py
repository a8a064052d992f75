"""The commune last searched by a signed-in person, kept in their session and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest

from preau.territories.models import Commune

KEY = "last_commune"


def remember_commune(request: HttpRequest, commune: Commune) -> None:
    """A visitor who has not signed in is given no session for having searched."""
    if request.user.is_authenticated and request.session.get(KEY) != commune.pk:
        request.session[KEY] = commune.pk


def last_commune(request: HttpRequest) -> Commune | None:
    code = request.session.get(KEY)
    return Commune.objects.filter(pk=code).first() if code else None
