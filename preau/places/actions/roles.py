"""Roles on one place, for people who need not belong to its owner."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import audit
from preau.core.errors import Refusal
from preau.notifications.actions import enqueue_email
from preau.places.emails import role_given
from preau.places.enums import PlaceRoleKind
from preau.places.models import Place, PlaceRole


@transaction.atomic
def give_role(*, actor: Actor, place: Place, email: str, role: PlaceRoleKind) -> PlaceRole:
    """Give a role to whoever reads this address; they are told by e-mail.

    Someone who never came gets an account waiting for them: signing in with a code opens it.
    """
    address = email.strip().lower()
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        user = User.objects.create_user(address)
    try:
        with transaction.atomic():
            given = PlaceRole.objects.create(place=place, user=user, role=role)
    except IntegrityError as error:
        raise Refusal(
            "Cette personne a déjà ce rôle sur ce lieu.", field="email", code="already"
        ) from error
    audit.record(actor, "place.give_role", place, role=role, user=user.pk)
    subject, text, html = role_given(given)
    enqueue_email(
        cause=f"place_role:{given.pk}:given",
        recipient=user.email,
        subject=subject,
        text=text,
        html=html,
    )
    return given


@transaction.atomic
def remove_role(*, actor: Actor, role: PlaceRole) -> None:
    audit.record(actor, "place.remove_role", role.place, role=role.role, user=role.user_id)
    role.delete()
