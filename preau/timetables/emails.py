"""What people are told about permanences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from preau.accounts.models import Organization
from preau.booking.approvers import to_tell
from preau.booking.enums import Approver
from preau.core.formats import count, day
from preau.notifications.actions import Mail, enqueue_email, notify
from preau.notifications.emails import absolute, compose
from preau.timetables.enums import HostingState
from preau.timetables.models import Hosting, Mediator, Residency, Timetable
from preau.timetables.queries.providers import deciders, provider_of, signatory_of
from preau.timetables.seasons import when_words
from preau.timetables.topics import COORDINATION, HOSTING, PROVIDING


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
        deciders(hosting.timetable.organization_id),
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


def tell_hosts_season_is_over(hosting: Hosting) -> None:
    notify(
        to_tell(Approver.ANY, hosting.place),
        topic=HOSTING.key,
        title=f"La saison « {hosting.timetable} » est finie à {hosting.place}",
        body="Les permanences vont jusqu’à leur terme. Les conventions signées sont conservées.",
        cause=f"timetables.end:{hosting.pk}",
        url=reverse("timetables:hosting", args=[hosting.pk]),
    )


# --- Mediators and providers


def _held(timetable: Timetable) -> list[Residency]:
    """What is asked or agreed, in the order of the week."""
    rows = Residency.objects.filter(hosting__timetable=timetable).exclude(
        hosting__state=HostingState.REFUSED
    )
    return list(
        rows.select_related(
            "need__mediator", "need__provider", "hosting__timetable", "hosting__place"
        ).order_by("day", "start", "pk")
    )


def _week(rows: Iterable[Residency]) -> str:
    return "\n".join(
        f"{one.need.label}, {when_words(one.hosting.timetable, one.day, one.start, one.end)},"
        f" {one.hosting.place}"
        for one in rows
    )


def _feed(timetable: Timetable, kind: str, pk: int) -> str:
    return reverse("timetables:feed", args=[timetable.key, kind, pk])


def tell_mediators(timetable: Timetable) -> None:
    """Their week, and the calendar to subscribe to; to addresses that may be nobody's here."""
    for mediator, rows in _by_mediator(timetable):
        text, html = compose(
            facts=[("Saison", _season(timetable))],
            intro=f"Voici vos permanences, composées par {timetable.organization} :\n\n"
            + _week(rows),
            button_label="M’abonner à mon agenda",
            button_url=absolute(_feed(timetable, "mediateur", mediator.pk)),
            next_steps="Certains lieux doivent encore accepter : l’agenda se tient à jour seul.",
        )
        enqueue_email(
            cause=f"timetables.round:{timetable.pk}:{mediator.pk}",
            recipient=mediator.email,
            subject=f"Vos permanences : {timetable}",
            text=text,
            html=html,
        )


def _by_mediator(timetable: Timetable) -> Iterator[tuple[Mediator, list[Residency]]]:
    """Those who have an address and something to hold."""
    held = _held(timetable)
    for mediator in timetable.mediators.exclude(email=""):
        rows = [one for one in held if one.need.mediator_id == mediator.pk]
        if rows:
            yield mediator, rows


def tell_mediators_it_ends(timetable: Timetable, reason: str) -> None:
    """Nobody takes the road to a sitting that is no more."""
    for mediator, rows in _by_mediator(timetable):
        text, html = compose(
            facts=[("Pourquoi", reason)],
            intro=f"{timetable.organization} arrête dès maintenant les permanences de"
            f" « {timetable} ». N’y allez plus :\n\n" + _week(rows),
            next_steps="Votre agenda se vide de lui-même des dates à venir.",
        )
        enqueue_email(
            cause=f"timetables.end:{timetable.pk}:{mediator.pk}",
            recipient=mediator.email,
            subject=f"Vos permanences s’arrêtent : {timetable}",
            text=text,
            html=html,
        )


def _by_provider(timetable: Timetable) -> list[tuple[Organization, list[Residency]]]:
    found: dict[Organization, list[Residency]] = {}
    for one in _held(timetable):
        provider = provider_of(one.need)
        if provider is not None:
            found.setdefault(provider, []).append(one)
    return list(found.items())


def tell_providers(timetable: Timetable) -> None:
    """Those who decide for a structure learn what is held, and signed, in its name."""
    for provider, rows in _by_provider(timetable):
        title = f"{timetable.organization} publie des permanences de {provider}"
        feed = _feed(timetable, "structure", provider.pk)
        _tell_provider(
            provider,
            title,
            f"{title} :\n\n{_week(rows)}",
            f"Signe pour votre structure : {_signs(provider, rows)}. Si ce n’est pas convenu avec"
            f" vous, écrivez à {timetable.organization}.",
            cause=f"timetables.provider:{timetable.pk}:{provider.pk}",
            season=_season(timetable),
            feed=feed,
        )


def _signs(provider: Organization, rows: Iterable[Residency]) -> str:
    """As the agreements will have it."""
    named = signatory_of(provider)
    if named is not None:
        return str(named)
    typed = next((one.need for one in rows if one.need.signatory_name), None)
    if typed is None:
        return "personne n’est encore désigné"
    return ", ".join(filter(None, (typed.signatory_name, typed.signatory_capacity)))


def tell_providers_it_ends(timetable: Timetable, reason: str) -> None:
    for provider, rows in _by_provider(timetable):
        _tell_provider(
            provider,
            f"{timetable.organization} arrête les permanences de {provider}",
            f"{timetable.organization} arrête dès maintenant ces permanences :\n\n{_week(rows)}",
            f"Le motif : {reason}",
            cause=f"timetables.provider_end:{timetable.pk}:{provider.pk}",
            season=_season(timetable),
        )


def _tell_provider(
    provider: Organization,
    title: str,
    intro: str,
    next_steps: str,
    *,
    cause: str,
    season: str,
    feed: str = "",
) -> None:
    text, html = compose(
        facts=[("Saison", season)],
        intro=intro,
        button_label="S’abonner à l’agenda" if feed else "",
        button_url=absolute(feed) if feed else "",
        next_steps=next_steps,
    )
    notify(
        deciders(provider.pk),
        topic=PROVIDING.key,
        title=title,
        body=next_steps,
        cause=cause,
        url=feed,
        email=Mail(title, text, html),
    )


def remind_of_review(timetable: Timetable) -> None:
    notify(
        deciders(timetable.organization_id),
        topic=COORDINATION.key,
        title=f"L’essai « {timetable} » arrive à son bilan",
        body="Gardez ces permanences jusqu’à la fin de la saison, ou arrêtez-les.",
        cause=f"timetables.review:{timetable.pk}:{timetable.review_on}",
        url=page_of(timetable),
    )


def page_of(timetable: Timetable) -> str:
    return reverse("timetables:show", args=[timetable.key])
