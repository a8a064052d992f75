"""Offering a place on a project by e-mail, and taking it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import Http404

from preau.accounts.actions.members import digest
from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.models import User
from preau.accounts.queries import memberships_of
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.projects import perms, standing
from preau.projects.actions import states
from preau.projects.emails import sheet as emails_sheet
from preau.projects.enums import EventKind, ProjectRole
from preau.projects.history import note
from preau.projects.models import Project, ProjectInvitation, ProjectMember
from preau.projects.queries.people import highest_role
from preau.projects.words import rank

LIFE = timedelta(days=14)
MOST_A_DAY = 50
#: A letter sent a moment ago is on its way: sending it again helps nobody.
AGAIN_AFTER = timedelta(minutes=10)


def masked(email: str) -> str:
    """`c…@exemple.fr`: to recognise one's own address, too little to learn another's."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


def by_token(token: str) -> ProjectInvitation:
    """The invitation of a link."""
    found = ProjectInvitation.objects.select_related(
        "project__lead_commune", "project__holder_organization", "invited_by"
    )
    invitation = found.filter(token_digest=digest(token)).first()
    if invitation is None:
        raise Http404("Cette invitation n’existe pas.")
    return invitation


@transaction.atomic
def invite(
    project: Project, *, email: str, role: str, message: str = "", actor: Actor
) -> ProjectInvitation:
    """Offer a role to an address. The holder's own is offered by those who file for somebody.

    Raises:
        Forbidden: not theirs to invite, or above what they are.
        Refusal: already a member, already invited, too many in a day.
    """
    perms.require(actor, "project.invite", project)
    project = states.lock_open(project)
    wanted = ProjectRole(role)
    _may_offer(actor, project, wanted)
    email = email.strip().lower()
    _refuse_address(project, email)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    try:
        with transaction.atomic():
            made = ProjectInvitation.objects.create(
                project=project,
                email=email,
                role=wanted,
                message=message.strip()[:500],
                token_digest=digest(token),
                invited_by=actor.user,
                created_at=now,
                expires_at=now + LIFE,
            )
    except IntegrityError as error:
        raise Refusal(
            "Une invitation est déjà en attente pour cette adresse. Renvoyez-la, ou annulez-la"
            " pour changer de rôle.",
            field="email",
            code="invited",
        ) from error
    emails_sheet.invitation(made, token)
    about = f"Invitation de {masked(email)}"
    note(project, EventKind.MEMBER, actor=actor, about=about, change=("", wanted))
    return made


def _may_offer(actor: Actor, project: Project, wanted: ProjectRole) -> None:
    highest = highest_role(actor, project)
    files_for_them = wanted == ProjectRole.HOLDER and highest == ProjectRole.PILOT
    if files_for_them and Role.AGENT in standing.roles_on_project(actor, project.permission_scope):
        return
    if highest is None or rank(wanted) > rank(highest):
        raise Forbidden(
            "Vous ne pouvez pas donner un rôle plus fort que le vôtre. Demandez au porteur ou à"
            " un pilote d’envoyer cette invitation."
        )


def _refuse_address(project: Project, email: str) -> None:
    if project.members.filter(user__email__iexact=email, ended_at=None).exists():
        raise Refusal(
            "Cette personne est déjà membre du projet. Changez son rôle si besoin.",
            field="email",
            code="member",
        )
    since = clock.now() - timedelta(days=1)
    if project.invitations.filter(created_at__gt=since).count() >= MOST_A_DAY:
        raise Refusal(
            f"Ce projet a envoyé {MOST_A_DAY} invitations depuis hier. Attendez demain pour en"
            " envoyer d’autres.",
            code="too_many",
        )


@transaction.atomic
def send_again(invitation: ProjectInvitation, *, actor: Actor) -> ProjectInvitation:
    """A new link to the same address, good for another fortnight; the former one dies."""
    perms.require(actor, "project.invite", invitation.project)
    states.lock_open(invitation.project)
    invitation = _waiting(invitation)
    _may_offer(actor, invitation.project, ProjectRole(invitation.role))
    now = clock.now()
    if invitation.created_at > now - AGAIN_AFTER and invitation.expires_at > now:
        raise Refusal(
            "Cette invitation vient de partir. Demandez à la personne de regarder dans ses"
            " courriers indésirables, puis renvoyez-la dans dix minutes.",
            code="just_sent",
        )
    token = secrets.token_urlsafe(32)
    invitation.token_digest = digest(token)
    invitation.created_at, invitation.expires_at = now, now + LIFE
    invitation.save(update_fields=["token_digest", "created_at", "expires_at"])
    emails_sheet.invitation(invitation, token)
    return invitation


@transaction.atomic
def revoke(invitation: ProjectInvitation, *, actor: Actor) -> None:
    perms.require(actor, "project.invite", invitation.project)
    invitation = _waiting(invitation)
    _may_offer(actor, invitation.project, ProjectRole(invitation.role))
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    about = f"Invitation de {masked(invitation.email)}"
    change = (invitation.role, "annulée")
    note(invitation.project, EventKind.MEMBER, actor=actor, about=about, change=change)


def _waiting(invitation: ProjectInvitation) -> ProjectInvitation:
    fresh = ProjectInvitation.objects.select_for_update(of=("self",)).select_related(
        "project__lead_commune", "project__holder_organization", "invited_by"
    )
    found = fresh.get(pk=invitation.pk)
    if found.accepted_at or found.revoked_at:
        raise Refusal("Cette invitation a déjà été acceptée ou annulée.", code="over")
    return found


@transaction.atomic
def accept(invitation: ProjectInvitation, *, actor: Actor) -> ProjectMember:
    """Take the place offered: only the address invited may, a forwarded link gives nothing.

    Raises:
        Refusal: another account ("other_address"), the invitation is over ("over"), or the
            person would lose by it ("already_more").
    """
    project = states.lock(invitation.project)
    user = actor.person
    if user.email.lower() != invitation.email.lower():
        raise Refusal(
            "Cette invitation est adressée à une autre adresse que celle de votre compte."
            " Connectez-vous avec l’adresse qui a reçu le courriel.",
            code="other_address",
        )
    invitation = ProjectInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    role = ProjectRole(invitation.role)
    member = project.members.filter(user=user, ended_at=None).first()
    if member is not None and invitation.accepted_at:
        return member  # the button pressed twice
    if not invitation.is_open:
        raise Refusal(
            "Cette invitation n’est plus valable. Demandez à la personne qui vous a invité de"
            " vous en envoyer une autre.",
            code="over",
        )
    _refuse_loss(user, project, role)
    if member is None:
        member = ProjectMember.objects.create(
            project=project, user=user, role=role, invited_by=invitation.invited_by
        )
        note(
            project,
            EventKind.MEMBER,
            actor=actor,
            subject=member,
            about="Membre",
            change=("", role),
        )
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    standing.forget(actor)
    return member


def _refuse_loss(user: User, project: Project, role: ProjectRole) -> None:
    """An explicit observer is nothing more: whoever already writes would lose their pen."""
    if role != ProjectRole.OBSERVER:
        return
    hats = [Actor(user=user), *(Actor(user=user, membership=one) for one in memberships_of(user))]
    for hat in hats:
        standing.forget(hat)
        if standing.roles_on_project(hat, project.permission_scope) & set(perms.WRITERS):
            raise Refusal(
                "Vous pouvez déjà lire ce projet et y écrire : accepter ne vous laisserait que la"
                " lecture. Laissez cette invitation de côté.",
                code="already_more",
            )
