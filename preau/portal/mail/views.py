"""The mailbox of the demonstration, and what did not leave."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

import preau.portal.mail.perms  # noqa: F401  (declares the matrix)
from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.core.errors import Refusal
from preau.notifications import actions, queries
from preau.notifications.models import DeliveredEmail, Email

#: The formatted message runs nothing and loads nothing; its links open in the whole window.
FRAME_POLICY = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none';"
    " style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
)
#: Larger numbers are no identifier of ours.
LARGEST_ID = 2**63 - 1


@permission("notifications.mailbox")
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Everything received, most recent first; `a` keeps one recipient, `avant` goes back."""
    _only_in_demo()
    recipient = request.GET.get("a", "").replace("\x00", "").strip().lower()
    emails = queries.delivered(recipient=recipient, before=_before(request))
    context = _page(request, emails)
    context |= {"recipient": recipient, "recipients": queries.recent_recipients()}
    return render(request, "portal/mail/mailbox.html", context)


@permission("notifications.mailbox")
@require_safe
def message(request: HttpRequest, email_id: int) -> HttpResponse:
    """One message: its text first."""
    return render(request, "portal/mail/message.html", {"email": _delivered(email_id)})


@permission("notifications.mailbox")
@require_safe
def formatted(request: HttpRequest, email_id: int) -> HttpResponse:
    """The HTML of a message alone, to be framed: under a policy of its own."""
    html = _delivered(email_id).html
    if not html:
        raise Http404
    response = HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@permission("notifications.mailbox")
@require_safe
def attachment(request: HttpRequest, email_id: int, number: int) -> HttpResponse:
    """One attached file, to keep."""
    files = _delivered(email_id).attachments
    if not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    return HttpResponse(
        file["content"],
        content_type=f"{file['type']}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file["name"]}"'},
    )


@permission("notifications.failures")
@require_safe
def failures(request: HttpRequest) -> HttpResponse:
    """What could not be delivered, and how much is being tried again."""
    emails = queries.failed(before=_before(request))
    context = _page(request, emails) | {"retrying": queries.being_retried().count()}
    return render(request, "portal/mail/failures.html", context)


@permission("notifications.failures")
@require_POST
def send_again(request: HttpRequest, email_id: int) -> HttpResponse:
    if email_id > LARGEST_ID:
        raise Http404
    email = get_object_or_404(Email, pk=email_id)
    try:
        actions.send_again(email, actor=actor_of(request))
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"Le courriel à {email.recipient} va être renvoyé.")
    return redirect("portal:mail_failures")


def _only_in_demo() -> None:
    if not settings.IS_DEMO:
        raise Http404


def _delivered(email_id: int) -> DeliveredEmail:
    _only_in_demo()
    if email_id > LARGEST_ID:
        raise Http404
    return get_object_or_404(DeliveredEmail, pk=email_id)


def _before(request: HttpRequest) -> int | None:
    """The message before which the page begins; what is no number means the first page."""
    asked = request.GET.get("avant", "")
    return int(asked) if asked.isdecimal() and len(asked) <= 18 else None


def _page(request: HttpRequest, emails: QuerySet[Any]) -> dict[str, Any]:
    """One page of a list, and the address of the next one."""
    found = list(emails[: queries.PAGE_SIZE + 1])
    shown = found[: queries.PAGE_SIZE]
    older = ""
    if len(found) > len(shown):
        kept = {"a": request.GET["a"]} if request.GET.get("a") else {}
        older = "?" + urlencode(kept | {"avant": shown[-1].pk})
    newest = "?" + urlencode({"a": request.GET["a"]}) if request.GET.get("a") else request.path
    return {
        "emails": shown,
        "older": older,
        "newest": newest if "avant" in request.GET else "",
    }
