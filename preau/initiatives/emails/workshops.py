"""The letters of workshops, each with its file for calendars."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from preau.core import formats
from preau.initiatives import workshop_links
from preau.initiatives.enums.workshops import WorkshopState
from preau.initiatives.models import Workshop, WorkshopGuest
from preau.notifications.actions import enqueue_email
from preau.notifications.calendars import event_ics
from preau.notifications.emails import compose


def when(workshop: Workshop) -> str:
    return formats.slot(workshop.starts_at, workshop.ends_at, workshop.time_zone)


def calendar_of(workshop: Workshop, guest: WorkshopGuest | None = None) -> tuple[str, str]:
    """The text of the `.ics`, and its method: published to everybody, asked of a guest."""
    cancelled = workshop.state == WorkshopState.CANCELLED
    asked = guest is not None
    method = "PUBLISH" if not asked else ("CANCEL" if cancelled else "REQUEST")
    text = event_ics(
        method=method,
        uid=f"atelier-{workshop.key}@{settings.SITE_URL.rpartition('/')[2]}",
        sequence=workshop.sequence,
        start=workshop.starts_at,
        end=workshop.ends_at,
        zone=workshop.time_zone,
        summary=workshop.title,
        location=workshop.location,
        description=workshop.purpose,
        organizer=(str(workshop.organization), settings.DEFAULT_FROM_EMAIL) if asked else None,
        attendee=guest.email if guest is not None else "",
        cancelled=cancelled,
    )
    return text, method


def _send(guest: WorkshopGuest, subject: str, intro: str, next_steps: str, *, verb: str) -> None:
    workshop = guest.workshop
    text, html = compose(
        intro=intro,
        facts=[("Quand", when(workshop)), ("Où", workshop.location)],
        button_label="Voir l’atelier et répondre",
        button_url=workshop_links.page_for(guest),
        next_steps=next_steps,
    )
    calendar, method = calendar_of(workshop, guest)
    enqueue_email(
        cause=f"initiatives.workshop:{verb}:{guest.pk}:{workshop.sequence}",
        recipient=guest.email,
        subject=subject,
        text=text,
        html=html,
        calendar=calendar,
        calendar_method=method,
    )


def _guests(workshop: Workshop) -> QuerySet[WorkshopGuest]:
    """Those whose address is still known."""
    return workshop.guests.exclude(email="").select_related("workshop__organization")


def invite(guest: WorkshopGuest) -> None:
    workshop = guest.workshop
    _send(
        guest,
        f"Invitation : {workshop.title}, {when(workshop)}",
        f"{workshop.organization} vous invite à un atelier. {workshop.purpose}".strip(),
        "Dites si vous viendrez : oui, non ou peut-être. Vous pourrez changer d’avis.",
        verb="invite",
    )


def changed(workshop: Workshop) -> None:
    for guest in _guests(workshop):
        _send(
            guest,
            f"Changement : {workshop.title}, {when(workshop)}",
            f"{workshop.organization} a changé la date ou le lieu de cet atelier.",
            "Votre réponse est gardée ; changez-la si vous ne pouvez plus venir.",
            verb="changed",
        )


def cancelled(workshop: Workshop) -> None:
    for guest in _guests(workshop):
        _send(
            guest,
            f"Annulé : {workshop.title}, {when(workshop)}",
            f"{workshop.organization} annule cet atelier : {workshop.cancel_reason}",
            "",
            verb="cancelled",
        )


def concluded(workshop: Workshop) -> None:
    lines = "\n".join(
        f"– {one.text} ({one.owner_name}, pour le {formats.day(one.due_on)})"
        for one in workshop.conclusions.all()
    )
    for guest in _guests(workshop):
        _send(
            guest,
            f"Conclusions : {workshop.title}",
            f"Le compte rendu de cet atelier est prêt.\n\n{lines}".strip(),
            "",
            verb="concluded",
        )
