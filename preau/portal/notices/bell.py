"""The bell at the top of every page: one query, for the signed-in only."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.core.header import HeaderLink
from preau.notifications import queries


def bell(request: HttpRequest) -> HeaderLink | None:
    """`Site.header_links` keeps it for the time of the request."""
    user_id = actor_of(request).user_id
    if user_id is None:
        return None
    unread = queries.unread_count(user_id)
    most = queries.MOST_COUNTED
    return HeaderLink(
        "Notifications",
        reverse("portal:notices"),
        icon="bell",
        count="" if not unread else f"{most}+" if unread > most else str(unread),
        hint="non lue" if unread == 1 else "non lues",
    )
