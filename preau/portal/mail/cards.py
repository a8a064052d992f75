"""What the operator sees on their home page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

import preau.portal.mail.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Card
from preau.core.formats import count
from preau.notifications import queries


def failures_card(request: HttpRequest) -> Card | None:
    """Shown when messages could not be delivered."""
    if not allowed(actor_of(request), "notifications.failures"):
        return None
    failed = queries.failed().count()
    if not failed:
        return None
    return Card(
        title=f"{count(failed, 'courriel')} en échec",
        href=reverse("portal:mail_failures"),
        text="Des personnes n’ont pas été prévenues. Voyez pourquoi, puis renvoyez.",
        badge=("error", "À traiter"),
    )
