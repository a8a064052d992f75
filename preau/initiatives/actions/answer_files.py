"""Who is shown the files of what was sent: organisers at once, the jury while it examines."""

from __future__ import annotations

from collections.abc import Iterable

from preau.accounts.actors import Actor
from preau.accounts.audiences import deciders_of
from preau.documents import actions as documents
from preau.documents.models import Document, DocumentReader
from preau.initiatives.enums.calls import ReviewState, SubmissionState
from preau.initiatives.models import CallForInitiatives, Review, Submission, SubmissionAnswer


def _files_of(submissions: Iterable[Submission]) -> list[tuple[int, Document]]:
    found = SubmissionAnswer.objects.filter(submission__in=submissions).exclude(document=None)
    rows = found.select_related("document").order_by("document")
    return [(one.submission_id, one.document) for one in rows if one.document is not None]


def show_to_organisers(submission: Submission, actor: Actor) -> None:
    key = deciders_of(submission.call.organization_id)
    for _, document in _files_of([submission]):
        documents.share(document, [key], actor=actor)


def show_to_jurors(call: CallForInitiatives, users: Iterable[int], actor: Actor) -> None:
    """Everything sent, save what they declared a conflict about."""
    users = set(users)
    conflicts = set(
        Review.objects.filter(
            submission__call=call, reviewer__user__in=users, state=ReviewState.CONFLICT
        ).values_list("submission", "reviewer__user")
    )
    sent = list(call.submissions.filter(state=SubmissionState.SENT))
    for submission, document in _files_of(sent):
        readers = [one for one in users if (submission, one) not in conflicts]
        documents.share(document, [f"user:{one}" for one in readers], actor=actor)


def hide_from_juror(submissions: Iterable[Submission], user: int, actor: Actor) -> None:
    for _, document in _files_of(submissions):
        documents.unshare(document, [f"user:{user}"], actor=actor)


def hide_from_all(submission: Submission, actor: Actor) -> None:
    """Whoever was shown them, jurors of a former day too; its owner's own lines stay."""
    for _, document in _files_of([submission]):
        own = {f"user:{document.owner_user_id}"}
        if document.owner_organization_id is not None:
            organization = document.owner_organization_id
            own = {f"organization:{organization}", deciders_of(organization)}
        keys = DocumentReader.objects.filter(document=document).exclude(key__in=own)
        documents.unshare(document, list(keys.values_list("key", flat=True)), actor=actor)
