"""The position of a place, found from its address on a click; kept by whoever keeps the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from preau.core.forms import Form
from preau.integrations.http import Unavailable
from preau.outside import addresses
from preau.territories.models import Commune

AWAY = (
    "La recherche d’adresses ne répond pas en ce moment. Écrivez la position vous-même, ou"
    " laissez vide : le lieu sera montré au centre de la commune."
)


@dataclass(frozen=True, slots=True)
class Location:
    """What came of the click: the form's texts, and a sentence. `was` is a position it replaces."""

    data: dict[str, str]
    is_found: bool
    sentence: str
    was: str = ""


def locate(form: Form, typed: Mapping[str, str]) -> Location:
    """Ask where the address is; what is empty of postcode and commune is filled too."""
    data = {name: typed.get(name, "").strip() for name in form.fields}
    words = " ".join(
        data[name] for name in ("address", "postcode", "commune") if data[name]
    ).strip()
    if not data["address"]:
        return Location(data, False, "Écrivez d’abord l’adresse : numéro, voie et commune.")
    try:
        found = addresses.find(words)
    except Unavailable:
        return Location(data, False, AWAY)
    if found is None:
        return Location(
            data,
            False,
            f"Nous ne trouvons pas « {words} ». Vérifiez l’adresse, ou écrivez la position"
            " vous-même.",
        )
    position, was = f"{found.latitude:.6f}, {found.longitude:.6f}", data["position"]
    data["position"] = position
    data["postcode"] = data["postcode"] or found.postcode
    if not data["commune"]:
        commune = Commune.objects.filter(code=found.commune_code, active=True).first()
        data["commune"] = commune.name if commune else ""
    sentence = f"{found.label}, d’après la recherche d’adresses. Vérifiez, puis enregistrez."
    return Location(data, True, sentence, was if was not in {"", position} else "")
