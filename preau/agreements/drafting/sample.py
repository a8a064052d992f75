"""An invented occupation, for previews: every clause of a case finds something to say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
from preau.agreements.enums import SCHOOLS, LegalCase
from preau.places.enums import UserCategory

ZONE = ZoneInfo("Europe/Paris")
#: The instant written in previews: the same text gives the same file.
AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
_FIRST, _WEEKS = date(2027, 9, 7), 43
#: Tuesdays on which nobody comes: autumn, Christmas, winter.
_SKIPPED = {date(2027, 10, 26), date(2027, 12, 28), date(2028, 2, 15)}

_OWNERS = {
    LegalCase.COMMUNE_ASSOCIATION: ("Commune de Valbrise", "commune", "maire"),
    LegalCase.PUBLIC_DOMAIN: ("Commune de Valbrise", "commune", "maire"),
    LegalCase.PRIMARY_SCHOOL: (
        "Commune de Valbrise",
        "commune",
        "adjointe au maire, par délégation du 3 juin 2026",
    ),
    LegalCase.COLLEGE: (
        "Département des Trois-Vallées",
        "département",
        "vice-présidente du conseil départemental, par délégation du 2 juillet 2026",
    ),
    LegalCase.LYCEE: ("Région des Monts", "région", "président du conseil régional"),
    LegalCase.PRIVATE: ("La Fabrique du Coin", "association", "directeur"),
    LegalCase.CHARTER: ("La Fabrique du Coin", "association", "directeur"),
}
_PLACES = {
    LegalCase.COMMUNE_ASSOCIATION: ("Salle des fêtes", "Grande salle"),
    LegalCase.PUBLIC_DOMAIN: ("Halle du marché", "Halle"),
    LegalCase.PRIMARY_SCHOOL: ("École des Tilleuls", "Salle de motricité"),
    LegalCase.COLLEGE: ("Collège Simone-Veil", "Gymnase"),
    LegalCase.LYCEE: ("Lycée des Cimes", "Auditorium"),
    LegalCase.PRIVATE: ("La Fabrique du Coin", "Atelier"),
    LegalCase.CHARTER: ("La Fabrique du Coin", "Atelier"),
}


_EQUIPMENT = (
    EquipmentLine(label="Tables", quantity=10),
    EquipmentLine(label="Chaises", quantity=60),
    EquipmentLine(label="Sonorisation"),
)
_INSURANCE = Insurance(
    valid_until=date(2028, 8, 31), insurer="Mutuelle des Vallées", policy="n° 2027-118204"
)


def tuesdays() -> tuple[tuple[datetime, datetime], ...]:
    """Forty evenings, from September to June."""
    days = [_FIRST + timedelta(weeks=week) for week in range(_WEEKS)]
    return tuple(
        (datetime.combine(day, time(18), ZONE), datetime.combine(day, time(20), ZONE))
        for day in days
        if day not in _SKIPPED
    )


def facts(case: LegalCase) -> AgreementFacts:
    """The facts that the previews of a case show."""
    place, room = _PLACES[case]
    periods = tuesdays()
    cents = 400 * len(periods)
    return AgreementFacts(
        owner=_owner(case),
        occupant=_association(),
        category=UserCategory.ASSOCIATION,
        venue=_venue(place),
        premises=(Premises(name=room, capacity=60, surface=180),),
        purpose="Cours d’éveil à la danse pour enfants",
        attendance=Attendance(people=25, safety_person="Nadia Benali", safety_phone="0601020304"),
        signing_by=AT.date() + timedelta(days=14),
        periods=periods,
        prices=(
            PriceLine(
                label=f"{room}, soirée",
                detail=f"{len(periods)} séances de 2 h à 4,00 €, tarif des associations",
                amount_cents=cents,
            ),
        ),
        total_cents=cents,
        deposit_cents=15000,
        payment="Le prix est payable en une fois, à réception de l’avis des sommes à payer émis "
        "par le comptable public.",
        cancellation=(
            "plus de 15 jours avant la date : rien n’est dû ;",
            "de 15 à 2 jours avant : la moitié du prix de la date ;",
            "moins de 2 jours avant : le prix de la date.",
        ),
        equipment=_EQUIPMENT,
        insurance=(_INSURANCE,),
        school=_school(case, place),
        engages_republican_values=True,
    )


def _owner(case: LegalCase) -> Party:
    name, form, capacity = _OWNERS[case]
    return Party(
        name=name,
        form=form,
        address="1 place de la Mairie, 38000 Valbrise",
        identifier="SIRET 213 800 000 00017",
        representative=Person(name="Hélène Morel", email="signature@exemple.fr", capacity=capacity),
    )


def _association() -> Party:
    return Party(
        name="Les Pas dansants",
        form="association",
        address="14 rue des Lilas, 38000 Valbrise",
        identifier="RNA W381000000",
        email="bureau@pas-dansants.example",
        phone="0476000000",
        representative=Person(
            name="Ayoub Lefèvre", email="president@pas-dansants.example", capacity="président"
        ),
    )


def _venue(name: str) -> Venue:
    return Venue(
        name=name,
        address="3 rue des Tilleuls, 38000 Valbrise",
        commune="Valbrise",
        zone=ZONE,
        erp="type L – Salles d’audition, de conférences, de réunions, de spectacles, 4e catégorie",
        max_attendance=120,
        safety="laisser libres les deux issues de secours ; point de rassemblement sur le "
        "parking ; défibrillateur à l’entrée.",
        access="Entrée par la cour. Le code d’accès est envoyé la veille de chaque date.",
        house_rules="Ne pas déplacer le piano.\n\nLes chaussures de ville ne sont pas admises sur "
        "le parquet.",
        contact="salles@valbrise.example, 04 76 00 00 01",
    )


def _school(case: LegalCase, place: str) -> School | None:
    if case not in SCHOOLS:
        return None
    primary = case == LegalCase.PRIMARY_SCHOOL
    return School(
        name=place,
        board="Le conseil d’école" if primary else "Le conseil d’administration",
        head=Person(
            name="Claire Fontaine",
            email="direction@ecole.example",
            capacity="directrice de l’école"
            if primary
            else "principale du collège"
            if case == LegalCase.COLLEGE
            else "proviseure du lycée",
        ),
        opinion_on=date(2026, 11, 12),
    )
