"""États des lieux: beginning one, going on with newer questions, ending one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import day, local
from preau.projects import perms
from preau.projects.actions import answers, states
from preau.projects.enums import EventKind, QuestionKind, VersionState
from preau.projects.history import note
from preau.projects.models import Answer, Assessment, Project, Question, QuestionnaireVersion


@transaction.atomic
def begin(project: Project, version: QuestionnaireVersion, *, actor: Actor) -> Assessment:
    """Fill in a questionnaire in force: for the first time, again, or with its newer questions.

    What was answered last is carried over by the code of its question. An edition under way with
    the same questions is given back.

    Raises:
        Refusal: these questions are not in force ("not_in_force").
    """
    perms.require(actor, "project.contribute", project)
    states.lock_open(project)
    if version.state != VersionState.PUBLISHED or not version.questionnaire.active:
        raise Refusal(
            "Ce questionnaire n’est plus en vigueur. Choisissez-en un autre dans la liste.",
            code="not_in_force",
        )
    earlier = Assessment.objects.filter(
        project=project, version__questionnaire=version.questionnaire_id
    )
    last = earlier.order_by("-edition", "-pk").first()
    if last is not None and last.closed_at is None and last.version_id == version.pk:
        return last
    goes_on = last is not None and last.closed_at is None
    number = (earlier.aggregate(most=Max("edition"))["most"] or 0) + (0 if goes_on else 1)
    made = Assessment.objects.create(
        project=project, version=version, edition=number, created_by=actor.user
    )
    if last is not None:
        _carry(last, made)
        Assessment.objects.filter(pk=last.pk, closed_at=None).update(closed_at=clock.now())
    after = "nouvelles questions" if goes_on else f"édition {number}"
    _note(made, actor, after)
    return made


def _carry(last: Assessment, made: Assessment) -> None:
    """Answers that the new questions still understand, with who gave them and when."""
    old = last.answers.exclude(value=None).select_related("question")
    by_code = {one.question.code: one for one in old}
    wanted = Question.objects.filter(version=made.version_id, code__in=list(by_code))
    said, zone = f"repris de l’édition {last.edition}", made.project.zone
    Answer.objects.bulk_create(
        [
            Answer(
                assessment=made,
                question=question,
                value=kept.value,
                comment=kept.comment,
                source=f"{said} du {day(local(kept.answered_at, zone).date(), weekday=False)}",
                answered_by_id=kept.answered_by_id,
                answered_at=kept.answered_at,
            )
            for question in wanted
            if understands(question, kept := by_code[question.code])
        ]
    )


def understands(question: Question, answer: Answer) -> bool:
    """Whether a value given to the former question answers the new one."""
    if question.kind != answer.question.kind:
        return False
    codes = {str(one["code"]) for one in question.choices}
    if question.kind == QuestionKind.CHOICE:
        return answer.value in codes
    if question.kind == QuestionKind.CHOICES:
        return set(answer.value or ()) <= codes
    return True


@transaction.atomic
def fill(
    assessment: Assessment,
    values: Mapping[str, Any],
    comments: Mapping[str, str],
    *,
    seen: Mapping[str, Any],
    seen_comments: Mapping[str, str],
    actor: Actor,
) -> int:
    """Keep what the actor changed since the page they wrote from: nothing that others answered
    meanwhile is emptied. The same question answered by both: the last stands, the other is kept.

    Returns:
        How many answers were given or changed.
    """
    changed = {
        code
        for code, value in values.items()
        if value != seen.get(code) or comments.get(code, "") != seen_comments.get(code, "")
    }
    now = {one.question.code: one.value for one in assessment.answers.select_related("question")}
    mine = {
        code: values[code] if values[code] != seen.get(code) else now.get(code) for code in changed
    }
    said = {
        code: comments.get(code, "")
        for code in changed
        if comments.get(code, "") != seen_comments.get(code, "")
    }
    return answers.save_answers(assessment, mine, comments=said, actor=actor)


@transaction.atomic
def finish(assessment: Assessment, *, actor: Actor) -> Assessment:
    """Nothing more to answer; a later edition starts from it. Twice is once."""
    perms.require(actor, "project.contribute", assessment.project)
    states.lock_open(assessment.project)
    found = Assessment.objects.select_for_update(of=("self",)).select_related(
        "version__questionnaire", "project"
    )
    assessment = found.get(pk=assessment.pk)
    if assessment.closed_at is None:
        assessment.closed_at = clock.now()
        assessment.save(update_fields=["closed_at"])
        _note(assessment, actor, "terminé")
    return assessment


@transaction.atomic
def answer_to_join(assessment: Assessment, code: str, *, actor: Actor) -> Answer:
    """The answer that a file is joined to, made empty where nobody answered yet."""
    perms.require(actor, "project.contribute", assessment.project)
    states.lock_open(assessment.project)
    question = Question.objects.filter(version=assessment.version_id, code=code).first()
    if question is None:
        raise Refusal("Cette question n’existe pas.", code="question")
    if assessment.closed_at is not None:
        raise Refusal("Cet état des lieux est terminé.", code="closed")
    answer, _ = Answer.objects.get_or_create(
        assessment=assessment, question=question, defaults={"answered_by": actor.user}
    )
    return answer


def _note(assessment: Assessment, actor: Actor, after: str) -> None:
    note(
        assessment.project,
        EventKind.ASSESSMENT,
        actor=actor,
        subject=assessment,
        about=assessment.version.questionnaire.title,
        change=("", after),
    )
