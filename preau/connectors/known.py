"""The services that several rooms ask, told to the operator here once."""

from __future__ import annotations

from preau.outside import addresses, companies
from preau.outside.registry import OutsideService, register


def register_all() -> None:
    register(
        OutsideService(
            key=addresses.KEY,
            name="Recherche d’adresses",
            purpose="Trouve où est une adresse : recherche de salles, position d’un lieu.",
            without="On cherche par commune ou code postal, et l’on écrit soi-même la position.",
            is_configured=addresses.is_configured,
            settings=("PREAU_GEOCODER_URL",),
            trial=addresses.trial,
        )
    )
    register(
        OutsideService(
            key=companies.KEY,
            name="Annuaire des entreprises",
            purpose="Remplit le nom et l’adresse d’une structure d’après son numéro SIRET.",
            without="On écrit soi-même le nom, le numéro et l’adresse de la structure.",
            is_configured=companies.is_configured,
            settings=("PREAU_COMPANIES_URL",),
            trial=companies.trial,
        )
    )
