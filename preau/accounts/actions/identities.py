"""Identities of outside providers: an account opened, linked, used, unlinked."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from preau.accounts import emails, queries
from preau.accounts.actors import Actor
from preau.accounts.models import Identity, User
from preau.core import audit, clock
from preau.core.errors import Refusal


def open_account_by_identity(
    *, provider: str, sub: str, email: str, first_name: str, last_name: str, siret: str
) -> Identity | None:
    """An account for a person whose address the provider vouches for.

    Returns:
        None when an account has that address: linking asks for a proof of both.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
            identity = Identity.objects.create(user=user, provider=provider, sub=sub, siret=siret)
            audit.record(Actor(user), "account.open", user, provider=provider)
            return identity
    except IntegrityError:  # the address is taken, or another tab was quicker
        return queries.identity(provider, sub)


@transaction.atomic
def link_identity(
    *,
    actor: Actor,
    provider: str,
    sub: str,
    first_name: str = "",
    last_name: str = "",
    siret: str = "",
) -> Identity:
    """Let an identity open the actor's account from now on; the caller has seen both proofs.

    Raises:
        Refusal: it opens another account already.
    """
    user = User.objects.select_for_update().get(pk=actor.person.pk)
    identity, created = Identity.objects.get_or_create(
        provider=provider, sub=sub, defaults={"user": user, "siret": siret}
    )
    if identity.user_id != user.pk:
        raise Refusal(
            f"Cette identité {identity.get_provider_display()} ouvre déjà un autre compte Préau."
            " Connectez-vous à cet autre compte pour l’en retirer.",
            code="other_account",
        )
    if created:
        if not user.first_name and not user.last_name:
            user.first_name, user.last_name = first_name, last_name
            user.save(update_fields=["first_name", "last_name"])
        audit.record(actor, "account.link", user, provider=provider, identity=identity.pk)
        emails.identity_linked(user.email, identity.get_provider_display())
    return identity


def use_identity(*, identity: Identity, siret: str) -> None:
    """It has just been proved: when, and whom ProConnect says the person works for."""
    now = clock.now()
    Identity.objects.filter(pk=identity.pk).update(last_used_at=now, siret=siret)
    identity.last_used_at, identity.siret = now, siret


@transaction.atomic
def unlink_identity(*, actor: Actor, identity: Identity, came_by_own_means: bool) -> None:
    """Take an identity off its account, which keeps a way in that has been seen to work.

    Args:
        came_by_own_means: the actor's session was opened with a code or a key.

    Raises:
        Refusal: it would leave none.
    """
    user = User.objects.select_for_update().get(pk=actor.person.pk)
    other = Identity.objects.filter(user=user).exclude(pk=identity.pk)
    if not (came_by_own_means or other.exists() or queries.passkeys_of(user).exists()):
        raise Refusal(
            "C’est votre seule façon d’entrer qui ait servi. Déconnectez-vous, revenez avec un"
            f" code envoyé à {user.email}, puis retirez-la : vous serez sûr d’entrer sans elle.",
            code="last_way_in",
        )
    gone, _ = Identity.objects.filter(pk=identity.pk, user=user).delete()
    if gone:
        audit.record(actor, "account.unlink", user, provider=identity.provider)
        emails.identity_unlinked(user.email, identity.get_provider_display())
