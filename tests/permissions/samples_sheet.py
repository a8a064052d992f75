"""What the sheet of a project has addresses for."""

from datetime import timedelta
from functools import cached_property
from uuid import uuid4

from preau.accounts.actions.members import digest
from preau.accounts.actors import SYSTEM, Actor
from preau.core import clock
from preau.projects.actions import assessments, files, steps, threads
from preau.projects.actions.steps import Wanted
from preau.projects.enums import ProjectRole, QuestionKind, QuestionnaireKind, VersionState
from preau.projects.models import (
    ProjectInvitation,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    ShareLink,
)
from tests.documents.pictures import picture

INVITED = "an-invitation-known-to-the-test"
SHARED = "a-link-known-to-the-test"


class SheetWorld:
    """Added to `samples_projects.ProjectsWorld`."""

    @cached_property
    def project_invitation(self):
        return ProjectInvitation.objects.create(
            project=self.project,
            email="invitee@exemple.fr",
            role=ProjectRole.SUPPORT,
            token_digest=digest(INVITED),
            expires_at=clock.now() + timedelta(days=3),
        )

    @cached_property
    def share_link(self):
        return ShareLink.objects.create(
            project=self.project,
            label="Conseil",
            token_digest=digest(SHARED),
            expires_at=clock.now() + timedelta(days=3),
        )

    @cached_property
    def project_step(self):
        return steps.add(self.project, Wanted("Demander un devis"), actor=SYSTEM)

    @cached_property
    def project_thread(self):
        return threads.open_conversation(
            self.project,
            title="Le toit",
            body="Bonjour",
            idempotency_key=uuid4(),
            actor=Actor(*self.people["mayor"]),
        )

    @cached_property
    def project_file(self):
        return files.add(self.project, picture(), title="Plan", actor=Actor(*self.people["mayor"]))

    @cached_property
    def assessment(self):
        questionnaire = Questionnaire.objects.create(
            kind=QuestionnaireKind.ASSESSMENT, title="Se déplacer"
        )
        version = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
        Question.objects.create(
            version=version, code="note", position=1, label="Note", kind=QuestionKind.LONG
        )
        version.state, version.published_at = VersionState.PUBLISHED, clock.now()
        version.save()
        return assessments.begin(self.project, version, actor=SYSTEM)


def _invited(world):
    assert world.project_invitation
    return {"token": INVITED}


def _shared(world):
    assert world.share_link
    return {"token": SHARED}


SHEET_SAMPLES = {
    "projects:invitation": _invited,
    "projects:invitation_accept": _invited,
    "projects:by_link": _shared,
}
SHEET_SAMPLES_BY_ARGUMENT = {
    "member_id": lambda world: world.project_member.pk,
    "invitation_id": lambda world: world.project_invitation.pk,
    "link_id": lambda world: world.share_link.pk,
    "step_id": lambda world: world.project_step.pk,
    "thread_id": lambda world: world.project_thread.pk,
    "file_id": lambda world: world.project_file.pk,
    "assessment_id": lambda world: world.assessment.pk,
}
