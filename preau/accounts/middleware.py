"""Who acts in this request, and no page without a permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from preau.accounts.actors import ANONYMOUS, Actor
from preau.accounts.models import Membership, Organization
from preau.accounts.perms import merged_sentence

#: Session key: the membership through which the person acts.
ACTING_MEMBERSHIP = "acting_membership"
#: Session key: its organisation that day; another one since says that they were merged.
ACTING_ORGANIZATION = "acting_organization"
#: Views that are not ours and guard themselves.
THIRD_PARTY = ("allauth.", "django.contrib.staticfiles.", "django.views.static")

Respond = Callable[[HttpRequest], HttpResponse]


def find_actor(request: HttpRequest) -> Actor:
    """The signed-in person, through the membership chosen in the session if still live."""
    if not request.user.is_authenticated:
        return ANONYMOUS
    chosen = request.session.get(ACTING_MEMBERSHIP)
    if not chosen:
        return Actor(user=request.user)
    mine = Membership.objects.select_related("organization").filter(user=request.user)
    membership = mine.filter(pk=chosen, ended_at=None).first()
    if membership is None:
        # It ended; where the organisation was merged into another of theirs, that one is worn.
        there = Membership.objects.filter(pk=chosen, user=request.user).values("organization")
        membership = mine.filter(organization__in=there, ended_at=None).first()
    if membership is not None:
        _tell_of_merge(request, membership)
    return Actor(user=request.user, membership=membership)


def wear(session: SessionBase, membership: Membership | None) -> None:
    """Act through that membership from now on; for oneself when None."""
    session[ACTING_MEMBERSHIP] = membership.pk if membership else None
    session[ACTING_ORGANIZATION] = membership.organization_id if membership else None


def _tell_of_merge(request: HttpRequest, membership: Membership) -> None:
    """Say it on the first page that follows, when the organisation was merged meanwhile."""
    before = request.session.get(ACTING_ORGANIZATION)
    if before in (None, membership.organization_id):
        return
    gone = Organization.objects.filter(pk=before, merged_into__isnull=False).first()
    wear(request.session, membership)
    if gone is not None:
        messages.info(request, merged_sentence(gone, membership.organization))


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
