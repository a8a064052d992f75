"""The screens of an answer to a call: the idea, its questions a few at a time, the whole."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from preau.initiatives.enums.calls import CallQuestionKind
from preau.initiatives.models import CallQuestion, Submission

IDEA = "idee"
#: Questions on one screen: what a telephone shows without losing heart.
EACH = 4


@dataclass(frozen=True, slots=True)
class Screen:
    """Some of a call's questions. `key` is what `Submission.done` remembers of it."""

    number: int
    questions: tuple[CallQuestion, ...]

    @property
    def key(self) -> str:
        return f"questions-{self.number}"

    @property
    def label(self) -> str:
        return "Vos réponses" if self.number == 1 else f"Vos réponses, suite ({self.number})"


def field_of(question: CallQuestion) -> str:
    """The name of its control."""
    return f"question_{question.pk}"


def screens_of(submission: Submission) -> list[Screen]:
    asked = list(submission.call.questions.all())
    groups = [asked[start : start + EACH] for start in range(0, len(asked), EACH)]
    return [Screen(number, tuple(group)) for number, group in enumerate(groups, start=1)]


def url_of(submission: Submission, screen: Screen) -> str:
    return reverse("initiatives:submission_questions", args=[submission.key, screen.number])


def idea_url(key: UUID) -> str:
    return reverse("initiatives:submission_idea", args=[key])


def recap_url(key: UUID) -> str:
    return reverse("initiatives:submission_recap", args=[key])


def after(submission: Submission, screen: Screen | None) -> str:
    """The page that follows a screen; None is the idea's."""
    number = 0 if screen is None else screen.number
    following = [one for one in screens_of(submission) if one.number > number]
    return url_of(submission, following[0]) if following else recap_url(submission.key)


def resume_url(submission: Submission) -> str:
    """The first screen not gone through."""
    if IDEA not in submission.done:
        return idea_url(submission.key)
    left = [one for one in screens_of(submission) if one.key not in submission.done]
    return url_of(submission, left[0]) if left else recap_url(submission.key)


def missing(submission: Submission) -> list[tuple[str, str]]:
    """What stands between the draft and its sending: the page, and what to do there."""
    found: list[tuple[str, str]] = []
    if not (submission.title and submission.summary and submission.commune_id):
        found.append(
            (idea_url(submission.key), "Donnez un nom à l’initiative, un texte, une commune.")
        )
    given = set(submission.answers.values_list("question", flat=True))
    for screen in screens_of(submission):
        for question in screen.questions:
            if question.required and question.pk not in given:
                verb = "Joignez" if question.kind == CallQuestionKind.FILE else "Répondez à"
                found.append((url_of(submission, screen), f"{verb} : {question.label}"))
    return found
