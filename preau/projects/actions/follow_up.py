"""Following one's projects by e-mail: the rhythm that each chooses, and the e-mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import count, day, local
from preau.notifications.actions import Mail, Notice, tell
from preau.notifications.emails import absolute, compose
from preau.projects import standing
from preau.projects.enums import Interval
from preau.projects.models import FollowUp, FollowUpIssue, StateService, Step
from preau.projects.queries import follow_up as queries
from preau.projects.queries.follow_up import Content
from preau.projects.topics import pair as topics_pair

#: Not before: an e-mail at night is one that nobody reads.
FROM_HOUR = 7
MONDAY = 0
#: A machine that was down sends what is due a little later, never an old one.
LATE_DAYS = {Interval.DAILY: 0, Interval.WEEKLY: 2, Interval.MONTHLY: 4}
_LENGTH = {Interval.DAILY: 1, Interval.WEEKLY: 7, Interval.MONTHLY: 31}


@transaction.atomic
def choose(
    user: User, service: StateService | None, *, interval: str, weekday: int, actor: Actor
) -> FollowUp:
    """Keep how often somebody wants to hear of their projects; their own choice only."""
    if actor.user_id != user.pk:
        raise Forbidden
    if interval not in Interval.values or weekday not in range(7):
        raise Refusal("Choisissez un rythme et un jour.", code="interval")
    values = {"interval": interval, "weekday": weekday}
    found, _ = FollowUp.objects.update_or_create(user=user, service=service, defaults=values)
    return found


def period_of(interval: str, weekday: int, today: date) -> date | None:
    """The day of the e-mail that is due today, or was in the last days; None when none is."""
    if interval == Interval.DAILY:
        return today if today.weekday() < 5 else None
    if interval == Interval.WEEKLY:
        due = today - timedelta(days=(today.weekday() - weekday) % 7)
    elif interval == Interval.MONTHLY:
        due = today.replace(day=1)
    else:
        return None
    return due if (today - due).days <= LATE_DAYS[Interval(interval)] else None


def due() -> Iterator[tuple[int, int | None, str, date]]:
    """(person, service, interval, period) of every e-mail that is due and was not written."""
    now = local(clock.now(), settings.TIME_ZONE)
    if now.hour < FROM_HOUR:
        return
    chosen: dict[tuple[int, int | None], tuple[str, int]] = {
        (user, service): (interval, weekday)
        for user, service, interval, weekday in FollowUp.objects.values_list(
            "user", "service", "interval", "weekday"
        )
    }
    recent = FollowUpIssue.objects.filter(period__gte=now.date() - timedelta(days=31))
    written = set(recent.values_list("user", "service", "period"))
    people: list[tuple[int, int | None]] = [
        *queries.agents(),
        *((user, None) for user in queries.holders().values_list("pk", flat=True)),
    ]
    for user, service in people:
        interval, weekday = chosen.get((user, service), (Interval.WEEKLY, MONDAY))
        period = period_of(interval, weekday, now.date())
        if period is not None and (user, service, period) not in written:
            yield user, service, interval, period


@transaction.atomic
def issue(one: tuple[int, int | None, str, date]) -> bool:
    """Write one e-mail, or nothing where there is nothing to say; once a period in any case."""
    user_id, service_id, interval, period = one
    user = User.objects.get(pk=user_id)
    last = (
        FollowUpIssue.objects.filter(user=user, service=service_id, last_event_id__gt=0)
        .order_by("-period")
        .first()
    )
    try:
        with transaction.atomic():
            row = FollowUpIssue.objects.create(user=user, service_id=service_id, period=period)
    except IntegrityError:  # another worker has written it
        return False
    content = _content(
        user, service_id, since=last.last_event_id if last else 0, days=_LENGTH[Interval(interval)]
    )
    row.lines, row.last_event_id = len(content.lines), content.last_event_id
    row.save(update_fields=["lines", "last_event_id"])
    if content.is_empty or not user.is_active:
        return False
    service = StateService.objects.filter(pk=service_id).first() if service_id else None
    cause = f"follow_up:{user.pk}:{service_id or 0}:{period.isoformat()}"
    return bool(tell([_notice(user, service, content, cause)]))


def _content(user: User, service_id: int | None, *, since: int, days: int) -> Content:
    """From the hats that the person wears now."""
    services, others = queries.hats_of(user)
    if service_id is None:
        return queries.of_person(others, since=since, days=days)
    for service, actor in services:
        if service.pk == service_id:
            return queries.of_service(service, actor, since=since, days=days)
    return Content([])


def _notice(user: User, service: StateService | None, content: Content, cause: str) -> Notice:
    lines = content.lines
    late, waiting = sum(bool(one.late) for one in lines), sum(bool(one.waiting) for one in lines)
    parts = [f"{late} en retard"] if late else []
    parts += [f"{waiting} à suivre"] if waiting else []
    said = ", ".join(parts) or "du nouveau"
    title = f"{service} : {said}" if service else f"Vos projets : {said}"
    url = reverse("projects:inbox") if service else reverse("projects:mine")
    rest = len(lines) - queries.MOST
    more = f"Et {count(rest, 'autre')} sur la page. " if rest > 0 else ""
    choose_url = absolute(reverse("projects:follow_up"))
    text, html = compose(
        facts=[(one.project.name, one.words) for one in lines[: queries.MOST]],
        intro=f"Voici ce qui a changé et ce qui vous attend, sur {count(len(lines), 'projet')}.",
        button_label="Voir les projets",
        button_url=f"{url}?vue=en-charge" if service else url,
        next_steps=f"{more}Changer de rythme ou arrêter : {choose_url}",
    )
    body = " ; ".join(f"{one.project.name} : {one.words}" for one in lines[:5])
    mail = Mail(title, text, html)
    return Notice(user, topics_pair.FOLLOW_UP.key, title, cause, body, url, mail)


# --- Steps that end


def remind_steps() -> int:
    """What ends in two days or ended yesterday: one notice a person and a day."""
    now = local(clock.now(), settings.TIME_ZONE)
    if now.hour < FROM_HOUR:
        return 0
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    told = 0
    for user, steps in groupby(queries.due_on_day(today), key=lambda one: one.owner):
        assert user is not None  # asked for in the query
        told += _remind(user, list(steps), today)
    return told


def _remind(user: User, steps: list[Step], today: date) -> int:
    services, others = queries.hats_of(user)
    hats = [actor for _, actor in services] + others
    keys = [one.project_id for one in steps]
    readable: set[int] = set()
    for hat in hats:
        readable |= set(standing.visible_to(hat).filter(pk__in=keys).values_list("pk", flat=True))
    shown = [one for one in steps if one.project_id in readable]
    if not shown:
        return 0
    facts = [(one.title, f"{_when(one, today)}, {one.project.name}") for one in shown]
    title = f"{count(len(shown), 'action')} à terminer ou en retard"
    if len(shown) == 1:
        title = f"{shown[0].title} : {_when(shown[0], today)}"
    url = reverse("projects:sheet", args=[shown[0].project.key])
    text, html = compose(
        facts=facts, intro=f"{title}.", button_label="Voir le projet", button_url=url
    )
    cause = f"steps:{user.pk}:{today.isoformat()}"
    body = " ; ".join(words for _, words in facts)
    topic = topics_pair.DEADLINES.key
    return len(tell([Notice(user, topic, title, cause, body, url, Mail(title, text, html))]))


def _when(step: Step, today: date) -> str:
    assert step.due_on is not None
    when = day(step.due_on, year=False)
    return f"en retard depuis le {when}" if step.due_on < today else f"pour le {when}"
