"""Names of services as a sentence begins with them: « La DDT de l’Isère vous propose »."""

from __future__ import annotations

#: First words that take « la ».
_LA = {
    "banque", "caisse", "chambre", "commune", "communauté", "ddets", "ddetspp", "ddfip", "ddpp",
    "ddt", "ddtm", "délégation", "direction", "drac", "dreal", "dreets", "mairie", "métropole",
    "mission", "préfecture", "région", "sous-préfecture", "trésorerie", "ville",
}  # fmt: skip
#: Those that take « l’ ».
_L = {"ademe", "agence", "anah", "anct", "ars", "epfl", "udap", "unité"}


def named(name: str) -> str:
    """With its article when the first word is known to take one; as it stands otherwise."""
    first = name.split(" ", 1)[0]
    inside = name if first.isupper() else name[:1].lower() + name[1:]
    if first.lower() in _LA:
        return f"La {inside}"
    return f"L’{inside}" if first.lower() in _L else name
