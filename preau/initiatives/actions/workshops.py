"""Workshops: announcing, inviting, holding, concluding; the cell's watch list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.initiatives.emails import workshops as emails
from preau.initiatives.enums.workshops import (
    WORKSHOP_TRANSITIONS,
    GuestAnswer,
    WorkshopState,
)
from preau.initiatives.models import (
    AgendaItem,
    Conclusion,
    WatchNote,
    Workshop,
    WorkshopGuest,
)
from preau.initiatives.perms.calls import require, require_keeper
from preau.initiatives.where import instant, known_area, zone_of
from preau.places.models import Space
from preau.projects.actions import steps
from preau.projects.actions.steps import Wanted
from preau.projects.models import Project

MOST_GUESTS, MOST_ITEMS = 200, 20


@dataclass(frozen=True, slots=True)
class WorkshopFacts:
    """What a workshop says, as its form gives it; moments without a zone are of its territory.

    `agenda`: a title and minutes, or None.
    """

    title: str
    area_key: str
    starts_at: datetime
    ends_at: datetime
    location: str
    purpose: str = ""
    is_public: bool = False
    space: Space | None = None
    agenda: Sequence[tuple[str, int | None]] = ()


@transaction.atomic
def announce(organization: Organization, facts: WorkshopFacts, *, actor: Actor) -> Workshop:
    """
    Raises:
        Forbidden: they do not manage this public organisation.
        Refusal: it would end before it starts ("dates"), or is past ("past").
    """
    require_keeper(actor)
    require(actor, "workshop.manage", organization)
    workshop = Workshop(organization=organization, created_by=actor.user)
    _place(workshop, facts)
    if workshop.ends_at <= clock.now():
        raise Refusal("Cet atelier serait déjà fini : choisissez un autre jour.", field="day")
    _write(workshop, facts)
    audit.record(actor, "initiatives.announce_workshop", workshop)
    return workshop


def _place(workshop: Workshop, facts: WorkshopFacts) -> None:
    """Where and when: the hours are those of the territory it is now of."""
    where = known_area(facts.area_key)
    workshop.area_key, workshop.area_name = where.key, where.name[:120]
    workshop.time_zone = zone_of(where, workshop.organization)
    starts = instant(facts.starts_at, workshop.time_zone)
    ends = instant(facts.ends_at, workshop.time_zone)
    assert starts is not None
    assert ends is not None
    if ends <= starts:
        raise Refusal("L’atelier finit après avoir commencé.", field="end", code="dates")
    workshop.starts_at, workshop.ends_at = starts, ends


def _write(workshop: Workshop, facts: WorkshopFacts) -> None:
    workshop.title, workshop.purpose = facts.title.strip(), facts.purpose.strip()
    workshop.location, workshop.space = facts.location.strip(), facts.space
    workshop.is_public = facts.is_public
    workshop.save()
    workshop.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(workshop=workshop, position=number, title=title[:200], minutes=minutes)
        for number, (title, minutes) in enumerate(facts.agenda[:MOST_ITEMS])
    )


def _locked(workshop: Workshop, actor: Actor) -> Workshop:
    require(actor, "workshop.manage", workshop)
    found = Workshop.objects.select_for_update(of=("self",)).select_related(
        "organization__commune", "space__place"
    )
    return found.get(pk=workshop.pk)


@transaction.atomic
def edit(workshop: Workshop, facts: WorkshopFacts, *, actor: Actor) -> Workshop:
    """Change an announced one; guests hear of another day or place."""
    workshop = _locked(workshop, actor)
    if workshop.state != WorkshopState.ANNOUNCED:
        raise Refusal("Cet atelier a eu lieu ou est annulé : il ne change plus.", code="state")
    before = (workshop.starts_at, workshop.ends_at, workshop.location)
    _place(workshop, facts)
    moved = before != (workshop.starts_at, workshop.ends_at, facts.location.strip())
    if moved:
        workshop.sequence += 1
    _write(workshop, facts)
    audit.record(actor, "initiatives.edit_workshop", workshop)
    if moved:
        emails.changed(workshop)
    return workshop


@transaction.atomic
def invite(
    workshop: Workshop, people: Sequence[tuple[str, str, str]], *, actor: Actor
) -> list[WorkshopGuest]:
    """Write to each (address, name, structure); those already invited are left alone.

    Raises:
        Refusal: not announced any more ("state"), too many ("too_many").
    """
    workshop = _locked(workshop, actor)
    if workshop.state != WorkshopState.ANNOUNCED:
        raise Refusal("On n’invite plus à cet atelier : il a eu lieu ou est annulé.", code="state")
    there = set(workshop.guests.values_list("email", flat=True))
    if len(there) + len(people) > MOST_GUESTS:
        raise Refusal(
            f"Un atelier invite au plus {MOST_GUESTS} personnes.", field="people", code="too_many"
        )
    made = []
    for address, name, structure in people:
        email = address.strip().lower()
        if email in there:
            continue
        there.add(email)
        guest = WorkshopGuest.objects.create(
            workshop=workshop, email=email, name=name[:120], structure=structure[:160]
        )
        emails.invite(guest)
        made.append(guest)
    audit.record(actor, "initiatives.invite_guests", workshop, number=len(made))
    return made


@transaction.atomic
def uninvite(guest: WorkshopGuest, *, actor: Actor) -> None:
    workshop = _locked(guest.workshop, actor)
    audit.record(actor, "initiatives.uninvite", workshop)
    guest.delete()


@transaction.atomic
def answer(guest: WorkshopGuest, wanted: str) -> WorkshopGuest:
    """By the link of the letter: yes, no, maybe; may change until the workshop begins.

    Raises:
        Refusal: too late, or cancelled ("state").
    """
    workshop = guest.workshop
    if workshop.state != WorkshopState.ANNOUNCED or workshop.starts_at <= clock.now():
        raise Refusal("Cet atelier a commencé, ou est annulé : on n’y répond plus.", code="state")
    if wanted not in {GuestAnswer.YES, GuestAnswer.NO, GuestAnswer.MAYBE}:
        raise Refusal("Répondez oui, non ou peut-être.", code="answer")
    guest.answer, guest.answered_at = wanted, clock.now()
    guest.save(update_fields=["answer", "answered_at"])
    return guest


def _move(workshop: Workshop, to: WorkshopState, actor: Actor, *names: str) -> None:
    before = WorkshopState(workshop.state)
    if to not in WORKSHOP_TRANSITIONS[before]:
        raise Refusal(
            f"Cet atelier est « {before.label.lower()} » : rechargez la page.", code="state"
        )
    workshop.state = to
    workshop.save(update_fields=["state", *names])
    audit.record(actor, "initiatives.move_workshop", workshop, before=before, after=to)


@transaction.atomic
def cancel(workshop: Workshop, *, reason: str, actor: Actor) -> Workshop:
    workshop = _locked(workshop, actor)
    if not reason.strip():
        raise Refusal(
            "Dites pourquoi : les personnes invitées le liront.", field="reason", code="reason"
        )
    workshop.cancel_reason = reason.strip()[:500]
    workshop.sequence += 1
    _move(workshop, WorkshopState.CANCELLED, actor, "cancel_reason", "sequence")
    emails.cancelled(workshop)
    return workshop


@transaction.atomic
def write_minutes(workshop: Workshop, *, minutes: str, actor: Actor) -> Workshop:
    """Once begun: what was said. Writing them says that it was held."""
    workshop = _locked(workshop, actor)
    if workshop.state == WorkshopState.ANNOUNCED:
        if workshop.starts_at > clock.now():
            raise Refusal("L’atelier n’a pas commencé.", code="early")
        _move(workshop, WorkshopState.HELD, actor)
    if workshop.state != WorkshopState.HELD:
        raise Refusal("Le compte rendu ne change plus.", code="state")
    workshop.minutes = minutes.strip()
    workshop.save(update_fields=["minutes"])
    audit.record(actor, "initiatives.write_minutes", workshop)
    return workshop


@transaction.atomic
def add_conclusion(
    workshop: Workshop,
    *,
    text: str,
    owner_name: str,
    due_on: date,
    project: Project | None = None,
    actor: Actor,
) -> Conclusion:
    """What was decided, with who and when: an action of the project, else a note to watch.

    Raises:
        Forbidden: they may not write on the project.
    """
    workshop = _locked(workshop, actor)
    if workshop.state != WorkshopState.HELD:
        raise Refusal("Une conclusion s’écrit entre l’atelier et sa clôture.", code="state")
    made = Conclusion(workshop=workshop, text=text.strip(), owner_name=owner_name, due_on=due_on)
    if project is not None:
        detail = f"Conclusion de l’atelier « {workshop.title} »."
        wanted = Wanted(
            title=text.strip()[:200], detail=detail, owner_name=owner_name, due_on=due_on
        )
        made.step = steps.add(project, wanted, actor=actor)
    else:
        made.watch = watch(
            workshop.organization,
            text=text,
            area_key=workshop.area_key,
            owner_name=owner_name,
            due_on=due_on,
            actor=actor,
        )
    made.save()
    audit.record(actor, "initiatives.add_conclusion", workshop, conclusion=made.pk)
    return made


@transaction.atomic
def conclude(workshop: Workshop, *, actor: Actor) -> Workshop:
    """Close it: everybody invited reads the conclusions.

    Raises:
        Refusal: no minutes ("minutes").
    """
    workshop = _locked(workshop, actor)
    if not workshop.minutes:
        raise Refusal("Écrivez le compte rendu avant de conclure.", code="minutes")
    _move(workshop, WorkshopState.CONCLUDED, actor)
    emails.concluded(workshop)
    return workshop


# --- The watch list


@transaction.atomic
def watch(
    organization: Organization,
    *,
    text: str,
    area_key: str,
    owner_name: str = "",
    due_on: date | None = None,
    actor: Actor,
) -> WatchNote:
    """Something that emerges on the territory, to come back to."""
    require_keeper(actor)
    require(actor, "watch.manage", organization)
    where = known_area(area_key)
    note = WatchNote.objects.create(
        organization=organization,
        text=text.strip()[:500],
        area_key=where.key,
        area_name=where.name[:120],
        owner_name=owner_name.strip()[:120],
        due_on=due_on,
        created_by=actor.user,
    )
    audit.record(actor, "initiatives.watch", note)
    return note


@transaction.atomic
def close_watch(note: WatchNote, *, outcome: str, actor: Actor) -> WatchNote:
    require(actor, "watch.manage", note)
    note = WatchNote.objects.select_for_update().get(pk=note.pk)
    if note.closed_at is not None:
        return note
    if not outcome.strip():
        raise Refusal("Dites ce qu’il en est advenu.", field="outcome", code="outcome")
    note.outcome, note.closed_at = outcome.strip()[:500], clock.now()
    note.save(update_fields=["outcome", "closed_at"])
    audit.record(actor, "initiatives.close_watch", note)
    return note
