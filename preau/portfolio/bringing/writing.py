"""Making projects of what lines say: many at once when new, one by one when they change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.portfolio.bringing.enums import LineState
from preau.portfolio.bringing.lines import Wanted
from preau.portfolio.bringing.models import BatchLine, ProjectBatch
from preau.projects import history, perms
from preau.projects.actions import identity, states, territory
from preau.projects.enums import AssignmentState, EventKind, Origin, ProjectRole, ProjectState
from preau.projects.models import (
    Assignment,
    ExternalRef,
    Project,
    ProjectCommune,
    ProjectEvent,
    ProjectProgramme,
)
from preau.projects.references import new_reference

S = ProjectState
PARIS = ZoneInfo("Europe/Paris")
#: What an update writes besides what `identity.edit` does.
OWN = ("crte", "crte_year", "crte_orientation", "holder_siret", "holder_name", "epci")
_FAR = {S.ACKNOWLEDGED: 0, S.QUALIFIED: 1, S.ACCOMPANIED: 2, S.CLOSED: 3}
Pairs = Sequence[tuple[BatchLine, Wanted]]


# --- New ones


def create(batch: ProjectBatch, pairs: Pairs, *, actor: Actor) -> None:
    """Make them all, each with its communes, programmes, name elsewhere, services and history."""
    now = clock.now()
    projects = Project.objects.bulk_create([_project(batch, one, now) for _, one in pairs])
    made = list(zip(pairs, projects, strict=True))
    ProjectCommune.objects.bulk_create(
        ProjectCommune(project=project, commune=commune)
        for (_, one), project in made
        for commune in one.communes
    )
    today = clock.today(PARIS)
    ProjectProgramme.objects.bulk_create(
        ProjectProgramme(project=project, programme=programme, since=today)
        for (_, one), project in made
        for programme in one.programmes or ()
    )
    ExternalRef.objects.bulk_create(
        ExternalRef(project=project, system=batch.system, external_id=one.external_id)
        for (_, one), project in made
        if one.external_id
    )
    Assignment.objects.bulk_create(
        assignment for (_, one), project in made for assignment in _services(project, one, actor)
    )
    ProjectEvent.objects.bulk_create(
        ProjectEvent(
            project=project,
            at=now,
            kind=EventKind.IMPORT,
            user=actor.user,
            on_behalf_of=str(actor.organization or "")[:160],
            subject=_origin(batch, line),
            after=project.state,
        )
        for (line, _), project in made
    )
    audit.record_each(actor, "projects.brought_in", projects, batch=batch.pk)
    for (line, _), project in made:
        line.state, line.project_id, line.written_at = LineState.CREATED, project.pk, now


def _origin(batch: ProjectBatch, line: BatchLine) -> str:
    return f"{batch.file_name[:150]}, ligne {line.number}"


def _project(batch: ProjectBatch, one: Wanted, now: datetime) -> Project:
    given: dict[str, Any] = dict(one.fields)
    deposited = _instant(given.pop("deposited_on", None), now)
    assert one.pair is not None
    lead = one.communes[0]
    state = one.state or ProjectState(batch.default_state)
    given.setdefault("service_in_charge_id", one.pair.ddt_id)
    given.setdefault("in_charge_id", one.pair.in_charge_id)
    latitude, longitude = territory.middle(one.communes)
    others = sorted({two.departement_id for two in one.communes} - {lead.departement_id})
    return Project(
        reference=new_reference(),
        origin=Origin.IMPORT,
        import_batch_id=batch.pk,
        filed_by_id=batch.made_by_id,
        lead_commune=lead,
        epci=one.epci or lead.epci,
        crte=one.crte,
        departement_code=lead.departement_id,
        departement_codes=[lead.departement_id, *others],
        latitude=latitude,
        longitude=longitude,
        created_at=now,
        updated_at=now,
        deposited_at=deposited,
        acknowledged_at=deposited,
        qualified_at=deposited if _FAR[state] >= _FAR[S.QUALIFIED] else None,
        accompanied_at=deposited if _FAR[state] >= _FAR[S.ACCOMPANIED] else None,
        ended_at=now if state == S.CLOSED else None,
        end_reason="Repris clos." if state == S.CLOSED else "",
        state=state,
        **given,
    )


def _instant(day: date | None, now: datetime) -> datetime:
    return (
        datetime.combine(day, time(12), PARIS)
        if day and day < now.astimezone(PARIS).date()
        else now
    )


def _services(project: Project, one: Wanted, actor: Actor) -> list[Assignment]:
    """Both services of the pair; the one in charge leads."""
    assert one.pair is not None
    live = project.state != S.CLOSED
    return [
        Assignment(
            project=project,
            service_id=service,
            user_id=project.in_charge_id if service == project.service_in_charge_id else None,
            role=ProjectRole.PILOT
            if service == project.service_in_charge_id
            else ProjectRole.SUPPORT,
            state=AssignmentState.ACCEPTED if live else AssignmentState.ENDED,
            created_by=actor.user,
            decided_at=project.updated_at,
            ended_at=None if live else project.updated_at,
        )
        for service in (one.pair.ddt_id, one.pair.prefecture_id)
    ]


# --- Those that are there


def differences(one: Wanted) -> dict[str, Any]:
    """What the line would change in its project: field → value, and "communes", "programmes"."""
    project = one.project
    assert project is not None
    left_out = {"in_charge_id", "service_in_charge_id", "deposited_on", "holder_organization"}
    found = {
        name: value
        for name, value in one.fields.items()
        if name not in left_out and getattr(project, name) != value
    }
    here = [two.commune_id for two in project.communes.all()]  # prepared by `known`
    if one.communes and (
        {two.pk for two in one.communes} != set(here)
        or one.communes[0].pk != project.lead_commune_id
    ):
        found["communes"] = one.communes
    if one.epci is not None and one.epci.pk != project.epci_id:
        found["epci"] = one.epci
    if one.crte is not None and one.crte.pk != project.crte_id:
        found["crte"] = one.crte
    organization = one.fields.get("holder_organization")
    if organization is not None and project.holder_organization_id is None:
        found["holder_organization"] = organization
    in_them = {two.programme_id for two in project.programmes.all() if two.until is None}
    more = [two for two in one.programmes or () if two.pk not in in_them]
    if more:
        found["programmes"] = more
    return found


def update(batch: ProjectBatch, line: BatchLine, one: Wanted, *, actor: Actor) -> None:
    """Write what differs, in the caller's transaction; what the line does not say stays.

    Raises:
        Refusal: the project cannot take a value, or is not the actor's to edit.
    """
    project = one.project
    assert project is not None
    _name_it(batch, one)
    changed = differences(one)
    line.project_id = project.pk
    if not changed:
        line.state = LineState.SAME
        return
    perms.require(actor, "project.edit", project)
    states.require_open(project)
    words = {name: changed[name] for name in identity.EDITED if name in changed}
    if words:
        identity.edit(project, words, actor=actor, seen=identity.values_of(project))
    if "communes" in changed:
        # The first of the file is the main one now.
        project.lead_commune = changed["communes"][0]
        territory.set_territory(project, changed["communes"], changed.get("epci"))
    own = {name: changed[name] for name in (*OWN, "holder_organization") if name in changed}
    for name, value in own.items():
        setattr(project, name, value)
    if own:
        project.save(update_fields=list(own))
    if "programmes" in changed:
        standing = [two.programme for two in project.programmes.filter(until=None)]
        territory.set_programmes(project, [*standing, *changed["programmes"]])
    history.note(
        project,
        EventKind.IMPORT,
        actor=actor,
        about=_origin(batch, line),
        change=("", ", ".join(sorted(changed))),
    )
    line.state, line.written_at = LineState.UPDATED, project.updated_at


def _name_it(batch: ProjectBatch, one: Wanted) -> None:
    if one.external_id and one.project is not None:
        ExternalRef.objects.update_or_create(
            system=batch.system,
            external_id=one.external_id,
            defaults={"project": one.project, "synced_at": clock.now()},
        )
