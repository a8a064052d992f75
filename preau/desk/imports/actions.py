"""Keeping a file of places, then bringing it in: all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.availability.actions.opening import create_calendar, follow, set_rules
from preau.availability.models import OpeningCalendar
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.formats import count
from preau.core.tables.reading import decoded, refuse_weight
from preau.desk.imports.enums import PlaceImportState
from preau.desk.imports.hours import in_words
from preau.desk.imports.models import PlaceImport
from preau.desk.imports.places import read_places
from preau.desk.imports.plan import PlacePlan, Plan, SpacePlan, make_plan, refuse_problems
from preau.desk.reading import MOST_BYTES
from preau.integrations.http import Unavailable
from preau.notifications import topics
from preau.notifications.actions import notify
from preau.notifications.topics import Topic
from preau.outside import addresses
from preau.places import actions as places
from preau.places.enums import Publication
from preau.places.models import Place, Space

S = PlaceImportState
LONG_WORK = topics.register(
    Topic("desk.long_work", "Travaux terminés", "Un import que vous avez lancé est fini."),
    order=80,
)
#: A geocoder that fails so many times in a row is left alone: communes' centres will do.
MOST_FAILURES = 3


@transaction.atomic
def read_file(
    content: bytes, name: str, *, organization: Organization, publish: bool, actor: Actor
) -> PlaceImport:
    """Keep what somebody sent, once it can be read as a whole. Nothing is imported yet.

    Raises:
        Refusal: it is no such file, or the organisation may not publish.
    """
    refuse_weight(content, MOST_BYTES)
    if publish and not organization.is_verified:
        raise Refusal(
            f"{organization} n’est pas encore vérifiée : importez des brouillons, vous les "
            "publierez ensuite.",
            field="publish",
            code="unverified",
        )
    text = decoded(content)
    read_places(text)
    made = PlaceImport.objects.create(
        organization=organization,
        made_by=actor.person,
        file_name=name[:200],
        text=text,
        publish=publish,
    )
    audit.record(actor, "place_import.read", made)
    return made


def plan_of(made: PlaceImport) -> Plan:
    """What the file would do now."""
    return make_plan(read_places(made.text), made.organization)


@transaction.atomic
def start(made: PlaceImport, *, actor: Actor) -> bool:
    """Take the file on, once: whether it is ours to run.

    Raises:
        Refusal: a line cannot be imported.
    """
    refuse_problems(plan_of(made))
    taken = PlaceImport.objects.filter(pk=made.pk, state__in=(S.READ, S.FAILED))
    if not taken.update(state=S.RUNNING, error="", ended_at=None):
        return False
    audit.record(actor, "place_import.start", made)
    return True


def locate(made: PlaceImport) -> None:
    """Look up the addresses that have no position, outside any transaction; keep what is found."""
    failures = 0
    for plan in plan_of(made).new_places:
        head = plan.head
        if not addresses.is_configured() or failures >= MOST_FAILURES:
            break
        if head.position is not None or head.commune is None or head.key in made.positions:
            continue
        postcode = head.place.get("postcode") or head.commune.main_postcode
        words = f"{head.place['address']} {postcode} {head.commune.name}"
        try:
            found = addresses.find(words)
            failures = 0
        except Unavailable:
            failures += 1
            continue
        if found and found.commune_code == head.commune.code:
            made.positions[head.key] = [found.latitude, found.longitude]
    PlaceImport.objects.filter(pk=made.pk).update(positions=made.positions)


def run(made: PlaceImport, *, actor: Actor) -> None:
    """Bring everything in, or nothing; tell who sent it. Run twice, it is done once."""
    try:
        with transaction.atomic():
            locked = PlaceImport.objects.select_for_update(of=("self",)).get(pk=made.pk)
            if locked.state != S.RUNNING:
                return
            plan = plan_of(locked)
            refuse_problems(plan)
            locked.outcome = {
                "places": len(plan.new_places),
                "spaces": plan.new_spaces,
                "changed": len(plan.changed),
            }
            _apply(plan, locked, actor)
            _end(locked, S.DONE)
            audit.record(actor, "place_import.done", locked, **locked.outcome)
    except Refusal as refusal:
        give_up(made, refusal.sentence)


@transaction.atomic
def give_up(made: PlaceImport, why: str) -> None:
    """Nothing has come in: say why."""
    made.error = why
    _end(made, S.FAILED)


def _end(made: PlaceImport, state: PlaceImportState) -> None:
    made.state, made.ended_at = state, clock.now()
    made.save(update_fields=["state", "ended_at", "outcome", "error"])
    title = "Import terminé" if state == S.DONE else "Import impossible, rien n’a changé"
    told = made.error
    if state == S.DONE:
        told = (
            f"{count(made.outcome['places'], 'lieu créé', 'lieux créés')}, "
            f"{count(made.outcome['spaces'], 'espace créé', 'espaces créés')}, "
            f"{count(made.outcome['changed'], 'lieu modifié', 'lieux modifiés')}."
        )
    notify(
        [made.made_by],
        topic=LONG_WORK.key,
        title=f"{title} : {made.file_name}",
        body=told,
        url=reverse("desk:places_import_look", args=[made.pk]),
        cause=f"place_import:{made.pk}:{made.ended_at:%Y%m%d%H%M%S}",
    )


def _apply(plan: Plan, made: PlaceImport, actor: Actor) -> None:
    for one in plan.places:
        try:
            with transaction.atomic():
                place = _place(one, made, actor)
                for space in one.spaces:
                    space.space = _space(space, place, actor)
                _set_hours(one, place, actor)
                _publish(one, place, made, actor)
        except Refusal as refusal:
            raise Refusal(
                f"Ligne {one.head.number} : {refusal.sentence} Rien n’a été importé.",
                code=refusal.code,
            ) from refusal


def _place(plan: PlacePlan, made: PlaceImport, actor: Actor) -> Place:
    head = plan.head
    position = head.position
    if plan.place is not None:
        if plan.differences:
            given = {key: head.place[key] for key in head.place if key not in {"name", "address"}}
            places.edit_place(
                actor=actor, place=plan.place, commune=head.commune, position=position, **given
            )
        return plan.place
    if head.commune is None:  # said among the problems, which stop everything before
        raise Refusal("commune : à remplir.")
    found: Any = made.positions.get(head.key)
    return places.create_place(
        actor=actor,
        owner=made.organization,
        commune=head.commune,
        position=position or (tuple(found) if found else None),
        **head.place,
    )


def _space(plan: SpacePlan, place: Place, actor: Actor) -> Space:
    if plan.space is None:
        return places.create_space(actor=actor, place=place, **plan.line.space)
    given = {key: value for key, value in plan.line.space.items() if key != "name"}
    if plan.differences and given:
        places.edit_space(actor=actor, space=plan.space, **given)
    return plan.space


def _set_hours(plan: PlacePlan, place: Place, actor: Actor) -> None:
    """Spaces of a place with the same hours follow the same calendar."""
    made: dict[str, OpeningCalendar] = {}
    for one in plan.spaces:
        hours, space = one.line.hours, one.space
        if hours is None or space is None or not one.changes_hours:
            continue
        if one.calendar is not None and one.calendar.followers.count() == 1:
            set_rules(one.calendar, hours, actor=actor)
            continue
        words = in_words(hours)
        if words not in made:
            rules = [replace(rule) for rule in hours]
            made[words] = create_calendar(place, f"Horaires : {words}"[:120], rules, actor=actor)
        follow(space, made[words], actor=actor)


def _publish(plan: PlacePlan, place: Place, made: PlaceImport, actor: Actor) -> None:
    if not made.publish:
        return
    if place.publication == Publication.DRAFT:
        places.publish_place(actor=actor, place=place, with_spaces=True)
        return
    for one in plan.spaces:
        if one.space is not None and one.space.publication == Publication.DRAFT:
            places.publish_space(actor=actor, space=one.space)
