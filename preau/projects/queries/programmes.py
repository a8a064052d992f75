"""Programmes as an operator sees them, and what changed from a version to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from preau.core import clock
from preau.core.french import by_name
from preau.projects.actions.questionnaires import CONTENT
from preau.projects.enums import ProjectState, QuestionKind
from preau.projects.models import (
    Programme,
    ProgrammePerimeter,
    ProjectProgramme,
    Question,
    Questionnaire,
    QuestionnaireVersion,
)

_WORDS = {
    "section": "partie",
    "label": "question",
    "hint": "aide",
    "kind": "réponse attendue",
    "choices": "choix",
    "required": "obligatoire",
    "unit": "unité",
}


def programmes() -> QuerySet[Programme]:
    """Every programme, with its communes of today and its projects."""
    today = clock.today()
    here = ProgrammePerimeter.objects.filter(programme=OuterRef("pk"), since__lte=today).filter(
        Q(until=None) | Q(until__gt=today)
    )
    inside = ProjectProgramme.objects.filter(programme=OuterRef("pk"), until=None).exclude(
        project__state=ProjectState.DRAFT
    )
    return Programme.objects.annotate(
        communes=Coalesce(Subquery(_count(here)), 0),
        of_projects=Coalesce(Subquery(_count(inside)), 0),
    ).order_by("-active", *by_name("name"))


def _count(rows: QuerySet[Any]) -> Any:
    return rows.order_by().values("programme").annotate(n=Count("pk")).values("n")


def questionnaires() -> QuerySet[Questionnaire]:
    return Questionnaire.objects.select_related("programme").order_by("-kind", *by_name("title"))


def versions(questionnaire: Questionnaire) -> list[QuestionnaireVersion]:
    """The newest first."""
    found = questionnaire.versions.select_related("published_by").annotate(size=Count("questions"))
    return list(found.order_by("-number"))


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that is not the same in both versions, and how."""

    kind: str
    label: str
    details: list[tuple[str, str, str]]


def differences(before: QuestionnaireVersion, after: QuestionnaireVersion) -> list[Difference]:
    """What a version changes to another: added, removed, changed, moved; by code of question."""
    old = {one.code: one for one in before.questions.all()}
    new = {one.code: one for one in after.questions.all()}
    found = [Difference("ajoutee", one.label, []) for code, one in new.items() if code not in old]
    found += [Difference("retiree", one.label, []) for code, one in old.items() if code not in new]
    for code in (code for code in new if code in old):
        details = _details(old[code], new[code])
        if details:
            found.append(Difference("modifiee", new[code].label, details))
    kept_old = [code for code in old if code in new]
    kept_new = [code for code in new if code in old]
    moved = [code for here, code in enumerate(kept_new) if kept_old[here] != code]
    if moved:
        found.append(Difference("ordre", ", ".join(new[code].label for code in moved), []))
    return found


def _details(old: Question, new: Question) -> list[tuple[str, str, str]]:
    return [
        (_WORDS[name], _shown(name, getattr(old, name)), _shown(name, getattr(new, name)))
        for name in CONTENT
        if name in _WORDS and getattr(old, name) != getattr(new, name)
    ]


def _shown(name: str, value: object) -> str:
    if name == "choices" and isinstance(value, list):
        return ", ".join(str(one["label"]) for one in value) or "—"
    if name == "kind":
        return str(QuestionKind(str(value)).label)
    if name == "required":
        return "oui" if value else "non"
    return str(value) or "—"


def former(version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """The version before it."""
    earlier = QuestionnaireVersion.objects.filter(
        questionnaire=version.questionnaire_id, number__lt=version.number
    )
    return earlier.order_by("-number").first()
