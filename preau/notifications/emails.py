"""From facts to an e-mail: the text and the HTML say the same, the text is complete by itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.html import format_html_join

from preau.notifications.models import Email

#: Where `base.html` receives the links of `with_footer`.
FOOTER = "<!-- liens du destinataire -->"
FOOTER_LINK = '<br>\n      <a href="{}" style="color:#1f3a8a;">{}</a>'
CALENDAR_FILE = "reservation.ics"


def compose(
    *,
    facts: Sequence[tuple[str, str]],
    intro: str,
    button_label: str = "",
    button_url: str = "",
    next_steps: str = "",
    contact: str = "",
) -> tuple[str, str]:
    """The text and the HTML of one e-mail, from the same plain facts.

    Args:
        facts: what decides, in about three lines: ("Quand", "jeudi 12 mars 2027, de 18 h à 20 h").
        intro: what happened, in one or two sentences; blank lines separate paragraphs.
        button_url: the page to open, from the site's root ("/reservations/12/") or complete.
        next_steps: what comes next and who must act.
        contact: whom to call or write to.
    """
    context = {
        "facts": facts,
        "intro": intro,
        "button_label": button_label,
        "button_url": absolute(button_url),
        "next_steps": next_steps,
        "contact": contact,
        "site_url": settings.SITE_URL,
    }
    text = render_to_string("notifications/email/base.txt", context).strip() + "\n"
    return text, render_to_string("notifications/email/base.html", context)


def with_footer(text: str, html: str, lines: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The same message, ending with a few links of its reader's own: (words, complete address)."""
    text = text.rstrip() + "".join(f"\n{words} : {url}" for words, url in lines) + "\n"
    links = format_html_join("", FOOTER_LINK, [(url, words) for words, url in lines])
    return text, html.replace(FOOTER, links, 1)


def absolute(url: str) -> str:
    """A page's complete address, for someone who reads it outside the site."""
    return f"{settings.SITE_URL}{url}" if url.startswith("/") else url


def message_of(email: Email) -> EmailMultiAlternatives:
    """The message to hand over: text, HTML, calendar; always under its own Message-ID."""
    headers = {"Message-ID": email.message_id, "Auto-Submitted": "auto-generated"}
    if email.unsubscribe_url:  # RFC 8058: mail programs stop such messages in one press
        headers["List-Unsubscribe"] = f"<{email.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=email.subject,
        body=email.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[email.recipient],
        headers=headers,
    )
    if email.html:
        message.attach_alternative(email.html, "text/html")
    if email.calendar:
        method = email.calendar_method or "PUBLISH"
        # Calendars answer to the part with a method; webmails without one show the file.
        message.attach_alternative(email.calendar, f"text/calendar; method={method}")
        message.attach(CALENDAR_FILE, email.calendar, "text/calendar")
    return message
