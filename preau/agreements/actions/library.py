"""An organisation's models: copied, edited clause by clause, published version after version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.agreements import queries
from preau.agreements.drafting import variables
from preau.agreements.enums import VersionState
from preau.agreements.models import Clause, Model, ModelVersion
from preau.core import audit, clock
from preau.core.errors import Refusal

_COPIED = ("position", "kind", "key", "title", "text", "table", "legal_basis", "condition")
_KEPT = (*_COPIED, "is_required", "removed_because")
NAME_TAKEN = "Un modèle de convention porte déjà ce nom. Choisissez-en un autre."


@dataclass(frozen=True, slots=True)
class ClauseText:
    """What is written in a clause."""

    title: str
    text: str
    legal_basis: str = ""
    condition: str = ""
    table: str = ""
    kind: str = "article"


def _copy_clauses(source: ModelVersion, target: ModelVersion) -> None:
    Clause.objects.bulk_create(
        Clause(version=target, **{name: getattr(one, name) for name in _KEPT})
        for one in source.clauses.all()
    )


def _new_draft(model: Model, source: ModelVersion, number: int) -> ModelVersion:
    version = ModelVersion.objects.create(
        model=model,
        number=number,
        title=source.title,
        legal_basis=source.legal_basis,
        gates=source.gates,
    )
    _copy_clauses(source, version)
    return version


def copy_model(
    source: Model, organization: Organization, *, name: str, actor: Actor
) -> ModelVersion:
    """Start an organisation's own model from a national one, or from one of its own.

    Raises:
        Refusal: the name is taken, or the model has nothing published.
    """
    version = queries.published(source)
    if version is None:
        raise Refusal("Ce modèle n’est pas encore publié.", code="not_published")
    try:
        with transaction.atomic():
            model = Model.objects.create(
                organization=organization,
                case=source.case,
                name=name.strip() or source.name,
                base=version if source.is_national else source.base,
            )
            draft = _new_draft(model, version, 1)
            audit.record(actor, "agreement.copy_model", model, source=source.pk)
    except IntegrityError as error:
        raise Refusal(NAME_TAKEN, field="name", code="name_taken") from error
    return draft


@transaction.atomic
def start_draft(model: Model, *, actor: Actor) -> ModelVersion:
    """The draft of the next version: the one in hand, or a copy of what is published."""
    Model.objects.select_for_update().get(pk=model.pk)
    draft = queries.draft(model)
    if draft is not None:
        return draft
    last = queries.published(model)
    if last is None:
        raise Refusal("Ce modèle n’a aucune version.", code="not_published")
    draft = _new_draft(model, last, last.number + 1)
    audit.record(actor, "agreement.start_draft", model, version=draft.number)
    return draft


def _locked_draft(version_id: int) -> ModelVersion:
    version = ModelVersion.objects.select_for_update().get(pk=version_id)
    if version.is_published:
        raise Refusal(
            "Cette version est publiée : elle ne change plus. Préparez une nouvelle version.",
            code="published",
        )
    return version


@transaction.atomic
def edit_clause(clause: Clause, given: ClauseText, *, actor: Actor) -> None:
    """Rewrite a clause of a draft.

    Raises:
        Refusal: an unknown variable, an empty clause, or a published version.
    """
    version = _locked_draft(clause.version_id)
    _check(given)
    for name in ("title", "text", "legal_basis", "condition", "table"):
        setattr(clause, name, getattr(given, name))
    clause.save(update_fields=["title", "text", "legal_basis", "condition", "table"])
    audit.record(actor, "agreement.edit_clause", version.model, clause=clause.key)


def _check(given: ClauseText) -> None:
    variables.check(given.text)
    variables.check(given.title, field="title")
    if not given.text.strip() and not given.table:
        raise Refusal("Écrivez le texte de la clause.", field="text", code="empty")


@transaction.atomic
def add_clause(version: ModelVersion, given: ClauseText, *, actor: Actor) -> Clause:
    """Add a clause of the organisation's own, after the last of its kind."""
    version = _locked_draft(version.pk)
    _check(given)
    clauses = list(version.clauses.order_by("position"))
    keys = {one.key for one in clauses}
    stem = slugify(given.title)[:34] or "clause"
    key = next(
        name
        for rank in range(1, 999)
        if (name := stem if rank == 1 else f"{stem}-{rank}") not in keys
    )
    clause = Clause(
        version=version,
        position=len(clauses) + 1,
        key=key,
        kind=given.kind,
        title=given.title,
        text=given.text,
        table=given.table,
        legal_basis=given.legal_basis,
        condition=given.condition,
    )
    clause.save()
    same = [rank for rank, one in enumerate(clauses) if one.kind == given.kind]
    clauses.insert(same[-1] + 1 if same else len(clauses), clause)
    _number(clauses)
    audit.record(actor, "agreement.add_clause", version.model, clause=key)
    return clause


def _number(clauses: Sequence[Clause]) -> None:
    """Positions from 1, in the order given; the constraint waits for the end."""
    moved = []
    for rank, clause in enumerate(clauses, start=1):
        if clause.position != rank:
            clause.position = rank
            moved.append(clause)
    Clause.objects.bulk_update(moved, ["position"])


@transaction.atomic
def move_clause(clause: Clause, *, up: bool, actor: Actor) -> None:
    """One step up or down, among those of its kind. At the end it stays."""
    version = _locked_draft(clause.version_id)
    clauses = list(version.clauses.order_by("position"))
    here = next(rank for rank, one in enumerate(clauses) if one.pk == clause.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(clauses) or clauses[there].kind != clauses[here].kind:
        return
    clauses[here], clauses[there] = clauses[there], clauses[here]
    _number(clauses)
    audit.record(actor, "agreement.move_clause", version.model, clause=clause.key, up=up)


@transaction.atomic
def remove_clause(clause: Clause, *, reason: str, actor: Actor) -> None:
    """Take a clause out. A usual one stays listed, with the reason why it is not written.

    Raises:
        Refusal: it is a usual clause and no reason is given.
    """
    version = _locked_draft(clause.version_id)
    reason = reason.strip()
    if not clause.is_required:
        clause.delete()
        _number(list(version.clauses.order_by("position")))
    elif not reason:
        raise Refusal(
            "Cette clause est usuelle : dites pourquoi votre convention s’en passe. Le motif reste "
            "dans l’historique du modèle.",
            field="reason",
            code="reason_needed",
        )
    else:
        clause.removed_because = reason[:250]
        clause.save(update_fields=["removed_because"])
    audit.record(actor, "agreement.remove_clause", version.model, reason=reason, clause=clause.key)


@transaction.atomic
def restore_clause(clause: Clause, *, actor: Actor) -> None:
    version = _locked_draft(clause.version_id)
    clause.removed_because = ""
    clause.save(update_fields=["removed_because"])
    audit.record(actor, "agreement.restore_clause", version.model, clause=clause.key)


@transaction.atomic
def entitle(version: ModelVersion, *, name: str, title: str, actor: Actor) -> None:
    """The model's name, and the title of the agreements drawn up from the draft."""
    version = _locked_draft(version.pk)
    version.title = title
    version.save(update_fields=["title"])
    try:
        with transaction.atomic():
            Model.objects.filter(pk=version.model_id).update(name=name)
    except IntegrityError as error:
        raise Refusal(NAME_TAKEN, field="name", code="name_taken") from error
    audit.record(actor, "agreement.entitle_model", version.model)


@transaction.atomic
def publish(version: ModelVersion, *, note: str, actor: Actor) -> ModelVersion:
    """Close the draft: agreements to come are drawn up from it, and it never changes again."""
    version = _locked_draft(version.pk)
    if not version.clauses.filter(removed_because="").exists():
        raise Refusal("Ce modèle n’a aucune clause.", code="empty")
    for clause in version.clauses.all():
        variables.check(clause.text)
    version.state, version.published_at = VersionState.PUBLISHED, clock.now()
    version.published_by, version.note = actor.user, note.strip()[:250]
    version.save()
    audit.record(actor, "agreement.publish_model", version.model, version=version.number)
    return version


@transaction.atomic
def discard_draft(version: ModelVersion, *, actor: Actor) -> None:
    """Give up a draft; a model that was never published goes with it."""
    version = _locked_draft(version.pk)
    model = version.model
    audit.record(actor, "agreement.discard_draft", model, version=version.number)
    version.delete()
    if not model.versions.exists():
        model.delete()


@transaction.atomic
def archive_model(model: Model, *, archived: bool, actor: Actor) -> None:
    """Keep a model out of the way, or bring it back. What was drawn up from it stays."""
    try:
        with transaction.atomic():
            Model.objects.filter(pk=model.pk).update(is_archived=archived)
    except IntegrityError as error:
        raise Refusal(NAME_TAKEN, code="name_taken") from error
    audit.record(actor, "agreement.archive_model", model, archived=archived)


@transaction.atomic
def take_national_wording(version: ModelVersion, key: str, *, actor: Actor) -> None:
    """Put the national text of a clause in the draft: added when new."""
    version = _locked_draft(version.pk)
    news = queries.national_news(version.model) or version.model.base
    source = news.clauses.filter(key=key).first() if news else None
    if source is None:
        raise Refusal("Cette clause n’est plus dans le modèle national.", code="gone")
    given = ClauseText(
        source.title, source.text, source.legal_basis, source.condition, source.table, source.kind
    )
    clause = version.clauses.filter(key=key).first()
    if clause is None:
        clause = add_clause(version, given, actor=actor)
        Clause.objects.filter(pk=clause.pk).update(key=key, is_required=source.is_required)
    else:
        edit_clause(clause, given, actor=actor)


@transaction.atomic
def note_national_news(model: Model, *, actor: Actor) -> None:
    """The organisation has seen what changed nationally, and has taken what it wanted."""
    news = queries.national_news(model)
    if news is not None:
        Model.objects.filter(pk=model.pk).update(base=news)
        audit.record(actor, "agreement.note_national_news", model, version=news.number)
