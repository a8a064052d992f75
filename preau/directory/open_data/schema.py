"""What each column of our own CSV says."""

from __future__ import annotations

from typing import Any

from preau.directory.formats.own import CHOICES, COLUMNS, SEVERAL
from preau.directory.models import Sheet

_WORDS = {
    "id": "Identifiant de la fiche, le même toujours (UUID).",
    "nom": "Nom du lieu.",
    "presentation": "Présentation, en texte simple.",
    "itinerant": "« oui » si le service se déplace.",
    "accessible": "Aux personnes à mobilité réduite : oui, non, ou rien si on ne sait pas.",
    "fiche_accessibilite": "Adresse de la fiche d’accessibilité.",
    "adresse": "Numéro et rue.",
    "complement_adresse": "Bâtiment, étage…",
    "code_postal": "Code postal.",
    "code_insee": "Code INSEE de la commune.",
    "commune": "Nom de la commune.",
    "latitude": "Degrés décimaux, WGS 84 ; vide quand la position exacte n’est pas connue.",
    "longitude": "Degrés décimaux, WGS 84.",
    "telephone": "Téléphone.",
    "courriel": "Adresse électronique.",
    "site_web": "Site.",
    "prise_rdv": "Page de prise de rendez-vous.",
    "siret": "SIRET, 14 chiffres.",
    "horaires": "Au format « opening_hours » d’OpenStreetMap ; SH renvoie aux vacances scolaires de"
    " la zone.",
    "horaires_regles": "Les mêmes en JSON, règle par règle, minutes depuis minuit : sans perte.",
    "horaires_texte": "Ce que les règles ne disent pas, en toutes lettres.",
    "services": "Services rendus, en JSON : nom, famille, thème de data·inclusion, niveau…",
    "mise_a_jour": "Jour de la dernière modification.",
}


def columns() -> list[tuple[str, str, str]]:
    """(column, what it says, its values when they are a closed list)."""
    found = []
    for name in COLUMNS:
        if name in _WORDS:
            found.append((name, _WORDS[name], ""))
        else:
            several = name in SEVERAL
            field, choices = SEVERAL[name] if several else CHOICES[name]
            found.append((name, _about(field, several), _values(choices)))
    return found


def _about(field: str, several: bool) -> str:
    label = str(getattr(Sheet._meta.get_field(field), "verbose_name", field))
    return (
        f"{label[:1].upper()}{label[1:]}{' ; plusieurs, séparés par une barre' if several else ''}."
    )


def _values(choices: Any) -> str:
    return ", ".join(f"{value} ({label})" for value, label in choices.choices)
