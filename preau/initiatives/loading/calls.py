"""Calls, submissions and their parts, by what addresses say."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.initiatives.models import (
    CallForInitiatives,
    CallQuestion,
    Criterion,
    Reviewer,
    Submission,
)


def load_call(call_key: UUID) -> CallForInitiatives:
    found = CallForInitiatives.objects.select_related("organization__commune")
    call = found.filter(key=call_key).first()
    if call is None:
        raise Http404("Aucun appel ne porte cette adresse.")
    return call


def load_submission(submission_key: UUID) -> Submission:
    found = Submission.objects.select_related(
        "call__organization", "user", "organization", "commune", "project"
    )
    submission = found.filter(key=submission_key).first()
    if submission is None:
        raise Http404("Aucune candidature ne porte cette adresse.")
    return submission


def load_question(call_question_id: int) -> CallQuestion:
    found = CallQuestion.objects.select_related("call__organization")
    question = found.filter(pk=call_question_id).first()
    if question is None:
        raise Http404("Cette question n’existe pas, ou a été retirée.")
    return question


def load_criterion(criterion_id: int) -> Criterion:
    found = Criterion.objects.select_related("call__organization").filter(pk=criterion_id).first()
    if found is None:
        raise Http404("Ce critère n’existe pas, ou a été retiré.")
    return found


def load_reviewer(reviewer_id: int) -> Reviewer:
    found = Reviewer.objects.select_related("call__organization", "user")
    reviewer = found.filter(pk=reviewer_id, removed_at=None).first()
    if reviewer is None:
        raise Http404("Cette personne n’est pas, ou n’est plus, du jury.")
    return reviewer
