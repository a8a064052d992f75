"""Agents and their employer, as ProConnect says it: asking to join, answering, verifying."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from preau.accounts import identifiers, queries
from preau.accounts.actions.organizations import mark_verified
from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind, VerificationMethod
from preau.accounts.models import JoinRequest, Membership, Organization
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications import topics
from preau.notifications.actions import notify
from preau.notifications.topics import Topic
from preau.territories.models import Epci

JOINING = topics.register(
    Topic(
        "accounts.joining",
        "Demandes d’adhésion",
        "Un agent demande à rejoindre votre structure, ou la structure vous a répondu.",
        mandatory=True,
    ),
    order=84,
)
#: How fresh the word of ProConnect must be to speak for an organisation.
PROOF_LIFE = timedelta(hours=12)


@transaction.atomic
def ask_to_join(*, actor: Actor, organization: Organization) -> JoinRequest:
    """Ask the administrators of the actor's employer for a place there.

    Raises:
        Refusal: ProConnect does not attach them to it, or they are a member.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if organization not in queries.employers_of(actor.person):
        raise Refusal("ProConnect ne vous rattache pas à cette structure.", code="not_employer")
    if Membership.objects.filter(user=actor.person, organization=organization, ended_at=None):
        raise Refusal("Vous êtes déjà membre de cette structure.", code="member")
    asked, created = JoinRequest.objects.get_or_create(
        user=actor.person, organization=organization, answered_at=None
    )
    if created:
        audit.record(actor, "membership.ask", organization, request=asked.pk)
        notify(
            queries.administrators(organization),
            topic=JOINING.key,
            title=f"{actor.person.full_name} demande à rejoindre « {organization} »",
            body=f"ProConnect confirme que cette personne ({actor.person.email}) y travaille.",
            url=reverse("accounts:members", args=[organization.pk]),
            cause=f"join:{asked.pk}",
        )
    return asked


@transaction.atomic
def answer_join_request(*, actor: Actor, asked: JoinRequest, accept: bool) -> JoinRequest:
    """Say yes, with the least role, or no.

    Raises:
        Refusal: somebody has answered.
    """
    if not allowed(actor, "membership.invite", asked):
        raise Forbidden
    asked = (
        JoinRequest.objects.select_for_update(of=("self", "organization"))
        .select_related("organization", "user")
        .get(pk=asked.pk)
    )
    if asked.answered_at is not None:
        raise Refusal("Quelqu’un a déjà répondu à cette demande.", code="answered")
    asked.answered_at, asked.answered_by, asked.is_accepted = clock.now(), actor.user, accept
    asked.save(update_fields=["answered_at", "answered_by", "is_accepted"])
    organization = asked.organization
    if accept:
        Membership.objects.get_or_create(
            user=asked.user,
            organization=organization,
            ended_at=None,
            defaults={"role": MembershipRole.MEMBER},
        )
    audit.record(actor, "membership.answer", organization, request=asked.pk, accepted=accept)
    answer = "a accepté" if accept else "n’a pas accepté"
    notify(
        [asked.user],
        topic=JOINING.key,
        title=f"« {organization} » {answer} votre demande",
        body="Vous pouvez maintenant agir en son nom." if accept else "",
        url=reverse("accounts:organizations"),
        cause=f"joined:{asked.pk}",
    )
    return asked


@transaction.atomic
def verify_by_proconnect(*, actor: Actor, organization: Organization) -> None:
    """Verify the organisation of an agent whom ProConnect has just attached to its SIRET.

    Only where the number itself says what the organisation is: a town or an intercommunality.

    Raises:
        Refusal: the operator has to look.
    """
    if not allowed(actor, "organization.prove", organization):
        raise Forbidden
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if organization.is_verified:
        raise Refusal("Cette structure est déjà vérifiée.", code="already_verified")
    if not may_be_proved(actor, organization):
        raise Refusal(
            "ProConnect ne suffit pas à vérifier cette structure. Demandez-le à l’opérateur de la"
            " plateforme.",
            code="not_provable",
        )
    mark_verified(organization, actor, VerificationMethod.PROCONNECT, reason="")


def may_be_proved(actor: Actor, organization: Organization) -> bool:
    """Whether ProConnect's word, fresh enough, verifies this organisation."""
    since = clock.now() - PROOF_LIFE
    fresh = queries.sirets_of(actor.person, since=since)
    if not organization.siret or organization.siret not in fresh:
        return False
    twins = Organization.objects.filter(siren=organization.siren).exclude(verified_at=None)
    return _number_says_it(organization) and not twins.exists()


def _number_says_it(organization: Organization) -> bool:
    siren, commune = organization.siren, organization.commune
    if organization.kind == OrganizationKind.COMMUNE:
        # Numbers in 200… are also those of unions of communes, and say nothing of the place.
        own = siren.startswith("21")
        return own and identifiers.is_siren_of_commune(siren, commune.code)
    if organization.kind == OrganizationKind.EPCI:
        return commune.epci_id == siren and Epci.objects.filter(siren=siren).exists()
    return False
