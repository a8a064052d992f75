"""Programmes and what they ask: an operator prepares a version, then puts it in force.

The questions of a version in force never change (trigger, 0002): answers keep their question.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.projects import perms
from preau.projects.enums import QuestionKind, QuestionnaireKind, VersionState
from preau.projects.models import Programme, Question, Questionnaire, QuestionnaireVersion

#: More questions than anybody answers.
MOST_QUESTIONS = 40
#: What a question is made of, for copies and for comparisons.
CONTENT = ("code", "section", "label", "hint", "kind", "choices", "required", "unit")
_WITH_CHOICES = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


@transaction.atomic
def create_programme(*, actor: Actor, **fields: Any) -> Programme:
    perms.require(actor, "programme.edit", None)
    if Programme.objects.filter(slug=fields["slug"]).exists():
        raise Refusal("Un programme porte déjà ce nom court.", field="slug", code="slug_taken")
    programme = Programme.objects.create(**fields)
    audit.record(actor, "programme.create", programme)
    return programme


@transaction.atomic
def edit_programme(programme: Programme, *, actor: Actor, **fields: Any) -> Programme:
    perms.require(actor, "programme.edit", None)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    changed = [name for name, value in fields.items() if getattr(programme, name) != value]
    for name in changed:
        setattr(programme, name, fields[name])
    programme.save(update_fields=changed or None)
    audit.record(actor, "programme.edit", programme, fields=changed)
    return programme


@transaction.atomic
def give_questions(programme: Programme, *, actor: Actor) -> Questionnaire:
    """The questionnaire of a programme, made once."""
    perms.require(actor, "programme.edit", None)
    Programme.objects.select_for_update().get(pk=programme.pk)
    kind = QuestionnaireKind.PROGRAMME
    found = Questionnaire.objects.filter(kind=kind, programme=programme).first()
    if found is None:
        title = f"Questions du programme {programme.name}"[:160]
        found = Questionnaire.objects.create(kind=kind, programme=programme, title=title)
        audit.record(actor, "questionnaire.create", found)
    return found


# --- Versions


@transaction.atomic
def prepare(questionnaire: Questionnaire, *, actor: Actor) -> QuestionnaireVersion:
    """The version in preparation: the one there is, or a copy of the one in force."""
    perms.require(actor, "programme.edit", None)
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    versions = questionnaire.versions
    draft = versions.filter(state=VersionState.DRAFT).first()
    if draft is not None:
        return draft
    last = versions.aggregate(last=Max("number"))["last"] or 0
    draft = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=last + 1)
    in_force = versions.filter(state=VersionState.PUBLISHED).first()
    if in_force is not None:
        Question.objects.bulk_create(
            Question(
                version=draft,
                position=one.position,
                **{name: getattr(one, name) for name in CONTENT},
            )
            for one in in_force.questions.all()
        )
    audit.record(actor, "questionnaire.prepare", draft, number=draft.number)
    return draft


@transaction.atomic
def publish(version: QuestionnaireVersion, *, actor: Actor) -> QuestionnaireVersion:
    """Put a version in force; the former one is retired, its answers keep it."""
    perms.require(actor, "programme.edit", None)
    Questionnaire.objects.select_for_update().get(pk=version.questionnaire_id)
    version = _draft(version)
    if not version.questions.exists():
        raise Refusal("Ajoutez au moins une question avant de publier.", code="empty")
    now = clock.now()
    former = QuestionnaireVersion.objects.filter(
        questionnaire=version.questionnaire_id, state=VersionState.PUBLISHED
    )
    former.update(state=VersionState.RETIRED)
    version.state, version.published_at = VersionState.PUBLISHED, now
    version.published_by = actor.user
    version.save(update_fields=["state", "published_at", "published_by"])
    audit.record(actor, "questionnaire.publish", version, number=version.number)
    return version


@transaction.atomic
def discard(version: QuestionnaireVersion, *, actor: Actor) -> None:
    """Throw a version in preparation away; the one in force stays."""
    perms.require(actor, "programme.edit", None)
    version = _draft(version)
    audit.record(actor, "questionnaire.discard", version, number=version.number)
    version.delete()


def _draft(version: QuestionnaireVersion) -> QuestionnaireVersion:
    """The version, locked, if it may still change.

    Raises:
        Refusal: it is in force or retired, or was thrown away ("not_draft").
    """
    found = QuestionnaireVersion.objects.select_for_update().filter(pk=version.pk).first()
    if found is None or found.state != VersionState.DRAFT:
        raise Refusal(
            "Cette version n’est plus en préparation : ses questions ne changent plus. Préparez-en"
            " une nouvelle.",
            code="not_draft",
        )
    return found


# --- Questions


@transaction.atomic
def add_question(version: QuestionnaireVersion, *, actor: Actor, **fields: Any) -> Question:
    perms.require(actor, "programme.edit", None)
    version = _draft(version)
    found = version.questions.aggregate(last=Max("position"))
    if version.questions.count() >= MOST_QUESTIONS:
        raise Refusal(
            f"Un questionnaire a {MOST_QUESTIONS} questions au plus : retirez-en une d’abord.",
            code="too_many",
        )
    question = Question(version=version, position=(found["last"] or 0) + 1, **_tidy(fields))
    _save(question)
    audit.record(actor, "question.add", question, code=question.code)
    return question


@transaction.atomic
def edit_question(question: Question, *, actor: Actor, **fields: Any) -> Question:
    perms.require(actor, "programme.edit", None)
    question.version = _draft(question.version)
    for name, value in _tidy(fields).items():
        setattr(question, name, value)
    _save(question)
    audit.record(actor, "question.edit", question, code=question.code)
    return question


def _tidy(fields: dict[str, Any]) -> dict[str, Any]:
    """Choices only where they are asked for, and some there."""
    if fields["kind"] not in _WITH_CHOICES:
        return fields | {"choices": []}
    if len(fields["choices"]) < 2:
        raise Refusal("Écrivez au moins deux choix, un par ligne.", field="choices", code="choices")
    return fields


def _save(question: Question) -> None:
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError as error:
        if "question_code_once" not in str(error):
            raise
        raise Refusal(
            "Une autre question de cette version porte déjà ce code.", field="code", code="code"
        ) from error


@transaction.atomic
def remove_question(question: Question, *, actor: Actor) -> None:
    perms.require(actor, "programme.edit", None)
    version = _draft(question.version)
    audit.record(actor, "question.remove", question, code=question.code)
    version.questions.filter(position__gt=question.position).update(position=F("position") - 1)
    question.delete()


@transaction.atomic
def move_question(question: Question, *, up: bool, actor: Actor) -> None:
    """Swap it with its neighbour; at the end of the row, nothing happens."""
    perms.require(actor, "programme.edit", None)
    version = _draft(question.version)
    ordered = list(version.questions.all())
    here = [one.pk for one in ordered].index(question.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(ordered):
        return
    ordered[here], ordered[there] = ordered[there], ordered[here]
    for rank, one in enumerate(ordered, 1):
        one.position = rank
    Question.objects.bulk_update(ordered, ["position"])
