"""From the numbers of an address to a programme, a questionnaire, a version, a question."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from preau.projects.models import Programme, Question, Questionnaire, QuestionnaireVersion


def load_programme(programme_id: int) -> Programme:
    return get_object_or_404(Programme, pk=programme_id)


def load_questionnaire(questionnaire_id: int) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.select_related("programme"), pk=questionnaire_id)


def load_version(version_id: int) -> QuestionnaireVersion:
    found = QuestionnaireVersion.objects.select_related("questionnaire__programme")
    return get_object_or_404(found, pk=version_id)


def load_question(question_id: int) -> Question:
    found = Question.objects.select_related("version__questionnaire__programme")
    return get_object_or_404(found, pk=question_id)
