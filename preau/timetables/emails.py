"""What people are told about permanences."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.accounts.models import User
from preau.booking.approvers import to_tell
from preau.booking.enums import Approver
from preau.core.formats import count, day
from preau.notifications.actions import Mail, enqueue_email, notify
from preau.notifications.emails import absolute, compose
from preau.timetables.enums import HostingState
from preau.timetables.models import Hosting, Timetable
from preau.timetables.seasons import when_words
from preau.timetables.topics import COORDINATION, HOSTING


def coordinators(timetable: Timetable) -> Iterable[User]:
    """Those who manage the organisation whose grid it is."""
    return User.objects.filter(
        memberships__organization=timetable.organization_id,
        memberships__ended_at=None,
        memberships__role__in=(MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR),
        is_active=True,
    ).distinct()


def _season(timetable: Timetable) -> str:
    return f"du {day(timetable.first_day)} au {day(timetable.last_day)}"


def ask_hosts(hosting: Hosting) -> None:
    """« Accepteriez-vous ces permanences ? », to those who decide of the place."""
    timetable = hosting.timetable
    number = hosting.residencies.count()
    title = (
        f"{timetable.organization} demande à tenir {count(number, 'permanence')} à {hosting.place}"
    )
    lines = [
        f"{one.need.label}, {when_words(timetable, one.day, one.start, one.end)}"
        for one in hosting.residencies.select_related("need")
    ]
    url = reverse("timetables:hosting", args=[hosting.pk])
    text, html = compose(
        facts=[("Saison", _season(timetable)), ("Lieu", hosting.place.name)],
        intro=f"{title} :\n\n" + "\n".join(lines[:20]),
        button_label="Répondre à la demande",
        button_url=url,
        next_steps="Rien n’est réservé tant que vous n’avez pas accepté.",
    )
    notify(
        to_tell(Approver.ANY, hosting.place),
        topic=HOSTING.key,
        title=title,
        body="Rien n’est réservé tant que vous n’avez pas accepté.",
        cause=f"timetables.hosting:{hosting.pk}",
        url=url,
        email=Mail(title, text, html),
    )


def tell_coordinators(hosting: Hosting) -> None:
    accepted = hosting.state == HostingState.ACCEPTED
    verb = "accepte" if accepted else "refuse"
    notify(
        coordinators(hosting.timetable),
        topic=COORDINATION.key,
        title=f"{hosting.place} {verb} vos permanences",
        body=hosting.reason
        if not accepted
        else "Les créneaux sont pris et les conventions se préparent.",
        cause=f"timetables.answer:{hosting.pk}:{hosting.state}",
        url=page_of(hosting.timetable),
    )


def tell_hosts_it_ends(hosting: Hosting, reason: str) -> None:
    notify(
        to_tell(Approver.ANY, hosting.place),
        topic=HOSTING.key,
        title=f"Les permanences de « {hosting.timetable} » s’arrêtent à {hosting.place}",
        body=f"{reason} Les créneaux à venir sont libérés.",
        cause=f"timetables.end:{hosting.pk}",
        url=reverse("timetables:hosting", args=[hosting.pk]),
    )


def tell_mediators(timetable: Timetable) -> None:
    """Their week, and the calendar to subscribe to; to addresses that may be nobody's here."""
    for mediator in timetable.mediators.exclude(email=""):
        rows = [
            one
            for hosting in timetable.hostings.select_related("place")
            for one in hosting.residencies.filter(need__mediator=mediator).select_related("need")
        ]
        if not rows:
            continue
        lines = [
            f"{one.need.label}, {when_words(timetable, one.day, one.start, one.end)},"
            f" {one.hosting.place}"
            for one in sorted(rows, key=lambda one: (one.day, one.start))
        ]
        feed = reverse("timetables:feed", args=[timetable.key, "mediateur", mediator.pk])
        text, html = compose(
            facts=[("Saison", _season(timetable))],
            intro=f"Voici vos permanences, composées par {timetable.organization} :\n\n"
            + "\n".join(lines),
            button_label="M’abonner à mon agenda",
            button_url=absolute(feed),
            next_steps="Certains lieux doivent encore accepter : l’agenda se tient à jour seul.",
        )
        enqueue_email(
            cause=f"timetables.round:{timetable.pk}:{mediator.pk}",
            recipient=mediator.email,
            subject=f"Vos permanences : {timetable}",
            text=text,
            html=html,
        )


def remind_of_review(timetable: Timetable) -> None:
    notify(
        coordinators(timetable),
        topic=COORDINATION.key,
        title=f"L’essai « {timetable} » arrive à son bilan",
        body="Gardez ces permanences jusqu’à la fin de la saison, ou arrêtez-les.",
        cause=f"timetables.review:{timetable.pk}:{timetable.review_on}",
        url=page_of(timetable),
    )


def page_of(timetable: Timetable) -> str:
    return reverse("timetables:show", args=[timetable.key])
