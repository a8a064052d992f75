"""A person's account: opening, profile, hat, closing."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from preau.accounts import emails
from preau.accounts.actions.members import end_membership
from preau.accounts.actors import Actor
from preau.accounts.events import account_closed, account_closing
from preau.accounts.models import Identity, JoinRequest, Membership, User
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.territories.models import Commune


def open_account(*, email: str) -> User:
    """The account of an address that has just been proven; opened if there is none."""
    email = email.strip().lower()
    try:
        with transaction.atomic():
            user = User.objects.create_user(email)
            audit.record(Actor(user), "account.open", user)
            return user
    except IntegrityError:  # it exists, or another tab was quicker
        return User.objects.get(email=email)


@transaction.atomic
def edit_profile(
    *,
    actor: Actor,
    first_name: str,
    last_name: str,
    phone: str,
    commune: Commune | None = None,
) -> User:
    user = User.objects.select_for_update().get(pk=actor.person.pk)
    user.first_name, user.last_name, user.phone = first_name, last_name, phone
    user.commune = commune
    user.save(update_fields=["first_name", "last_name", "phone", "commune"])
    audit.record(actor, "account.edit", user)
    return user


def remember_hat(*, actor: Actor, membership: Membership | None) -> None:
    """Keep the hat chosen, for the next sign-in. The session itself is the view's business."""
    User.objects.filter(pk=actor.person.pk).update(last_membership=membership, has_chosen_hat=True)


@transaction.atomic
def close_account(*, actor: Actor) -> None:
    """Empty the account of what names the person; past acts keep an unnamed author.

    Raises:
        Refusal: they are the last administrator somewhere, or another room names a live duty.
    """
    user = User.objects.select_for_update().get(pk=actor.person.pk)
    answers = account_closing.send(sender=User, user=user)
    duties = [duty for _, found in answers for duty in found or ""]
    if duties:
        raise Refusal(f"Avant de fermer votre compte : {' ; '.join(duties)}.", code="live_duties")
    live = user.memberships.filter(ended_at=None).order_by("organization")  # locked in this order
    for membership in live:
        end_membership(membership, actor=actor, verb="membership.leave")
    audit.record(actor, "account.close", user)
    Authenticator.objects.filter(user=user).delete()
    Identity.objects.filter(user=user).delete()
    JoinRequest.objects.filter(user=user, answered_at=None).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    User.objects.filter(pk=user.pk).update(
        email=f"compte-ferme-{user.pk}@preau.invalid",
        first_name="Compte",
        last_name="fermé",
        phone="",
        commune=None,
        is_active=False,
        is_operator=False,
        closed_at=clock.now(),
    )
    account_closed.send(sender=User, user=user)


@transaction.atomic
def remove_lost_keys(*, actor: Actor, email: str, reason: str) -> User:
    """Take its passkeys and recovery codes off an account: a code by e-mail opens it again.

    The operator has made sure of who asks. The person is told, and every session of theirs ends.

    Raises:
        Refusal: no such account, or no key on it.
    """
    user = User.objects.select_for_update().filter(email=email.strip().lower()).first()
    if user is None or not user.is_active:
        raise Refusal("Aucun compte ouvert n’a cette adresse.", field="email", code="unknown")
    keys = Authenticator.objects.filter(user=user)
    if not keys.exists():
        raise Refusal(
            "Ce compte n’a pas de clé : le code reçu par courriel suffit pour entrer.",
            field="email",
            code="no_key",
        )
    keys.delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    audit.record(actor, "account.keys_removed", user, reason=reason)
    emails.keys_removed(user.email)
    return user
