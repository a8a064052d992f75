"""The programmes and questionnaires delivered with Préau (`data/programmes.json`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.projects.actions import questionnaires
from preau.projects.actions.questionnaires import CONTENT
from preau.projects.enums import QuestionnaireKind, VersionState
from preau.projects.models import Programme, Questionnaire, QuestionnaireVersion

_FILE = Path(__file__).parent / "data" / "programmes.json"
_DEFAULTS: dict[str, Any] = {
    "section": "",
    "hint": "",
    "choices": [],
    "required": False,
    "unit": "",
}


@dataclass(slots=True)
class Loaded:
    """What a run made."""

    programmes: int = 0
    versions: int = 0


@cache
def delivered() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load() -> Loaded:
    """Make what is missing. Twice changes nothing, and what an operator edited is left alone."""
    done = Loaded()
    for given in delivered()["programmes"]:
        fields = {name: value for name, value in given.items() if name not in {"questions", "slug"}}
        programme, made = Programme.objects.get_or_create(slug=given["slug"], defaults=fields)
        done.programmes += made
        questionnaire, _ = Questionnaire.objects.get_or_create(
            kind=QuestionnaireKind.PROGRAMME,
            programme=programme,
            defaults={"title": f"Questions du programme {programme.name}"[:160]},
        )
        done.versions += _bring(questionnaire, given["questions"])
    for given in delivered()["assessments"]:
        questionnaire, _ = Questionnaire.objects.get_or_create(
            kind=QuestionnaireKind.ASSESSMENT,
            theme=given["theme"],
            programme=None,
            defaults={"title": given["title"]},
        )
        done.versions += _bring(questionnaire, given["questions"])
    return done


def _bring(questionnaire: Questionnaire, given: list[dict[str, Any]]) -> bool:
    """Put the delivered questions in force, unless they are or somebody wrote others."""
    wanted = [_DEFAULTS | one for one in given]
    in_force = questionnaire.versions.filter(state=VersionState.PUBLISHED).first()
    if in_force is not None and (in_force.published_by_id or content_of(in_force) == wanted):
        return False
    if questionnaire.versions.filter(state=VersionState.DRAFT).exists():
        return False  # somebody is at work on it
    draft = questionnaires.prepare(questionnaire, actor=SYSTEM)
    draft.questions.all().delete()
    for one in wanted:
        questionnaires.add_question(draft, actor=SYSTEM, **one)
    questionnaires.publish(draft, actor=SYSTEM)
    return True


def content_of(version: QuestionnaireVersion) -> list[dict[str, Any]]:
    return [{name: getattr(one, name) for name in CONTENT} for one in version.questions.all()]
