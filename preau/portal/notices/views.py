"""What one was told, how one wants to hear of it, and stopping e-mails from the e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

import preau.portal.notices.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.models import User
from preau.accounts.perms import Scope, permission
from preau.notifications import actions, links, queries, topics
from preau.notifications.actions.notices import UNSUBSCRIBE
from preau.notifications.models import Notification
from preau.portal.notices.forms import PreferencesForm

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Owned:
    """A notification with whose it is, as the matrix asks."""

    notice: Notification

    @property
    def permission_scope(self) -> Scope:
        return Scope(holder_user_id=self.notice.user_id)


def by_id(notice_id: int) -> Owned:
    notice = Notification.objects.filter(pk=notice_id).first() if notice_id <= LARGEST_ID else None
    if notice is None:
        raise Http404
    return Owned(notice)


@permission("notifications.mine")
@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Unread first; `suite` goes on."""
    user = actor_of(request).person
    after = request.GET.get("suite", "")
    page, following = queries.notices(user.pk, after=after)
    here = reverse("portal:notices")
    labels = {topic.key: topic.label for topic in topics.all_topics()}
    context = {
        "unread": [(one, labels.get(one.topic, "")) for one in page if one.read_at is None],
        "read": [(one, labels.get(one.topic, "")) for one in page if one.read_at is not None],
        "newest": here if after else "",
        "older": f"{here}?{urlencode({'suite': following})}" if following else "",
        "latest": max((one.pk for one in page), default=0),
    }
    return render(request, "portal/notices/mine.html", context)


@permission("notifications.open", load=by_id)
@never_cache
def open_notice(request: HttpRequest, owned: Owned) -> HttpResponse:
    """Read it, and go where it leads. Only a press marks it: programs that preload do not."""
    if request.method == "POST":
        actions.mark_read(owned.notice)
    return redirect(owned.notice.url or reverse("portal:notices"))


@permission("notifications.mine")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """What the page showed, not what came meanwhile."""
    until = request.POST.get("until", "")
    known = int(until) if until.isascii() and until.isdigit() and len(until) <= 18 else None
    actions.mark_all_read(actor_of(request).person, until=known)
    messages.success(request, "Toutes vos notifications sont marquées comme lues.")
    return redirect("portal:notices")


@permission("notifications.mine")
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    user = actor_of(request).person
    chosen = queries.preferences_of(user.pk)
    form = PreferencesForm(request.POST if request.method == "POST" else None, topics=chosen)
    if form.is_bound and form.is_valid():
        actions.set_preferences(user, form.cleaned_data)
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("portal:notice_preferences")
    context = {"form": form, "always": [topic for topic, _ in chosen if topic.mandatory]}
    return render(request, "portal/notices/preferences.html", context)


@csrf_exempt  # mail programs press it themselves (RFC 8058); the signed link is what proves
@permission("notifications.unsubscribe")
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Say what would stop on GET, stop it on POST. Works signed out."""
    if request.method == "POST" and (limited := consume_or_429(request, action="act_by_link")):
        return limited  # type: ignore[no-any-return]
    try:
        facts = links.read(UNSUBSCRIBE, token)
    except links.Expired:
        return render(request, "portal/notices/expired.html", status=410)
    user, key = _whom(facts or {})
    label = "résumé du jour"
    if key != topics.DIGEST_KEY:
        topic = topics.find(key)
        if topic is None or topic.mandatory:
            raise Http404
        label = topic.label
    context = {"label": label, "token": token, "done": False}
    if request.method == "POST":
        actions.stop_emails(user, key)
        context["done"] = True
    return render(request, "portal/notices/unsubscribe.html", context)


def _whom(facts: dict[str, Any]) -> tuple[User, str]:
    user = User.objects.filter(pk=facts.get("user", 0), is_active=True).first()
    if user is None:
        raise Http404
    return user, str(facts["topic"])
