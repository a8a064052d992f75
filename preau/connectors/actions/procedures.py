"""Keeping démarches: add, read again, map, offer, take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import User
from preau.connectors.models import Procedure
from preau.connectors.procedures import schema
from preau.connectors.procedures.perms import require, require_keeper
from preau.connectors.procedures.remote import fetch, is_on, path_of
from preau.connectors.procedures.sources import SOURCES
from preau.connectors.procedures.states import Family, ProcedureState
from preau.connectors.procedures.topics import PROCEDURES
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.sealed import seal
from preau.integrations.demarches import Demarche
from preau.notifications.actions import notify
from preau.projects.models import Programme

S = ProcedureState
TOKEN_PURPOSE = "connectors.procedure"  # noqa: S105  (a purpose, no secret)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a démarche is offered to holders."""

    label: str
    funder: str
    family: Family
    programme: Programme | None
    area: str
    closes_on: date | None


def add(typed: str, family: Family, *, actor: Actor) -> Procedure:
    """Read a démarche and keep it, in preparation. Asks the service: outside any transaction.

    Raises:
        Refusal: "path", "number", "off", "down", "missing", or it is there already ("there").
    """
    require_keeper(actor)
    path = path_of(typed)
    if Procedure.objects.filter(path=path).exists():
        raise Refusal("Cette démarche est déjà dans la liste.", field="path", code="there")
    found = fetch(path)
    made = Procedure(
        path=path,
        label=found.title[:200] or path,
        family=family,
        organization=None if actor.is_operator else actor.organization,
        created_by=actor.user,
    )
    _read(made, found)
    try:
        with transaction.atomic():
            made.save()
            audit.record(actor, "connectors.procedure_added", made, number=made.number)
    except IntegrityError:
        raise Refusal(
            "Cette démarche est déjà dans la liste, sous une autre adresse.",
            field="path",
            code="there",
        ) from None
    return made


def _read(procedure: Procedure, found: Demarche) -> None:
    procedure.number = found.number
    procedure.title = found.title[:300]
    procedure.revision = found.revision[:120]
    procedure.champs = [schema.dumped(one) for one in found.champs]
    procedure.fetched_at = clock.now()
    procedure.closed_at = None


def refresh(procedure: Procedure, *, actor: Actor = SYSTEM) -> list[str]:
    """Read it again; labels of mapped champs that are no more. Asks the service.

    A mapping that lost a champ must be confirmed again: until then nobody is offered it.

    Raises:
        Refusal: as `fetch`; where the service has it no longer ("missing"), it is noted closed.
    """
    require(actor, "procedure.edit", procedure)
    try:
        found = fetch(procedure.path)
    except Refusal as refusal:
        if refusal.code == "missing":
            close(procedure)
        raise
    with transaction.atomic():
        fresh = Procedure.objects.select_for_update().get(pk=procedure.pk)
        changed = fresh.revision != found.revision
        _read(fresh, found)
        gone = schema.vanished(schema.loaded(fresh.champs), fresh.mapping)
        if gone and fresh.confirmed_at is not None:
            fresh.confirmed_at = None
            tell_operators(
                fresh,
                f"« {fresh.label} » a changé : ses correspondances sont à confirmer",
                f"connectors.changed:{fresh.pk}:{fresh.revision}",
                "Ces questions n’existent plus, ou ont changé de nature : "
                + ", ".join(f"« {one} »" for one in gone[:8])
                + ". La démarche n’est plus proposée aux porteurs jusque-là.",
            )
        fresh.save()
        audit.record(actor, "connectors.procedure_read", fresh, changed=changed, gone=len(gone))
    procedure.refresh_from_db()
    return gone


def close(procedure: Procedure) -> None:
    """The service says that it is not open: nobody is sent there any more."""
    with transaction.atomic():
        fresh = Procedure.objects.select_for_update().get(pk=procedure.pk)
        if fresh.closed_at is None:
            fresh.closed_at = clock.now()
            fresh.save(update_fields=["closed_at"])
            tell_operators(
                fresh,
                f"« {fresh.label} » est fermée sur le service",
                f"connectors.closed:{fresh.pk}:{fresh.closed_at:%Y%m%d}",
                "Elle n’est plus proposée aux porteurs de projet. Si elle a rouvert, relisez-la"
                " depuis sa page.",
            )
    procedure.refresh_from_db()


@transaction.atomic
def set_terms(procedure: Procedure, terms: Terms, *, actor: Actor) -> None:
    require(actor, "procedure.edit", procedure)
    for name in ("label", "funder", "family", "programme", "area", "closes_on"):
        setattr(procedure, name, getattr(terms, name))
    procedure.save(update_fields=["label", "funder", "family", "programme", "area", "closes_on"])
    audit.record(actor, "connectors.procedure_terms", procedure)


@transaction.atomic
def confirm(
    procedure: Procedure, chosen: dict[str, str], *, seen_revision: str, actor: Actor
) -> None:
    """Say what goes where: champ id → source, checked against the champs read last.

    Raises:
        Refusal: the démarche was read again meanwhile ("moved"), a source does not fit ("fit").
    """
    require(actor, "procedure.edit", procedure)
    fresh = Procedure.objects.select_for_update().get(pk=procedure.pk)
    if fresh.revision != seen_revision:
        raise Refusal(
            "La démarche vient d’être relue et a changé : vérifiez les correspondances avant de"
            " les confirmer.",
            code="moved",
        )
    known = {one.id: (one, inside) for one, inside in schema.every(schema.loaded(fresh.champs))}
    mapping = {}
    for champ_id, key in chosen.items():
        source, pair = SOURCES.get(key), known.get(champ_id)
        if source is None or pair is None or not source.fits(*pair):
            label = pair[0].label if pair else champ_id
            raise Refusal(f"« {label} » n’attend pas cette donnée.", code="fit")
        mapping[champ_id] = {"source": key, "label": pair[0].label, "type": pair[0].type}
    fresh.mapping = mapping
    fresh.confirmed_at = clock.now()
    fresh.confirmed_by = actor.user
    fresh.save(update_fields=["mapping", "confirmed_at", "confirmed_by"])
    audit.record(actor, "connectors.procedure_mapped", fresh, champs=len(mapping))
    procedure.refresh_from_db()


@transaction.atomic
def publish(procedure: Procedure, *, actor: Actor) -> None:
    """Offer it to holders.

    Raises:
        Refusal: its mapping is not confirmed ("mapping"), or it is closed ("closed").
    """
    require(actor, "procedure.publish", procedure)
    if procedure.confirmed_at is None:
        raise Refusal("Confirmez d’abord les correspondances.", code="mapping")
    if procedure.closed_at is not None:
        raise Refusal("Elle est fermée sur le service : relisez-la d’abord.", code="closed")
    procedure.state, procedure.published_at = S.PUBLISHED, clock.now()
    procedure.save(update_fields=["state", "published_at"])
    audit.record(actor, "connectors.procedure_published", procedure)


@transaction.atomic
def archive(procedure: Procedure, *, actor: Actor) -> None:
    """Offer it no more; dossiers sent already are still followed."""
    require(actor, "procedure.publish", procedure)
    procedure.state = S.ARCHIVED
    procedure.save(update_fields=["state"])
    audit.record(actor, "connectors.procedure_archived", procedure)


@transaction.atomic
def set_token(procedure: Procedure, token: str, *, actor: Actor) -> None:
    """Keep, or take away with "", the token with which agents read its dossiers."""
    require(actor, "procedure.publish", procedure)
    procedure.sealed_token = seal(token, purpose=TOKEN_PURPOSE) if token else ""
    procedure.agent_since = procedure.agent_started = None
    procedure.agent_after = ""
    procedure.save(update_fields=["sealed_token", "agent_since", "agent_started", "agent_after"])
    audit.record(actor, "connectors.procedure_token", procedure, kept=bool(token))


def refresh_all() -> int:
    """Every night: is what is offered still what the service asks?"""
    done = 0
    if not is_on():
        return done
    for one in Procedure.objects.filter(state=S.PUBLISHED).order_by("fetched_at"):
        try:
            refresh(one)
        except Refusal as refusal:
            if refusal.code == "down":  # the next night does the rest
                break
        else:
            done += 1
    return done


def tell_operators(procedure: Procedure, title: str, cause: str, body: str) -> None:
    people = User.objects.filter(is_operator=True, is_active=True)
    url = reverse("connectors:procedure", args=[procedure.key])
    notify(people, topic=PROCEDURES.key, title=title, cause=cause, body=body, url=url)
