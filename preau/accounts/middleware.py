"""Who acts in this request, and no page without a permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from preau.accounts.actors import ANONYMOUS, Actor
from preau.accounts.models import Membership

#: Session key: the membership through which the person acts.
ACTING_MEMBERSHIP = "acting_membership"
#: Views that are not ours and guard themselves.
THIRD_PARTY = ("allauth.", "django.contrib.staticfiles.", "django.views.static")

Respond = Callable[[HttpRequest], HttpResponse]


def find_actor(request: HttpRequest) -> Actor:
    """The signed-in person, through the membership chosen in the session if still live."""
    if not request.user.is_authenticated:
        return ANONYMOUS
    chosen = request.session.get(ACTING_MEMBERSHIP)
    membership = None
    if chosen:
        membership = (
            Membership.objects.select_related("organization")
            .filter(pk=chosen, user=request.user, ended_at=None)
            .first()
        )
    return Actor(user=request.user, membership=membership)


class ActorMiddleware:
    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: find_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class PermissionMiddleware:
    """A view that declares no permission is a fault of ours: refuse to serve it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        module = getattr(view, "__module__", "")
        if not hasattr(view, "permission") and not module.startswith(THIRD_PARTY):
            raise ImproperlyConfigured(f"{module}.{view.__name__} declares no permission.")
