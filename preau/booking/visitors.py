"""Who is filling in the form: a browser before sign-in, a person after."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, QueryDict

from preau.accounts.actors import Actor, actor_of
from preau.accounts.models import Membership
from preau.booking.actions.holds import adopt
from preau.booking.models import Booking

SESSION_KEY = "booking_visitor"


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if it is nothing; None on GET."""
    return request.POST if request.method == "POST" else None


def own_key(request: HttpRequest) -> str:
    """The key to hold under: the person's, or a random one kept in the session."""
    actor = actor_of(request)
    if actor.user is not None:
        return f"user:{actor.user_id}"
    key: str = request.session.setdefault(SESSION_KEY, secrets.token_urlsafe(32))
    return key


def keys(request: HttpRequest) -> list[str]:
    """Every key whose held slots are this visitor's. Signing in brings along the browser's."""
    browser = request.session.get(SESSION_KEY)
    actor = actor_of(request)
    if actor.user is None:
        return [browser] if browser else []
    person = own_key(request)
    if browser:
        adopt(browser, into=person)
        del request.session[SESSION_KEY]
    return [person]


def author_of(booking: Booking, actor: Actor) -> Actor:
    """The actor under the hat chosen in the form, which may not be the one of the session."""
    if booking.organization_id is None:
        return Actor(user=actor.user)
    membership = (
        Membership.objects.select_related("organization")
        .filter(user=actor.user_id, organization=booking.organization_id, ended_at=None)
        .first()
    )
    return Actor(user=actor.user, membership=membership)
