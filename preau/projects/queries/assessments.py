"""États des lieux of a project: how far, what was answered, what changed between two."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from preau.accounts.actors import Actor
from preau.core.french import by_name
from preau.projects.enums import QuestionnaireKind, VersionState
from preau.projects.models import (
    Answer,
    Assessment,
    Project,
    ProjectFile,
    Question,
    QuestionnaireVersion,
)
from preau.projects.queries import files
from preau.projects.queries.people import name_of
from preau.projects.questions import in_words


@dataclass(frozen=True, slots=True)
class Progress:
    """An état des lieux and how far it is.

    Attributes:
        newer: the questions now in force, when they are not its own.
    """

    assessment: Assessment
    answered: int
    asked: int
    newer: QuestionnaireVersion | None = None

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.asked) if self.asked else 0

    @property
    def is_open(self) -> bool:
        return self.assessment.closed_at is None


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer in words; `past`: how it was answered before."""

    question: Question
    answer: Answer | None
    past: list[tuple[str, Any]]
    files: list[ProjectFile]

    @property
    def words(self) -> str:
        return in_words(self.question, self.answer.value) if self.answer else ""

    @property
    def who(self) -> str:
        if self.answer is None or self.answer.value is None:
            return ""
        return name_of(self.answer.answered_by)


@dataclass(frozen=True, slots=True)
class Compared:
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def _counted(project: Project) -> QuerySet[Assessment]:
    asked = (
        Question.objects.filter(version=OuterRef("version"))
        .order_by()
        .values("version")
        .annotate(n=Count("pk"))
    )
    return (
        Assessment.objects.filter(project=project)
        .select_related("version__questionnaire")
        .annotate(
            answered=Count("answers", filter=Q(answers__value__isnull=False)),
            asked=Coalesce(Subquery(asked.values("n")), 0),
        )
        .order_by(*by_name("version__questionnaire__title"), "-edition", "-pk")
    )


def progress_of(project: Project) -> list[Progress]:
    """Every edition, the last of each questionnaire first: two statements."""
    rows: list[Any] = list(_counted(project))
    kinds = {one.version.questionnaire_id for one in rows}
    in_force = {
        one.questionnaire_id: one
        for one in QuestionnaireVersion.objects.filter(
            questionnaire__in=kinds, state=VersionState.PUBLISHED
        )
    }
    found = []
    for one in rows:
        now = in_force.get(one.version.questionnaire_id)
        newer = now if now and now.pk != one.version_id and one.closed_at is None else None
        found.append(Progress(one, one.answered, one.asked, newer))
    return found


def offered(project: Project) -> list[QuestionnaireVersion]:
    """Questionnaires in force that may be begun: those of the project's themes first."""
    found = QuestionnaireVersion.objects.filter(
        state=VersionState.PUBLISHED,
        questionnaire__active=True,
        questionnaire__kind=QuestionnaireKind.ASSESSMENT,
    ).select_related("questionnaire")
    return sorted(
        found,
        key=lambda one: (
            one.questionnaire.theme not in project.themes,
            one.questionnaire.theme != "",
            one.questionnaire.title,
        ),
    )


def answered(assessment: Assessment, actor: Actor) -> list[tuple[str, list[Answered]]]:
    """The questions under the titles of their parts, in order."""
    rows = assessment.answers.select_related("answered_by").prefetch_related("past__answered_by")
    by_question = {one.question_id: one for one in rows}
    joined: dict[int, list[ProjectFile]] = defaultdict(list)
    shown = files.visible_to(actor, assessment.project)
    for file in shown.filter(answer__assessment=assessment):
        joined[file.answer_id or 0].append(file)
    found = []
    for question in assessment.version.questions.all():
        answer = by_question.get(question.pk)
        past = _past(question, answer) if answer else []
        found.append(Answered(question, answer, past, joined[answer.pk] if answer else []))
    return [(title, list(ones)) for title, ones in groupby(found, lambda one: one.question.section)]


def _past(question: Question, answer: Answer) -> list[tuple[str, Any]]:
    before = sorted(answer.past.all(), key=lambda one: one.answered_at, reverse=True)
    return [(in_words(question, one.value) or "(sans réponse)", one) for one in before]


def compare(before: Assessment, after: Assessment) -> list[Compared]:
    """Two editions side by side, by the code of the questions: those of the later one first."""
    old, new = _by_code(before), _by_code(after)
    labels = {code: question.label for code, (question, _) in {**old, **new}.items()}
    codes = [*new, *(code for code in old if code not in new)]
    return [Compared(labels[code], _words(old.get(code)), _words(new.get(code))) for code in codes]


def _by_code(one: Assessment) -> dict[str, tuple[Question, Any]]:
    values = dict(one.answers.values_list("question", "value"))
    return {
        question.code: (question, values.get(question.pk))
        for question in one.version.questions.all()
    }


def _words(found: tuple[Question, Any] | None) -> str:
    return in_words(*found) if found else ""
