"""The watch: following a gap, a project, a place, anything; and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Membership
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.directory.models import Sheet
from preau.projects.models import Project
from preau.projects.standing import visible_to
from preau.siting.actions.gaps import gap_around
from preau.siting.enums import WATCH_TRANSITIONS, WatchKind, WatchState
from preau.siting.models import Scenario, WatchItem
from preau.siting.perms import require, require_reading
from preau.siting.wording import limit_words
from preau.territories.areas import Area


@dataclass(frozen=True, slots=True)
class WatchFacts:
    title: str
    area: Area | None = None
    note: str = ""
    owner_id: int | None = None


def follow_gap(scenario: Scenario, code: str, *, actor: Actor) -> WatchItem:
    """A commune that a study leaves uncovered, with those around it.

    Raises:
        Refusal: it is not computed yet, or leaves this commune covered.
    """
    require_reading(actor, scenario.study)
    if not scenario.is_ready:
        raise Refusal("Ce scénario n’est pas encore calculé.", code="not_ready")
    around, people = gap_around(scenario, code)
    commune = around[0]
    words = limit_words(scenario)
    others = f" et {len(around) - 1} communes autour" if len(around) > 1 else ""
    item = WatchItem(
        kind=WatchKind.GAP,
        area_key=f"commune:{code}",
        scenario=scenario,
        title=f"{commune.name}{others} : {people} habitants sans lieu {words}"[:200],
    )
    return _follow(item, actor=actor)


def follow_project(project: Project, *, actor: Actor) -> WatchItem:
    """
    Raises:
        Forbidden: they do not read this project.
    """
    if not visible_to(actor, filed=True).filter(pk=project.pk).exists():
        raise Forbidden
    item = WatchItem(kind=WatchKind.PROJECT, project=project, title=project.name[:200])
    return _follow(item, actor=actor)


def follow_sheet(sheet: Sheet, *, actor: Actor) -> WatchItem:
    if not sheet.is_public:
        raise Forbidden
    item = WatchItem(
        kind=WatchKind.SHEET,
        sheet=sheet,
        title=sheet.name[:200],
        area_key=f"commune:{sheet.commune_id}",
    )
    return _follow(item, actor=actor)


def follow(facts: WatchFacts, *, actor: Actor) -> WatchItem:
    """A free subject."""
    item = WatchItem(kind=WatchKind.NOTE)
    if actor.organization is None:
        raise Forbidden("Choisissez au nom de quelle structure vous agissez.")
    item.organization = actor.organization
    _write(item, facts)
    return _follow(item, actor=actor)


@transaction.atomic
def _follow(item: WatchItem, *, actor: Actor) -> WatchItem:
    if actor.organization is None:
        raise Forbidden("Choisissez au nom de quelle structure vous agissez.")
    item.organization = actor.organization
    require(actor, "watch.write", item)
    if item.owner_id is None and item.kind != WatchKind.NOTE:
        item.owner = actor.user
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise Refusal("C’est déjà dans votre veille.", code="followed") from None
    audit.record(actor, "siting.follow", item, kind=item.kind)
    return item


@transaction.atomic
def edit(item: WatchItem, facts: WatchFacts, *, actor: Actor) -> None:
    require(actor, "watch.write", item)
    item = WatchItem.objects.select_for_update().get(pk=item.pk)
    _write(item, facts)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise Refusal("C’est déjà dans votre veille.", field="area", code="followed") from None
    audit.record(actor, "siting.edit_watch", item)


def _write(item: WatchItem, facts: WatchFacts) -> None:
    title = facts.title.strip()[:200]
    if not title:
        raise Refusal("Dites ce que vous suivez.", field="title", code="title")
    if facts.owner_id is not None:
        members = Membership.objects.filter(organization=item.organization_id, ended_at=None)
        if not members.filter(user_id=facts.owner_id).exists():
            raise Refusal("Cette personne ne fait plus partie de votre structure.", field="owner")
    if item.kind == WatchKind.GAP and facts.area is None:
        raise Refusal("Gardez la commune concernée.", field="area", code="area")
    item.title, item.note, item.owner_id = title, facts.note.strip(), facts.owner_id
    item.area_key = facts.area.key if facts.area else ""


@transaction.atomic
def move(item: WatchItem, state: WatchState, *, actor: Actor) -> None:
    """Twice to the same state is once.

    Raises:
        Refusal: no such step, or the same thing is followed again since.
    """
    require(actor, "watch.write", item)
    item = WatchItem.objects.select_for_update().get(pk=item.pk)
    if item.state == state:
        return
    if state not in WATCH_TRANSITIONS[item.state]:
        raise Refusal("Ce sujet est clos : reprenez-le d’abord.", code="state")
    before, item.state = item.state, state
    now = clock.now()
    item.closed_at = now if state == WatchState.CLOSED else None
    if state == WatchState.ACTIVE:
        item.started_at = now
    try:
        with transaction.atomic():
            item.save(update_fields=["state", "closed_at", "started_at"])
    except IntegrityError as error:
        if "_once" not in str(error):
            raise
        raise Refusal("C’est déjà dans votre veille.", code="followed") from None
    audit.record(actor, "siting.move_watch", item, before=before, after=state)
