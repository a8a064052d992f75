"""Writing answers to questions: the last one stands, those before it are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import count
from preau.projects import history, perms
from preau.projects.actions import states
from preau.projects.enums import EventKind
from preau.projects.models import Answer, AnswerVersion, Assessment, Question
from preau.projects.questions import Known


@transaction.atomic
def save_answers(
    assessment: Assessment,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    comments: Mapping[str, str] | None = None,
    known: Mapping[str, Known] | None = None,
    source: str = "",
) -> int:
    """Keep what was answered, question by question; what did not change is left alone.

    Args:
        values, comments: by code of question, from `QuestionForm.values()` and `.comments()`.
        known: what was offered again; kept unchanged, it keeps its source.
        source: where all of it comes from, when nobody typed it (« repris du fichier … »).

    Returns:
        How many answers were given or changed.

    Raises:
        Forbidden: not theirs to write.
        Refusal: the état des lieux is closed ("closed").
    """
    perms.require(actor, "project.contribute", assessment.project)
    states.lock_open(assessment.project)
    changed = write_answers(
        assessment, values, actor=actor, comments=comments, known=known, source=source
    )
    if changed and not assessment.project.is_draft:
        history.note(
            assessment.project,
            EventKind.ASSESSMENT,
            actor=actor,
            subject=assessment,
            about=assessment.version.questionnaire.title,
            change=("", count(changed, "réponse")),
        )
    return changed


@transaction.atomic
def write_answers(
    assessment: Assessment,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    comments: Mapping[str, str] | None = None,
    known: Mapping[str, Known] | None = None,
    source: str = "",
) -> int:
    """The same for a draft, whose holder may have no account yet: the caller knows whose it is."""
    # Two tabs at once: one after the other, so that the past is whole.
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.closed_at is not None:
        raise Refusal(
            "Cet état des lieux est terminé : refaites-en un pour changer les réponses.",
            code="closed",
        )
    kept = {one.question_id: one for one in assessment.answers.all()}
    changed = 0
    for question in Question.objects.filter(version=assessment.version_id, code__in=list(values)):
        offered = (known or {}).get(question.code)
        value = values[question.code]
        origin = offered.source if offered and offered.value == value else source
        comment = (comments or {}).get(question.code)
        changed += _write(
            assessment, question, kept.get(question.pk), value, comment, origin, actor
        )
    return changed


def _write(
    assessment: Assessment,
    question: Question,
    answer: Answer | None,
    value: Any,
    comment: str | None,
    source: str,
    actor: Actor,
) -> bool:
    if answer is None:
        if value is None and not comment:
            return False
        Answer.objects.create(
            assessment=assessment,
            question=question,
            value=value,
            comment=comment or "",
            source=source,
            answered_by=actor.user,
        )
        return True
    comment = answer.comment if comment is None else comment
    if (answer.value, answer.comment) == (value, comment):
        return False
    AnswerVersion.objects.create(
        answer=answer,
        value=answer.value,
        comment=answer.comment,
        source=answer.source,
        answered_by=answer.answered_by,
        answered_at=answer.answered_at,
    )
    answer.source = source if answer.value != value else answer.source
    answer.value, answer.comment = value, comment
    answer.answered_by, answer.answered_at = actor.user, clock.now()
    answer.save(update_fields=["value", "comment", "source", "answered_by", "answered_at"])
    return True
