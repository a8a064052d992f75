"""From the addresses of a sheet's pages to what they are about."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.projects.loading import load_project
from preau.projects.models import (
    Assessment,
    Project,
    ProjectFile,
    ProjectInvitation,
    ProjectMember,
    ProjectThread,
    ShareLink,
    Step,
)


def load_filed(key: UUID) -> Project:
    """A filed project: a draft has its own pages and no sheet yet."""
    project = load_project(key)
    if project.is_draft:
        raise Http404("Ce projet est encore un brouillon.")
    return project


def load_member(member_id: int) -> ProjectMember:
    """Somebody still on a project."""
    found = ProjectMember.objects.select_related(
        "project__lead_commune", "project__holder_organization", "user", "organization"
    )
    member = found.filter(pk=member_id, ended_at=None).first()
    if member is None:
        raise Http404("Cette personne n’est plus membre du projet.")
    return member


def load_invitation(invitation_id: int) -> ProjectInvitation:
    found = ProjectInvitation.objects.select_related("project")
    invitation = found.filter(pk=invitation_id).first()
    if invitation is None:
        raise Http404("Cette invitation n’existe pas.")
    return invitation


def load_step(step_id: int) -> Step:
    found = Step.objects.select_related(
        "project__lead_commune", "project__holder_organization", "project__in_charge", "owner"
    )
    step = found.filter(pk=step_id).first()
    if step is None:
        raise Http404("Cette action n’existe pas.")
    return step


def load_thread(thread_id: int) -> ProjectThread:
    found = ProjectThread.objects.select_related(
        "thread", "project__lead_commune", "project__holder_organization"
    )
    conversation = found.filter(pk=thread_id).first()
    if conversation is None:
        raise Http404("Cette conversation n’existe pas.")
    return conversation


def load_file(file_id: int) -> ProjectFile:
    """A file still shown to a project, and still in its owner's vault."""
    found = ProjectFile.objects.select_related(
        "document__file",
        "document__owner_user",
        "document__owner_organization",
        "project__lead_commune",
        "project__holder_organization",
    )
    one = found.filter(pk=file_id, removed_at=None, document__removed_at=None).first()
    if one is None:
        raise Http404("Ce fichier n’existe pas, ou a été retiré du projet.")
    return one


def load_assessment(assessment_id: int) -> Assessment:
    found = Assessment.objects.select_related(
        "version__questionnaire", "project__lead_commune", "project__holder_organization"
    )
    assessment = found.filter(pk=assessment_id).first()
    if assessment is None:
        raise Http404("Cet état des lieux n’existe pas.")
    return assessment


def load_link(link_id: int) -> ShareLink:
    link = ShareLink.objects.select_related("project").filter(pk=link_id).first()
    if link is None:
        raise Http404("Ce lien n’existe pas.")
    return link
