"""The letters of the sheet: invitations, roles, mentions, messages, steps."""

from __future__ import annotations

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import formats
from preau.notifications.actions import Mail, Notice, enqueue_email, tell
from preau.notifications.emails import compose
from preau.projects.enums import ProjectRole
from preau.projects.models import Project, ProjectInvitation, Step
from preau.projects.topics.sheet import INVITATIONS, STEPS
from preau.projects.words import MAY


def sheet_url(project: Project, anchor: str = "") -> str:
    url = reverse("projects:sheet", args=[project.key])
    return f"{url}#{anchor}" if anchor else url


def invitation(one: ProjectInvitation, token: str) -> None:
    """To whoever has the address; in the site's list too when it is somebody's."""
    project = one.project
    inviter = one.invited_by.full_name if one.invited_by else "Un membre du projet"
    until = formats.day(formats.local(one.expires_at, project.time_zone).date())
    said = f"\n\n« {one.message} »" if one.message else ""
    role = ProjectRole(one.role)
    subject = f"Invitation au projet « {project.name} »"
    url = reverse("projects:invitation", args=[token])
    text, html = compose(
        intro=f"{inviter} vous invite au projet « {project.name} » ({project.holder}).{said}",
        facts=[
            ("Votre rôle", role.label),
            ("Vous pourrez", MAY[role]),
            ("Valable jusqu’au", until),
        ],
        button_label="Voir l’invitation",
        button_url=url,
        next_steps=(
            f"Connectez-vous avec cette adresse ({one.email}) : elle vaut preuve. Vous n’attendiez"
            " rien ? Ne faites rien, l’invitation s’éteindra."
        ),
    )
    cause = f"projects.invitation:{one.pk}:{one.token_digest[:12]}"
    user = User.objects.filter(email__iexact=one.email, is_active=True).first()
    if user is None:
        enqueue_email(cause=cause, recipient=one.email, subject=subject, text=text, html=html)
        return
    mail = Mail(subject, text, html)
    tell([Notice(user, INVITATIONS.key, subject, cause, url=url, email=mail)])


def role_changed(project: Project, user: User, role: ProjectRole, *, event: int) -> None:
    title = f"Projet « {project.name} » : votre rôle est « {role.label} »"
    notice = Notice(
        user,
        INVITATIONS.key,
        title,
        f"projects.role:{event}",
        body=MAY[role],
        url=sheet_url(project),
    )
    tell([notice])


def removed(project: Project, user: User, reason: str, *, event: int, actor: Actor) -> None:
    who = actor.user.full_name if actor.user else "Préau"
    notice = Notice(
        user,
        INVITATIONS.key,
        f"Vous n’êtes plus membre du projet « {project.name} »",
        f"projects.removed:{event}",
        body=f"{who} vous a retiré de ce projet : {reason} Ce que vous y avez écrit y reste.",
    )
    tell([notice])


def step_given(step: Step, *, actor: Actor) -> None:
    """Somebody else gave it, or moved its day."""
    assert step.owner is not None
    project = step.project
    due = f" pour le {formats.day(step.due_on)}" if step.due_on else ""
    who = actor.user.full_name if actor.user else "Préau"
    notice = Notice(
        step.owner,
        STEPS.key,
        f"Une action vous est confiée{due} : {step.title}",
        f"projects.step:{step.pk}:{step.owner_id}:{step.due_on or ''}",
        body=f"{who}, projet « {project.name} ». {step.detail}".strip(),
        url=reverse("projects:steps", args=[project.key]),
    )
    tell([notice])
