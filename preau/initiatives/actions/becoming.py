"""A submission that becomes a project: by its author's hand, never without them."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.initiatives.emails import calls as emails
from preau.initiatives.enums.calls import CallState, Decision, SubmissionState
from preau.initiatives.models import Submission
from preau.initiatives.perms.calls import require
from preau.projects import filing_steps, history
from preau.projects.actions import depositing, filing
from preau.projects.actions.filing import Who
from preau.projects.enums import EventKind
from preau.projects.filers import Filer
from preau.projects.models import Project
from preau.resources.enums import Phase

MOST_THEMES = 4


def may_become(submission: Submission) -> bool:
    """Whether its author may make a project of it: it was sent, and has none yet."""
    return submission.state == SubmissionState.SENT and submission.project_id is None


@transaction.atomic
def propose(submission: Submission, *, actor: Actor) -> Submission:
    """Ask the author of a selected submission to make a project of it; asked once."""
    require(actor, "submission.decide", submission)
    submission = Submission.objects.select_for_update(of=("self",)).select_related(
        "call__organization", "user", "organization"
    ).get(pk=submission.pk)  # fmt: skip
    told = submission.call.state in {CallState.DECIDED, CallState.ARCHIVED}
    if not told or submission.decision != Decision.SELECTED:
        raise Refusal("Cela se propose aux candidatures retenues, une fois la décision publiée.")
    if not may_become(submission):
        raise Refusal("Cette candidature est déjà un projet.", code="project")
    if submission.proposed_at is None:
        submission.proposed_at = clock.now()
        submission.save(update_fields=["proposed_at"])
        audit.record(actor, "initiatives.propose_project", submission)
        emails.propose_project(submission)
    return submission


@transaction.atomic
def make_project(submission: Submission, *, actor: Actor) -> Project:
    """The project, with everything already given; filed at once when nothing is missing.

    Twice is once. Where something is missing (a programme's question, a pair in the département),
    the draft waits in « Mes projets », linked all the same.

    Raises:
        Forbidden: not theirs.
        Refusal: it was not sent, or was withdrawn ("state").
    """
    require(actor, "submission.write", submission)
    submission = Submission.objects.select_for_update(of=("self",)).select_related(
        "call", "user", "organization", "commune"
    ).get(pk=submission.pk)  # fmt: skip
    if submission.project is not None:
        return submission.project
    if submission.state != SubmissionState.SENT:
        raise Refusal("Envoyez d’abord la candidature.", code="state")
    project = _drafted(submission, actor)
    submission.project = project
    submission.save(update_fields=["project"])
    audit.record(actor, "initiatives.make_project", submission, project=project.pk)
    if not filing_steps.missing(project):
        try:
            project = depositing.deposit(project, actor=actor)
        except Refusal as refusal:
            if refusal.code != "no_pair":  # the draft waits for one, its author will be told
                raise
    about = f"Candidature à « {submission.call.title} »"
    if not project.is_draft:
        note = ("", "à l’origine du projet")
        history.note(project, EventKind.IDENTITY, actor=actor, about=about, change=note)
    return project


def _drafted(submission: Submission, actor: Actor) -> Project:
    by, call = Filer(actor), submission.call
    project = filing.start_draft(by=by)
    membership = actor.membership if submission.organization_id else None
    who = Who(membership=membership, commune=submission.commune)
    project = filing.save_who(project, who, by=by)
    purpose, _, more = submission.summary.partition("\n\n")
    if len(purpose) > 5000 or not purpose:
        purpose, more = submission.summary, ""
    project = filing.save_what(
        project,
        by=by,
        name=submission.title,
        purpose=purpose,
        description=f"{more}\n\n{_answers(submission)}".strip()[:10000],
        themes=list(call.themes)[:MOST_THEMES],
        phase=Phase.IDEA,
    )
    assert submission.commune is not None
    project = filing.save_where(project, [submission.commune], by=by)
    author = submission.user
    return filing.save_contact(
        project,
        by=by,
        name=author.full_name,
        function="",
        email=author.email,
        phone=submission.phone,
    )


def _answers(submission: Submission) -> str:
    """What was answered, in words, under each question."""
    rows = submission.answers.exclude(text="").select_related("question")
    lines = [f"{one.question.label}\n{one.text}" for one in rows.order_by("question__position")]
    return "\n\n".join(lines)
