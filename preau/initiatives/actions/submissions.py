"""Answering a call: a draft kept at each screen, sent before the closing, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.files.base import File
from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.perms import require_verified
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.documents import actions as documents
from preau.documents.enums import DocumentKind
from preau.initiatives import screens
from preau.initiatives.actions import answer_files
from preau.initiatives.emails import calls as emails
from preau.initiatives.enums.calls import CallQuestionKind, CallState, SubmissionState
from preau.initiatives.models import (
    CallForInitiatives,
    CallQuestion,
    Submission,
    SubmissionAnswer,
)
from preau.initiatives.perms.calls import require
from preau.projects import perms as project_perms
from preau.projects.models import Project
from preau.territories.models import Commune

#: Drafts and answers of one person to one call: more is a robot, or somebody lost.
MOST_EACH = 5


def refuse_unless_open(call: CallForInitiatives) -> None:
    """
    Raises:
        Refusal: it is not open yet ("early"), or no more ("closed").
    """
    if call.is_open:
        return
    if call.state == CallState.PUBLISHED and not call.is_over:
        raise Refusal("Cet appel n’est pas encore ouvert.", code="early")
    raise Refusal("Cet appel est fermé : plus rien ne peut y être envoyé ni changé.", code="closed")


@transaction.atomic
def start(call: CallForInitiatives, *, actor: Actor, project: Project | None = None) -> Submission:
    """A draft, for oneself or for the organisation whose hat is on; from a project, with what it
    says already.

    Raises:
        Forbidden: not signed in, or not theirs to answer for the project.
        Refusal: the call is not open, or too many drafts ("too_many").
    """
    person = actor.person
    refuse_unless_open(call)
    mine = Submission.objects.filter(call=call, user=person).exclude(
        state=SubmissionState.WITHDRAWN
    )
    if mine.count() >= MOST_EACH:
        raise Refusal(
            f"Vous avez déjà {MOST_EACH} réponses à cet appel : reprenez l’une d’elles.",
            code="too_many",
        )
    submission = Submission(call=call, user=person, organization=actor.organization)
    submission.phone = person.phone
    if actor.organization is not None:
        submission.commune = actor.organization.commune
    if project is not None:
        project_perms.require(actor, "project.edit", project)
        _fill(submission, project)
    submission.save()
    audit.record(actor, "initiatives.start_submission", submission)
    return submission


def _fill(submission: Submission, project: Project) -> None:
    """Given once: what the project says is proposed."""
    submission.project = project
    submission.title = project.name
    told = [project.purpose, project.description]
    submission.summary = "\n\n".join(one for one in told if one)[:5000]
    submission.commune = project.lead_commune or submission.commune
    submission.phone = project.contact_phone or submission.phone


def _open(submission: Submission, actor: Actor) -> Submission:
    """The draft, locked, while its call is open.

    Raises:
        Forbidden: not theirs.
        Refusal: sent or withdrawn meanwhile, or the call closed: nothing changes any more.
    """
    require(actor, "submission.write", submission)
    found = Submission.objects.select_for_update(of=("self",)).select_related(
        "call", "organization", "user", "commune"
    ).get(pk=submission.pk)  # fmt: skip
    # Held too: a postponement and a last answer do not cross.
    CallForInitiatives.objects.select_for_update(no_key=True).get(pk=found.call_id)
    found.call.refresh_from_db()
    refuse_unless_open(found.call)
    if found.state != SubmissionState.DRAFT:
        raise Refusal(
            "Cette candidature n’est plus un brouillon : ce que vous venez d’écrire n’est pas"
            " enregistré.",
            code="sent",
        )
    return found


def _keep(submission: Submission, screen: str, actor: Actor, *names: str) -> None:
    submission.updated_at = clock.now()
    if screen not in submission.done:
        submission.done = [*submission.done, screen]
    submission.save(update_fields=[*names, "done", "updated_at"])
    audit.record(actor, "initiatives.save_submission", submission, screen=screen)


@transaction.atomic
def save_idea(
    submission: Submission,
    *,
    title: str,
    summary: str,
    commune: Commune,
    phone: str = "",
    actor: Actor,
) -> Submission:
    submission = _open(submission, actor)
    submission.title, submission.summary = title.strip(), summary.strip()
    submission.commune, submission.phone = commune, phone.strip()
    _keep(submission, screens.IDEA, actor, "title", "summary", "commune", "phone")
    return submission


@transaction.atomic
def save_answers(
    submission: Submission,
    screen: screens.Screen,
    texts: Mapping[int, str],
    uploads: Mapping[int, File[bytes]],
    *,
    actor: Actor,
) -> Submission:
    """Keep what one screen asked; an empty answer takes the former one away, a file stays until
    another takes its place.

    Raises:
        Refusal: the vault does not take a file (its `field` is the question's).
    """
    submission = _open(submission, actor)
    for question in screen.questions:
        if question.kind == CallQuestionKind.FILE:
            if upload := uploads.get(question.pk):
                _keep_file(submission, question, upload, actor)
        elif text := texts.get(question.pk, "").strip()[:5000]:
            SubmissionAnswer.objects.update_or_create(
                submission=submission, question=question, defaults={"text": text}
            )
        else:
            submission.answers.filter(question=question).delete()
    _keep(submission, screen.key, actor)
    return submission


def _keep_file(
    submission: Submission, question: CallQuestion, upload: File[bytes], actor: Actor
) -> None:
    organization = submission.organization
    owner = (
        {"owner_organization": organization}
        if organization is not None
        else {"owner_user": submission.user}
    )
    try:
        document = documents.deposit(
            actor=actor,
            kind=DocumentKind.OTHER,
            title=f"{question.label[:100]} ({submission.call.title[:50]})",
            upload=upload,
            **owner,
        )
    except Refusal as refusal:
        raise Refusal(
            refusal.sentence, field=screens.field_of(question), code=refusal.code
        ) from refusal
    SubmissionAnswer.objects.update_or_create(
        submission=submission, question=question, defaults={"document": document}
    )


@transaction.atomic
def send(submission: Submission, *, actor: Actor) -> Submission:
    """Hand it in; twice is once. The organisers read it from then on; the jury has its files
    once it examines.

    Raises:
        Refusal: something is missing ("missing"), too late ("closed"), not verified.
    """
    require(actor, "submission.write", submission)
    now = Submission.objects.get(pk=submission.pk)
    if now.state == SubmissionState.SENT:
        return now
    submission = _open(submission, actor)
    require_verified(actor)
    if missing := screens.missing(submission):
        raise Refusal(missing[0][1], code="missing")
    submission.state, submission.sent_at = SubmissionState.SENT, clock.now()
    submission.save(update_fields=["state", "sent_at"])
    answer_files.show_to_organisers(submission, actor)
    audit.record(actor, "initiatives.send_submission", submission)
    emails.sent(submission)
    return submission


@transaction.atomic
def withdraw(submission: Submission, *, actor: Actor) -> Submission:
    """Take it back, as long as nothing was decided. It is shown to nobody else any longer."""
    require(actor, "submission.write", submission)
    submission = Submission.objects.select_for_update(of=("self",)).select_related(
        "call__organization", "organization", "user"
    ).get(pk=submission.pk)  # fmt: skip
    if submission.state == SubmissionState.WITHDRAWN:
        return submission
    # Held too: whoever joins the jury meanwhile is not shown its files after this.
    CallForInitiatives.objects.select_for_update(no_key=True).get(pk=submission.call_id)
    was_sent = submission.state == SubmissionState.SENT
    if submission.call.state in {CallState.DECIDED, CallState.ARCHIVED} and was_sent:
        raise Refusal(
            "La décision est rendue : la candidature ne se retire plus. Écrivez aux organisateurs.",
            code="decided",
        )
    submission.state, submission.withdrawn_at = SubmissionState.WITHDRAWN, clock.now()
    submission.decision, submission.decision_reason = "", ""
    submission.save(update_fields=["state", "withdrawn_at", "decision", "decision_reason"])
    answer_files.hide_from_all(submission, actor)
    audit.record(actor, "initiatives.withdraw_submission", submission)
    if was_sent:
        emails.withdrawn(submission)
    return submission


def file_of(submission: Submission, question_id: int, *, actor: Actor) -> SubmissionAnswer:
    """The answer whose file the actor may read.

    Raises:
        Forbidden: not shown to them.
        Refusal: no such file.
    """
    require(actor, "submission.read", submission)
    answer = submission.answers.select_related("document").filter(question=question_id).first()
    if answer is None or answer.document is None:
        raise Refusal("Ce fichier n’a pas été joint, ou a été remplacé.", code="gone")
    if answer.document.removed_at is not None:
        raise Forbidden("Ce fichier a été retiré de son coffre.")
    return answer
