"""Owners of places, associations, people; and the few accounts that measures sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.country.land import Land
from bench.country.loading import fill_whole
from bench.country.prices import Prices
from bench.country.rows import Choice, Nullable, texts
from preau.accounts.enums import MembershipRole, OrganizationKind, VerificationMethod
from preau.accounts.models import Membership, Organization, User
from preau.pricing.models import Rate, Tariff, TariffAssignment

#: Accounts by the names that the demonstration gives them (`POST /demo/entrer/<key>/`).
KNOWN = {
    "presidente": ("amina.perrin@demo.example", "Amina", "Perrin"),
    "agent": ("denis.faure@demo.example", "Denis", "Faure"),
    "habitant": ("hugo.vial@demo.example", "Hugo", "Vial"),
    "operateur": ("zoe.arnaud@demo.example", "Zoé", "Arnaud"),
}
_FIRST = ["Camille", "Louise", "Jules", "Inès", "Adam", "Chloé", "Hugo", "Léa", "Nour", "Paul"]
_LAST = ["Martin", "Bernard", "Petit", "Durand", "Moreau", "Garcia", "Roux", "Fontaine", "Lopez"]


@dataclass
class People:
    """Ids are positions + 1. The first organisations own places, the others book."""

    owner_commune: Any
    place_owner: Any
    associations: int
    association_commune: Any
    users: int
    user_commune: Any

    @property
    def first_association(self) -> int:
        return len(self.owner_commune)


def draw(land: Land, seed: int) -> People:
    """Associations and people live where places are; the first of each, at the first place."""
    rng = np.random.default_rng([seed, 4])
    owners, place_owner = np.unique(land.place_commune, return_inverse=True)
    associations = max(land.spaces // 8, 10)
    users = associations * 2
    communes = land.place_commune[rng.integers(0, land.places, users)]
    communes[: len(KNOWN)] = land.place_commune[0]
    return People(owners, place_owner, associations, communes[:associations], users, communes)


def write(link: Any, land: Land, people: People, now: int) -> None:
    _write_users(link, land, people, now)
    _write_organizations(link, land, people, now)
    _write_memberships(link, people, now)


def _write_users(link: Any, land: Land, people: People, now: int) -> None:
    number = np.arange(people.users)
    emails = [f"personne{n}@bench.example" for n in range(people.users)]
    emails[: len(KNOWN)] = [email for email, _, _ in KNOWN.values()]
    first = [_FIRST[n % len(_FIRST)] for n in range(people.users)]
    first[: len(KNOWN)] = [name for _, name, _ in KNOWN.values()]
    last = [_LAST[n // 7 % len(_LAST)] for n in range(people.users)]
    last[: len(KNOWN)] = [name for _, _, name in KNOWN.values()]
    fill_whole(
        link,
        User,
        people.users,
        {
            "id": number + 1,
            "password": "!",
            "email": texts(emails),
            "first_name": texts(first),
            "last_name": texts(last),
            "commune_id": Choice(land.communes.codes, people.user_commune),
            "is_operator": number == list(KNOWN).index("operateur"),
            "date_joined": now,
        },
    )


def _write_organizations(link: Any, land: Land, people: People, now: int) -> None:
    communes = np.concatenate([people.owner_commune, people.association_commune])
    n, owners = len(communes), people.first_association
    names = [f"Mairie de {land.communes.names[commune]}" for commune in people.owner_commune]
    names += [f"Association n° {number + 1}" for number in range(people.associations)]
    kinds = [OrganizationKind.COMMUNE.value, OrganizationKind.ASSOCIATION.value]
    fill_whole(
        link,
        Organization,
        n,
        {
            "id": np.arange(n) + 1,
            "kind": Choice(kinds, (np.arange(n) >= owners).astype(int)),
            "name": texts(names),
            "commune_id": Choice(land.communes.codes, communes),
            "verified_at": now,
            "verified_by_method": VerificationMethod.MAILBOX.value,
            "created_at": now,
        },
    )


def _write_memberships(link: Any, people: People, now: int) -> None:
    """Each of the first people presides an association; the agent serves the first owner."""
    organization = people.first_association + np.arange(people.associations) + 1
    agent = list(KNOWN).index("agent")
    organization[agent] = people.place_owner[0] + 1
    roles = [MembershipRole.ADMINISTRATOR.value, MembershipRole.MANAGER.value]
    keys = np.arange(people.associations)
    kept = keys[(keys < 2) | (keys >= len(KNOWN))]  # the resident and the operator act alone
    fill_whole(
        link,
        Membership,
        len(kept),
        {
            "id": np.arange(len(kept)) + 1,
            "user_id": kept + 1,
            "organization_id": organization[kept],
            "role": Choice(roles, (kept == agent).astype(int)),
            "started_at": now,
        },
    )


def write_prices(link: Any, people: People, prices: Prices, now: int) -> None:
    n = len(prices.owner)
    fill_whole(
        link,
        Tariff,
        n,
        {
            "id": np.arange(n) + 1,
            "organization_id": prices.owner + 1,
            "name": "Tarif des salles",
            "created_at": now,
        },
    )
    tariff, audience, residence, unit, cents = prices.rates()
    fill_whole(
        link,
        Rate,
        len(tariff),
        {
            "id": np.arange(len(tariff)) + 1,
            "tariff_id": tariff + 1,
            "audience": audience,
            "residence": residence,
            "unit": unit,
            "amount_cents": cents,
        },
    )
    places = np.flatnonzero(prices.place_tariff >= 0)
    fill_whole(
        link,
        TariffAssignment,
        len(places),
        {
            "id": np.arange(len(places)) + 1,
            "tariff_id": prices.place_tariff[places] + 1,
            "place_id": Nullable(places + 1, np.ones(len(places), bool)),
        },
    )
