"""Opening a mirror, step by step; changing what it holds; giving it another keeper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.core import audit
from preau.core.errors import Forbidden, Refusal
from preau.mirrors.actions import runs
from preau.mirrors.enums import ConflictState, MirrorState, Problem, RunKind
from preau.mirrors.models import Conflict, Mirror, MirroredTable
from preau.mirrors.perms import may_keep, require
from preau.mirrors.servers import Address
from preau.mirrors.sources import SOURCES


@dataclass(frozen=True, slots=True)
class Choice:
    """What to mirror of a source."""

    columns: Sequence[str]
    opened: Sequence[str] = ()


@transaction.atomic
def prepare(name: str, address: Address, api_key: str, *, actor: Actor) -> Mirror:
    """Keep where it goes and with which key; nothing is sent before `start`.

    Raises:
        Forbidden: not a manager of a public organisation.
        Refusal: that document has a mirror already.
    """
    if not may_keep(actor) or actor.organization is None:
        raise Forbidden(
            "Les miroirs sont ouverts par les gestionnaires d’une structure publique vérifiée."
        )
    mirror = Mirror(
        organization=actor.organization,
        keeper=actor.person,
        name=name,
        server=address.server,
        document=address.document,
    )
    mirror.set_key(api_key)
    _keep(mirror)
    audit.record(actor, "mirrors.prepare", mirror)
    return mirror


@transaction.atomic
def change_document(
    mirror: Mirror, name: str, address: Address, api_key: str, *, actor: Actor
) -> Mirror:
    """Another name or key ("" keeps it); another document only before it is started.

    Raises:
        Refusal: it is started, and the address is another.
    """
    require(actor, "mirror.write", mirror)
    mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
    _refuse_closed(mirror)
    moved = (mirror.server, mirror.document) != (address.server, address.document)
    if moved and mirror.tables.exclude(remote="").exists():
        raise Refusal(
            "Ce miroir a déjà écrit dans son document. Pour en changer, fermez-le puis ouvrez-en"
            " un autre.",
            field="address",
            code="started",
        )
    mirror.name, mirror.server, mirror.document = name, address.server, address.document
    if api_key:
        mirror.set_key(api_key)
        mirror.key_number += 1
    if mirror.problem in {Problem.KEY, Problem.DOCUMENT, Problem.HOST}:
        mirror.problem, mirror.problem_text, mirror.problem_at = Problem.NONE, "", None
    _keep(mirror)
    audit.record(actor, "mirrors.change_document", mirror, new_key=bool(api_key))
    if mirror.state == MirrorState.ACTIVE:
        runs.begin(mirror, RunKind.WHOLE, asked_by=actor.user)
    return mirror


def _keep(mirror: Mirror) -> None:
    try:
        with transaction.atomic():
            mirror.save()
    except IntegrityError as error:
        if "mirror_document_once" not in str(error):
            raise
        raise Refusal(
            "Ce document Grist reçoit déjà un miroir. Choisissez un autre document, ou fermez"
            " l’autre miroir.",
            field="address",
            code="document_taken",
        ) from None


@transaction.atomic
def choose(mirror: Mirror, choices: Mapping[str, Choice], *, actor: Actor) -> Mirror:
    """Say which tables, which columns, which of them are opened. Columns of an opened group are
    mirrored too. A table that is taken off leaves Grist with the mirror.

    Raises:
        Refusal: nothing is chosen, or a table that was filled is taken off.
    """
    require(actor, "mirror.write", mirror)
    mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
    _refuse_closed(mirror)
    if not choices:
        raise Refusal("Choisissez au moins une table.", code="nothing")
    for table in mirror.tables.exclude(source__in=choices):
        if table.remote:
            raise Refusal(
                f"« {SOURCES[table.source].label} » est déjà dans le document. Pour la retirer,"
                " fermez ce miroir.",
                code="filled",
            )
        table.delete()
    for key, choice in choices.items():
        _choose(mirror, key, choice)
    audit.record(actor, "mirrors.choose", mirror, tables=sorted(choices))
    if mirror.state == MirrorState.ACTIVE:
        runs.begin(mirror, RunKind.WHOLE, asked_by=actor.user)
    return mirror


def _choose(mirror: Mirror, key: str, choice: Choice) -> None:
    source = SOURCES[key]
    groups = source.opened(choice.opened)
    names = {*choice.columns, *(name for group in groups for name in group.columns)}
    columns = [one.id for one in source.chosen(names)]
    if not columns:
        raise Refusal(f"« {source.label} » : choisissez au moins une colonne.", code="columns")
    opened = [one.key for one in groups]
    table, _ = MirroredTable.objects.update_or_create(
        mirror=mirror, source=key, defaults={"columns": columns, "opened": opened}
    )
    # Columns that are no longer opened are ours alone: nobody is to decide about them any more.
    standing = Conflict.objects.filter(row__table=table, state=ConflictState.OPEN)
    standing.exclude(group__in=opened).delete()


@transaction.atomic
def start(mirror: Mirror, *, leaving: str, actor: Actor) -> Mirror:
    """From now on the document follows.

    Raises:
        Refusal: no table is chosen, or it is started already.
    """
    require(actor, "mirror.write", mirror)
    mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
    if mirror.state != MirrorState.DRAFT:
        raise Refusal("Ce miroir est déjà démarré.", code="started")
    if not mirror.tables.exists():
        raise Refusal("Choisissez d’abord ce qui est envoyé.", code="nothing")
    mirror.state, mirror.leaving = MirrorState.ACTIVE, leaving
    mirror.save(update_fields=["state", "leaving"])
    runs.begin(mirror, RunKind.WHOLE, asked_by=actor.user)
    audit.record(actor, "mirrors.start", mirror)
    return mirror


@transaction.atomic
def take_over(mirror: Mirror, *, actor: Actor) -> Mirror:
    """Keep it in the place of somebody: what comes from Grist is written in one's own name."""
    require(actor, "mirror.write", mirror)
    mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
    _refuse_closed(mirror)
    mirror.keeper = actor.person
    if mirror.problem == Problem.KEEPER:
        mirror.problem, mirror.problem_text, mirror.problem_at = Problem.NONE, "", None
    mirror.save()
    audit.record(actor, "mirrors.take_over", mirror)
    if mirror.state == MirrorState.ACTIVE:
        runs.begin(mirror, RunKind.WHOLE, asked_by=actor.user)
    return mirror


def _refuse_closed(mirror: Mirror) -> None:
    if mirror.state in {MirrorState.CLOSING, MirrorState.CLOSED}:
        raise Refusal("Ce miroir est fermé.", code="closed")
