"""Who may sign for an owner, and what a school's board said."""

from __future__ import annotations

from datetime import date

from django.core.files.base import File
from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AuthorityRole
from preau.agreements.models import BoardOpinion, SigningAuthority
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.documents import actions as documents
from preau.documents.enums import DocumentKind
from preau.documents.models import Document
from preau.places.models import Place


def appoint(
    organization: Organization,
    who: Person,
    *,
    role: AuthorityRole,
    actor: Actor,
    place: Place | None = None,
    is_delegate: bool = False,
    delegation: File[bytes] | None = None,
) -> SigningAuthority:
    """Say who signs from now on, for an organisation or one of its places.

    Raises:
        Refusal: the place is another's, the head signs for no place, or the file is not taken.
    """
    _refuse_place(organization, place, role)
    try:
        with transaction.atomic():
            SigningAuthority.objects.filter(
                organization=organization, place=place, role=role, ended_at=None
            ).update(ended_at=clock.now())
            authority = SigningAuthority.objects.create(
                organization=organization,
                place=place,
                role=role,
                user=User.objects.filter(email__iexact=who.email.strip()).first(),
                name=who.name.strip(),
                email=who.email.strip().lower(),
                capacity=who.capacity.strip(),
                is_delegate=is_delegate,
                delegation=_kept(organization, delegation, who, actor),
                valid_until=who.valid_until,
            )
            audit.record(
                actor, "agreement.appoint", authority, role=role, place=place.pk if place else None
            )
    except IntegrityError as error:
        raise Refusal(
            "Quelqu’un vient de désigner un signataire ici : vérifiez la liste.", code="one_already"
        ) from error
    return authority


def _refuse_place(organization: Organization, place: Place | None, role: AuthorityRole) -> None:
    if place is not None and place.owner_id != organization.pk:
        raise Refusal("Ce lieu n’est pas à votre structure.", field="place", code="other_place")
    if role == AuthorityRole.HEAD_OF_SCHOOL and place is None:
        raise Refusal(
            "Le chef d’établissement signe pour un lieu précis : choisissez-le.",
            field="place",
            code="place_needed",
        )


def _kept(
    organization: Organization, delegation: File[bytes] | None, who: Person, actor: Actor
) -> Document | None:
    if delegation is None:
        return None
    return documents.deposit(
        actor=actor,
        kind=DocumentKind.MANDATE,
        title=f"Délégation de signature de {who.name}",
        upload=delegation,
        owner_organization=organization,
        expires_on=who.valid_until,
    )


@transaction.atomic
def dismiss(authority: SigningAuthority, *, actor: Actor) -> None:
    """They no longer sign; what they signed stays signed."""
    SigningAuthority.objects.filter(pk=authority.pk, ended_at=None).update(ended_at=clock.now())
    audit.record(actor, "agreement.dismiss", authority)


@transaction.atomic
def record_opinion(
    place: Place,
    *,
    board: str,
    given_on: date,
    is_favorable: bool,
    actor: Actor,
    covers_until: date | None = None,
    note: str = "",
    report: File[bytes] | None = None,
) -> BoardOpinion:
    """Write down the opinion of a school's council or board; the last one recorded counts."""
    if given_on > clock.today(place.zone):
        raise Refusal("Cette date est dans le futur.", field="given_on", code="future")
    if covers_until is not None and covers_until < given_on:
        raise Refusal(
            "La date de fin suit celle de l’avis.", field="covers_until", code="before_opinion"
        )
    document = None
    if report is not None:
        document = documents.deposit(
            actor=actor,
            kind=DocumentKind.BOARD_OPINION,
            title=f"Avis du conseil, {place.name}",
            upload=report,
            owner_organization=place.owner,
        )
        documents.share(document, [f"place:{place.pk}"], actor=actor)
    opinion = BoardOpinion.objects.create(
        place=place,
        board=board,
        given_on=given_on,
        is_favorable=is_favorable,
        covers_until=covers_until,
        note=note,
        document=document,
    )
    audit.record(actor, "agreement.record_opinion", opinion, favorable=is_favorable)
    return opinion
