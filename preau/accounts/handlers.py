"""What the room does when someone signs in."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from preau.accounts import queries
from preau.accounts.middleware import wear
from preau.accounts.models import User


@receiver(user_logged_in)
def wear_last_hat(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The hat last worn; the first time, that of an only organisation; else oneself."""
    if user.has_chosen_hat:
        chosen = user.last_membership
    else:
        only = list(queries.memberships_of(user)[:2])
        chosen = only[0] if len(only) == 1 else None
    wear(request.session, chosen)


@receiver(user_logged_in)
def list_session(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """However the person came in, the session shows among theirs and can be ended."""
    if request.META.get("REMOTE_ADDR"):
        UserSession.objects.create_from_request(request)
