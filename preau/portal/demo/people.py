"""The people and organisations of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from preau.accounts.enums import MembershipRole, OrganizationKind, VerificationMethod
from preau.accounts.models import Membership, Organization, User
from preau.core import clock
from preau.core.formats import of_name
from preau.portal.demo import names
from preau.territories.models import Commune, Epci


@dataclass(frozen=True)
class Persona:
    """Someone a visitor of the demonstration may become, in one click."""

    key: str
    email: str
    first_name: str
    last_name: str
    title: str
    story: str


PERSONAS = (
    Persona("presidente", "amina.perrin@demo.example", "Amina", "Perrin",
            "Présidente d’association",
            "Elle cherche une salle de classe pour la chorale, le mardi soir."),
    Persona("habitant", "hugo.vial@demo.example", "Hugo", "Vial", "Habitant",
            "Il réserve un tiers de gymnase ou la salle des fêtes pour un anniversaire."),
    Persona("entreprise", "nadia.weber@demo.example", "Nadia", "Weber", "Gérante d’entreprise",
            "Elle loue un bureau partagé et une salle de réunion."),
    Persona("agent", "denis.faure@demo.example", "Denis", "Faure", "Agent de mairie",
            "Il traite les demandes, tient le planning et ferme les salles."),
    Persona("principale", "elise.cottin@demo.example", "Élise", "Cottin", "Principale de collège",
            "Elle accepte les associations dans les salles de son collège."),
    Persona("departement", "karim.lambert@demo.example", "Karim", "Lambert",
            "Agent du département", "Il suit l’usage des collèges du département."),
    Persona("gardien", "rose.imbert@demo.example", "Rose", "Imbert", "Gardienne",
            "Elle ouvre et ferme les salles, son téléphone à la main."),
    Persona("compost", "sarah.haddad@demo.example", "Sarah", "Haddad",
            "Présidente du Compost des voisins",
            "Son projet de quartier cherche un abri pour le samedi matin."),
    Persona("maire", "lucie.berger@demo.example", "Lucie", "Berger", "Maire d’un village",
            "Elle dépose un projet et demande de l’aide quand il bloque."),
    Persona("ddt", "paul.renaud@demo.example", "Paul", "Renaud", "Agent de la DDT",
            "Il reçoit les projets de l’Isère, les affecte et les accompagne."),
    Persona("prefecture", "ines.moulin@demo.example", "Inès", "Moulin", "Agente de la préfecture",
            "Elle suit les projets avec la DDT et conseille les communes."),
    Persona("anct", "marc.dupin@demo.example", "Marc", "Dupin", "Chargé de mission à l’ANCT",
            "Il regarde les projets de toute la France."),
    Persona("operateur", "zoe.arnaud@demo.example", "Zoé", "Arnaud",
            "Opératrice de la plateforme", "Elle vérifie les structures et suit les courriels."),
)  # fmt: skip


@dataclass
class People:
    """Who exists once loaded."""

    personas: dict[str, User]
    towns: dict[str, Organization]  # by commune code
    departement: Organization
    metropole: Organization
    associations: list[Organization]
    residents: list[User]
    company: Organization


def organization(kind: OrganizationKind, name: str, commune: Commune, mailbox: str) -> Organization:
    return Organization.objects.create(
        kind=kind,
        name=name,
        commune=commune,
        postcode=commune.main_postcode,
        address="1 place de la Mairie",
        official_email=mailbox,
        phone="04 76 00 00 00",
        verified_at=clock.now(),
        verified_by_method=VerificationMethod.OPERATOR,
    )


def join(user: User, structure: Organization, role: MembershipRole) -> Membership:
    return Membership.objects.create(user=user, organization=structure, role=role)


def create_people(rng: Random, communes: list[Commune]) -> People:
    """Personas, town halls, the département, the metropolis, associations and residents.

    `communes` is where the places will be, the most populated (Grenoble) first.
    """
    grenoble = communes[0]
    personas = {
        one.key: User.objects.create_user(
            one.email, first_name=one.first_name, last_name=one.last_name,
            phone="06 00 00 00 00", is_operator=one.key == "operateur",
        )
        for one in PERSONAS
    }  # fmt: skip
    towns = {
        commune.code: organization(
            OrganizationKind.COMMUNE, f"Mairie {of_name(commune.name)}", commune,
            f"mairie@{commune.code}.demo.example",
        )
        for commune in communes
    }  # fmt: skip
    departement = organization(
        OrganizationKind.DEPARTEMENT, "Département de l’Isère", grenoble,
        "colleges@isere.demo.example",
    )  # fmt: skip
    metropole = organization(
        OrganizationKind.EPCI, str(grenoble.epci or "Métropole"), grenoble,
        "lieux@metropole.demo.example",
    )  # fmt: skip
    Organization.objects.filter(pk=metropole.pk).update(epci=Epci.objects.get(communes=grenoble))
    metropole.refresh_from_db()
    associations = _associations(rng, communes)
    company = organization(
        OrganizationKind.COMPANY, "Weber Conseil", grenoble, "contact@weber.demo.example"
    )
    people = People(personas, towns, departement, metropole, associations, [], company)
    _memberships(people, grenoble)
    people.residents = _residents(rng)
    _association_members(rng, people)
    return people


def _associations(rng: Random, communes: list[Commune]) -> list[Organization]:
    return [
        organization(
            OrganizationKind.ASSOCIATION,
            name,
            rng.choice(communes[:20]),
            f"contact@asso{number}.demo.example",
        )
        for number, name in enumerate(names.ASSOCIATIONS)
    ]


def _memberships(people: People, grenoble: Commune) -> None:
    one = people.personas
    join(one["presidente"], people.associations[0], MembershipRole.ADMINISTRATOR)
    join(one["agent"], people.towns[grenoble.code], MembershipRole.ADMINISTRATOR)
    join(one["agent"], people.metropole, MembershipRole.MANAGER)
    join(one["departement"], people.departement, MembershipRole.ADMINISTRATOR)
    join(one["gardien"], people.towns[grenoble.code], MembershipRole.CARETAKER)
    join(one["entreprise"], people.company, MembershipRole.ADMINISTRATOR)


def _residents(rng: Random) -> list[User]:
    return [
        User.objects.create_user(
            f"habitant{number}@demo.example",
            first_name=rng.choice(names.FIRST_NAMES),
            last_name=rng.choice(names.LAST_NAMES),
            phone=f"06 00 00 {number:02d} 00",
        )
        for number in range(40)
    ]


def _association_members(rng: Random, people: People) -> None:
    """Every association has somebody to speak for it."""
    for number, association in enumerate(people.associations[1:]):
        join(
            people.residents[number % len(people.residents)],
            association,
            MembershipRole.ADMINISTRATOR,
        )
