"""The facts that the rooms below know: who owns, where, who signs, what is inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization, User
from preau.agreements.drafting.content import form_of
from preau.agreements.drafting.facts import (
    AgreementFacts,
    Attendance,
    EquipmentLine,
    Insurance,
    Party,
    Person,
    Premises,
    PriceLine,
    School,
    Venue,
)
from preau.agreements.enums import AuthorityRole, LegalCase
from preau.agreements.models import SigningAuthority
from preau.agreements.queries import authority_for, opinion_for
from preau.availability.models import Occupancy
from preau.core import clock
from preau.documents.enums import DocumentKind
from preau.documents.models import Document
from preau.places.categories import category_of
from preau.places.enums import ErpType, PlaceKind, UserCategory
from preau.places.models import Place

BOARDS = {
    LegalCase.PRIMARY_SCHOOL: "Le conseil d’école",
    LegalCase.COLLEGE: "Le conseil d’administration",
    LegalCase.LYCEE: "Le conseil d’administration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What only the upper room knows of an occupation."""

    purpose: str
    attendance: Attendance
    prices: tuple[PriceLine, ...] = ()
    total_cents: int = 0
    deposit_cents: int = 0
    payment: str = ""
    cancellation: tuple[str, ...] = ()
    options: tuple[EquipmentLine, ...] = ()
    insurance: tuple[Insurance, ...] = ()
    is_economic: bool = False
    competition: str = ""
    engages_republican_values: bool = False
    days_to_sign: int = 14


def gather(
    case: LegalCase,
    place: Place,
    occupancies: Sequence[Occupancy],
    wanted: Wanted,
    *,
    holder_user: User | None,
    holder_organization: Organization | None,
    representative: Person | None = None,
) -> AgreementFacts:
    """Everything an agreement says. `representative`: who signs for an organisation."""
    ordered = sorted(occupancies, key=lambda one: one.period.lower)
    spaces = list({one.space_id: one.space for one in ordered}.values())
    signing_by = clock.today(place.zone) + timedelta(days=wanted.days_to_sign)
    equipment = [
        EquipmentLine(label=line.get_kind_display(), quantity=line.quantity)
        for space in spaces
        for line in space.equipment.all()
    ]
    return AgreementFacts(
        owner=_owner(place),
        occupant=_occupant(holder_user, holder_organization, representative),
        category=category_of(holder_organization),
        venue=venue_of(place, [space.house_rules for space in spaces]),
        premises=tuple(
            Premises(name=one.name, capacity=one.capacity, surface=one.surface) for one in spaces
        ),
        signing_by=signing_by,
        periods=tuple((one.period.lower, one.period.upper) for one in ordered),
        rooms=tuple(one.space.name for one in ordered) if len(spaces) > 1 else (),
        equipment=(*equipment, *wanted.options),
        school=_school(case, place),
        engages_republican_values=wanted.engages_republican_values
        or has_engaged(holder_organization),
        **{name: getattr(wanted, name) for name in _AS_WANTED},
    )


#: What the facts take over as it was given.
_AS_WANTED = (
    "purpose",
    "attendance",
    "prices",
    "total_cents",
    "deposit_cents",
    "payment",
    "cancellation",
    "insurance",
    "is_economic",
    "competition",
    "days_to_sign",
)


def case_for(place: Place, category: UserCategory) -> LegalCase:
    """The legal case that a place and its occupant most often fall under."""
    kind = OrganizationKind(place.owner.kind)
    if place.kind == PlaceKind.ETABLISSEMENT_SCOLAIRE:
        schools = {
            OrganizationKind.DEPARTEMENT: LegalCase.COLLEGE,
            OrganizationKind.REGION: LegalCase.LYCEE,
        }
        return schools.get(kind, LegalCase.PRIMARY_SCHOOL)
    if kind in {OrganizationKind.ASSOCIATION, OrganizationKind.COMPANY}:
        return LegalCase.PRIVATE
    if kind == OrganizationKind.COMMUNE and category == UserCategory.ASSOCIATION:
        return LegalCase.COMMUNE_ASSOCIATION
    return LegalCase.PUBLIC_DOMAIN


def has_engaged(organization: Organization | None) -> bool:
    """Whether the signed commitments of an association are in its vault."""
    if organization is None:
        return False
    return Document.objects.filter(
        owner_organization=organization, kind=DocumentKind.CER, removed_at=None
    ).exists()


def _identifier(organization: Organization) -> str:
    if organization.siret:
        return f"SIRET {organization.siret}"
    if organization.rna:
        return f"RNA {organization.rna}"
    return f"SIREN {organization.siren}" if organization.siren else ""


def _address(organization: Organization) -> str:
    town = f"{organization.postcode} {organization.commune.name}".strip()
    return ", ".join(one for one in (organization.address, town) if one)


def person_of(authority: SigningAuthority | None) -> Person | None:
    if authority is None:
        return None
    return Person(
        name=authority.name,
        email=authority.email,
        capacity=authority.capacity,
        user_id=authority.user_id,
        valid_until=authority.valid_until,
    )


def party_of(organization: Organization, representative: Person | None) -> Party:
    return Party(
        name=organization.name,
        form=form_of(organization.kind),
        address=_address(organization),
        identifier=_identifier(organization),
        email=organization.official_email,
        phone=organization.phone,
        representative=representative,
    )


def _owner(place: Place) -> Party:
    return party_of(place.owner, person_of(authority_for(place, AuthorityRole.OWNER)))


def _occupant(
    user: User | None, organization: Organization | None, representative: Person | None
) -> Party:
    if organization is not None:
        return party_of(organization, representative)
    assert user is not None
    myself = Person(name=user.full_name, email=user.email, user_id=user.pk)
    return Party(
        name=user.full_name,
        form="personne physique",
        email=user.email,
        phone=user.phone,
        is_person=True,
        representative=myself,
    )


def venue_of(place: Place, rules: Iterable[str] = ()) -> Venue:
    erp = ErpType(place.erp_type).label if place.erp_type else ""
    if erp and place.erp_category:
        erp = f"type {erp}, {place.erp_category}e catégorie"
    contact = [place.contact_email, place.contact_phone]
    return Venue(
        name=place.name,
        address=f"{place.address}, {place.postcode} {place.commune.name}",
        commune=place.commune.name,
        zone=place.zone,
        erp=erp,
        max_attendance=place.max_attendance,
        safety=place.safety,
        access=place.access,
        house_rules="\n\n".join(dict.fromkeys(one for one in (place.house_rules, *rules) if one)),
        contact=", ".join(one for one in contact if one),
    )


def _school(case: LegalCase, place: Place) -> School | None:
    if case not in BOARDS:
        return None
    opinion = opinion_for(place)
    return School(
        name=place.name,
        board=opinion.board if opinion else BOARDS[case],
        head=person_of(authority_for(place, AuthorityRole.HEAD_OF_SCHOOL)),
        opinion_on=opinion.given_on if opinion else None,
        opinion_favorable=opinion.is_favorable if opinion else True,
        opinion_until=opinion.covers_until if opinion else None,
    )
