"""What projects keep about a person: exported when they ask, emptied when their account closes.

What was written for a project stays with it, under an account that names nobody any more.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from preau.accounts.models import User
from preau.projects.enums import FundingState, ProjectState, RecommendationState, ReviewSide
from preau.projects.models import (
    Assignment,
    Blockage,
    FundingRequest,
    ImpactReview,
    ProgrammeFeedback,
    Project,
    ProjectEvent,
    ProjectMember,
    Recommendation,
    RecommendationAnswer,
    Step,
)


def personal_data(user: User) -> dict[str, Any]:
    return (
        {
            "projets portés ou déposés": [_project(one, user) for one in _mine(user)],
            "rôles sur des projets": _roles(user),
        }
        | _help(user)
        | _work(user)
    )


def _help(user: User) -> dict[str, Any]:
    return {
        "blocages déclarés": [
            {
                "projet": one.project.reference,
                "titre": one.title,
                "précisions": one.description,
                "déclaré le": one.opened_at,
            }
            for one in Blockage.objects.filter(declared_by=user).select_related("project")
        ],
        "recommandations écrites": [
            {
                "projet": one.project.reference,
                "titre": one.title,
                "pourquoi": one.rationale,
                "état": RecommendationState(one.state).label,
                "rédigée le": one.created_at,
            }
            for one in Recommendation.objects.filter(author=user).select_related("project")
        ],
        "réponses à des recommandations": [
            {
                "recommandation": one.recommendation.title,
                "réponse": one.get_state_display(),
                "commentaire": one.reason,
                "le": one.at,
            }
            for one in RecommendationAnswer.objects.filter(user=user).select_related(
                "recommendation"
            )
        ],
    }


def _work(user: User) -> dict[str, Any]:
    return {
        "actions": [
            {"projet": one.project.reference, "titre": one.title, "précisions": one.detail}
            for one in Step.objects.filter(Q(owner=user) | Q(created_by=user)).select_related(
                "project"
            )
        ],
        "demandes de financement": [
            {
                "projet": one.project.reference,
                "aide": one.label,
                "état": FundingState(one.state).label,
            }
            for one in FundingRequest.objects.filter(created_by=user).select_related("project")
        ],
        "bilans de projets": [_review(one) for one in _reviews(user)],
        "avis sur des programmes": [
            {
                "programme": one.programme.name,
                "année": one.year,
                "note": one.mark,
                "commentaire": one.comment,
            }
            for one in ProgrammeFeedback.objects.filter(user=user).select_related("programme")
        ],
        "historique des projets": [
            {
                "projet": one.project.reference,
                "le": one.at,
                "objet": one.get_kind_display(),
                "sujet": one.subject,
                "pourquoi": one.reason,
            }
            for one in ProjectEvent.objects.filter(user=user)
            .select_related("project")
            .order_by("pk")
            .iterator(chunk_size=500)
        ],
    }


def _mine(user: User) -> list[Project]:
    return list(
        Project.objects.filter(Q(holder_user=user) | Q(filed_by=user))
        .select_related("filing")
        .order_by("pk")
    )


def _project(project: Project, user: User) -> dict[str, Any]:
    """What others have written since, in a structure's project, is that structure's."""
    found = {
        "référence": project.reference,
        "nom": project.name,
        "état": project.get_state_display(),
        "déposé le": project.deposited_at,
    }
    if project.contact_email and project.contact_email.lower() == (user.email or "").lower():
        found |= _contact(project)
    if project.holder_organization_id is None and project.holder_user_id == user.pk:
        found |= _words(project) | _contact(project)
    return found


def _contact(project: Project) -> dict[str, Any]:
    return {
        "personne à joindre": project.contact_name,
        "fonction": project.contact_function,
        "adresse électronique": project.contact_email,
        "téléphone": project.contact_phone,
    }


def _words(project: Project) -> dict[str, Any]:
    filing = getattr(project, "filing", None)
    return {
        "pourquoi": project.purpose,
        "description": project.description,
        "écrit, pas encore enregistré": filing.typed if filing else {},
    }


def _roles(user: User) -> list[dict[str, Any]]:
    member = ProjectMember.objects.filter(user=user).select_related("project").order_by("pk")
    assigned = Assignment.objects.filter(user=user).select_related("project").order_by("pk")
    return [
        {
            "projet": one.project.reference,
            "rôle": one.get_role_display(),
            "depuis": one.started_at,
            "jusqu’à": one.ended_at,
        }
        for one in member
    ] + [
        {
            "projet": one.project.reference,
            "rôle": one.get_role_display(),
            "depuis": one.created_at,
            "jusqu’à": one.ended_at,
        }
        for one in assigned
    ]


def _reviews(user: User) -> list[ImpactReview]:
    return list(ImpactReview.objects.filter(written_by=user).select_related("project"))


def _review(review: ImpactReview) -> dict[str, Any]:
    return {
        "projet": review.project.reference,
        "écrit pour": ReviewSide(review.side).label,
        "ce que vous vouliez": review.goals,
        "ce qui a été obtenu": review.results,
        "chiffres clés": review.figures,
        "ce qui a aidé": review.what_helped,
        "ce qui a manqué": review.what_lacked,
        "écrit le": review.written_at,
    }


def forget(user: User) -> None:
    """No project says any more whom to call; drafts of theirs alone go, so do their comments."""
    if user.email:
        Project.objects.filter(contact_email__iexact=user.email).update(
            contact_name="", contact_function="", contact_email="", contact_phone=""
        )
    ProgrammeFeedback.objects.filter(user=user).update(comment="")
    alone = Project.objects.filter(holder_user=user, holder_organization=None)
    alone.filter(state=ProjectState.DRAFT).delete()
