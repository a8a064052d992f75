"""From the grid to occupancies: taken in our places, asked in others'; then kept or stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from preau.access.actions import follow
from preau.accounts.actors import SYSTEM, Actor
from preau.availability.actions.occupancies import SlotTaken, Use, occupy_many, release_many
from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.timeranges import Period
from preau.places.locks import lock_roots
from preau.places.models import Space
from preau.timetables import emails, perms
from preau.timetables.actions import agreeing, listing
from preau.timetables.actions.preparing import locked
from preau.timetables.building import build
from preau.timetables.enums import LIVE, HostingState, TimetableState
from preau.timetables.models import (
    Hosting,
    Residency,
    ResidencyDate,
    ServiceNeed,
    Session,
    Timetable,
)
from preau.timetables.queries.conflicts import conflicts
from preau.timetables.queries.providers import provider_of
from preau.timetables.queries.publication import Clash, Plan, hosting_plan, plans

#: Why a timetable stops by itself.
OVER = "La saison est finie."


class Clashes(Refusal):
    """Dates that somebody has: to be left, or the grid changed."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__(
            f"{len(clashes)} dates ne sont pas libres. Laissez ces dates de côté, ou changez la"
            " grille."
            if len(clashes) > 1
            else "Une date n’est pas libre. Laissez-la de côté, ou changez la grille.",
            field="skip",
            code="clashes",
        )
        self.clashes = clashes


@transaction.atomic
def publish(
    timetable: Timetable, *, actor: Actor, skip: bool = False, review_on: date | None = None
) -> list[Hosting]:
    """Take the time of the grid in our places, ask for it in the others: all of it or nothing.

    Args:
        skip: leave the dates that are not free; otherwise they are refused.
        review_on: it is a trial, to be kept or stopped on that day.

    Raises:
        Clashes: some dates are not free.
        Refusal: the grid does not hold, or somebody was faster.
    """
    perms.require(actor, "timetable.publish", timetable)
    timetable = locked(timetable)
    _refuse_state(timetable)
    sessions = _sessions(timetable)
    _refuse_grid(timetable, sessions)
    _refuse_review(timetable, review_on)
    ours = [one.candidate.space for one in sessions if perms.runs(actor, one.candidate.space.place)]
    lock_roots(ours)
    found = plans(timetable, sessions, actor)
    clashes = [clash for plan in found if plan.is_ours for clash in plan.clashes]
    if clashes and not skip:
        raise Clashes(clashes)
    timetable.state = TimetableState.TRIAL if review_on else TimetableState.PUBLISHED
    timetable.is_trial, timetable.review_on = review_on is not None, review_on
    timetable.published_at = clock.now()
    timetable.save(update_fields=["state", "is_trial", "review_on", "published_at"])
    hostings = [_host(timetable, plan, actor) for plan in found]
    audit.record(actor, "timetable.published", timetable, places=len(hostings))
    emails.tell_mediators(timetable)
    emails.tell_providers(timetable)
    return hostings


def _refuse_state(timetable: Timetable) -> None:
    sentences = {
        TimetableState.COMPUTING: "Un calcul est en cours : attendez sa fin pour publier.",
        TimetableState.STOPPED: "Cette grille est arrêtée : composez-en une autre.",
    }
    if timetable.state in LIVE:
        raise Refusal("Quelqu’un vient de publier cette grille.", code="already")
    if sentence := sentences.get(TimetableState(timetable.state)):
        raise Refusal(sentence, code="state")


def _sessions(timetable: Timetable) -> list[Session]:
    rows = timetable.sessions.select_related(
        "need__mediator", "need__provider", "candidate__space__place__commune"
    )
    return list(rows.select_related("candidate__space__place__owner"))


def _refuse_grid(timetable: Timetable, sessions: Sequence[Session]) -> None:
    if not sessions:
        raise Refusal("La grille est vide : composez-la d’abord.", code="empty")
    impossible = [one for one in conflicts(build(timetable), sessions) if one.is_impossible]
    if impossible:
        first = impossible[0]
        raise Refusal(
            f"La grille ne tient pas. {first.session.need} : {first.words} Corrigez-la, puis"
            " publiez.",
            code="conflicts",
        )


def _refuse_review(timetable: Timetable, review_on: date | None) -> None:
    today = clock.today(timetable.zone)
    if review_on is not None and not today < review_on <= timetable.last_day:
        raise Refusal(
            "Le bilan d’un essai a lieu pendant la saison, après aujourd’hui.", field="review_on"
        )


def _host(timetable: Timetable, plan: Plan, actor: Actor) -> Hosting:
    ours = plan.is_ours
    hosting = Hosting.objects.create(
        timetable=timetable,
        place=plan.place,
        state=HostingState.ACCEPTED if ours else HostingState.ASKED,
        decided_by=actor.user if ours else None,
        decided_at=clock.now() if ours else None,
    )
    Residency.objects.bulk_create(
        Residency(
            hosting=hosting,
            need=one.need,
            space=space,
            day=one.day,
            start=one.start,
            minutes=one.end - one.start,
        )
        for one, space, _ in plan.held
    )
    if ours:
        _take(hosting, plan, actor)
    else:
        emails.ask_hosts(hosting)
    return hosting


def _take(hosting: Hosting, plan: Plan, actor: Actor) -> None:
    """The occupancies of what is agreed, the agreements, the lines of the directory."""
    made = {
        (one.need_id, one.space_id, one.day, one.start): one
        for one in hosting.residencies.select_related("need__mediator", "need__provider")
    }
    for space in {space.pk: space for _, space, _ in plan.held}.values():
        wanted: list[tuple[Period, Use]] = []
        whose: list[Residency] = []
        for one, where, periods in plan.held:
            if where.pk == space.pk:
                residency = made[one.need.pk, space.pk, one.day, one.start]
                wanted += [(period, _use(residency.need)) for period in periods]
                whose += [residency] * len(periods)
        taken = _occupy(space, wanted, actor)
        ResidencyDate.objects.bulk_create(
            ResidencyDate(residency=residency, occupancy=occupancy)
            for residency, occupancy in zip(whose, taken, strict=True)
        )
        follow(hosting.place_id, [occupancy.pk for occupancy in taken])
    hosting.skipped = [
        {"day": clash.day.isoformat(), "space": clash.space.name, "why": clash.why,
         "service": clash.need.label}
        for clash in plan.clashes
    ]  # fmt: skip
    hosting.save(update_fields=["skipped"])
    agreeing.draw_all(hosting, actor=actor)
    listing.write(hosting)


def _occupy(space: Space, wanted: Sequence[tuple[Period, Use]], actor: Actor) -> list[Occupancy]:
    try:
        return occupy_many(space, wanted, actor=actor)
    except SlotTaken as taken:
        raise Refusal(
            f"Quelqu’un vient de prendre un créneau de « {space} », {space.place} : rien n’a été"
            " publié. Relisez les dates, puis recommencez.",
            code="slot_taken",
        ) from taken


def _use(need: ServiceNeed) -> Use:
    return Use(
        kind=OccupancyKind.RESIDENCY,
        label=need.label[:160],
        holder_organization=provider_of(need),
        contact_name=need.mediator.name if need.mediator else "",
    )


# --- Places that are asked


@transaction.atomic
def accept(hosting: Hosting, *, actor: Actor, skip: bool = False) -> None:
    """The people of the place say yes: its time is taken, but for what is not free.

    Raises:
        Clashes: some dates are not free, and nobody said to leave them.
    """
    hosting = _answerable(hosting, actor)
    lock_roots([one.space for one in hosting.residencies.select_related("space")])
    plan = hosting_plan(hosting)
    if plan.clashes and not skip:
        raise Clashes(plan.clashes)
    hosting.state, hosting.decided_by = HostingState.ACCEPTED, actor.user
    hosting.decided_at = clock.now()
    hosting.save(update_fields=["state", "decided_by", "decided_at"])
    _take(hosting, plan, actor)
    audit.record(actor, "hosting.accepted", hosting)
    emails.tell_coordinators(hosting)


@transaction.atomic
def refuse(hosting: Hosting, reason: str, *, actor: Actor) -> None:
    """The people of the place say no, and why."""
    hosting = _answerable(hosting, actor)
    reason = reason.strip()
    if not reason:
        raise Refusal("Écrivez pourquoi : le coordinateur le lira.", field="reason")
    hosting.state, hosting.reason = HostingState.REFUSED, reason[:300]
    hosting.decided_by, hosting.decided_at = actor.user, clock.now()
    hosting.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    audit.record(actor, "hosting.refused", hosting, reason=reason)
    emails.tell_coordinators(hosting)


def _answerable(hosting: Hosting, actor: Actor) -> Hosting:
    perms.require(actor, "hosting.answer", hosting)
    timetable = locked(hosting.timetable)
    rows = Hosting.objects.select_for_update(of=("self",)).select_related(
        "place__owner", "place__commune"
    )
    hosting = rows.get(pk=hosting.pk)
    hosting.timetable = timetable
    if hosting.state != HostingState.ASKED or timetable.state not in LIVE:
        raise Refusal(
            f"Cette demande n’attend plus de réponse : elle est « {hosting.get_state_display()} ».",
            code="state",
        )
    return hosting


# --- Kept, or stopped


@transaction.atomic
def keep(timetable: Timetable, *, actor: Actor) -> None:
    """The trial is over and what it tried goes on until the end of the season."""
    perms.require(actor, "timetable.publish", timetable)
    timetable = locked(timetable)
    if timetable.state != TimetableState.TRIAL:
        raise Refusal("Cette grille n’est pas à l’essai.", code="state")
    timetable.state = TimetableState.PUBLISHED
    timetable.save(update_fields=["state"])
    audit.record(actor, "timetable.kept", timetable)


@transaction.atomic
def stop(timetable: Timetable, reason: str, *, actor: Actor) -> int:
    """No more sittings from now on: what was taken ahead is given back. How many dates."""
    perms.require(actor, "timetable.publish", timetable)
    timetable = locked(timetable)
    if timetable.state not in LIVE:
        raise Refusal("Cette grille n’est pas publiée.", code="state")
    if not reason.strip():
        raise Refusal(
            "Écrivez pourquoi : lieux, structures et médiateurs le liront.", field="reason"
        )
    reason = reason.strip()[:300]
    freed = _free_ahead(timetable, reason, actor)
    emails.tell_mediators_it_ends(timetable, reason)
    emails.tell_providers_it_ends(timetable, reason)
    for hosting in _end_hostings(timetable):
        agreeing.withdraw_all(hosting, reason, actor=actor)
        listing.erase(hosting)
        emails.tell_hosts_it_ends(hosting, reason)
    _stopped(timetable, reason)
    audit.record(actor, "timetable.stopped", timetable, dates=freed, reason=reason)
    return freed


def _free_ahead(timetable: Timetable, reason: str, actor: Actor) -> int:
    ahead = Occupancy.objects.filter(
        residency_date__residency__hosting__timetable=timetable,
        released_at=None,
        period__startswith__gt=clock.now(),
    )
    occupancies = list(ahead)
    release_many(occupancies, actor=actor, reason=reason)
    return len(occupancies)


def _end_hostings(timetable: Timetable) -> list[Hosting]:
    """All that were asked or accepted."""
    rows = timetable.hostings.exclude(state=HostingState.REFUSED).select_related("place")
    hostings = list(rows)
    for hosting in hostings:
        hosting.timetable = timetable
        hosting.state, hosting.decided_at = HostingState.ENDED, clock.now()
        hosting.save(update_fields=["state", "decided_at"])
    return hostings


def _stopped(timetable: Timetable, reason: str) -> None:
    timetable.state, timetable.stopped_at = TimetableState.STOPPED, clock.now()
    timetable.stop_reason = reason
    timetable.save(update_fields=["state", "stopped_at", "stop_reason"])


@transaction.atomic
def end_season(timetable: Timetable) -> bool:
    """The last day has passed: what was held was held, and its signed agreements stand."""
    timetable = locked(timetable)
    if timetable.state not in LIVE or timetable.last_day >= clock.today(timetable.zone):
        return False
    held = set(timetable.hostings.filter(state=HostingState.ACCEPTED).values_list("pk", flat=True))
    for hosting in _end_hostings(timetable):
        agreeing.withdraw_unsigned(hosting, OVER, actor=SYSTEM)
        listing.erase(hosting)
        if hosting.pk in held:
            emails.tell_hosts_season_is_over(hosting)
    _stopped(timetable, OVER)
    audit.record(SYSTEM, "timetable.season_over", timetable)
    return True
